"""Forms by which a visitor does what a person in the tenant would: drawn, filled, read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from service.sandbox.look.links import HOME
from service.sandbox.look.posted import Posted
from service.sandbox.markup import Child, Markup, el
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act

ADDRESS = f"{HOME}do"

Options = Callable[[Tenant], Sequence[tuple[str, str]]]
"""Value and name of each thing to choose from."""


class WrongError(ValueError):
    """What was written in a form will not do; the message is for whoever wrote it."""


@dataclass(frozen=True, kw_only=True)
class Field:
    name: str
    label: str
    kind: str = "text"
    """`text`, `long` (several lines), `file`, `datetime-local`, or `check`."""
    options: Options | None = None
    """Makes it a choice of one."""
    required: bool = True
    hint: str | None = None
    fixed: bool = False
    """Known from the page that the form is on, and never asked for."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """One act that a person can do; `act` makes it of what was sent, or raises WrongError."""

    name: str
    title: str
    button: str
    done: str
    """Said afterwards."""
    fields: tuple[Field, ...]
    act: Callable[[Tenant, Posted], Act]
    narrowed: Callable[[Tenant, Mapping[str, str]], "Form"] | None = None
    """The form as it is for what its fixed fields name: with the columns of one list."""

    @property
    def by_itself(self) -> bool:
        """Offered on the page of all forms; else only where its fixed fields are known."""
        return not any(field.fixed for field in self.fields)


def drawn(
    tenant: Tenant,
    form: Form,
    back: str,
    *,
    fixed: Mapping[str, str] | None = None,
    given: Posted | None = None,
) -> Markup:
    """`fixed` fields are not asked for; `given` is what was sent before and refused."""
    known = {**(given.texts if given else {}), **(fixed or {})}
    where = "-".join((form.name, *(fixed or {}).values()))
    asked = [field for field in form.fields if field.name not in (fixed or {})]
    hidden = {"act": form.name, "back": back, **(fixed or {})}
    has_file = any(field.kind == "file" for field in asked)
    return el(
        "form",
        [el("input", type="hidden", name=name, value=value) for name, value in hidden.items()],
        [_asked(tenant, field, where, known.get(field.name, "")) for field in asked],
        el("p", el("button", form.button, type="submit", class_="main")),
        method="post",
        action=ADDRESS,
        enctype="multipart/form-data" if has_file else None,
        class_="deed",
        data_key=f"form-{where}",
    )


def folded(
    tenant: Tenant, form: Form, back: str, /, *, title: str | None = None, **fixed: str
) -> Markup:
    """The same below a line that unfolds it."""
    return el(
        "details",
        el("summary", title or form.title),
        drawn(tenant, form, back, fixed=fixed),
        class_="fold",
        data_key="-".join(("fold", form.name, *fixed.values())),
    )


def _asked(tenant: Tenant, field: Field, where: str, value: str) -> Markup:
    key = f"{where}-{field.name}"
    hint = el("span", field.hint, class_="subtle", id=f"{key}-hint") if field.hint else None
    label = el("label", field.label, None if field.required else " (frivilligt)", for_=key)
    control = _control(tenant, field, key, value)
    return el("div", label, hint, control, class_="field")


def _control(tenant: Tenant, field: Field, key: str, value: str) -> Child:
    same: dict[str, str | bool | None] = {
        "id": key,
        "name": field.name,
        "required": field.required,
        "aria_describedby": f"{key}-hint" if field.hint else None,
    }
    if field.options is not None:
        options = [
            el("option", name, value=key, selected=key == value)
            for key, name in field.options(tenant)
        ]
        return el(
            "select", None if field.required else el("option", "–", value=""), options, **same
        )
    if field.kind == "long":
        return el("textarea", value, rows="3", **same)
    return el("input", type=field.kind, value=value or None, **same)
