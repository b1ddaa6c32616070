"""Attendance reports: one a session, kept for a year."""

from datetime import timedelta

import msgspec

from service.sandbox.meetings.meetings import gone, meeting_of
from service.sandbox.paging import page
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.wire import Answer, Call, Json, fine_stamp

CHANNEL_REPORTS = Switch(
    name="channel_attendance",
    values=("missing", "listed"),
    about="Does a channel meeting have attendance reports? An older page says no "
    "(graph-facts 3.3).",
)
EXPANSION = Switch(
    name="attendance_expand",
    values=("works", "ignored"),
    about="Does $expand=attendanceRecords on one report give its records? (graph-facts 3.1)",
)
SWITCHES = (CHANNEL_REPORTS, EXPANSION)
_PAGE = 50
_MOST = 50
_KEPT = timedelta(days=365)


def _rows(call: Call) -> list[Row]:
    """The latest first; older ones than a year are gone."""
    meeting = meeting_of(call)
    if meeting["channel"] and CHANNEL_REPORTS.read(call.tenant) == "missing":
        return []
    return call.tenant.store.all(
        "SELECT * FROM reports WHERE meeting = ? AND start > ? ORDER BY start DESC LIMIT ?",
        meeting["id"],
        fine_stamp(call.tenant.clock.now - _KEPT),
        _MOST,
    )


def list_reports(call: Call) -> Answer:
    """The list leaves the records of each report out."""
    return page(call, _rows(call), lambda row: _report(row, []), _PAGE)


def _report_of(call: Call) -> Row:
    found = [row for row in _rows(call) if row["id"] == call.names["report"]]
    if not found:
        raise gone()
    return found[0]


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
    shown = expands and EXPANSION.read(call.tenant) == "works"
    return Answer(body=_report(row, msgspec.json.decode(row["records"]) if shown else []))


def list_records(call: Call) -> Answer:
    records = msgspec.json.decode(_report_of(call)["records"])
    return page(call, records, dict, _PAGE)
