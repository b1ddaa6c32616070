"""Drive items as Graph writes them."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import quote

import msgspec

from service.sandbox.shape import narrow, selected
from service.sandbox.sharepoint import guards, permissions, states
from service.sandbox.sharepoint.places import names_below_root
from service.sandbox.sharepoint.tags import ctag, etag
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Call, Json, seal, stamp

HASH_AFTER_UPLOAD = Switch(
    name="hash_after_upload",
    values=("present", "absent"),
    about="Whether quickXorHash is there right after an upload: graph-facts 5.2 says that it may "
    "be absent. Absent: until the sandbox's clock has moved.",
)
_LINK_LIFE = timedelta(hours=1)
_WEB_APPS = (".docx", ".pptx", ".xlsx")
_PLAIN = re.compile(r"[A-Za-z0-9_.~/ -]*")
"""Names that stand in an address as they are, but for spaces."""


class ItemWriter:
    """Writes the items of one answer; what parents have in common is looked up once."""

    def __init__(self, tenant: Tenant, drive: str, bytes_base: str, by: str = "") -> None:
        """`by` is who reads; what is written may depend on it."""
        self.tenant = tenant
        self.drive = drive
        self.bytes_base = bytes_base
        self.by = by
        place = tenant.store.one(
            "SELECT l.id AS list, l.url AS library_url, s.* FROM lists l "
            "JOIN sites s ON s.id = l.site WHERE drive = ?",
            drive,
        )
        assert place is not None
        self._url: str = place["library_url"]
        self._site = place
        self._states = states.checked_out_in(tenant, place["list"])
        self._is_blocked = guards.download_blocks(tenant, place["list"], by)
        self._shared = permissions.shared_in(tenant, place["list"])
        self._without_hash = HASH_AFTER_UPLOAD.read(tenant) == "absent"
        self._until = stamp(tenant.clock.now + _LINK_LIFE)
        self._parents: dict[str, tuple[Json, str]] = {}
        self._people: dict[str, Json] = {}

    def item(self, row: Row) -> Json:
        kind = row["kind"]
        reference, url = self._place(row)
        body: Json = {
            "id": row["id"],
            "name": row["name"],
            "eTag": etag(row),
            "cTag": ctag(row),
            "createdDateTime": whole(row["created_at"]),
            "createdBy": self._identity(row["created_by"]),
            "lastModifiedDateTime": whole(row["modified_at"]),
            "lastModifiedBy": self._identity(row["modified_by"]),
            "fileSystemInfo": {
                "createdDateTime": whole(row["fs_created"]),
                "lastModifiedDateTime": whole(row["fs_modified"]),
            },
            "parentReference": reference,
            "webUrl": url,
            "size": row["size"] if kind == "file" else row["below"],
        }
        if row["description"] is not None:
            body["description"] = row["description"]
        if kind == "file":
            body |= self._file(row)
        else:
            body["folder"] = {"childCount": row["children"]}
        if kind == "root":
            body["root"] = {}
        if row["id"] in self._shared:
            body["shared"] = {"scope": self._shared[row["id"]]}
        return body

    def items(self, rows: Iterable[Row], select: str = "") -> list[msgspec.Raw]:
        """The same for a page, narrowed to what is selected and already encoded."""
        wanted = selected(select)
        reader = f"{self.drive} {self.bytes_base} {self.by} {select}"

        def written(row: Row) -> Json:
            return narrow(self.item(row), wanted) if select else self.item(row)

        return self.tenant.encoded.of(self.tenant.store, reader, rows, written)

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

    def _file(self, row: Row) -> Json:
        facet: Json = {"mimeType": row["mime"], "hashes": {"quickXorHash": row["xor"]}}
        if self._without_hash and row["modified_at"] == self.tenant.clock.text:
            del facet["hashes"]
        body: Json = {"file": facet}
        body |= states.publication(self.tenant, self._states.get(row["id"]), row["version"])
        if not self._is_blocked(row["id"]):
            body["@microsoft.graph.downloadUrl"] = _signed(
                self.tenant, self.bytes_base, row["blob"], row["mime"], row["name"], self._until
            )
        return body

    def _identity(self, by: str) -> Json:
        if by not in self._people:
            self._people[by] = self.tenant.identity(by)
        return self._people[by]

    def _place(self, row: Row) -> tuple[Json, str]:
        """parentReference and webUrl."""
        if row["kind"] == "root":
            return self._base(), self._url
        reference, folder_url = self._parent(row["parent"])
        name = quoted(row["name"])
        if row["kind"] != "file" or not row["name"].lower().endswith(_WEB_APPS):
            return reference, f"{folder_url}/{name}"
        site_url = self._url.rpartition("/")[0]
        return reference, (
            f"{site_url}/_layouts/15/Doc.aspx"
            f"?sourcedoc=%7B{row['guid'].upper()}%7D&file={name}"
            "&action=default&mobileredirect=true"
        )

    def _base(self) -> Json:
        return {
            "driveId": self.drive,
            "driveType": "business" if self._site["owner"] else "documentLibrary",
            "siteId": self._site["id"].split(",")[1],
        }

    def _parent(self, folder: str) -> tuple[Json, str]:
        known = self._parents.get(folder)
        if known is None:
            row = self.tenant.store.one("SELECT * FROM items WHERE id = ?", folder)
            assert row is not None
            names = names_below_root(self.tenant, row)
            below = "".join(f"/{quoted(name)}" for name in names)
            reference = {
                **self._base(),
                "id": folder,
                "name": names[-1] if names else "root",
                "path": f"/drives/{self.drive}/root:{below}",
            }
            known = self._parents[folder] = (reference, self._url + below)
        return known


def writer(call: Call, drive: str) -> ItemWriter:
    return ItemWriter(call.tenant, drive, call.bytes_base, call.by)


def quoted(name: str) -> str:
    return name.replace(" ", "%20") if _PLAIN.fullmatch(name) else quote(name)


def whole(text: str) -> str:
    """A kept time in whole seconds."""
    if len(text) == 24 and text[-1] == "Z":
        return text[:19] + "Z"
    return stamp(datetime.fromisoformat(text)) if len(text) != 20 else text


def download_url(tenant: Tenant, base: str, blob: str, mime: str, name: str) -> str:
    """A link that needs no sign-in and lives for an hour of the sandbox's time."""
    return _signed(tenant, base, blob, mime, name, stamp(tenant.clock.now + _LINK_LIFE))


def _signed(  # noqa: PLR0913 - what stands in the link
    tenant: Tenant, base: str, blob: str, mime: str, name: str, until: str
) -> str:
    token = seal({"blob": blob, "mime": mime, "name": name, "until": until})
    return f"{base}/download/{token}?tempauth={tenant.signature(token)}"
