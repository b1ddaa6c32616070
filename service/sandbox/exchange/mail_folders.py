"""Folders of a mailbox's mail: the well-known ones and those that somebody has made."""

from service.sandbox.exchange.ids import outlook_id
from service.sandbox.exchange.mailboxes import mailbox_of, not_in_store
from service.sandbox.paging import page
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, Json

_WELL_KNOWN = {
    "inbox": "Inkorgen",
    "drafts": "Utkast",
    "sentitems": "Skickat",
    "deleteditems": "Borttaget",
    "archive": "Arkiv",
    "junkemail": "Skräppost",
    "outbox": "Utkorgen",
}
_PAGE = 10


def well_known(tenant: Tenant, mailbox: str, name: str) -> str:
    """Id of a well-known folder."""
    return outlook_id(tenant, "folder", mailbox, name)


def folder_named(tenant: Tenant, mailbox: str, name: str) -> str:
    """By well-known name or by its own; made if it is not there."""
    found = _known(tenant, mailbox, name)
    if found is None:
        found = outlook_id(tenant, "folder", mailbox, name)
        tenant.store.insert("mail_folders", id=found, mailbox=mailbox, name=name)
    return found


def _known(tenant: Tenant, mailbox: str, name: str) -> str | None:
    """By id, well-known name or own name."""
    for key, title in _WELL_KNOWN.items():
        own = well_known(tenant, mailbox, key)
        if name in (own, title) or name.casefold() == key:
            return own
    found: str | None = tenant.store.value(
        "SELECT id FROM mail_folders WHERE mailbox = ? AND (id = ? OR name = ?)",
        mailbox,
        name,
        name,
    )
    return found


def folder_of(call: Call) -> str:
    """The one in the path: by id or well-known name; a folder's own name is no address."""
    return folder_by(call, call.names["folder"])


def folder_by(call: Call, wanted: str) -> str:
    mailbox = mailbox_of(call)
    found = _known(call.tenant, mailbox, wanted)
    if found is None or (wanted != found and wanted.casefold() not in _WELL_KNOWN):
        raise not_in_store()
    return found


def list_folders(call: Call) -> Answer:
    mailbox = mailbox_of(call)
    found = [(well_known(call.tenant, mailbox, key), name) for key, name in _WELL_KNOWN.items()]
    found += [
        (row["id"], row["name"])
        for row in call.tenant.store.all(
            "SELECT id, name FROM mail_folders WHERE mailbox = ? ORDER BY name", mailbox
        )
    ]
    return page(call, found, lambda one: _folder_json(call.tenant, mailbox, *one), _PAGE)


def get_folder(call: Call) -> Answer:
    mailbox, wanted = mailbox_of(call), folder_of(call)
    names = {well_known(call.tenant, mailbox, key): name for key, name in _WELL_KNOWN.items()}
    name = names.get(wanted) or call.tenant.store.value(
        "SELECT name FROM mail_folders WHERE id = ?", wanted
    )
    return Answer(body=_folder_json(call.tenant, mailbox, wanted, name))


def _folder_json(tenant: Tenant, mailbox: str, key: str, name: str) -> Json:
    counts = tenant.store.one(
        'SELECT count(*) AS n, coalesce(sum(NOT "read"), 0) AS unread FROM mails '
        "WHERE folder = ? AND deleted = 0",
        key,
    )
    assert counts is not None
    return {
        "id": key,
        "displayName": name,
        "parentFolderId": outlook_id(tenant, "folder", mailbox, "msgfolderroot"),
        "childFolderCount": 0,
        "unreadItemCount": counts["unread"],
        "totalItemCount": counts["n"],
        "isHidden": False,
    }
