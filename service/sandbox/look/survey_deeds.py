"""What people do with forms: they answer one, and its owner closes it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.sandbox.forms import questions
from service.sandbox.forms.questions import Asked
from service.sandbox.look.deeds import BY, who
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, Answer, CloseForm
from service.sandbox.timeline.surveys import Given

_FORM = Field(name="form", label="Enkät", fixed=True)
_BY = replace(BY, label="Vem svarar?", required=False, hint="Ingen vald: utan att logga in.")
_HINTS = {
    "choices": "Flera svar skrivs med semikolon emellan.",
    "rating": "Ett tal, till exempel 4.",
    "likert": "Ett av stegen, till exempel Instämmer.",
}
_KINDS = {"rating": "number", "date": "date"}


def _form(tenant: Tenant, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM forms WHERE key = ?", key)
    if row is None:
        raise WrongError("Enkäten finns inte.")
    return row


def _asked(row: Row) -> Iterator[tuple[str, Asked]]:
    """Each with the title by which an act names it: two of the same are told apart."""
    asked = list(questions.asked(questions.of(row)))
    return zip(questions.unique([one.title for one in asked]), asked, strict=True)


def _answer(tenant: Tenant, posted: Posted) -> Act:
    row = _form(tenant, posted.text("form"))
    given = {
        title: _given(one, posted.text(f"q{one.key}"))
        for title, one in _asked(row)
        if posted.text(f"q{one.key}")
    }
    if not given:
        raise WrongError("Svara på minst en fråga.")
    by = who(tenant, posted) if posted.text("by") else None
    return Answer(at=tenant.clock.now, form=row["key"], answers=given, by=by)


def _given(one: Asked, text: str) -> Given:
    if one.question.kind == "choices":
        return tuple(part.strip() for part in text.split(";") if part.strip())
    if one.question.kind != "rating":
        return text
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise WrongError(f"Svaret på {one.title} är ett tal.") from error


def _close(tenant: Tenant, posted: Posted) -> Act:
    return CloseForm(at=tenant.clock.now, form=_form(tenant, posted.text("form"))["key"])


def _field(title: str, one: Asked) -> Field:
    kind = one.question.kind
    under = f"{one.question.title}: {title}" if kind == "likert" else title
    return Field(
        name=f"q{one.key}",
        label=under,
        kind=_KINDS.get(kind, "text"),
        required=False,
        hint=_HINTS.get(kind),
    )


def _narrowed(tenant: Tenant, given: Mapping[str, str]) -> Form:
    row = tenant.store.one("SELECT * FROM forms WHERE key = ?", given.get("form", ""))
    return answer(row) if row is not None else ANSWER


def answer(row: Row) -> Form:
    """With the questions of one form."""
    asked = tuple(_field(title, one) for title, one in _asked(row))
    by = () if row["anonymous"] else (_BY,)
    return replace(ANSWER, fields=(_FORM, *by, *asked))


ANSWER = Form(
    name="survey",
    title="Svara på enkäten",
    button="Skicka in",
    done="Svaret är inskickat.",
    fields=(_FORM,),
    act=_answer,
    narrowed=_narrowed,
)
CLOSE = Form(
    name="survey-close",
    title="Stäng enkäten",
    button="Stäng",
    done="Enkäten är stängd och tar inte emot fler svar.",
    fields=(_FORM,),
    act=_close,
)
FORMS = (ANSWER, CLOSE)
