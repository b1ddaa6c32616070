"""Online meetings and what is left of them: recordings, transcripts, attendance."""

import re
from collections.abc import Callable

import msgspec

from service.sandbox.entra.access import known_person
from service.sandbox.paging import page
from service.sandbox.sharepoint.render_items import download_url
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, fine_stamp, moment

_PAGE = 50
_FILTER = re.compile(r"^joinweburl\s+eq\s+'((?:[^']|'')*)'$", re.IGNORECASE)
RECORDINGS = Switch(
    name="recordings",
    values=("302", "200"),
    about="Does a recording's content come at once or by redirect? (graph-facts 3.3)",
)
SWITCHES = (RECORDINGS,)


def find_meetings(call: Call) -> Answer:
    """`$filter=JoinWebUrl eq '…'`, the one way to find a meeting by its link."""
    found = _FILTER.match(call.query.get("$filter", "").strip())
    if found is None:
        raise bad_request("The filter must be on JoinWebUrl.", "InvalidArgument")
    rows = call.tenant.store.all(
        "SELECT * FROM meetings WHERE join_url = ? AND organizer = ?",
        found[1].replace("''", "'"),
        _organizer(call),
    )
    return page(call, rows, lambda row: meeting_json(call.tenant, row), _PAGE)


def _organizer(call: Call) -> str:
    return known_person(call.tenant, call.names["user"]).id


def meeting_of(call: Call) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM meetings WHERE id = ? AND organizer = ?",
        call.names["meeting"],
        _organizer(call),
    )
    if row is None:
        raise _gone()
    return row


def _gone() -> GraphError:
    return GraphError(404, "NotFound", "The requested resource was not found.")


def get_meeting(call: Call) -> Answer:
    return Answer(body=meeting_json(call.tenant, meeting_of(call)))


def meeting_json(tenant: Tenant, row: Row) -> Json:
    event = tenant.store.one("SELECT * FROM events WHERE id = ?", row["event"])
    assert event is not None
    return {
        "id": row["id"],
        "creationDateTime": row["created_at"],
        "startDateTime": event["start"],
        "endDateTime": event["end"],
        "joinWebUrl": row["join_url"],
        "subject": event["subject"],
        "isBroadcast": False,
        "isEntryExitAnnounced": False,
        "recordAutomatically": False,
        "allowedPresenters": "everyone",
        "allowMeetingChat": "enabled",
        "allowTeamworkReactions": True,
        "allowAttendeeToEnableMic": True,
        "allowAttendeeToEnableCamera": True,
        "externalId": None,
        "joinInformation": None,
        "participants": {
            "organizer": _participant(tenant, row["organizer"], "presenter"),
            "attendees": [
                _participant(tenant, person.id, "attendee")
                for person in map(tenant.person, msgspec.json.decode(event["attendees"]))
                if person is not None
            ],
        },
        "chatInfo": {
            "threadId": row["thread"],
            "messageId": "0",
            "replyChainMessageId": None,
        },
        "lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": False},
    }


def _participant(tenant: Tenant, person_id: str, role: str) -> Json:
    person = tenant.person(person_id)
    assert person is not None
    user = {"id": person.id, "displayName": person.name, "tenantId": tenant.world.tenant_id}
    return {"upn": person.mail, "role": role, "identity": {"user": user}}


def list_artifacts(kind: str) -> Callable[[Call], Answer]:
    """Recordings or transcripts of one meeting."""

    def handler(call: Call) -> Answer:
        rows = call.tenant.store.all(
            "SELECT * FROM artifacts WHERE meeting = ? AND kind = ? ORDER BY start",
            meeting_of(call)["id"],
            kind,
        )
        return page(call, rows, lambda row: artifact_json(call, row), _PAGE)

    return handler


def all_artifacts(kind: str) -> Callable[[Call], Answer]:
    """`getAllRecordings(…)` and `getAllTranscripts(…)`: those of an organiser in a window."""

    def handler(call: Call) -> Answer:
        organizer = call.names.get("meetingOrganizerUserId")
        if organizer is None:
            raise bad_request("meetingOrganizerUserId is required.", "InvalidArgument")
        rows = call.tenant.store.all(
            "SELECT a.* FROM artifacts a JOIN meetings m ON m.id = a.meeting "
            "WHERE a.kind = ? AND m.organizer = ? AND a.start >= ? AND a.start <= ? "
            "ORDER BY a.start",
            kind,
            known_person(call.tenant, organizer).id,
            _bound(call, "startDateTime", "0"),
            _bound(call, "endDateTime", "9"),
        )
        return page(call, rows, lambda row: artifact_json(call, row), _PAGE)

    return handler


