"""What Graph tells of online meetings, decoded: recordings, transcripts, attendance."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from service.graph.wire import NEVER, Identity, Wire, aware
from service.observe import SeenPresence, SeenRecording, SeenTranscript


class WireCapture(Wire):
    """A recording or a transcript."""

    id: str
    created_date_time: datetime
    end_date_time: datetime | None = None
    content_correlation_id: str | None = None
    meeting_id: str = ""
    """Where it is told for all meetings of an organiser."""


def seen_recording(meeting_id: str, capture: WireCapture) -> SeenRecording:
    return SeenRecording(
        meeting_id=meeting_id,
        id=capture.id,
        created=aware(capture.created_date_time),
        ended=capture.end_date_time and aware(capture.end_date_time),
        correlation_id=capture.content_correlation_id,
    )


def seen_transcript(meeting_id: str, capture: WireCapture) -> SeenTranscript:
    return SeenTranscript(
        meeting_id=meeting_id,
        id=capture.id,
        created=aware(capture.created_date_time),
        correlation_id=capture.content_correlation_id,
    )


class Interval(Wire):
    join_date_time: datetime | None = None
    leave_date_time: datetime | None = None


class WirePresence(Wire):
    email_address: str | None = None
    identity: Identity | None = None
    role: str | None = None
    total_attendance_in_seconds: int | None = None
    attendance_intervals: list[Interval] = msgspec.field(default_factory=list)


class WireReport(Wire):
    id: str
    meeting_start_date_time: datetime | None = None
    meeting_end_date_time: datetime | None = None
    attendance_records: list[WirePresence] = msgspec.field(default_factory=list)
    more: str | None = msgspec.field(default=None, name="attendanceRecords@odata.nextLink")


def seen_presences(report: WireReport, records: Iterable[WirePresence]) -> list[SeenPresence]:
    return [_presence(report, record) for record in records]


def _presence(report: WireReport, record: WirePresence) -> SeenPresence:
    joins = [one.join_date_time for one in record.attendance_intervals if one.join_date_time]
    leaves = [one.leave_date_time for one in record.attendance_intervals if one.leave_date_time]
    begin = report.meeting_start_date_time or NEVER.utc()
    end = report.meeting_end_date_time or begin
    return SeenPresence(
        report_id=report.id,
        mail=(record.email_address or "").lower() or None,
        name=(record.identity and record.identity.display_name) or "",
        role=record.role or "",
        joined=aware(min(joins, default=begin)),
        left=aware(max(leaves, default=end)),
        seconds=record.total_attendance_in_seconds or 0,
    )


def is_around(report: WireReport, window: tuple[datetime, datetime]) -> bool:
    """Tell whether a report is of a session within the window; one without times may be."""
    begin, end = report.meeting_start_date_time, report.meeting_end_date_time
    return (begin is None or aware(begin) < window[1]) and (end is None or window[0] < aware(end))
