"""Values in columns: what may be written, and how it is kept."""

import re
from datetime import UTC

import msgspec

from service.sandbox.sharepoint.definitions import MOST_LINE, REFERENCES, columns_of, key_of
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json, invalid, moment, stamp

_MOST_LINES = 63999
READ_ONLY = (
    "ContentType",
    "Created",
    "Modified",
    "Author",
    "Editor",
    "ID",
    "_UIVersionString",
    "FileLeafRef",
    "Attachments",
)
_ODATA_TYPE = "@odata.type"


def defaults(tenant: Tenant, list_id: str) -> Json:
    """What a new row or file holds before anybody writes."""
    values: Json = {}
    for name, column in columns_of(tenant, list_id).items():
        default = msgspec.json.decode(column["definition"]).get("defaultValue")
        if not default:
            continue
        text = default["value"]
        if default["formula"]:
            values[name] = stamp(tenant.clock.now.replace(hour=0, minute=0, second=0))
        elif text is not None:
            values[name] = _read(column["kind"], text)
    return values


def _read(kind: str, text: str) -> object:
    if kind == "boolean":
        return text.strip().casefold() in ("1", "true", "yes")
    if kind == "number":
        return float(text)
    return text


def calculated(formula: str, values: Json) -> str:
    """What a calculated column shows."""
    pieces = re.findall(r'\[([^\[\]]+)\]|"([^"]*)"|(\w+)', formula)
    return "".join(text or str(values.get(name or word) or "") for name, text, word in pieces)


def merged(tenant: Tenant, list_id: str, item: str | None, old: Json, given: Json) -> Json:
    """
    The values after a change, each checked against its column. Raises 400 for a field that
    is not there, is read-only or has the wrong type, and for a value that must be unique.
    """
    columns = {key_of(column): column for column in columns_of(tenant, list_id).values()}
    values = dict(old)
    for name, value in given.items():
        if name.endswith(_ODATA_TYPE):
            continue
        column = columns.get(name)
        if column is None and name not in READ_ONLY:
            raise invalid(f"Field '{name}' is not recognized")
        definition = {} if column is None else msgspec.json.decode(column["definition"])
        fixed = column is None or column["kind"] in ("readOnly", "calculated")
        if column is None or fixed or definition.get("readOnly"):
            raise invalid(f"Field '{name}' is read-only")
        kept = None
        if value is not None:
            kept = _checked(tenant, column, definition[column["kind"]], value, given)
        if kept is None:
            values.pop(name, None)
            continue
        values[name] = kept
        if column["is_unique"]:
            _check_unique(tenant, list_id, item, name, kept)
    return values


def _checked(tenant: Tenant, column: Row, settings: Json, value: object, given: Json) -> object:
    name, kind = column["name"], column["kind"]
    if kind == "hyperlinkOrPicture":
        # No type of its value is known to Graph (microsoft-graph-docs-contrib#663).
        raise invalid("Invalid request")
    if kind in REFERENCES:
        return _reference(tenant, column, settings, value, given)
    if kind == "text":
        most = _MOST_LINES if settings["allowMultipleLines"] else settings["maxLength"]
        if not isinstance(value, str) or len(value) > most:
            raise _unacceptable(name)
    elif kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _unacceptable(name)
        low, high = settings.get("minimum"), settings.get("maximum")
        if (low is not None and value < low) or (high is not None and value > high):
            raise _unacceptable(name)
    elif kind == "boolean":
        if not isinstance(value, bool):
            raise _unacceptable(name)
    elif kind == "dateTime":
        if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value):
            raise _unacceptable(name)
        return stamp(moment(value).astimezone(UTC))
    else:
        _check_choice(name, settings, value, given)
    return value


def _reference(tenant: Tenant, column: Row, settings: Json, value: object, given: Json) -> object:
    """Numbers of people or rows, as text; several only where the column takes several."""
    name = key_of(column)
    many = settings.get("allowMultipleSelection") or settings.get("allowMultipleValues")
    if isinstance(value, list):
        typed = str(given.get(name + _ODATA_TYPE, "")).startswith("Collection(")
        if not many or not typed:
            raise _unacceptable(name)
        return [_known_number(tenant, column, settings, one) for one in value]
    return _known_number(tenant, column, settings, value)


def _known_number(tenant: Tenant, column: Row, settings: Json, value: object) -> str:
    text = str(value)
    if isinstance(value, bool) or not text.isdigit():
        raise _unacceptable(key_of(column))
    if column["kind"] == "personOrGroup":
        known = any(lookup_id(f"user:{p.id}") == text for p in tenant.world.people)
    else:
        known = referred(tenant, settings, text) is not None
    if not known:
        raise _unacceptable(key_of(column))
    return text


def referred(tenant: Tenant, settings: Json, number: str) -> Row | None:
    """The row that a lookup column names."""
    return tenant.store.one(
        "SELECT * FROM items WHERE list = ? AND number = ? AND deleted = 0",
        settings["listId"],
        int(number),
    )


def lookup_id(by: str) -> str:
    """Number of a person in the site's user list: made from the id, so that it lasts."""
    return str(int(guid("lookup", by)[:8], 16) % 999_000 + 6)


def _check_choice(name: str, settings: Json, value: object, given: Json) -> None:
    many = settings["displayAs"] == "checkBoxes"
    if many and given.get(name + _ODATA_TYPE) != "Collection(Edm.String)":
        raise _unacceptable(name)
    chosen = value if many and isinstance(value, list) else [value]
    for choice in chosen:
        if not isinstance(choice, str) or len(choice) > MOST_LINE:
            raise _unacceptable(name)
        if not settings["allowTextEntry"] and choice not in settings["choices"]:
            raise _unacceptable(name)


def _check_unique(tenant: Tenant, list_id: str, item: str | None, name: str, value: object) -> None:
    other = tenant.store.value(
        "SELECT id FROM items WHERE list = ? AND deleted = 0 AND id IS NOT ? "
        "AND json_extract(fields, ?) = ?",
        list_id,
        item,
        f'$."{name}"',
        value,
    )
    if other is not None:
        raise invalid("One or more fields with unique constraints already has the provided value.")


def _unacceptable(name: str) -> GraphError:
    return invalid(f"One of the provided arguments is not acceptable. Field: '{name}'.")
