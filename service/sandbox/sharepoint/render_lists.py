"""Sites' drives, lists, columns and rows as Graph writes them."""

from urllib.parse import quote

import msgspec

from service.sandbox.shape import nested_select
from service.sandbox.sharepoint import quota, states
from service.sandbox.sharepoint.definitions import REFERENCES, columns_of, key_of
from service.sandbox.sharepoint.fields import calculated, lookup_id, referred
from service.sandbox.sharepoint.library import list_etag, path_names
from service.sandbox.sharepoint.render_items import whole
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

_COLLECTION = "Collection(Edm.String)"
_OF_EVERY_ROW = {
    "Edit": "",
    "ItemChildCount": "0",
    "FolderChildCount": "0",
    "_ComplianceFlags": "",
    "_ComplianceTag": "",
    "_ComplianceTagWrittenTime": "",
    "_ComplianceTagUserId": "",
}
_TYPES = {"folder": ("Folder", "0x0120"), "file": ("Document", "0x0101"), "row": ("Item", "0x01")}


def drive_json(tenant: Tenant, row: Row) -> Json:
    site = site_of(tenant, row["id"])
    owner = tenant.person(site["owner"]) if site["owner"] else None
    total, used = quota.total(tenant), quota.used(tenant, row["id"])
    return {
        "id": row["drive"],
        "driveType": "business" if owner else "documentLibrary",
        "name": "OneDrive" if owner else row["name"],
        "description": row["description"],
        "webUrl": row["url"],
        "createdDateTime": whole(row["created_at"]),
        "createdBy": tenant.identity(row["created_by"]),
        "lastModifiedDateTime": whole(row["modified_at"]),
        "owner": tenant.identity(f"user:{owner.id}")
        if owner
        else {"user": {"displayName": site["display_name"]}},
        "quota": {
            "deleted": 0,
            "remaining": max(0, total - used),
            "state": "exceeded" if used >= total else "normal",
            "total": total,
            "used": used,
        },
    }


def list_json(tenant: Tenant, row: Row) -> Json:
    return {
        "id": row["id"],
        "name": row["name"],
        "displayName": row["name"],
        "description": row["description"],
        "eTag": f'"{row["id"]},{row["version"]}"',
        "createdDateTime": whole(row["created_at"]),
        "createdBy": tenant.identity(row["created_by"]),
        "lastModifiedDateTime": whole(row["modified_at"]),
        "webUrl": row["url"],
        "parentReference": {"siteId": row["site"]},
        "list": {"contentTypesEnabled": False, "hidden": False, "template": row["template"]},
    }


def site_of(tenant: Tenant, list_id: str) -> Row:
    row = tenant.store.one(
        "SELECT s.* FROM sites s JOIN lists l ON l.site = s.id WHERE l.id = ?", list_id
    )
    assert row is not None
    return row


def content_type_json(listed: Row, kind: str) -> Json:
    """The content type of a list for this kind of item; its id grows out of the base type's."""
    name, base = _TYPES[kind]
    return {
        "id": base + "00" + listed["id"].replace("-", "").upper(),
        "name": name,
        "description": "",
        "group": "List Content Types" if kind == "row" else "Document Content Types",
        "hidden": False,
        "isBuiltIn": False,
        "parentId": base,
        "readOnly": False,
        "sealed": False,
    }


def column_json(row: Row) -> Json:
    definition: Json = msgspec.json.decode(row["definition"])
    fixed = row["kind"] == "readOnly"
    return {
        "id": row["id"],
        "name": row["name"],
        "columnGroup": "_Hidden" if fixed else "Custom Columns",
        "readOnly": fixed or row["kind"] == "calculated",
        **definition,
    }


