"""What people do to files and list rows."""

import msgspec

from service.sandbox.performing import Performer
from service.sandbox.sharepoint import (
    bulk,
    checkout,
    definitions,
    guards,
    labels,
    library,
    permissions,
    protection,
    rows,
    states,
)
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.enrich import enriched
from service.sandbox.sharepoint.finding import (
    deleted_named,
    folder_named,
    item_named,
    list_named,
    row_named,
)
from service.sandbox.sharepoint.library import Write
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, Content, files


def _upload(tenant: Tenant, act: files.Upload) -> bool:
    listed = list_named(tenant, act.drive, is_library=True)
    by = f"user:{act.by}"
    if act.make_folder:
        folder = library.folders(tenant, library.root_of(tenant, listed["id"]), act.folder, by)
    else:
        folder = folder_named(tenant, listed, act.folder)
    blob = _taken(tenant, act.name, act.content)
    library.put_file(tenant, folder, act.name, blob, Write(by=by))
    return True


def _rename(tenant: Tenant, act: files.RenameFile) -> bool:
    item = item_named(tenant, act)
    parent = library.item_by_id(tenant, item["parent"])
    library.move(tenant, item, parent, act.name, f"user:{act.by}")
    return True


def _upload_many(tenant: Tenant, act: files.UploadMany) -> bool:
    listed = list_named(tenant, act.drive, is_library=True)
    by = f"user:{act.by}"
    folder = library.folders(tenant, library.root_of(tenant, listed["id"]), act.folder, by)
    bulk.put_files(tenant, folder, act.names, tenant.blobs.take(act.content()), by)
    return True


def _move(tenant: Tenant, act: files.MoveFile) -> bool:
    item = item_named(tenant, act)
    listed = tenant.store.one("SELECT * FROM lists WHERE id = ?", item["list"])
    assert listed is not None
    if act.to_library:
        listed = list_named(tenant, act.to_library, is_library=True)
    folder = folder_named(tenant, listed, act.folder)
    library.move(tenant, item, folder, item["name"], f"user:{act.by}")
    return True


def _edit_file(tenant: Tenant, act: files.EditFile) -> bool:
    item = item_named(tenant, act)
    _put(tenant, act, _taken(tenant, item["name"], act.content))
    return True


def _encrypt(tenant: Tenant, act: files.EncryptFile) -> bool:
    item = item_named(tenant, act)
    data = protection.protected(tenant.blobs.read(item["blob"]))
    _put(tenant, act, tenant.blobs.keep(data))
    return True


def _taken(tenant: Tenant, name: str, content: Content) -> Blob:
    """Written into before it is kept, so that one upload is one version here."""
    data = content()
    return tenant.blobs.take(enriched(name, data) if isinstance(data, bytes) else data)


def _put(tenant: Tenant, act: files.OnItem, blob: Blob) -> None:
    item = item_named(tenant, act)
    changed = library.new_content(tenant, item, blob, Write(by=f"user:{act.by}"))
    guards.settle_content(tenant, changed)


def _delete(tenant: Tenant, act: files.DeleteFile) -> bool:
    library.delete(tenant, item_named(tenant, act), f"user:{act.by}")
    return True


def _restore(tenant: Tenant, act: files.RestoreFile) -> bool:
    item = deleted_named(tenant, act)
    if library.child(tenant, item["parent"], item["name"]) is not None:
        raise library.name_taken()
    _bring_back(tenant, item["id"])
    return True


def _bring_back(tenant: Tenant, item: str) -> None:
    tenant.store.update("items", item, deleted=0, deleted_at=None, seq=tenant.store.next_seq())
    for below in tenant.store.all("SELECT id FROM items WHERE parent = ? AND deleted = 1", item):
        _bring_back(tenant, below["id"])


def _open(tenant: Tenant, act: files.OpenFile) -> bool:
    states.set_state(tenant, item_named(tenant, act)["id"], open_by=f"user:{act.by}")
    return True


def _close(tenant: Tenant, act: files.CloseFile) -> bool:
    states.set_state(tenant, item_named(tenant, act)["id"], open_by=None)
    return True


def _check_out(tenant: Tenant, act: files.CheckOutFile) -> bool:
    checkout.check_out(tenant, item_named(tenant, act), f"user:{act.by}")
    return True


def _check_in(tenant: Tenant, act: files.CheckInFile) -> bool:
    checkout.check_in(tenant, item_named(tenant, act), f"user:{act.by}", act.comment)
    return True


def _discard(tenant: Tenant, act: files.DiscardCheckOut) -> bool:
    checkout.discard(tenant, item_named(tenant, act), f"user:{act.by}")
    return True


