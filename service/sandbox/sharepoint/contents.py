"""The bytes of files through Graph: simple upload, download, and what they were before."""

import re

from service.sandbox.paging import page
from service.sandbox.sharepoint import guards, library
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.drives import (
    CONFLICT,
    DEFAULT_PAGE,
    item_of,
    item_writer,
    target_of,
)
from service.sandbox.sharepoint.library import Write
from service.sandbox.sharepoint.render_items import download_url, whole
from service.sandbox.sharepoint.tags import is_unchanged
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid

_VERSION = re.compile(r"^(\d+)\.0$")


def put_content(call: Call) -> Answer:
    """Page "driveItem: PUT content": up to 250 MB, whatever Content-Type is sent."""
    conflict = call.query.get(CONFLICT, "replace")
    if call.headers.get("content-range"):
        raise invalid("Content-Range is for upload sessions; send the whole file.")
    parent, name = target_of(call)
    write = Write(
        by=call.by,
        conflict=conflict,
        if_match=call.headers.get("if-match"),
        if_none_match=call.headers.get("if-none-match"),
    )
    blob = call.tenant.blobs.keep(call.body)
    row, is_new = library.put_file(call.tenant, parent, name, blob, write)
    return Answer(status=201 if is_new else 200, body=item_writer(call).item(row))


def get_content(call: Call) -> Answer:
    row = _file_of(call)
    guards.check_download(call.tenant, row, call.by)
    if is_unchanged(row, call.headers.get("if-none-match")):
        return Answer(status=304)
    if "format" in call.query:
        raise GraphError(406, "notAcceptable", "The file cannot be converted to that format.")
    url = download_url(call.tenant, call.bytes_base, row["blob"], row["mime"], row["name"])
    return Answer(status=302, headers={"Location": url})


def _file_of(call: Call) -> Row:
    row = item_of(call)
    if row["kind"] != "file":
        raise invalid("The item is not a file.")
    return row


def versions(call: Call) -> Answer:
    """The newest first."""
    row = _file_of(call)
    kept = call.tenant.store.all(
        "SELECT * FROM versions WHERE item = ? ORDER BY version DESC", row["id"]
    )
    return page(call, kept, lambda version: _version_json(call, row, version), DEFAULT_PAGE)


def _version_json(call: Call, row: Row, version: Row) -> Json:
    body: Json = {
        "id": f"{version['version']}.0",
        "lastModifiedDateTime": whole(version["modified_at"]),
        "lastModifiedBy": call.tenant.identity(version["modified_by"]),
        "size": version["size"],
    }
    if version["version"] != row["version"]:
        body["@microsoft.graph.downloadUrl"] = _download_url(call, row, version)
    return body


def get_version(call: Call) -> Answer:
    row = _file_of(call)
    return Answer(body=_version_json(call, row, _version_of(call, row)))


def version_content(call: Call) -> Answer:
    """Only of earlier versions: the service will not give the present one by this way."""
    row = _file_of(call)
    version = _version_of(call, row)
    guards.check_download(call.tenant, row, call.by)
    if version["version"] == row["version"]:
        raise invalid("You cannot get the content of the current version.")
    return Answer(status=302, headers={"Location": _download_url(call, row, version)})


def restore_version(call: Call) -> Answer:
    """An earlier content becomes the newest version (page "driveItemVersion: restoreVersion")."""
    row = _file_of(call)
    version = _version_of(call, row)
    if version["version"] == row["version"]:
        raise invalid("The current version cannot be restored.")
    library.check_match(row, call.headers.get("if-match"))
    blob = Blob(version["blob"], version["size"], version["xor"])
    changed = library.new_content(call.tenant, row, blob, Write(by=call.by))
    guards.settle_content(call.tenant, changed)
    return Answer(status=204)


def _download_url(call: Call, row: Row, version: Row) -> str:
    return download_url(call.tenant, call.bytes_base, version["blob"], row["mime"], row["name"])


def _version_of(call: Call, row: Row) -> Row:
    found = _VERSION.match(call.names["version"])
    version = call.tenant.store.one(
        "SELECT * FROM versions WHERE item = ? AND version = ?",
        row["id"],
        int(found[1]) if found else -1,
    )
    if version is None:
        raise library.not_found()
    return version
