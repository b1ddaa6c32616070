"""Columns of lists: their kinds, their settings, and how they are made."""

import re
from collections.abc import Callable

import msgspec

from service.sandbox.sharepoint.names import internal_name
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json, invalid

PLAIN = ("text", "number", "boolean", "dateTime", "choice")
"""Kinds whose value stands by itself."""
REFERENCES = ("personOrGroup", "lookup")
"""Kinds that hold the number of a person or a row, under the column's name and `LookupId`."""
KINDS = (*PLAIN, *REFERENCES, "calculated", "hyperlinkOrPicture")
_UNSUPPORTED = frozenset({"currency", "geolocation", "term", "thumbnail"})
MOST_LINE = 255
_FIXED_COLUMNS = {
    "ContentType": "Content Type",
    "Created": "Created",
    "Modified": "Modified",
    "Author": "Created By",
    "Editor": "Modified By",
    "ID": "ID",
    "_UIVersionString": "Version",
}
_TODAY = ("=today()", "today()", "[today]", "=today")


def columns_of(tenant: Tenant, list_id: str) -> dict[str, Row]:
    rows = tenant.store.all("SELECT * FROM columns WHERE list = ? ORDER BY position", list_id)
    return {row["name"]: row for row in rows}


def first_columns(tenant: Tenant, list_id: str) -> None:
    """Those that every list has."""
    add_column(tenant, list_id, {"name": "Title", "displayName": "Title", "text": {}})
    for name, shown in _FIXED_COLUMNS.items():
        plain = {"displayName": shown, "hidden": False, "required": False, "indexed": False}
        _insert(tenant, list_id, name, "readOnly", {**plain, "enforceUniqueValues": False})


def add_column(tenant: Tenant, list_id: str, body: Json) -> Row:
    """Raises 400 for one that cannot be, 409 for one whose name is taken."""
    name, kind, definition = definition_of(body)
    if name.casefold() in {known.casefold() for known in columns_of(tenant, list_id)}:
        raise GraphError(
            409, "nameAlreadyExists", "A column with the specified name already exists."
        )
    if kind == "lookup":
        known = tenant.store.one("SELECT 1 FROM lists WHERE id = ?", definition[kind]["listId"])
        if known is None:
            raise invalid("The list that the lookup column names was not found.")
    return _insert(tenant, list_id, name, kind, definition)


def _insert(tenant: Tenant, list_id: str, name: str, kind: str, definition: Json) -> Row:
    column_id = guid(list_id, "column", name)
    last = tenant.store.value("SELECT max(position) FROM columns WHERE list = ?", list_id)
    tenant.store.insert(
        "columns",
        id=column_id,
        list=list_id,
        name=name,
        position=0 if last is None else last + 1,
        kind=kind,
        definition=msgspec.json.encode(definition).decode(),
        indexed=int(definition["indexed"]),
        is_unique=int(definition["enforceUniqueValues"]),
    )
    return columns_of(tenant, list_id)[name]


def key_of(column: Row) -> str:
    """The name under which the column's value is written and kept."""
    return f"{column['name']}LookupId" if column["kind"] in REFERENCES else str(column["name"])


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
    definition = {
        "displayName": str(body.get("displayName") or name),
        "description": str(body.get("description") or ""),
        "hidden": bool(body.get("hidden")),
        "required": bool(body.get("required")),
        "indexed": bool(body.get("indexed")),
        "enforceUniqueValues": bool(body.get("enforceUniqueValues")),
        kind: _SETTINGS[kind](body[kind]),
    }
    if body.get("defaultValue") is not None:
        definition["defaultValue"] = _default(kind, body["defaultValue"])
    if body.get("readOnly"):
        definition["readOnly"] = True
    _check_settings(kind, definition)
    return internal_name(name), kind, definition


def _check_settings(kind: str, definition: Json) -> None:
    if definition["enforceUniqueValues"] and not definition["indexed"]:
        raise invalid("A column that enforces unique values must be indexed.")
    many = kind == "text" and definition["text"]["allowMultipleLines"]
    if definition["indexed"] and (many or kind in ("calculated", "hyperlinkOrPicture")):
        raise invalid("A column of this type cannot be indexed.")


def changed_definition(column: Row, body: Json) -> Json:
    """The settings after a PATCH of a column. Raises 400 for what cannot be changed."""
    definition: Json = msgspec.json.decode(column["definition"])
    kind = column["kind"]
    if body.get("name") not in (None, column["name"]):
        raise invalid("The name of a column cannot be changed.")
    if any(isinstance(body.get(other), dict) for other in (*KINDS, *_UNSUPPORTED) if other != kind):
        raise invalid("The type of a column cannot be changed.")
    for name in ("displayName", "description"):
        if name in body:
            definition[name] = str(body[name] or "")
    for name in ("hidden", "required", "indexed", "enforceUniqueValues", "readOnly"):
        if name in body:
            definition[name] = bool(body[name])
    if isinstance(body.get(kind), dict):
        definition[kind] = _SETTINGS[kind]({**definition[kind], **body[kind]})
    if "defaultValue" in body:
        definition.pop("defaultValue", None)
        if body["defaultValue"] is not None:
            definition["defaultValue"] = _default(kind, body["defaultValue"])
    _check_settings(kind, definition)
    return definition


def _default(kind: str, given: object) -> Json:
    if not isinstance(given, dict) or kind not in PLAIN:
        raise invalid("The default value of the column is not valid.")
    value, formula = given.get("value"), given.get("formula")
    if formula and (kind != "dateTime" or str(formula).casefold() not in _TODAY):
        raise invalid("The formula of the default value is not supported.")
    return {"formula": formula, "value": None if value is None else str(value)}


def _text(given: Json) -> Json:
    lines = bool(given.get("allowMultipleLines"))
    return {
        "allowMultipleLines": lines,
        "appendChangesToExistingText": False,
        "linesForEditing": int(given.get("linesForEditing") or (6 if lines else 0)),
        **({} if lines else {"maxLength": int(given.get("maxLength") or MOST_LINE)}),
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


def _person(given: Json) -> Json:
    return {
        "allowMultipleSelection": bool(given.get("allowMultipleSelection")),
        "chooseFromType": given.get("chooseFromType") or "peopleOnly",
        "displayAs": given.get("displayAs") or "nameWithPresence",
    }


def _lookup(given: Json) -> Json:
    if not given.get("listId"):
        raise invalid("A lookup column must name a list.")
    return {
        "allowMultipleValues": bool(given.get("allowMultipleValues")),
        "allowUnlimitedLength": False,
        "columnName": given.get("columnName") or "Title",
        "listId": str(given["listId"]).casefold(),
    }


def _calculated(given: Json) -> Json:
    formula = str(given.get("formula") or "")
    if not _FORMULA.fullmatch(formula):
        raise invalid("The formula contains a syntax error or is not supported.")
    return {
        "format": given.get("format") or "dateOnly",
        "formula": formula,
        "outputType": given.get("outputType") or "text",
    }


_PIECE = r'\s*(?:\[[^\[\]]+\]|"[^"]*"|\w+)\s*'
_FORMULA = re.compile(rf"={_PIECE}(?:&{_PIECE})*")
"""Columns and texts joined by `&`: the one kind of formula that is worked out here."""


_SETTINGS: dict[str, Callable[[Json], Json]] = {
    "text": _text,
    "number": _number,
    "boolean": lambda _: {},
    "dateTime": _date,
    "choice": _choice,
    "personOrGroup": _person,
    "lookup": _lookup,
    "calculated": _calculated,
    "hyperlinkOrPicture": lambda given: {"isPicture": bool(given.get("isPicture"))},
}
