"""What the coordinator types into the register."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from service.sandbox.seed.data import Tenant
from service.sandbox.seed.invitations import person
from service.sandbox.seed.meetings import Meeting
from service.sandbox.timeline import EditRow, FieldValue

LIST = "Möten"
SATURDAY = 5
WRITTEN_UP = 6
"""Days until she has written the summary; five would be on two public holidays of 2023."""


def edits(meeting: Meeting, tenant: Tenant, origins: Mapping[str, str]) -> Iterator[EditRow]:
    """In time order, each on a workday; `origins` says where those who came were from."""
    detail = meeting.detail
    typed = _Typist(meeting, person(tenant, "sanna").id)
    if detail.invited_count is not None:
        at = meeting.invited + timedelta(days=1, minutes=25)
        yield typed.row(at, {"NvInvited": detail.invited_count})
    if not detail.publish_recording:
        # Before the recording is there, so that it is never shown and then taken away.
        at = meeting.start - timedelta(minutes=35)
        yield typed.row(at, {"NvPublishRecording": False})
    if not meeting.online:
        yield typed.row(typed.hour(meeting.last, 1, time(9, 5)), _counts(meeting))
    written = {
        "NvSummary": meeting.text(detail.summary),
        "NvAttendedFrom": detail.attended_from.format_map(origins),
    }
    yield typed.row(typed.hour(meeting.last, WRITTEN_UP, time(13, 40)), written)
    if detail.quotes:
        yield typed.row(typed.hour(meeting.closes, 1, time(10, 15)), {"NvQuotes": detail.quotes})
    if detail.publish_result:
        yield typed.row(typed.hour(meeting.closes, 1, time(10, 30)), {"NvPublishResult": True})


@dataclass(frozen=True)
class _Typist:
    """One coordinator at one row."""

    meeting: Meeting
    by: str

    def row(self, at: datetime, fields: Mapping[str, FieldValue]) -> EditRow:
        meeting = self.meeting
        where = {"NvStart": meeting.first.isoformat(), "Title": meeting.fact.title}
        return EditRow(at=at, list_name=LIST, where=where, fields=fields, by=self.by)

    def hour(self, day: date, later: int, hour: time) -> datetime:
        moved = day + timedelta(days=later)
        while moved.weekday() >= SATURDAY:
            moved += timedelta(days=1)
        return self.meeting.calendar.at(moved, hour)


def _counts(meeting: Meeting) -> dict[str, FieldValue]:
    return {
        f"NvDay{number}": count for number, count in enumerate(meeting.fact.participants, start=1)
    }
