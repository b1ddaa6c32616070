"""Rows of lists and list items of libraries: reading, filtering and writing their fields."""

import re
from urllib.parse import urlencode

import msgspec

from service.sandbox.shape import expansions
from service.sandbox.sharepoint import definitions, fields, guards, library, promotion
from service.sandbox.sharepoint.drives import item_of
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.render_lists import RowWriter, fields_json, list_item_json
from service.sandbox.sharepoint.sites import list_of
from service.sandbox.store import Row, rows_after
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, seal, unseal

VIEW_THRESHOLD = 5000
"""Items that a query without an index may look at (SharePoint's list view threshold)."""
THRESHOLD = Switch(
    name="view_threshold",
    values=("429", "500"),
    about="How a query beyond the list view threshold fails: 429 is reported of Graph "
    "(msgraph-sdk-dotnet#827), 500 of SharePoint's own interface beneath it.",
)
SWITCHES = (THRESHOLD,)
_PAGE = 200
_MOST = 5000
_NON_INDEXED = "HonorNonIndexedQueriesWarningMayFailRandomly"
_CLAUSE = re.compile(
    r"^(?:fields/)?(\w+)\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|[^\s']+)$", re.IGNORECASE
)
_STARTS = re.compile(r"^startswith\(\s*fields/(\w+)\s*,\s*'((?:[^']|'')*)'\s*\)$", re.IGNORECASE)
_OPERATORS = {"eq": "=", "ne": "IS NOT", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def list_rows(call: Call) -> Answer:
    """In the order of their numbers unless asked otherwise; a page costs what it shows."""
    listed = list_of(call)
    where, values = _where(call, listed)
    order = _order(call, listed)
    size = call.count("$top", _PAGE, _MOST)
    after = _position(call)
    if order is None:
        where, values = f"{where} AND number > ?", [*values, after]
    found = call.tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND number > 0"  # noqa: S608
        f"{where} ORDER BY {order or 'number'} LIMIT ? OFFSET ?",
        listed["id"],
        *values,
        size + 1,
        0 if order is None else after,
    )
    rows, more = rows_after(found, size)
    hidden = guards.hidden(call.tenant, listed["id"], call.by)
    wanted = expansions(call)

    write = RowWriter(call.tenant, listed["id"])
    value = [
        write.row(row, fields=wanted.get("fields"), with_fields="fields" in wanted)
        for row in rows
        if row["id"] not in hidden
    ]
    body: Json = {"value": value}
    if more:
        start = rows[-1]["number"] if order is None else after + size
        kept = {k: v for k, v in call.query.items() if k not in ("$skiptoken", "$skip")}
        body["@odata.nextLink"] = f"{call.url}?{urlencode({**kept, '$skiptoken': _sealed(start)})}"
    return Answer(body=body)


def _sealed(start: int) -> str:
    return seal({"start": start})


def _position(call: Call) -> int:
    """Of the last row that was shown: its number, or how many came before the page."""
    token = call.query.get("$skiptoken")
    if token is None:
        return 0
    held = unseal(token)
    if held is None or not isinstance(held.get("start"), int):
        raise invalid("The skip token is not valid.")
    return int(held["start"])


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
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return text
    try:
        return float(text)
    except ValueError as error:
        raise invalid("Invalid filter clause") from error


def _column(call: Call, listed: Row, name: str) -> str:
    """The SQL for a column, if it may be asked for."""
    if name in ("id", "ID"):
        return "CAST(number AS TEXT)"
    columns = definitions.columns_of(call.tenant, listed["id"]).values()
    column = next((c for c in columns if definitions.key_of(c) == name), None)
    if name == "FileLeafRef" and listed["drive"]:
        return _allowed(call, listed, name, "name", indexed=False)
    if column is None or column["kind"] in ("calculated", "hyperlinkOrPicture"):
        raise invalid(f"Field '{name}' is not recognized")
    fixed = {"Created": "created_at", "Modified": "modified_at"}.get(name)
    sql = fixed or f"json_extract(fields, '$.\"{name}\"')"
    return _allowed(call, listed, name, sql, indexed=bool(column["indexed"]))


def _allowed(call: Call, listed: Row, name: str, sql: str, *, indexed: bool) -> str:
    """The same SQL. Raises 400 without the preference, and for a list beyond the threshold."""
    if indexed:
        return sql
    if call.prefers(_NON_INDEXED) is None:
        raise invalid(
            f"Field '{name}' cannot be referenced in filter or orderby as it is not indexed. "
            f"Provide the 'Prefer: {_NON_INDEXED}' header to allow this, but be warned that "
            "such queries may fail on large lists."
        )
    count = call.tenant.store.value(
        "SELECT count(*) FROM items WHERE list = ? AND deleted = 0 AND number > 0", listed["id"]
    )
    if count > VIEW_THRESHOLD:
        if THRESHOLD.read(call.tenant) == "429":
            raise GraphError(429, "activityLimitReached", "The request has been throttled")
        raise GraphError(
            500,
            "generalException",
            "The attempted operation is prohibited because it exceeds the list view threshold.",
        )
    return sql


def _order(call: Call, listed: Row) -> str | None:
    text = call.query.get("$orderby", "").strip()
    if not text:
        return None
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
    if row is None or row["id"] in guards.hidden(call.tenant, listed["id"], call.by):
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
    row = add_row(call.tenant, listed, given, call.by)
    return Answer(status=201, body=list_item_json(call.tenant, row))


def add_row(tenant: Tenant, listed: Row, given: Json, by: str) -> Row:
    """Required columns may be left empty: only SharePoint's own forms insist on them."""
    first = fields.defaults(tenant, listed["id"])
    values = fields.merged(tenant, listed["id"], None, first, given)
    return library.add(
        tenant, listed["id"], "", parent=None, kind="row", write=Write(by=by), fields=values
    )


def delete_row(call: Call) -> Answer:
    row = row_of(call)
    library.check_match(row, call.headers.get("if-match"))
    library.delete(call.tenant, row, call.by)
    return Answer(status=204)


def get_row_fields(call: Call) -> Answer:
    return Answer(body=fields_json(call.tenant, row_of(call)))


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
    return Answer(body=fields_json(call.tenant, item_row(call)))


def patch_item_fields(call: Call) -> Answer:
    return _patched(call, item_row(call))


def _patched(call: Call, row: Row) -> Answer:
    library.check_match(row, call.headers.get("if-match"))
    return Answer(body=fields_json(call.tenant, set_fields(call.tenant, row, call.json(), call.by)))


def set_fields(tenant: Tenant, row: Row, given: Json, by: str) -> Row:
    """Columns of an Office file go into the file as well, which is other content then."""
    guards.check_fields(tenant, row, by)
    old = msgspec.json.decode(row["fields"])
    values = fields.merged(tenant, row["list"], row["id"], old, given)
    changes: Json = {"fields": msgspec.json.encode(values).decode()}
    blob = promotion.demoted(tenant, row, values)
    if blob is not None:
        changes |= {"blob": blob.id, "size": blob.size, "xor": blob.xor}
        changes["content_version"] = row["content_version"] + 1
    changed = library.change(tenant, row, by, **changes)
    guards.settle_change(tenant, changed)
    return changed
