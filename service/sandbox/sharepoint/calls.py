"""The table's rows on sites, libraries, lists and files."""

from service.sandbox.entra import access
from service.sandbox.routes import PAGE, Row, item_rows, row
from service.sandbox.sharepoint import (
    checkout,
    columns,
    contents,
    copies,
    drive_delta,
    drives,
    rows,
    shares,
    sharing,
    sites,
    special,
    uploads,
)

_READ, _WRITE, _MANAGE = access.site("read"), access.site("write"), access.site("manage")
_ITEM = frozenset({"$select", "$expand"})

_DRIVES = (
    *row("GET", "/drives/{drive}", _READ, "drive", 1, drives.get_drive),
    *item_rows("GET", "", _READ, "driveItem", 1, drives.get_item, _ITEM),
    *item_rows("PATCH", "", _WRITE, "driveItem", 2, drives.patch_item, write=True),
    *item_rows("PUT", "", _WRITE, "driveItem", 2, uploads.commit, write=True),
    *item_rows("DELETE", "", _WRITE, None, 2, drives.delete_item, write=True),
    *item_rows("POST", "/permanentDelete", _WRITE, None, 2, drives.permanent_delete, write=True),
    *item_rows(
        "GET",
        "/children",
        _READ,
        "Collection(driveItem)",
        2,
        drives.children,
        (PAGE - {"$skip"}) | {"$expand", "$orderby"},
    ),
    *item_rows("POST", "/children", _WRITE, "driveItem", 2, drives.create_child, write=True),
    *item_rows("GET", "/content", _READ, None, 1, contents.get_content),
    *item_rows("PUT", "/content", _WRITE, "driveItem", 2, contents.put_content, write=True),
    *item_rows("POST", "/createUploadSession", _WRITE, "uploadSession", 2, uploads.create_session),
    *item_rows("POST", "/copy", _READ, None, 2, copies.copy_item, write=True),
    *item_rows(
        "GET",
        "/delta",
        _READ,
        "Collection(driveItem)",
        1,
        drive_delta.drive_delta,
        PAGE | {"$expand", "$deltatoken"},
    ),
    *item_rows(
        "GET", "/versions", _READ, "Collection(driveItemVersion)", 2, contents.versions, PAGE
    ),
    *item_rows("GET", "/versions/{version}", _READ, "driveItemVersion", 1, contents.get_version),
    *item_rows("GET", "/versions/{version}/content", _READ, None, 1, contents.version_content),
    *item_rows(
        "POST",
        "/versions/{version}/restoreVersion",
        _WRITE,
        None,
        2,
        contents.restore_version,
        write=True,
    ),
    *item_rows("GET", "/listItem", _READ, "listItem", 1, rows.get_list_item, _ITEM),
    *item_rows("GET", "/listItem/fields", _READ, "fieldValueSet", 1, rows.get_item_fields),
    *item_rows(
        "PATCH",
        "/listItem/fields",
        _WRITE,
        "fieldValueSet",
        2,
        rows.patch_item_fields,
        write=True,
    ),
)

_PERMISSION = "/permissions/{permission}"
_HELD = (
    *row("GET", "/drives/{drive}/special/{special}", _READ, "driveItem", 1, special.special_folder),
    *item_rows("POST", "/checkout", _WRITE, None, 2, checkout.check_out_item, write=True),
    *item_rows("POST", "/checkin", _WRITE, None, 2, checkout.check_in_item, write=True),
    *item_rows("POST", "/discardCheckout", _WRITE, None, 2, checkout.discard_item, write=True),
    *item_rows("POST", "/createLink", _WRITE, "permission", 5, sharing.create_link, write=True),
    *item_rows("POST", "/invite", _WRITE, "Collection(permission)", 5, sharing.invite, write=True),
    *item_rows(
        "GET", "/permissions", _READ, "Collection(permission)", 5, sharing.list_permissions, PAGE
    ),
    *item_rows("GET", _PERMISSION, _READ, "permission", 5, sharing.get_permission),
    *item_rows("PATCH", _PERMISSION, _WRITE, "permission", 5, sharing.patch_permission, write=True),
    *item_rows("DELETE", _PERMISSION, _WRITE, None, 5, sharing.delete_permission, write=True),
    *item_rows("GET", "/retentionLabel", _READ, "itemRetentionLabel", 1, sharing.get_label),
    *item_rows(
        "PATCH", "/retentionLabel", _WRITE, "itemRetentionLabel", 2, sharing.patch_label, write=True
    ),
    *item_rows("DELETE", "/retentionLabel", _WRITE, None, 2, sharing.delete_label, write=True),
)

