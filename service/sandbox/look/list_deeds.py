"""What a coordinator does in a list: types a value into a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from service.sandbox.look.deeds import BY, who
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.look.sites import known_as
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, EditRow, FieldValue


def _columns(tenant: Tenant) -> Sequence[tuple[str, str]]:
    """Of all lists; those of one are chosen by `edit`."""
    return [(row["name"], _title(row)) for row in _writable(tenant, None)]


def _writable(tenant: Tenant, list_id: str | None) -> list[Row]:
    kept = tenant.store.all(
        "SELECT columns.* FROM columns JOIN lists ON lists.id = columns.list "
        "WHERE lists.drive IS NULL AND columns.kind != 'readOnly' AND (? IS NULL OR list = ?) "
        "ORDER BY list, position",
        list_id,
        list_id,
    )
    return [row for row in kept if not msgspec.json.decode(row["definition"]).get("hidden")]


def _title(row: Row) -> str:
    if row["name"] == "Title":
        return "Titel"
    return str(msgspec.json.decode(row["definition"]).get("displayName") or row["name"])


def _edit(tenant: Tenant, posted: Posted) -> Act:
    row = tenant.store.one(
        "SELECT * FROM items WHERE id = ? AND kind = 'row' AND deleted = 0", posted.text("row")
    )
    if row is None:
        raise WrongError("Raden finns inte, eller inte längre.")
    column = next(
        (one for one in _writable(tenant, row["list"]) if one["name"] == posted.text("column")),
        None,
    )
    if column is None:
        raise WrongError("Välj en kolumn.")
    return EditRow(
        at=tenant.clock.now,
        list_name=known_as(tenant, row["list"]),
        where={"id": str(row["number"])},
        fields={column["name"]: _value(column, posted.text("value"))},
        by=who(tenant, posted),
    )


def _value(column: Row, text: str) -> FieldValue:
    """What was written, as the column holds it; nothing empties it."""
    if not text:
        return None
    if column["kind"] == "boolean":
        words = {"ja": True, "nej": False}
        if text.casefold() not in words:
            raise WrongError(f"{_title(column)} är ja eller nej.")
        return words[text.casefold()]
    if column["kind"] == "number":
        try:
            return float(text.replace(",", ".").replace(" ", ""))
        except ValueError as error:
            raise WrongError(f"{_title(column)} är ett tal.") from error
    if column["kind"] == "dateTime" and len(text) == 10:
        return f"{text}T12:00:00Z"  # noon, so that it is the same day in every zone (settled 19)
    return text


def _narrowed(tenant: Tenant, given: Mapping[str, str]) -> Form:
    listed = tenant.store.value("SELECT list FROM items WHERE id = ?", given.get("row", ""))
    return edit(listed) if listed else EDIT


def edit(list_id: str) -> Form:
    """The form for the rows of one list."""
    columns = Field(
        name="column",
        label="Kolumn",
        options=lambda tenant: [(c["name"], _title(c)) for c in _writable(tenant, list_id)],
    )
    fields = tuple(columns if one.name == "column" else one for one in EDIT.fields)
    return replace(EDIT, fields=fields)


EDIT = Form(
    name="edit",
    title="Ändra i raden",
    button="Spara",
    done="Raden är ändrad.",
    fields=(
        Field(name="row", label="Rad", fixed=True),
        BY,
        Field(name="column", label="Kolumn", options=_columns),
        Field(
            name="value",
            label="Värde",
            required=False,
            hint="Datum som 2023-03-08, ja eller nej, tal med komma. Tomt tömmer rutan.",
        ),
    ),
    act=_edit,
    narrowed=_narrowed,
)
FORMS = (EDIT,)
