"""Fills a folder with very many files at once."""

from collections.abc import Iterable, Iterator

from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.names import check_name, mime_type, name_key
from service.sandbox.sharepoint.tags import new_item_id
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant

_ITEM = (
    "INSERT INTO items (id, list, number, guid, parent, name, name_key, kind, blob, size, xor, "
    "mime, created_at, created_by, modified_at, modified_by, fs_created, fs_modified, depth, seq) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 'file', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_VERSION = (
    "INSERT INTO versions (item, version, blob, size, xor, modified_at, modified_by) "
    "SELECT id, 1, blob, size, xor, modified_at, modified_by FROM items "
    "WHERE parent = ? AND seq > ?"
)


def put_files(tenant: Tenant, folder: Row, names: Iterable[str], blob: Blob, by: str) -> None:
    """New files of one content. The names must be free: a second of one fails as a whole."""
    store, list_id = tenant.store, folder["list"]
    before = store.seq
    store.do_many(_ITEM, _rows(tenant, folder, names, blob, by))
    store.do(_VERSION, folder["id"], before)
    store.do(
        "UPDATE lists SET last_number = (SELECT max(number) FROM items WHERE list = ?1) "
        "WHERE id = ?1",
        list_id,
    )


def _rows(
    tenant: Tenant, folder: Row, names: Iterable[str], blob: Blob, by: str
) -> Iterator[tuple[object, ...]]:
    now, list_id = tenant.clock.text, folder["list"]
    first: int = tenant.store.value("SELECT last_number FROM lists WHERE id = ?", list_id) + 1
    for number, name in enumerate(names, first):
        check_name(name)
        yield (
            new_item_id(list_id, number),
            list_id,
            number,
            guid(list_id, "item", str(number)),
            folder["id"],
            name,
            name_key(name),
            blob.id,
            blob.size,
            blob.xor,
            mime_type(name),
            now,
            by,
            now,
            by,
            now,
            now,
            folder["depth"] + 1,
            tenant.store.next_seq(),
        )
