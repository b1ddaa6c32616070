"""What happens in and after an online meeting."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from service.sandbox.exchange.changing import event_of_key, utc
from service.sandbox.meetings.policies import set_transcription, transcription
from service.sandbox.meetings.recording_files import drop_file, put_recording
from service.sandbox.performing import Performer
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    Attend,
    DeleteRecording,
    Presence,
    Record,
    SetTranscription,
)
from service.sandbox.wire import Json, moment, seal


def _meeting(tenant: Tenant, key: str, what: str) -> Row:
    row = tenant.store.one(
        "SELECT * FROM meetings WHERE id = ?", event_of_key(tenant, key)["meeting"]
    )
    if row is None:
        raise ValueError(f"{key} is no online meeting, so {what}.")
    return row


def _record(tenant: Tenant, act: Record) -> bool:
    meeting = _meeting(tenant, act.key, "it has no recording")
    call = tenant.store.new_guid("call", meeting["id"])
    # Kept once: what the meeting API streams and the file are the same bytes.
    blob = tenant.blobs.take(act.content())
    subject = str(event_of_key(tenant, act.key)["subject"])
    transcript = act.transcript if transcription(tenant) else None
    item = put_recording(tenant, meeting, subject, act.start, blob, act.by or meeting["organizer"])
    made = {"meeting": meeting["id"], "call": call, "transcribed": int(transcript is not None)}
    _artifact(tenant, act, "recordings", blob, **made, item=item, blocked=int(act.blocked))
    if transcript is not None:
        text = tenant.blobs.keep(transcript.encode())
        _artifact(tenant, act, "transcripts", text, **made, item=None, blocked=0)
    return True


def _artifact(tenant: Tenant, act: Record, kind: str, blob: Blob, **made: str | int | None) -> None:
    days = tenant.world.recording_days
    call = str(made["call"])
    tenant.store.insert(
        "artifacts",
        id=seal({"k": kind[0], "c": call}),
        kind=kind,
        correlation=guid(call, "correlation"),
        start=utc(act.start),
        end=utc(act.end),
        blob=blob.id,
        expires=None if days is None else utc(act.at + timedelta(days=days)),
        seq=tenant.store.next_seq(),
        **made,
    )


def _delete_recording(tenant: Tenant, act: DeleteRecording) -> bool:
    meeting = _meeting(tenant, act.key, "it has no recording")
    zone = ZoneInfo(tenant.world.time_zone)
    found = tenant.store.all(
        "SELECT * FROM artifacts WHERE meeting = ? AND kind = 'recordings'", meeting["id"]
    )
    for row in found:
        day = moment(row["start"]).astimezone(zone).date()
        if act.occurrence in (None, day):
            drop_file(tenant, row, f"user:{meeting['organizer']}")
            tenant.store.do("DELETE FROM artifacts WHERE id = ?", row["id"])
    return True


def _attend(tenant: Tenant, act: Attend) -> bool:
    meeting = _meeting(tenant, act.key, "nobody is reported to attend")
    together: dict[str, list[Presence]] = {}
    for number, presence in enumerate(act.records):
        together.setdefault(presence.mail or f"#{number}", []).append(presence)
    records = [_attendance(tenant, found) for found in together.values()]
    tenant.store.insert(
        "reports",
        id=tenant.store.new_guid("report", meeting["id"]),
        meeting=meeting["id"],
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


def _set_transcription(tenant: Tenant, act: SetTranscription) -> bool:
    set_transcription(tenant, allowed=act.allowed)
    return True


PERFORMERS: dict[type[Act], Performer] = {
    Attend: _attend,
    DeleteRecording: _delete_recording,
    Record: _record,
    SetTranscription: _set_transcription,
}
