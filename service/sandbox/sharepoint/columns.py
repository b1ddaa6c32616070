"""Columns and content types of lists, and the calls on them."""

import msgspec

from service.sandbox.paging import page
from service.sandbox.sharepoint import definitions
from service.sandbox.sharepoint.names import internal_name
from service.sandbox.sharepoint.render_lists import column_json, content_type_json
from service.sandbox.sharepoint.sites import list_of
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json

_PAGE = 200


def list_columns(call: Call) -> Answer:
    rows = list(definitions.columns_of(call.tenant, list_of(call)["id"]).values())
    return page(call, rows, column_json, _PAGE)


def create_column(call: Call) -> Answer:
    row = definitions.add_column(call.tenant, list_of(call)["id"], call.json())
    return Answer(status=201, body=column_json(row))


def column_of(call: Call) -> Row:
    """By id or by internal name."""
    wanted = call.names["column"]
    for column in definitions.columns_of(call.tenant, list_of(call)["id"]).values():
        if column["id"] == wanted.casefold() or column["name"] == internal_name(wanted):
            return column
    raise GraphError(404, "itemNotFound", "The specified column was not found")


def get_column(call: Call) -> Answer:
    return Answer(body=column_json(column_of(call)))


def patch_column(call: Call) -> Answer:
    """
    Everything but name and type. Raises 400 where rows there already break the rule that the
    column shall have from now on.
    """
    column, body = _changeable(call), call.json()
    definition = definitions.changed_definition(column, body)
    if definition["enforceUniqueValues"] and not column["is_unique"]:
        _check_distinct(call.tenant, column)
    call.tenant.store.update(
        "columns",
        column["id"],
        definition=msgspec.json.encode(definition).decode(),
        indexed=int(definition["indexed"]),
        is_unique=int(definition["enforceUniqueValues"]),
    )
    return Answer(body=column_json(column_of(call)))


def delete_column(call: Call) -> Answer:
    """The rows' values in it go with it."""
    column = _changeable(call)
    store = call.tenant.store
    store.do("DELETE FROM columns WHERE id = ?", column["id"])
    store.do(
        "UPDATE items SET fields = json_remove(fields, ?) WHERE list = ?",
        f'$."{definitions.key_of(column)}"',
        column["list"],
    )
    return Answer(status=204)


def _changeable(call: Call) -> Row:
    column = column_of(call)
    if column["kind"] == "readOnly" or (call.method == "DELETE" and column["name"] == "Title"):
        raise GraphError(400, "invalidRequest", "The column is sealed and cannot be changed.")
    return column


def _check_distinct(tenant: Tenant, column: Row) -> None:
    twice = tenant.store.value(
        "SELECT 1 FROM items WHERE list = ?1 AND deleted = 0 AND json_extract(fields, ?2) NOT NULL "
        "GROUP BY json_extract(fields, ?2) HAVING count(*) > 1 LIMIT 1",
        column["list"],
        f'$."{definitions.key_of(column)}"',
    )
    if twice:
        raise GraphError(
            400, "invalidRequest", "The column holds duplicate values; it cannot be made unique."
        )


def list_content_types(call: Call) -> Answer:
    row = list_of(call)
    kinds: list[tuple[str, Json]] = [
        (
            "file" if row["drive"] else "row",
            content_type_json(row, "file" if row["drive"] else "row"),
        ),
        ("folder", content_type_json(row, "folder")),
    ]
    return page(call, kinds, lambda kind: kind[1], _PAGE)