def _label(tenant: Tenant, act: files.LabelFile) -> bool:
    item = item_named(tenant, act)
    if act.label:
        labels.put(tenant, item, act.label, f"user:{act.by}", locked=act.locked)
    else:
        labels.take_away(tenant, item)
    return True


def _block(tenant: Tenant, act: files.BlockDownload) -> bool:
    states.set_state(tenant, item_named(tenant, act)["id"], no_download=int(act.blocked))
    return True


def _approve(tenant: Tenant, act: files.ApproveFile) -> bool:
    item = item_named(tenant, act)["id"]
    states.set_state(tenant, item, moderation=states.APPROVED, was_approved=1, comment=act.comment)
    tenant.store.update("items", item, seq=tenant.store.next_seq())
    return True


def _reject(tenant: Tenant, act: files.RejectFile) -> bool:
    item = item_named(tenant, act)["id"]
    states.set_state(tenant, item, moderation=states.REJECTED, comment=act.comment)
    tenant.store.update("items", item, seq=tenant.store.next_seq())
    return True


def _share(tenant: Tenant, act: files.ShareFile) -> bool:
    item, by = item_named(tenant, act), f"user:{act.by}"
    if act.type not in ("view", "edit"):
        raise ValueError(f"A link is for view or edit, not {act.type}.")
    if not act.people:
        permissions.link(tenant, item, act.type, act.scope, by)
    for name in act.people:
        person = tenant.person(name)
        permissions.grant(
            tenant,
            item,
            "write" if act.type == "edit" else "read",
            by,
            person=person.id if person else None,
            mail=person.mail if person else name,
        )
    return True


def _restrict(tenant: Tenant, act: files.RestrictFile) -> bool:
    item, by = item_named(tenant, act), f"user:{act.by}"
    permissions.end_inheritance(tenant, item["id"])
    tenant.store.do("DELETE FROM permissions WHERE item = ?", item["id"])
    people = {**dict.fromkeys(act.readers, "read"), **dict.fromkeys(act.writers, "write")}
    for name, role in {**people, act.by: "owner"}.items():
        person = tenant.person(name)
        if person is None:
            raise ValueError(f"There is nobody called {name}.")
        permissions.grant(tenant, item, role, by, person=person.id)
    return True


def _set_library(tenant: Tenant, act: files.SetLibrary) -> bool:
    listed = list_named(tenant, act.library, is_library=True)
    given = {
        "force_checkout": act.force_checkout,
        "approval": act.approval,
        "no_download": act.block_download,
    }
    values = {name: value for name, value in given.items() if value is not None}
    states.set_library(tenant, listed["id"], **values)
    columns = definitions.columns_of(tenant, listed["id"])
    for names, required in ((act.required, True), (act.optional, False)):
        for name in names:
            if name not in columns:
                raise ValueError(f"There is no column {name} in {act.library}.")
            definition = msgspec.json.decode(columns[name]["definition"])
            text = msgspec.json.encode({**definition, "required": required}).decode()
            tenant.store.update("columns", columns[name]["id"], definition=text)
    return True


def _edit_row(tenant: Tenant, act: files.EditRow) -> bool:
    rows.set_fields(tenant, row_named(tenant, act), dict(act.fields), f"user:{act.by}")
    return True


def _add_row(tenant: Tenant, act: files.AddRow) -> bool:
    listed = list_named(tenant, act.list_name)
    rows.add_row(tenant, listed, dict(act.fields), f"user:{act.by}")
    return True


def _delete_row(tenant: Tenant, act: files.DeleteRow) -> bool:
    library.delete(tenant, row_named(tenant, act), f"user:{act.by}")
    return True


PERFORMERS: dict[type[Act], Performer] = {
    files.Upload: _upload,
    files.UploadMany: _upload_many,
    files.RenameFile: _rename,
    files.MoveFile: _move,
    files.EditFile: _edit_file,
    files.DeleteFile: _delete,
    files.RestoreFile: _restore,
    files.OpenFile: _open,
    files.CloseFile: _close,
    files.CheckOutFile: _check_out,
    files.CheckInFile: _check_in,
    files.DiscardCheckOut: _discard,
    files.LabelFile: _label,
    files.EncryptFile: _encrypt,
    files.BlockDownload: _block,
    files.ApproveFile: _approve,
    files.RejectFile: _reject,
    files.ShareFile: _share,
    files.RestrictFile: _restrict,
    files.SetLibrary: _set_library,
    files.EditRow: _edit_row,
    files.AddRow: _add_row,
    files.DeleteRow: _delete_row,
}