def _bound(call: Call, name: str, default: str) -> str:
    text = call.names.get(name)
    return fine_stamp(moment(text)) if text and text != "null" else default


def artifact_json(call: Call, row: Row) -> Json:
    organizer = call.tenant.store.value(
        "SELECT organizer FROM meetings WHERE id = ?", row["meeting"]
    )
    path = f"{call.base}/v1.0/users/{organizer}/onlineMeetings/{row['meeting']}/{row['kind']}"
    person = call.tenant.person(organizer)
    assert person is not None
    one = "recording" if row["kind"] == "recordings" else "transcript"
    return {
        "id": row["id"],
        "meetingId": row["meeting"],
        "callId": row["call"],
        "contentCorrelationId": row["correlation"],
        "createdDateTime": row["start"],
        "endDateTime": row["end"],
        f"{one}ContentUrl": f"{path}/{row['id']}/content",
        "meetingOrganizer": {
            "application": None,
            "device": None,
            "user": {
                "@odata.type": "#microsoft.graph.teamworkUserIdentity",
                "id": person.id,
                "displayName": None,
                "userIdentityType": "aadUser",
            },
        },
    }


def _artifact(call: Call, kind: str) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM artifacts WHERE id = ? AND meeting = ? AND kind = ?",
        call.names["artifact"],
        meeting_of(call)["id"],
        kind,
    )
    if row is None:
        raise _gone()
    return row


def get_artifact(kind: str) -> Callable[[Call], Answer]:
    return lambda call: Answer(body=artifact_json(call, _artifact(call, kind)))


def recording_content(call: Call) -> Answer:
    """Documented as 200; whether it redirects is not known, so both can be had."""
    row = _artifact(call, "recordings")
    if RECORDINGS.read(call.tenant) == "200":
        data = call.tenant.blobs.read(row["blob"])
        return Answer(raw=data, headers={"Content-Type": "video/mp4"})
    url = download_url(call.tenant, call.bytes_base, row["blob"], "video/mp4", "recording.mp4")
    return Answer(status=302, headers={"Location": url})


def transcript_content(call: Call) -> Answer:
    """WebVTT only; the docx form is gone since 2023."""
    row = _artifact(call, "transcripts")
    wanted = call.query.get("$format") or call.headers.get("accept", "text/vtt")
    if wanted.split(";")[0] not in ("text/vtt", "*/*", "application/octet-stream") and (
        "text/vtt" not in wanted and "*/*" not in wanted
    ):
        raise bad_request(f"The format '{wanted}' is not supported.", "InvalidArgument")
    return Answer(raw=call.tenant.blobs.read(row["blob"]), headers={"Content-Type": "text/vtt"})


def list_reports(call: Call) -> Answer:
    """The list leaves the records of each report out."""
    rows = call.tenant.store.all(
        "SELECT * FROM reports WHERE meeting = ? ORDER BY start DESC", meeting_of(call)["id"]
    )
    return page(call, rows, lambda row: _report(row, []), _PAGE)


def _report_of(call: Call) -> Row:
    row = call.tenant.store.one(
        "SELECT * FROM reports WHERE id = ? AND meeting = ?",
        call.names["report"],
        meeting_of(call)["id"],
    )
    if row is None:
        raise _gone()
    return row


def _report(row: Row, records: list[Json]) -> Json:
    return {
        "id": row["id"],
        "totalParticipantCount": len(msgspec.json.decode(row["records"])),
        "meetingStartDateTime": row["start"],
        "meetingEndDateTime": row["end"],
        "attendanceRecords": records,
    }


def get_report(call: Call) -> Answer:
    row = _report_of(call)
    expands = "attendancerecords" in call.query.get("$expand", "").casefold()
    return Answer(body=_report(row, msgspec.json.decode(row["records"]) if expands else []))


def list_records(call: Call) -> Answer:
    records = msgspec.json.decode(_report_of(call)["records"])
    return page(call, records, dict, _PAGE)
