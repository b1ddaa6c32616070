"""Checking files out and in, and the calls that do."""

import msgspec

from service.sandbox.sharepoint import definitions, guards, library, states
from service.sandbox.sharepoint.drives import item_of
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, invalid

_KEPT = ("blob", "size", "xor", "mime", "fields", "content_version")


def check_out(tenant: Tenant, item: Row, by: str) -> None:
    """Raises 423 where somebody has the file open or out."""
    state = states.state_of(tenant, item["id"])
    if state is not None and state["checked_out_by"] == by:
        return
    guards.check_change(tenant, item, by)
    kept = msgspec.json.encode({name: item[name] for name in _KEPT}).decode()
    states.set_state(tenant, item["id"], checked_out_by=by, kept=kept)
    _touch(tenant, item)


def check_in(tenant: Tenant, item: Row, by: str, comment: str = "") -> None:
    """Raises 423 for another's, 400 for what is not out or lacks a required column."""
    _own(tenant, item, by)
    missing = missing_columns(tenant, item)
    if missing:
        raise invalid(
            "You must fill out all required properties before checking in this document. "
            f"Missing: {', '.join(missing)}."
        )
    states.set_state(
        tenant, item["id"], checked_out_by=None, kept=None, checked_in=1, comment=comment
    )
    _touch(tenant, item)


def discard(tenant: Tenant, item: Row, by: str) -> None:
    """Back to what was checked out. An app may discard anybody's (driveItem: discardCheckout)."""
    state = states.state_of(tenant, item["id"])
    if not by.startswith("app:") or state is None or not state["checked_out_by"]:
        state = _own(tenant, item, by)
    if not state["checked_in"]:
        raise invalid("The file has no checked-in version; its check-out cannot be discarded.")
    back = msgspec.json.decode(state["kept"])
    states.set_state(tenant, item["id"], checked_out_by=None, kept=None)
    library.change(tenant, item, by, **back)


def missing_columns(tenant: Tenant, item: Row) -> list[str]:
    """Internal names of required columns that are empty."""
    values = msgspec.json.decode(item["fields"])
    return [
        name
        for name, column in definitions.columns_of(tenant, item["list"]).items()
        if msgspec.json.decode(column["definition"]).get("required")
        and values.get(definitions.key_of(column)) in (None, "")
    ]


def _own(tenant: Tenant, item: Row, by: str) -> Row:
    state = states.state_of(tenant, item["id"])
    if state is None or not state["checked_out_by"]:
        raise invalid("The file is not checked out.")
    if state["checked_out_by"] != by:
        guards.locked(tenant)
    return state


def _touch(tenant: Tenant, item: Row) -> None:
    """Checking out and in is told of by delta; it is no new version."""
    tenant.store.update("items", item["id"], seq=tenant.store.next_seq())


def check_out_item(call: Call) -> Answer:
    check_out(call.tenant, _file(call), call.by)
    return Answer(status=204)


def check_in_item(call: Call) -> Answer:
    body = call.json()
    kind = body.get("checkInAs")
    if kind not in (None, "", "published", "unspecified"):
        raise invalid(f"The check-in status '{kind}' is not supported.")
    check_in(call.tenant, _file(call), call.by, str(body.get("comment") or ""))
    return Answer(status=204)


def discard_item(call: Call) -> Answer:
    discard(call.tenant, _file(call), call.by)
    return Answer(status=204)


def _file(call: Call) -> Row:
    row = item_of(call)
    if row["kind"] != "file":
        raise invalid("Only files can be checked out.")
    return row