_LISTS = "/sites/{site}/lists/{list}"
_COLUMN = f"{_LISTS}/columns/{{column}}"
_SITES = (
    *row("GET", "/sites", access.site_search, "Collection(site)", 2, sites.search_sites, PAGE),
    *row("GET", "/sites/{site}", _READ, "site", 1, sites.get_site),
    *row("GET", "/sites/{site}/drive", _READ, "drive", 1, sites.default_drive),
    *row("GET", "/sites/{site}/drives", _READ, "Collection(drive)", 2, sites.list_drives, PAGE),
    *row(
        "GET",
        "/sites/{site}/lists",
        _READ,
        "Collection(list)",
        2,
        sites.list_lists,
        PAGE | {"$expand"},
    ),
    *row("POST", "/sites/{site}/lists", _MANAGE, "list", 2, sites.create_list, write=True),
    *row("GET", _LISTS, _READ, "list", 1, sites.get_list, _ITEM),
    *row("GET", f"{_LISTS}/drive", _READ, "drive", 1, sites.list_drive),
    *row(
        "GET",
        f"{_LISTS}/columns",
        _READ,
        "Collection(columnDefinition)",
        2,
        columns.list_columns,
        PAGE,
    ),
    *row(
        "POST",
        f"{_LISTS}/columns",
        _MANAGE,
        "columnDefinition",
        2,
        columns.create_column,
        write=True,
    ),
    *row("PATCH", _LISTS, _MANAGE, "list", 2, sites.patch_list, write=True),
    *row("GET", _COLUMN, _READ, "columnDefinition", 1, columns.get_column),
    *row("PATCH", _COLUMN, _MANAGE, "columnDefinition", 2, columns.patch_column, write=True),
    *row("DELETE", _COLUMN, _MANAGE, None, 2, columns.delete_column, write=True),
    *row(
        "GET",
        f"{_LISTS}/contentTypes",
        _READ,
        "Collection(contentType)",
        2,
        columns.list_content_types,
        PAGE,
    ),
    *row("GET", "/drives/{drive}/list", _READ, "list", 1, sites.drive_list, _ITEM),
    *row(
        "GET",
        f"{_LISTS}/items",
        _READ,
        "Collection(listItem)",
        2,
        rows.list_rows,
        PAGE | {"$expand", "$filter", "$orderby"},
    ),
    *row("POST", f"{_LISTS}/items", _WRITE, "listItem", 2, rows.create_row, write=True),
    *row(
        "GET",
        f"{_LISTS}/items/delta",
        _READ,
        "Collection(listItem)",
        1,
        drive_delta.list_delta,
        PAGE | {"$expand", "$deltatoken"},
    ),
    *row("GET", f"{_LISTS}/items/{{row}}", _READ, "listItem", 1, rows.get_row, _ITEM),
    *row("DELETE", f"{_LISTS}/items/{{row}}", _WRITE, None, 2, rows.delete_row, write=True),
    *row("GET", f"{_LISTS}/items/{{row}}/fields", _READ, "fieldValueSet", 1, rows.get_row_fields),
    *row(
        "PATCH",
        f"{_LISTS}/items/{{row}}/fields",
        _WRITE,
        "fieldValueSet",
        2,
        rows.patch_row_fields,
        write=True,
    ),
)

_SHARES = (
    *row("GET", "/shares/{share}", shares.may_follow, "sharedDriveItem", 1, shares.get_share),
    *row(
        "GET",
        "/shares/{share}/driveItem",
        shares.may_follow,
        "driveItem",
        1,
        shares.shared_item,
        _ITEM,
    ),
)

FILES: tuple[Row, ...] = (*_DRIVES, *_HELD, *_SITES, *_SHARES)
