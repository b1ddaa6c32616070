"""Rows of lists and list items of libraries: reading, filtering and writing their fields."""

import re

import msgspec

from service.sandbox.paging import page
from service.sandbox.shape import expansions
from service.sandbox.sharepoint import fields, guards, library
from service.sandbox.sharepoint.drives import item_of
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.render_lists import fields_json, list_item_json
from service.sandbox.sharepoint.sites import list_of
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_PAGE = 200
_NON_INDEXED = "HonorNonIndexedQueriesWarningMayFailRandomly"
_CLAUSE = re.compile(
    r"^(?:fields/)?(\w+)\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|[^\s']+)$", re.IGNORECASE
)
_STARTS = re.compile(r"^startswith\(\s*fields/(\w+)\s*,\s*'((?:[^']|'')*)'\s*\)$", re.IGNORECASE)
_OPERATORS = {"eq": "=", "ne": "IS NOT", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def list_rows(call: Call) -> Answer:
    listed = list_of(call)
    where, values = _where(call, listed)
    rows = call.tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND number > 0"  # noqa: S608
        f"{where} ORDER BY {_order(call, listed)}",
        listed["id"],
        *values,
    )
    wanted = expansions(call)

    def written(row: Row) -> Json:
        return list_item_json(
            call.tenant, row, fields=wanted.get("fields"), with_fields="fields" in wanted
        )

    return page(call, rows, written, _PAGE)


def _where(call: Call, listed: Row) -> tuple[str, list[object]]:
    text = call.query.get("$filter", "").strip()
    sql, values = "", []
    for clause in re.split(r"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", text) if text else []:
        name, condition, value = _condition(clause.strip())
        expression = _column(call, listed, name)
        sql += f" AND {expression} {condition} ?"
        values.append(value)
    return sql, values


def _condition(clause: str) -> tuple[str, str, object]:
    """Column, SQL operator and value of one comparison."""
    starts = _STARTS.match(clause)
    if starts:
        plain = starts[2].replace("''", "'")
        return starts[1], "GLOB", re.sub(r"([*?\[])", r"[\1]", plain) + "*"
    found = _CLAUSE.match(clause)
    if found is None:
        raise invalid("Invalid filter clause")
    operator = _OPERATORS[found[2].lower()]
    return found[1], operator, _literal(found[3])


def _literal(text: str) -> object:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text in ("true", "false"):
        return int(text == "true")
    if text == "null":
        return None
    try:
        return float(text)
    except ValueError as error:
        raise invalid("Invalid filter clause") from error


def _column(call: Call, listed: Row, name: str) -> str:
    """The SQL for a column, if it may be asked for."""
    if name in ("id", "ID"):
        return "CAST(number AS TEXT)"
    column = fields.columns_of(call.tenant, listed["id"]).get(name)
    fixed = {"Created": "created_at", "Modified": "modified_at"}.get(name)
    if column is None:
        raise invalid(f"Field '{name}' is not recognized")
    if not column["indexed"] and call.prefers(_NON_INDEXED) is None:
        raise invalid(
            f"Field '{name}' cannot be referenced in filter or orderby as it is not indexed. "
            f"Provide the 'Prefer: {_NON_INDEXED}' header to allow this, but be warned that "
            "such queries may fail on large lists."
        )
    return fixed or f"json_extract(fields, '$.\"{name}\"')"


def _order(call: Call, listed: Row) -> str:
    text = call.query.get("$orderby", "").strip()
    if not text:
        return "number"
    name, _, direction = text.partition(" ")
    order = "DESC" if direction.strip().lower() == "desc" else "ASC"
    return f"{_column(call, listed, name.removeprefix('fields/'))} {order}, number"


def row_of(call: Call) -> Row:
    listed = list_of(call)
    number = call.names["row"]
    row = call.tenant.store.one(
        "SELECT * FROM items WHERE list = ? AND number = ? AND deleted = 0 AND number > 0",
        listed["id"],
        int(number) if number.isdigit() else -1,
    )
    if row is None:
        raise GraphError(404, "itemNotFound", "The specified item was not found")
    return row


def get_row(call: Call) -> Answer:
    options = expansions(call).get("fields", "")
    return Answer(body=list_item_json(call.tenant, row_of(call), fields=options))


def create_row(call: Call) -> Answer:
    listed = list_of(call)
    if listed["drive"]:
        raise invalid("Files and folders are created through the drive of a document library.")
    given = call.json().get("fields") or {}
    values = fields.merged(call.tenant, listed["id"], None, {}, given)
    row = library.add(
        call.tenant,
        listed["id"],
        "",
        parent=None,
        kind="row",
        write=Write(by=call.by),
        fields=values,
    )
    return Answer(status=201, body=list_item_json(call.tenant, row))


def delete_row(call: Call) -> Answer:
    row = row_of(call)
    library.check_match(row, call.headers.get("if-match"))
    library.delete(call.tenant, row, call.by)
    return Answer(status=204)


def get_row_fields(call: Call) -> Answer:
    return Answer(body=fields_json(row_of(call)))


def patch_row_fields(call: Call) -> Answer:
    return _patched(call, row_of(call))


def item_row(call: Call) -> Row:
    """The list item of a drive item; the root has none."""
    row = item_of(call)
    if row["kind"] == "root":
        raise library.not_found()
    return row


def get_list_item(call: Call) -> Answer:
    wanted = expansions(call)
    body = list_item_json(
        call.tenant, item_row(call), fields=wanted.get("fields"), with_fields="fields" in wanted
    )
    return Answer(body=body)


def get_item_fields(call: Call) -> Answer:
    return Answer(body=fields_json(item_row(call)))


def patch_item_fields(call: Call) -> Answer:
    return _patched(call, item_row(call))


def _patched(call: Call, row: Row) -> Answer:
    library.check_match(row, call.headers.get("if-match"))
    return Answer(body=fields_json(set_fields(call.tenant, row, call.json(), call.by)))


def set_fields(tenant: Tenant, row: Row, given: Json, by: str) -> Row:
    guards.check_change(tenant, row, by)
    old = msgspec.json.decode(row["fields"])
    values = fields.merged(tenant, row["list"], row["id"], old, given)
    return library.change(tenant, row, by, fields=msgspec.json.encode(values).decode())