class RowWriter:
    """Writes the rows of one list; what they have in common is looked up once."""

    def __init__(self, tenant: Tenant, list_id: str) -> None:
        self.tenant = tenant
        listed = tenant.store.one("SELECT * FROM lists WHERE id = ?", list_id)
        assert listed is not None
        self._url: str = listed["url"]
        self._site: str = listed["site"]
        columns = columns_of(tenant, list_id).values()
        self._formulas = {
            column["name"]: msgspec.json.decode(column["definition"])["calculated"]["formula"]
            for column in columns
            if column["kind"] == "calculated"
        }
        self._references = {c["name"]: c for c in columns if c["kind"] in REFERENCES}
        self._people: dict[str, tuple[Json, str]] = {}

    def row(self, row: Row, *, fields: str | None = None, with_fields: bool = True) -> Json:
        """`fields`: the options in the parentheses of `$expand=fields(…)`."""
        name, type_id = _TYPES.get(row["kind"], _TYPES["folder"])
        body: Json = {
            "id": str(row["number"]),
            "eTag": list_etag(row),
            "createdDateTime": whole(row["created_at"]),
            "createdBy": self._person(row["created_by"])[0],
            "lastModifiedDateTime": whole(row["modified_at"]),
            "lastModifiedBy": self._person(row["modified_by"])[0],
            "webUrl": self._row_url(row),
            "parentReference": {"siteId": self._site},
            "contentType": {"id": type_id, "name": name},
        }
        if with_fields:
            body["fields"] = self.fields(row, nested_select(fields or ""))
        return body

    def fields(self, row: Row, wanted: set[str] | None = None) -> Json:
        """A fieldValueSet: what the row holds, and what every row has. Empty ones are absent."""
        values: Json = msgspec.json.decode(row["fields"])
        name, _ = _TYPES.get(row["kind"], _TYPES["folder"])
        everything: Json = {
            **values,
            **self._worked_out(row, values, wanted),
            "id": str(row["number"]),
            "ContentType": name,
            "Created": whole(row["created_at"]),
            "Modified": whole(row["modified_at"]),
            "AuthorLookupId": self._person(row["created_by"])[1],
            "EditorLookupId": self._person(row["modified_by"])[1],
            "_UIVersionString": f"{row['version']}.0",
            **_OF_EVERY_ROW,
        }
        if row["kind"] == "row":
            title = values.get("Title", "(no title)")
            everything |= {"LinkTitle": title, "LinkTitleNoMenu": title, "Attachments": False}
        else:
            everything |= _file_fields(self.tenant, row)
        if wanted is not None:
            everything = {k: v for k, v in everything.items() if k in wanted}
        kinds = {f"{k}@odata.type": _COLLECTION for k, v in everything.items() if _is_texts(v)}
        return {"@odata.etag": list_etag(row), **everything, **kinds}

    def _person(self, by: str) -> tuple[Json, str]:
        """The identity of who did it, and the number in the site's user list."""
        if by not in self._people:
            self._people[by] = self.tenant.identity(by), lookup_id(by)
        return self._people[by]

    def _row_url(self, row: Row) -> str:
        if row["kind"] == "row":
            return f"{self._url}/{row['number']}_.000"
        names = path_names(self.tenant, row)
        host = self._site.partition(",")[0]
        return f"https://{host}" + "".join(f"/{quote(name)}" for name in names)

    def _worked_out(self, row: Row, values: Json, wanted: set[str] | None) -> Json:
        """Calculated columns, and what people and rows are called where the name is asked for."""
        found: Json = {
            name: calculated(formula, {**values, "ID": row["number"]})
            for name, formula in self._formulas.items()
        }
        for name, column in self._references.items():
            if wanted and name in wanted and key_of(column) in values:
                found[name] = _called(self.tenant, column, values[key_of(column)])
        return found


def list_item_json(
    tenant: Tenant, row: Row, *, fields: str | None = None, with_fields: bool = True
) -> Json:
    """One row by itself; a page of them has one `RowWriter`."""
    return RowWriter(tenant, row["list"]).row(row, fields=fields, with_fields=with_fields)


def deleted_row_json(tenant: Tenant, row: Row) -> Json:
    return {
        "id": str(row["number"]),
        "deleted": {"state": "deleted"},
        "parentReference": {"siteId": site_of(tenant, row["list"])["id"]},
    }


def fields_json(tenant: Tenant, row: Row) -> Json:
    return RowWriter(tenant, row["list"]).fields(row)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _file_fields(tenant: Tenant, row: Row) -> Json:
    """What libraries know of a file or a folder, and what holds it."""
    name = row["name"]
    found: Json = {"FileLeafRef": name, "LinkFilename": name, "LinkFilenameNoMenu": name}
    if row["kind"] == "file":
        found["FileSizeDisplay"] = str(row["size"])
        found["DocIcon"] = name.rpartition(".")[2].lower() if "." in name else ""
    state = states.state_of(tenant, row["id"])
    if state is not None:
        if state["checked_out_by"]:
            found["CheckoutUserLookupId"] = lookup_id(state["checked_out_by"])
        if state["moderation"] is not None:
            found["_ModerationStatus"] = state["moderation"]
        if state["comment"]:
            found["_CheckinComment"] = state["comment"]
        if state["label"]:
            found["_ComplianceTag"] = state["label"]
            found["_ComplianceTagWrittenTime"] = state["label_at"]
            found["_ComplianceTagUserId"] = lookup_id(state["label_by"])
    return found


def _called(tenant: Tenant, column: Row, number: object) -> object:
    """A person's name or another row's column; of several, each with its number."""
    if isinstance(number, list):
        return [
            {"LookupId": int(one), "LookupValue": str(_called(tenant, column, one))}
            for one in number
        ]
    if column["kind"] == "personOrGroup":
        people = {lookup_id(f"user:{p.id}"): p.name for p in tenant.world.people}
        return people.get(str(number), "")
    settings = msgspec.json.decode(column["definition"])["lookup"]
    there = referred(tenant, settings, str(number))
    if there is None:
        return ""
    return str(msgspec.json.decode(there["fields"]).get(settings["columnName"], ""))
