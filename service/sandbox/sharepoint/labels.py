"""
Retention labels, and what they hold back.

A label that retains keeps the item from being deleted; a locked record keeps its content, its
name and its columns besides; an unlocked record can be edited again (Microsoft Purview,
"Records management": what is allowed and what is blocked).
"""

from service.sandbox.sharepoint import states
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json, fine_stamp, invalid, moment

RECORD_REFUSAL = Switch(
    name="record_refusal",
    values=("accessDenied", "notAllowed", "resourceLocked"),
    about="Code of the refusal to change or delete what a retention label holds: 403 with one of "
    "the first two, or 423; Graph documents none.",
)
RECORD_FIELDS = Switch(
    name="fields_of_record",
    values=("refused", "written"),
    about="Whether columns of a locked record can be written: a setting of the tenant's "
    "(MetadataEditBlockingEnabled), whose default the pages tell differently.",
)
SWITCHES = (RECORD_REFUSAL, RECORD_FIELDS)

_RECORDS = ("retainAsRecord", "retainAsRegulatoryRecord")
BEHAVIOURS = ("doNotRetain", "retain", *_RECORDS)


def check_world(tenant: Tenant) -> None:
    """Raises ValueError for a label that does what no label does."""
    for name, does in tenant.world.labels.items():
        if does not in BEHAVIOURS:
            raise ValueError(f"The label {name} is one of {', '.join(BEHAVIOURS)}, not {does}.")


def behaviour(tenant: Tenant, state: Row | None) -> str | None:
    """What the item's label does; None without a label."""
    if state is None or state["label"] is None:
        return None
    return tenant.world.labels[state["label"]]


def is_record(tenant: Tenant, state: Row | None) -> bool:
    return behaviour(tenant, state) in _RECORDS


def _is_locked(tenant: Tenant, state: Row | None) -> bool:
    return is_record(tenant, state) and state is not None and bool(state["record_locked"])


def check_content(tenant: Tenant, state: Row | None) -> None:
    if _is_locked(tenant, state):
        raise _refusal(tenant, "This item cannot be updated because it is locked as a record.")


def check_move(tenant: Tenant, state: Row | None) -> None:
    if _is_locked(tenant, state):
        raise _refusal(tenant, "This item cannot be moved or renamed because it is a record.")


def check_fields(tenant: Tenant, state: Row | None) -> None:
    if _is_locked(tenant, state) and RECORD_FIELDS.read(tenant) == "refused":
        raise _refusal(tenant, "This item cannot be updated because it is locked as a record.")


def check_delete(tenant: Tenant, state: Row | None) -> None:
    if behaviour(tenant, state) in ("retain", *_RECORDS):
        raise _refusal(
            tenant, "The label that's applied to this item prevents it from being deleted."
        )


def _refusal(tenant: Tenant, message: str) -> GraphError:
    code = RECORD_REFUSAL.read(tenant)
    return GraphError(423 if code == "resourceLocked" else 403, code, message)


def put(tenant: Tenant, item: Row, name: str, by: str, *, locked: bool | None = None) -> bool:
    """
    Labels an item, and what lies in a folder with it (driveItem: setRetentionLabel); a record is
    locked from the start unless said otherwise. Returns whether it had none before. Raises 400
    for a label that the tenant does not have.
    """
    if name not in tenant.world.labels:
        raise invalid(f"The retention label '{name}' was not found.")
    before = states.state_of(tenant, item["id"])
    record = tenant.world.labels[name] in _RECORDS
    states.set_state(
        tenant,
        item["id"],
        label=name,
        label_by=by,
        label_at=tenant.clock.text,
        record_locked=int(record if locked is None else record and locked),
    )
    for below in tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0", item["id"]
    ):
        if behaviour(tenant, states.state_of(tenant, below["id"])) not in _RECORDS:
            put(tenant, below, name, by, locked=locked)
    return before is None or before["label"] is None


def take_away(tenant: Tenant, item: Row) -> None:
    states.set_state(tenant, item["id"], label=None, label_by=None, label_at=None, record_locked=0)


def label_json(tenant: Tenant, state: Row) -> Json:
    """An itemRetentionLabel."""
    acts = behaviour(tenant, state)
    locked = _is_locked(tenant, state)
    return {
        "id": state["label"],
        "name": state["label"],
        "isLabelAppliedExplicitly": True,
        "labelAppliedBy": tenant.identity(state["label_by"]),
        "labelAppliedDateTime": fine_stamp(moment(state["label_at"])),
        "retentionSettings": {
            "behaviorDuringRetentionPeriod": acts,
            "isContentUpdateAllowed": not locked,
            "isDeleteAllowed": acts == "doNotRetain",
            "isLabelUpdateAllowed": acts not in _RECORDS,
            "isMetadataUpdateAllowed": not locked or RECORD_FIELDS.read(tenant) == "written",
            "isRecordLocked": locked,
        },
    }
