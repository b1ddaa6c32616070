"""
What stands between a caller and an item besides permissions: somebody has it open or checked
out, a label holds it, its download is blocked. Asked before every change, whoever makes it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NoReturn

import msgspec

from service.sandbox.sharepoint import fields, labels, permissions, promotion, states
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError

LOCKED_CODE = Switch(
    name="locked_code",
    values=("resourceLocked", "notAllowed"),
    about="Code of the 423 for a file that somebody has open: onedrive clients tell of the first, "
    "microsoft-graph-explorer-v4#3435 of the second.",
)
OPEN_FIELDS = Switch(
    name="fields_of_open_file",
    values=("refused", "written"),
    about="Whether columns of a file that somebody has open can be written: SharePoint's own "
    "clients are refused while it is locked for shared use, Graph's answer is not documented.",
)
NOT_CHECKED_OUT = Switch(
    name="content_without_checkout",
    values=("resourceLocked", "invalidRequest"),
    about="Answer to new content for a file that must be checked out first and is not: "
    "423 or 400; only SharePoint's own words are documented.",
)
AFTER_UPLOAD = Switch(
    name="fields_after_upload",
    values=("409", "412", "423", "written"),
    about="What the first writing of columns meets right after an Office file was uploaded: "
    "409 resourceModified is reported (onedrive-api-docs#1414), now and then.",
)
BLOCK_FOR_APPS = Switch(
    name="download_block_for_apps",
    values=("refused", "passes"),
    about="Whether a download block holds for an app without a person (graph-facts 3.4).",
)
SWITCHES = (LOCKED_CODE, OPEN_FIELDS, NOT_CHECKED_OUT, AFTER_UPLOAD, BLOCK_FOR_APPS)

_SETTLES = timedelta(minutes=1)
_MODIFIED = "The resource has changed since the caller last read it; usually an eTag mismatch"


def check_content(tenant: Tenant, item: Row, by: str) -> None:
    """Before new bytes go into an existing file. Raises GraphError."""
    state = states.state_of(tenant, item["id"])
    labels.check_content(tenant, state)
    _check_open(tenant, state)
    _check_checked_out(tenant, state, by)
    if states.is_set(tenant, item["list"], "force_checkout") and not _is_out_to(state, by):
        code = NOT_CHECKED_OUT.read(tenant)
        status = 423 if code == "resourceLocked" else 400
        raise GraphError(
            status,
            code,
            f'The file "{item["name"]}" is not checked out. You must first check out this '
            "document before making changes.",
        )


def check_change(tenant: Tenant, item: Row, by: str) -> None:
    """Before a name or a place changes. Raises GraphError."""
    state = states.state_of(tenant, item["id"])
    labels.check_move(tenant, state)
    _check_open(tenant, state)
    _check_checked_out(tenant, state, by)


def check_fields(tenant: Tenant, item: Row, by: str) -> None:
    """Before a column changes. Raises GraphError."""
    state = states.state_of(tenant, item["id"])
    labels.check_fields(tenant, state)
    if OPEN_FIELDS.read(tenant) == "refused":
        _check_open(tenant, state)
    _check_checked_out(tenant, state, by)
    _check_settled(tenant, item, by)


def check_delete(tenant: Tenant, item: Row, by: str) -> None:
    """Before an item goes. Raises GraphError."""
    state = states.state_of(tenant, item["id"])
    labels.check_delete(tenant, state)
    _check_open(tenant, state)
    _check_checked_out(tenant, state, by)


def check_download(tenant: Tenant, item: Row, by: str) -> None:
    """Before a link to the bytes is given. Raises GraphError."""
    if download_blocks(tenant, item["list"], by)(item["id"]):
        raise GraphError(
            403, "accessDenied", "Download is blocked for this file by your organization's policy."
        )


def download_blocks(tenant: Tenant, list_id: str, by: str) -> Callable[[str], bool]:
    """Tells of each item of a list, by its id, whether its bytes are kept from this one."""
    blocked = {
        row["item"]
        for row in tenant.store.all(
            "SELECT s.item FROM item_states s CROSS JOIN items i ON i.id = s.item "
            "WHERE i.list = ? AND s.no_download",
            list_id,
        )
    }
    everything = states.is_set(tenant, list_id, "no_download")
    if not (blocked or everything):
        return blocked.__contains__
    if by.startswith("app:") and BLOCK_FOR_APPS.read(tenant) == "passes":
        return lambda _: False
    return lambda item: everything or item in blocked


def settle_new(tenant: Tenant, item: Row, by: str) -> None:
    """After a file has come into a library: what the library makes of it."""
    if states.is_set(tenant, item["list"], "force_checkout"):
        states.set_state(tenant, item["id"], checked_out_by=by, checked_in=0)
    if states.is_set(tenant, item["list"], "approval"):
        states.set_state(tenant, item["id"], moderation=states.PENDING)
    values = fields.defaults(tenant, item["list"])
    if values:
        tenant.store.update("items", item["id"], fields=msgspec.json.encode(values).decode())
    settle_content(tenant, item)


def settle_content(tenant: Tenant, item: Row) -> None:
    """After new bytes have come into a file, old or new."""
    if promotion.is_office(item["name"]):
        promotion.promote(tenant, item)
        tenant.settling[item["id"]] = tenant.clock.now
    settle_change(tenant, item)


def settle_change(tenant: Tenant, item: Row) -> None:
    """After a file has changed: where contents are approved, it must be so anew."""
    if item["kind"] == "file" and states.is_set(tenant, item["list"], "approval"):
        states.set_state(tenant, item["id"], moderation=states.PENDING)


def hidden(tenant: Tenant, list_id: str, by: str) -> frozenset[str]:
    """
    Ids of the items of a list that this one does not see: files never checked in, by anybody
    else; files never approved, by who may not write there.
    """
    found: set[str] = set()
    unseen = states.unseen_in(tenant, list_id)
    writes = not unseen or permissions.may_write_list(tenant, list_id, by)
    for item, state in unseen.items():
        if not state["checked_in"]:
            if state["checked_out_by"] != by:
                found.add(item)
        elif not writes and state["created_by"] != by:
            found.add(item)
    return frozenset(found)


def check_visible(tenant: Tenant, item: Row, by: str) -> None:
    """Raises 404 for an item that this one does not see."""
    if states.state_of(tenant, item["id"]) and item["id"] in hidden(tenant, item["list"], by):
        raise GraphError(404, "itemNotFound", "The resource could not be found.")


def _check_open(tenant: Tenant, state: Row | None) -> None:
    """Whoever asks: the lock is the editing session's, not the person's."""
    if state is not None and state["open_by"]:
        locked(tenant)


def _check_checked_out(tenant: Tenant, state: Row | None, by: str) -> None:
    if state is not None and state["checked_out_by"] and not _is_out_to(state, by):
        locked(tenant)


def _is_out_to(state: Row | None, by: str) -> bool:
    return state is not None and state["checked_out_by"] == by


def locked(tenant: Tenant) -> NoReturn:
    """Refuses what somebody else's lock is on."""
    raise GraphError(
        423, LOCKED_CODE.read(tenant), "The resource you are attempting to access is locked"
    )


def _check_settled(tenant: Tenant, item: Row, by: str) -> None:
    """Once, within a minute of the upload: the service is still reading the new file."""
    since = tenant.settling.pop(item["id"], None)
    if since is None or not by.startswith("app:") or tenant.clock.now - since > _SETTLES:
        return
    match AFTER_UPLOAD.read(tenant):
        case "409":
            raise GraphError(409, "resourceModified", _MODIFIED)
        case "412":
            raise GraphError(412, "resourceModified", _MODIFIED)
        case "423":
            locked(tenant)
