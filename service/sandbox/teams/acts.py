"""What is said in channels, and what online meetings leave behind."""

from datetime import timedelta

import msgspec

from service.sandbox.exchange.acts import event_of_key
from service.sandbox.exchange.events import utc
from service.sandbox.performing import Performer
from service.sandbox.store import guid
from service.sandbox.teams import channel_acts
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, Attend, Presence, Record
from service.sandbox.wire import Json, seal


def _record(tenant: Tenant, act: Record) -> bool:
    meeting = event_of_key(tenant, act.key)["meeting"]
    if meeting is None:
        raise ValueError(f"{act.key} is no online meeting, so it has no recording.")
    call = tenant.store.new_guid("call", meeting)
    correlation = guid(call, "correlation")
    _artifact(tenant, act, "recordings", meeting, call, correlation, act.content())
    if act.transcript is not None:
        text = act.transcript.encode()
        _artifact(tenant, act, "transcripts", meeting, call, correlation, text)
    return True


def _artifact(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    act: Record,
    kind: str,
    meeting: str,
    call: str,
    correlation: str,
    content: bytes,
) -> None:
    tenant.store.insert(
        "artifacts",
        id=seal({"k": kind[0], "c": call}),
        kind=kind,
        meeting=meeting,
        call=call,
        correlation=correlation,
        start=utc(act.start),
        end=utc(act.end),
        blob=tenant.blobs.keep(content).id,
        seq=tenant.store.next_seq(),
    )


def _attend(tenant: Tenant, act: Attend) -> bool:
    meeting = event_of_key(tenant, act.key)["meeting"]
    if meeting is None:
        raise ValueError(f"{act.key} is no online meeting, so nobody is reported to attend.")
    together: dict[str, list[Presence]] = {}
    for number, presence in enumerate(act.records):
        together.setdefault(presence.mail or f"#{number}", []).append(presence)
    records = [_attendance(tenant, found) for found in together.values()]
    tenant.store.insert(
        "reports",
        id=tenant.store.new_guid("report", meeting),
        meeting=meeting,
        start=utc(act.start),
        end=utc(act.end),
        records=msgspec.json.encode(records).decode(),
        seq=tenant.store.next_seq(),
    )
    return True


def _attendance(tenant: Tenant, presences: list[Presence]) -> Json:
    """One person's record; somebody who left and came back has several intervals."""
    first = presences[0]
    person = tenant.person(first.mail) if first.mail else None
    intervals = [
        {
            "joinDateTime": utc(p.joined),
            "leaveDateTime": utc(p.left),
            "durationInSeconds": _seconds(p.left - p.joined),
        }
        for p in presences
    ]
    return {
        "id": person.id if person else tenant.store.new_guid("attendance"),
        "emailAddress": first.mail,
        "role": first.role,
        "totalAttendanceInSeconds": sum(_seconds(p.left - p.joined) for p in presences),
        "identity": {
            "id": person.id if person else None,
            "displayName": first.name,
            "tenantId": tenant.world.tenant_id if person else None,
        },
        "attendanceIntervals": intervals,
    }


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


PERFORMERS: dict[type[Act], Performer] = {
    Attend: _attend,
    Record: _record,
    **channel_acts.PERFORMERS,
}
