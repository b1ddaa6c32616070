"""Recordings and transcripts: of one meeting, and all of an organiser's."""

import re
from collections.abc import Callable

from service.sandbox.entra.access import known_person
from service.sandbox.meetings.meetings import gone, meeting_of
from service.sandbox.meetings.metadata import metadata_content
from service.sandbox.meetings.policies import transcription
from service.sandbox.paging import page
from service.sandbox.sharepoint.render_items import download_url
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.wire import (
    Answer,
    Call,
    GraphError,
    Json,
    bad_request,
    fine_stamp,
    moment,
    seal,
    unseal,
)

RECORDINGS = Switch(
    name="recordings",
    values=("302", "200"),
    about="Does a recording's content come at once or by redirect? (graph-facts 3.3)",
)
BLOCKED = Switch(
    name="blocked_recordings",
    values=("refused", "served"),
    about="Does the policy that blocks downloads hold for an app's /content too? (graph-facts 3.4)",
)
CHANNEL_RECORDINGS = Switch(
    name="channel_recordings",
    values=("listed", "missing"),
    about="Does a channel meeting list its own recordings, as newer pages say? (graph-facts 3.3)",
)
NEXT_LINK = Switch(
    name="artifacts_next_link",
    values=("dropped", "kept"),
    about="Known issue 22931: $top drops the nextLink of getAllRecordings and getAllTranscripts.",
)
TRANSCRIPT_URLS = Switch(
    name="transcript_urls",
    values=("empty", "given"),
    about="Known issue 22932: getAllTranscripts leaves transcriptContentUrl empty.",
)
UNTRANSCRIBED = Switch(
    name="untranscribed_recordings",
    values=("missing", "exported"),
    about="Known issue 22933: recordings made without transcription are not exported.",
)
OLDER = Switch(
    name="artifacts_delta",
    values=("repeats", "exact"),
    about="Known issue 22934: a delta of recordings or transcripts returns older ones again.",
)
SWITCHES = (
    RECORDINGS,
    BLOCKED,
    CHANNEL_RECORDINGS,
    NEXT_LINK,
    TRANSCRIPT_URLS,
    UNTRANSCRIBED,
    OLDER,
)
_PAGE = 50
_BY_ORGANIZER = re.compile(r"^meetingorganizer/user/id\s+eq\s+'([^']+)'$", re.IGNORECASE)
_LIVE = (
    "(a.expires IS NULL OR a.expires > ?) AND (a.item IS NULL OR EXISTS "
    "(SELECT 1 FROM items i WHERE i.id = a.item AND i.deleted = 0))"
)
"""Neither expired nor deleted together with its file."""
Handler = Callable[[Call], Answer]


def list_artifacts(kind: str) -> Handler:
    """Recordings or transcripts of one meeting."""

    def handler(call: Call) -> Answer:
        meeting = meeting_of(call)
        _allowed(call, kind)
        rows = call.tenant.store.all(
            "SELECT a.* FROM artifacts a WHERE a.meeting = ? AND a.kind = ? "  # noqa: S608 - ours
            f"AND {_LIVE} ORDER BY a.start",
            meeting["id"],
            kind,
            call.tenant.clock.text,
        )
        if meeting["channel"] and CHANNEL_RECORDINGS.read(call.tenant) == "missing":
            rows = []
        return page(call, rows, lambda row: artifact_json(call, row), _PAGE)

    return handler


def _allowed(call: Call, kind: str) -> None:
    """Whether there may be transcripts at all is the administrator's (graph-facts 3.3)."""
    if kind == "transcripts" and not transcription(call.tenant):
        raise GraphError(
            403,
            "Forbidden",
            "Transcripts are disabled by the settings of the tenant's administrator.",
        )


def all_artifacts(kind: str) -> Handler:
    """`getAllRecordings(…)` and `getAllTranscripts(…)`: those of an organiser in a window."""

    def handler(call: Call) -> Answer:
        rows = _of_organizer(call, kind, 0)
        answer = page(call, rows, lambda row: _exported(call, row), _PAGE)
        dropped = "$top" in call.query and NEXT_LINK.read(call.tenant) == "dropped"
        if dropped and answer.body is not None:
            answer.body.pop("@odata.nextLink", None)
        return answer

    return handler


