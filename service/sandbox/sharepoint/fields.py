"""Columns and the values in them: what may be written, and how it is kept."""

import re
from collections.abc import Callable
from datetime import UTC

import msgspec

from service.sandbox.sharepoint.names import internal_name
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json, invalid, moment, stamp

KINDS = ("text", "number", "boolean", "dateTime", "choice", "hyperlinkOrPicture")
_UNSUPPORTED = frozenset(
    {"calculated", "currency", "geolocation", "lookup", "personOrGroup", "term", "thumbnail"}
)
_MOST_LINE = 255
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


def columns_of(tenant: Tenant, list_id: str) -> dict[str, Row]:
    rows = tenant.store.all("SELECT * FROM columns WHERE list = ? ORDER BY position", list_id)
    return {row["name"]: row for row in rows}


def definition_of(body: Json) -> tuple[str, str, Json]:
    """Internal name, kind and settings of a column as sent. Raises 400."""
    kinds = [kind for kind in KINDS if isinstance(body.get(kind), dict)]
    other = [kind for kind in _UNSUPPORTED if kind in body]
    if other or len(kinds) != 1:
        raise invalid("A column must have exactly one type.")
    name = str(body.get("name") or body.get("displayName") or "")
    if not name:
        raise invalid("A column must have a name.")
    kind = kinds[0]
    settings = _SETTINGS[kind](body[kind])
    definition = {
        "displayName": str(body.get("displayName") or name),
        "description": str(body.get("description") or ""),
        "hidden": bool(body.get("hidden")),
        "required": bool(body.get("required")),
        "indexed": bool(body.get("indexed")),
        "enforceUniqueValues": bool(body.get("enforceUniqueValues")),
        kind: settings,
    }
    if definition["enforceUniqueValues"] and not definition["indexed"]:
        raise invalid("A column that enforces unique values must be indexed.")
    return internal_name(name), kind, definition


def _text(given: Json) -> Json:
    lines = bool(given.get("allowMultipleLines"))
    return {
        "allowMultipleLines": lines,
        "appendChangesToExistingText": False,
        "linesForEditing": int(given.get("linesForEditing") or (6 if lines else 0)),
        **({} if lines else {"maxLength": int(given.get("maxLength") or _MOST_LINE)}),
        **({"textType": given.get("textType") or "plain"} if lines else {}),
    }


def _number(given: Json) -> Json:
    plain = {"decimalPlaces": "automatic", "displayAs": "number"}
    return {**plain, **{k: v for k, v in given.items() if v is not None}}


def _choice(given: Json) -> Json:
    choices = given.get("choices")
    if not isinstance(choices, list) or not choices:
        raise invalid("A choice column must have choices.")
    shown = given.get("displayAs") or "dropDownMenu"
    if shown not in ("checkBoxes", "dropDownMenu", "radioButtons"):
        raise invalid(f"A choice column cannot be displayed as '{shown}'.")
    return {
        "allowTextEntry": bool(given.get("allowTextEntry")),
        "choices": [str(choice) for choice in choices],
        "displayAs": shown,
    }


def _date(given: Json) -> Json:
    return {
        "displayAs": given.get("displayAs") or "default",
        "format": given.get("format") or "dateOnly",
    }


_SETTINGS: dict[str, Callable[[Json], Json]] = {
    "text": _text,
    "number": _number,
    "boolean": lambda _: {},
    "dateTime": _date,
    "choice": _choice,
    "hyperlinkOrPicture": lambda given: {"isPicture": bool(given.get("isPicture"))},
}


def merged(tenant: Tenant, list_id: str, item: str | None, old: Json, given: Json) -> Json:
    """
    The values after a change, each checked against its column. Raises 400 for a field that
    is not there, is read-only or has the wrong type, and for a value that must be unique.
    """
    columns = columns_of(tenant, list_id)
    values = dict(old)
    for name, value in given.items():
        if name.endswith(_ODATA_TYPE):
            continue
        column = columns.get(name)
        if column is None and name not in READ_ONLY:
            raise invalid(f"Field '{name}' is not recognized")
        if column is None or column["kind"] == "readOnly":
            raise invalid(f"Field '{name}' is read-only")
        settings = msgspec.json.decode(column["definition"])[column["kind"]]
        kept = None if value is None else _checked(column, settings, value, given)
        if kept is None:
            values.pop(name, None)
            continue
        values[name] = kept
        if column["is_unique"]:
            _check_unique(tenant, list_id, item, name, kept)
    return values


def _checked(column: Row, settings: Json, value: object, given: Json) -> object:
    name, kind = column["name"], column["kind"]
    if kind == "hyperlinkOrPicture":
        raise invalid(f"Field '{name}' cannot be written: hyperlink columns are not supported.")
    if kind == "text":
        most = _MOST_LINES if settings["allowMultipleLines"] else settings["maxLength"]
        if not isinstance(value, str) or len(value) > most:
            raise _unacceptable(name)
    elif kind == "number":
        if isinstance(value, bool) or not isinstance(value, int | float):
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


def _check_choice(name: str, settings: Json, value: object, given: Json) -> None:
    many = settings["displayAs"] == "checkBoxes"
    if many and given.get(name + _ODATA_TYPE) != "Collection(Edm.String)":
        raise _unacceptable(name)
    chosen = value if many and isinstance(value, list) else [value]
    for choice in chosen:
        if not isinstance(choice, str) or len(choice) > _MOST_LINE:
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
