"""The table's rows on online meetings."""

from service.sandbox.entra import access
from service.sandbox.meetings import artifacts, meetings, reports
from service.sandbox.routes import COMMON, PAGE, Handler, Row, Rule, row

_NOTHING: frozenset[str] = frozenset()
_EXPORT = frozenset({"$top", "$skiptoken", "$filter"})
_DELTA = frozenset({"$top", "$skiptoken", "$deltatoken", "$filter"})

_ALL = "/users/{user}/onlineMeetings"
_ONE = f"{_ALL}/{{meeting}}"
_MEETINGS = access.meetings("OnlineMeetings.Read.All")
_RECORDING = access.meetings("OnlineMeetingRecording.Read.All")
_TRANSCRIPT = access.meetings("OnlineMeetingTranscript.Read.All")
_ARTIFACT = access.meetings("OnlineMeetingArtifact.Read.All")


def _get(
    path: str, rule: Rule, type_: str | None, handler: Handler, options: frozenset[str] = COMMON
) -> tuple[Row, ...]:
    return row("GET", path, rule, type_, 1, handler, options)


def _artifacts(kind: str, type_: str, rule: Rule) -> tuple[Row, ...]:
    """What recordings and transcripts have in common."""
    many = f"Collection({type_})"
    export = f"{_ALL}/getAll{kind.title()}"
    return (
        *_get(f"{_ONE}/{kind}", rule, many, artifacts.list_artifacts(kind), PAGE),
        *_get(f"{_ONE}/{kind}/{{artifact}}", rule, type_, artifacts.get_artifact(kind)),
        *_get(export, rule, many, artifacts.all_artifacts(kind), _EXPORT),
        *_get(f"{export}/delta", rule, many, artifacts.artifacts_delta(kind), _DELTA),
    )


_CONTENT = f"{_ONE}/recordings/{{artifact}}/content"
_TEXT = f"{_ONE}/transcripts/{{artifact}}"
_REPORTS = f"{_ONE}/attendanceReports"
MEETINGS: tuple[Row, ...] = (
    *_get(
        _ALL,
        _MEETINGS,
        "Collection(onlineMeeting)",
        meetings.find_meetings,
        COMMON | {"$filter"},
    ),
    *_get(_ONE, _MEETINGS, "onlineMeeting", meetings.get_meeting),
    *_artifacts("recordings", "callRecording", _RECORDING),
    *_artifacts("transcripts", "callTranscript", _TRANSCRIPT),
    *_get(_CONTENT, _RECORDING, None, artifacts.recording_content, _NOTHING),
    *_get(
        f"{_TEXT}/content", _TRANSCRIPT, None, artifacts.transcript_content, frozenset({"$format"})
    ),
    *_get(f"{_TEXT}/metadataContent", _TRANSCRIPT, None, artifacts.transcript_metadata, _NOTHING),
    *_get(_REPORTS, _ARTIFACT, "Collection(meetingAttendanceReport)", reports.list_reports, PAGE),
    *_get(
        f"{_REPORTS}/{{report}}",
        _ARTIFACT,
        "meetingAttendanceReport",
        reports.get_report,
        COMMON | {"$expand"},
    ),
    *_get(
        f"{_REPORTS}/{{report}}/attendanceRecords",
        _ARTIFACT,
        "Collection(attendanceRecord)",
        reports.list_records,
        PAGE,
    ),
)
