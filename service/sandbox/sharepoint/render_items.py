"""Drive items as Graph writes them."""

from datetime import datetime, timedelta
from pathlib import PurePosixPath
from urllib.parse import quote

from service.sandbox.sharepoint import guards, permissions, states
from service.sandbox.sharepoint.library import ctag, etag, path_names
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Call, Json, seal, stamp

_LINK_LIFE = timedelta(hours=1)
_WEB_APPS = frozenset({".docx", ".pptx", ".xlsx"})


class ItemWriter:
    """Writes the items of one answer; what parents have in common is looked up once."""

    def __init__(self, tenant: Tenant, drive: str, bytes_base: str, by: str = "") -> None:
        self.tenant = tenant
        self.drive = drive
        self.bytes_base = bytes_base
        place = tenant.store.one(
            "SELECT l.id AS list, s.* FROM lists l JOIN sites s ON s.id = l.site WHERE drive = ?",
            drive,
        )
        assert place is not None
        self._site = place
        self._states = states.checked_out_in(tenant, place["list"])
        self._is_blocked = guards.download_blocks(tenant, place["list"], by)
        self._shared = permissions.shared_in(tenant, place["list"])
        self._paths: dict[str, list[str]] = {}

    def item(self, row: Row) -> Json:
        tenant = self.tenant
        body: Json = {
            "id": row["id"],
            "name": row["name"],
            "eTag": etag(row),
            "cTag": ctag(row),
            "createdDateTime": whole(row["created_at"]),
            "createdBy": tenant.identity(row["created_by"]),
            "lastModifiedDateTime": whole(row["modified_at"]),
            "lastModifiedBy": tenant.identity(row["modified_by"]),
            "fileSystemInfo": {
                "createdDateTime": whole(row["fs_created"]),
                "lastModifiedDateTime": whole(row["fs_modified"]),
            },
            "parentReference": self._reference(row),
            "webUrl": self._web_url(row),
            "size": row["size"] if row["kind"] == "file" else self._folder_size(row["id"]),
        }
        if row["kind"] == "file":
            body["file"] = {"mimeType": row["mime"], "hashes": {"quickXorHash": row["xor"]}}
            body |= states.publication(tenant, self._states.get(row["id"]), row["version"])
            if not self._is_blocked(row["id"]):
                body["@microsoft.graph.downloadUrl"] = download_url(
                    tenant, self.bytes_base, row["blob"], row["mime"], row["name"]
                )
        else:
            body["folder"] = {"childCount": self._children(row["id"])}
        if row["kind"] == "root":
            body["root"] = {}
        if row["id"] in self._shared:
            body["shared"] = {"scope": self._shared[row["id"]]}
        return body

    def gone(self, row: Row) -> Json:
        """A deleted item, as delta tells of it."""
        facet: Json = {"file": {}} if row["kind"] == "file" else {"folder": {}}
        return {
            "id": row["stands_for"] or row["id"],
            "name": row["name"],
            "deleted": {"state": "deleted"},
            "parentReference": {"driveId": self.drive, "id": row["parent"]},
            **facet,
        }

    def _reference(self, row: Row) -> Json:
        base: Json = {
            "driveId": self.drive,
            "driveType": "business" if self._site["owner"] else "documentLibrary",
            "siteId": self._site["id"].split(",")[1],
        }
        if row["kind"] == "root":
            return base
        below = self._names(row["parent"])[3:]
        path = f"/drives/{self.drive}/root:" + "".join(f"/{quote(name)}" for name in below)
        name = below[-1] if below else "root"
        return {**base, "id": row["parent"], "name": name, "path": path}

    def _names(self, folder: str) -> list[str]:
        if folder not in self._paths:
            row = self.tenant.store.one("SELECT * FROM items WHERE id = ?", folder)
            assert row is not None
            self._paths[folder] = path_names(self.tenant, row)
        return self._paths[folder]

    def _web_url(self, row: Row) -> str:
        host = f"https://{self._site['id'].partition(',')[0]}"
        suffix = PurePosixPath(row["name"]).suffix.lower()
        if row["kind"] == "file" and suffix in _WEB_APPS:
            return (
                f"{self._site['url']}/_layouts/15/Doc.aspx"
                f"?sourcedoc=%7B{row['guid'].upper()}%7D&file={quote(row['name'])}"
                "&action=default&mobileredirect=true"
            )
        if row["kind"] == "root":
            names = self._names(row["id"])
        else:
            names = [*self._names(row["parent"]), row["name"]]
        return host + "".join(f"/{quote(name)}" for name in names)

    def _children(self, folder: str) -> int:
        count: int = self.tenant.store.value(
            "SELECT count(*) FROM items WHERE parent = ? AND deleted = 0", folder
        )
        return count

    def _folder_size(self, folder: str) -> int:
        size: int = self.tenant.store.value(
            "WITH RECURSIVE below(id, size) AS ("
            "SELECT id, size FROM items WHERE parent = ? AND deleted = 0 UNION ALL "
            "SELECT i.id, i.size FROM items i JOIN below b ON i.parent = b.id "
            "WHERE i.deleted = 0) SELECT coalesce(sum(size), 0) FROM below",
            folder,
        )
        return size


def writer(call: Call, drive: str) -> ItemWriter:
    return ItemWriter(call.tenant, drive, call.bytes_base, call.by)


def whole(text: str) -> str:
    """A kept time in whole seconds."""
    return stamp(datetime.fromisoformat(text)) if len(text) != 20 else text


def download_url(tenant: Tenant, base: str, blob: str, mime: str, name: str) -> str:
    """A link that needs no sign-in and lives for an hour of the sandbox's time."""
    until = stamp(tenant.clock.now + _LINK_LIFE)
    token = seal({"blob": blob, "mime": mime, "name": name, "until": until})
    return f"{base}/download/{token}?tempauth={tenant.signature(token)}"
