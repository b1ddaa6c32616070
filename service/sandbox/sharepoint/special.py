"""A OneDrive's special folders, which are found whatever they are called."""

from service.sandbox.sharepoint import library, permissions
from service.sandbox.sharepoint.drives import drive_list
from service.sandbox.sharepoint.render_items import writer
from service.sandbox.wire import Answer, Call, invalid

_NAMES = {
    "approot": "Appar",
    "cameraroll": "Kamerabilder",
    "documents": "Dokument",
    "music": "Musik",
    "photos": "Bilder",
    "recordings": "Inspelningar",
}
"""What Swedish accounts call them."""


def special_folder(call: Call) -> Answer:
    """
    Made for who may write; 404 for who may only read, and in a team's library ('Get a special
    folder by name').
    """
    name = call.names["special"].casefold()
    shown = _NAMES.get(name)
    if shown is None:
        raise invalid(f"The special folder '{call.names['special']}' is not known.")
    listed = drive_list(call)
    root = library.root_of(call.tenant, listed["id"])
    owner = call.tenant.store.value("SELECT owner FROM sites WHERE id = ?", listed["site"])
    if owner is None:
        raise library.not_found()
    folder = library.by_path(call.tenant, root, shown)
    if folder is None:
        if not permissions.may_write_list(call.tenant, listed["id"], call.by):
            raise library.not_found()
        folder = library.folders(call.tenant, root, shown, f"user:{owner}")
    body = writer(call, call.names["drive"]).item(folder)
    return Answer(body={**body, "specialFolder": {"name": name}})
