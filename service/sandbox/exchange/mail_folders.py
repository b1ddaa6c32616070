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
_ROOT = "msgfolderroot"
_PAGE = 10


def well_known(tenant: Tenant, mailbox: str, name: str) -> str:
    """Id of a well-known folder."""
    return outlook_id(tenant, "folder", mailbox, name)


def folder_named(tenant: Tenant, mailbox: str, path: str) -> str:
    """By well-known name, own name or path such as `Inkorgen/Material`; made if not there."""
    here = root_of(tenant, mailbox)
    for name in path.split("/"):
        found = _child(tenant, mailbox, here, name)
        if found is None:
            found = outlook_id(tenant, "folder", mailbox, here, name)
            tenant.store.insert("mail_folders", id=found, mailbox=mailbox, name=name, parent=here)
        here = found
    return here


def root_of(tenant: Tenant, mailbox: str) -> str:
    """Id of the folder in which all others lie."""
    return outlook_id(tenant, "folder", mailbox, _ROOT)


def _child(tenant: Tenant, mailbox: str, parent: str, name: str) -> str | None:
    if parent == root_of(tenant, mailbox):
        for key, title in _WELL_KNOWN.items():
            if name == title or name.casefold() == key:
                return well_known(tenant, mailbox, key)
    found: str | None = tenant.store.value(
        "SELECT id FROM mail_folders WHERE mailbox = ? AND parent = ? AND name = ?",
        mailbox,
        parent,
        name,
    )
    return found


def folder_of(call: Call) -> str:
    """The one in the path: by id or well-known name; a folder's own name is no address."""
    return folder_by(call, call.names["folder"])


def folder_by(call: Call, wanted: str) -> str:
    mailbox = mailbox_of(call)
    keys = [_ROOT, *_WELL_KNOWN]
    for key in keys:
        own = well_known(call.tenant, mailbox, key)
        if wanted == own or wanted.casefold() == key:
            return own
    found: str | None = call.tenant.store.value(
        "SELECT id FROM mail_folders WHERE mailbox = ? AND id = ?", mailbox, wanted
    )
    if found is None:
        raise not_in_store()
    return found


def list_folders(call: Call) -> Answer:
    """Those that lie in no other, the well-known ones first."""
    mailbox = mailbox_of(call)
    found = [(well_known(call.tenant, mailbox, key), name) for key, name in _WELL_KNOWN.items()]
    found += _made_in(call.tenant, root_of(call.tenant, mailbox))
    return page(call, found, lambda one: _folder_json(call.tenant, mailbox, *one), _PAGE)


def list_children(call: Call) -> Answer:
    """Those that lie in a folder; none further down."""
    mailbox, parent = mailbox_of(call), folder_of(call)
    if parent == root_of(call.tenant, mailbox):
        return list_folders(call)
    found = _made_in(call.tenant, parent)
    return page(call, found, lambda one: _folder_json(call.tenant, mailbox, *one), _PAGE)


def _made_in(tenant: Tenant, parent: str) -> list[tuple[str, str]]:
    rows = tenant.store.all(
        "SELECT id, name FROM mail_folders WHERE parent = ? ORDER BY name", parent
    )
    return [(row["id"], row["name"]) for row in rows]


def get_folder(call: Call) -> Answer:
    mailbox, wanted = mailbox_of(call), folder_of(call)
    names = {well_known(call.tenant, mailbox, key): name for key, name in _WELL_KNOWN.items()}
    names[root_of(call.tenant, mailbox)] = "Överst i informationsarkivet"
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
        "parentFolderId": tenant.store.value("SELECT parent FROM mail_folders WHERE id = ?", key)
        or root_of(tenant, mailbox),
        "childFolderCount": tenant.store.value(
            "SELECT count(*) FROM mail_folders WHERE parent = ?", key
        ),
        "unreadItemCount": counts["unread"],
        "totalItemCount": counts["n"],
        "isHidden": False,
    }
