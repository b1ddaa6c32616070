"""What holds an item, and how a library is set: read and written in one place."""

from collections.abc import Mapping

from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

APPROVED, REJECTED, PENDING, DRAFT = 0, 1, 2, 3
"""Values of `_ModerationStatus`."""


def state_of(tenant: Tenant, item: str) -> Row | None:
    """None for an item that nothing holds."""
    return tenant.store.one("SELECT * FROM item_states WHERE item = ?", item)


def set_state(tenant: Tenant, item: str, **values: object) -> None:
    tenant.store.do("INSERT OR IGNORE INTO item_states (item) VALUES (?)", item)
    pairs = ", ".join(f"{name} = ?" for name in values)
    tenant.store.do(
        f"UPDATE item_states SET {pairs} WHERE item = ?",  # noqa: S608 - names are ours
        *values.values(),
        item,
    )


def checked_out_in(tenant: Tenant, list_id: str) -> Mapping[str, Row]:
    """The items of a list that are checked out, by id."""
    return _in_list(tenant, list_id, "s.checked_out_by IS NOT NULL")


def unseen_in(tenant: Tenant, list_id: str) -> Mapping[str, Row]:
    """The items of a list that not everybody sees: never checked in, or never approved."""
    return _in_list(
        tenant, list_id, f"NOT s.checked_in OR (s.moderation <> {APPROVED} AND NOT s.was_approved)"
    )


def has_labels(tenant: Tenant, list_id: str) -> bool:
    """Whether something in a list has a retention label."""
    return bool(_in_list(tenant, list_id, "s.label IS NOT NULL AND NOT i.deleted"))


def _in_list(tenant: Tenant, list_id: str, which: str) -> Mapping[str, Row]:
    # CROSS JOIN: the few states first, never all of the library's items.
    rows = tenant.store.all(
        "SELECT s.*, i.created_by FROM item_states s CROSS JOIN items i ON i.id = s.item "  # noqa: S608
        f"WHERE i.list = ? AND ({which})",
        list_id,
    )
    return {row["item"]: row for row in rows}


def settings_of(tenant: Tenant, list_id: str) -> Row | None:
    """None for a library that was left as it is made."""
    return tenant.store.one("SELECT * FROM library_settings WHERE list = ?", list_id)


def is_set(tenant: Tenant, list_id: str, name: str) -> bool:
    settings = settings_of(tenant, list_id)
    return settings is not None and bool(settings[name])


def set_library(tenant: Tenant, list_id: str, **values: bool) -> None:
    tenant.store.do("INSERT OR IGNORE INTO library_settings (list) VALUES (?)", list_id)
    for name, value in values.items():
        tenant.store.do(
            f"UPDATE library_settings SET {name} = ? WHERE list = ?",  # noqa: S608 - names are ours
            int(value),
            list_id,
        )


def publication(tenant: Tenant, state: Row | None, version: int) -> Json:
    """The facet of a file that is checked out; none of any other."""
    if state is None or not state["checked_out_by"]:
        return {}
    facet = {
        "level": "checkout",
        "versionId": f"{version}.0",
        "checkedOutBy": tenant.identity(state["checked_out_by"]),
    }
    return {"publication": facet}