def artifacts_delta(kind: str) -> Handler:
    """What has come since the link was made, and what known issue 22934 adds to it."""

    def handler(call: Call) -> Answer:
        since = _since(call)
        found = _of_organizer(call, kind, 0)
        rows = [row for row in found if row["seq"] > since]
        if since and OLDER.read(call.tenant) == "repeats":
            rows = [row for row in found if row["seq"] <= since][-1:] + rows
        size = call.count("$top", _PAGE, _PAGE)
        shown, more = rows[:size], rows[size:]
        body: Json = {"value": [_exported(call, row) for row in shown]}
        token = seal({"seq": max([since, *(row["seq"] for row in shown)]), "path": call.path})
        if more and not ("$top" in call.query and NEXT_LINK.read(call.tenant) == "dropped"):
            body["@odata.nextLink"] = call.link(call.path, skiptoken=token)
        else:
            body["@odata.deltaLink"] = call.link(call.path, deltatoken=token)
        return Answer(body=body)

    return handler


def _since(call: Call) -> int:
    token = call.query.get("$deltatoken") or call.query.get("$skiptoken")
    if token is None:
        return 0
    held = unseal(token)
    if held is None or held.get("path") != call.path:
        raise bad_request("The delta token is not valid.", "InvalidArgument")
    return int(held["seq"])


def _of_organizer(call: Call, kind: str, since: int) -> list[Row]:
    """Scheduled meetings of the organiser that are in no channel."""
    _allowed(call, kind)
    rows = call.tenant.store.all(
        "SELECT a.* FROM artifacts a JOIN meetings m ON m.id = a.meeting "  # noqa: S608 - ours
        "WHERE a.kind = ? AND m.organizer = ? AND m.channel IS NULL AND a.start >= ? "
        f"AND a.start <= ? AND a.seq > ? AND {_LIVE} ORDER BY a.seq",
        kind,
        _organizer(call),
        _bound(call, "startDateTime", "0"),
        _bound(call, "endDateTime", "9"),
        since,
        call.tenant.clock.text,
    )
    if kind == "recordings" and UNTRANSCRIBED.read(call.tenant) == "missing":
        rows = [row for row in rows if row["transcribed"]]
    return rows


def _organizer(call: Call) -> str:
    """By argument or by filter. It is the one whose policy was asked for, else refused."""
    named = call.names.get("meetingOrganizerUserId")
    if named is None:
        found = _BY_ORGANIZER.match(call.query.get("$filter", "").strip())
        if found is None:
            raise bad_request("meetingOrganizerUserId is required.", "InvalidArgument")
        named = found[1]
    organizer = known_person(call.tenant, named)
    if organizer.id != known_person(call.tenant, call.names["user"]).id:
        raise GraphError(403, "Forbidden", "The organizer is not the user of the request's path.")
    return organizer.id


def _bound(call: Call, name: str, default: str) -> str:
    text = call.names.get(name)
    return fine_stamp(moment(text)) if text and text != "null" else default


def _exported(call: Call, row: Row) -> Json:
    body = artifact_json(call, row)
    if row["kind"] == "transcripts" and TRANSCRIPT_URLS.read(call.tenant) == "empty":
        body["transcriptContentUrl"] = ""
    return body


def artifact_json(call: Call, row: Row) -> Json:
    organizer = call.tenant.store.value(
        "SELECT organizer FROM meetings WHERE id = ?", row["meeting"]
    )
    path = f"{call.base}/v1.0/users/{organizer}/onlineMeetings/{row['meeting']}/{row['kind']}"
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
                "id": organizer,
                "displayName": None,
                "userIdentityType": "aadUser",
            },
        },
    }


def _artifact(call: Call, kind: str) -> Row:
    meeting = meeting_of(call)
    _allowed(call, kind)
    row = call.tenant.store.one(
        "SELECT a.* FROM artifacts a WHERE a.id = ? AND a.meeting = ? AND a.kind = ? "  # noqa: S608
        f"AND {_LIVE}",
        call.names["artifact"],
        meeting["id"],
        kind,
        call.tenant.clock.text,
    )
    if row is None:
        raise gone()
    return row


def get_artifact(kind: str) -> Handler:
    return lambda call: Answer(body=artifact_json(call, _artifact(call, kind)))


def recording_content(call: Call) -> Answer:
    """Documented as 200; whether it redirects is not known, so both can be had."""
    row = _artifact(call, "recordings")
    if row["blocked"] and BLOCKED.read(call.tenant) == "refused":
        raise GraphError(
            403, "Forbidden", "Download of the recording is blocked by the tenant's meeting policy."
        )
    if RECORDINGS.read(call.tenant) == "200":
        path = call.tenant.blobs.path(row["blob"])
        return Answer(file=path, headers={"Content-Type": "video/mp4"})
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


def transcript_metadata(call: Call) -> Answer:
    row = _artifact(call, "transcripts")
    text = metadata_content(call.tenant.blobs.read(row["blob"]).decode(), row["start"])
    return Answer(raw=text.encode(), headers={"Content-Type": "text/vtt"})
