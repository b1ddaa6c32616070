"""Changes of events that every act on them is made of."""

from datetime import date, datetime

from service.sandbox.exchange import series
from service.sandbox.exchange.ids import outlook_id
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import fine_stamp


def change_series(
    tenant: Tenant, master: Row, values: dict[str, object], moved: dict[str, object]
) -> None:
    """Other times make the series anew; anything else reaches what is not an exception."""
    touch(tenant, master, **values, **moved)
    if moved:
        series.forget(tenant, master)
        series.unroll(tenant, _again(tenant, master))
        return
    for row in series.occurrences(tenant, master):
        if row["kind"] == "occurrence":
            touch(tenant, row, **values)


def as_exception(tenant: Tenant, occurrence: Row) -> None:
    """What is attached to the series is attached to its exceptions as well."""
    tenant.store.update("events", occurrence["id"], kind="exception")
    for row in tenant.store.all(
        "SELECT * FROM attachments WHERE event = ? ORDER BY rowid", occurrence["master"]
    ):
        copy = {name: row[name] for name in row.keys()}  # noqa: SIM118 - a database row, no dict
        copy["id"] = outlook_id(tenant, "attachment", occurrence["id"], row["id"])
        tenant.store.insert("attachments", **{**copy, "event": occurrence["id"]})


def event_of_key(tenant: Tenant, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM events WHERE key = ?", key)
    if row is None:
        raise ValueError(f"Nobody has invited to {key}.")
    return row


def meant(tenant: Tenant, key: str, occurrence: date | None) -> Row:
    event = event_of_key(tenant, key)
    if occurrence is None:
        return event
    if event["kind"] != "seriesMaster":
        raise ValueError(f"{key} is no series, so it has no occurrences.")
    return series.of_day(tenant, event, occurrence)


def _again(tenant: Tenant, row: Row) -> Row:
    found = tenant.store.one("SELECT * FROM events WHERE id = ?", row["id"])
    assert found is not None
    return found


def touch(tenant: Tenant, event: Row, **values: object) -> None:
    tenant.store.update(
        "events",
        event["id"],
        **values,
        modified_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )


def utc(at: datetime) -> str:
    """A seed's time as the tables keep it."""
    return fine_stamp(at)
