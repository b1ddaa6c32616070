"""
Counts who was at an online meeting, from Teams' attendance reports.

Only the number of people and of each organisation's are kept; names stay in Teams, unless
the settings say that a list is kept for the coordinators. The register job writes the
count; a coordinator's own figure wins over it (settled 20).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from service.domain.actions import Action, Made, RefreshFile, Unread
from service.domain.attendance import Attendance, Participant, attendance, participants
from service.domain.meeting import Meeting, Status
from service.domain.names import safe_name
from service.jobs.known import ATTENDANCE, known, underlag_folder, written
from service.jobs.spec import Job, Poll
from service.jobs.troubles import look_at_each
from service.observe import Change, SeenPresence
from service.render.attendees import attendees_workbook
from service.render.documents import Labels
from service.workplace import Workplace

NAME = "collect_attendance"
ASKED = "attendance asked"
KEPT = "attendees/"

COMPLETE_AFTER = timedelta(days=3)
"""A report can be completed for some hours; people who come back open a further one."""
ASKED_FOR = timedelta(days=30)
"""Where there is no count yet: a report may come late, and the service may have been down."""
LEAST_PAUSE = timedelta(minutes=30)
MARGIN = timedelta(hours=2)
"""Around a meeting: what lies outside is another occurrence's of the series."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """When a meeting's reports were read last."""

    meeting_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Present:
    """Who was at a meeting: for a list that is kept where the settings say so, else dropped."""

    meeting: Meeting
    people: tuple[Participant, ...]


@dataclass(frozen=True, kw_only=True)
class Observed:
    labels: Labels
    file_label: str
    present: tuple[Present, ...] = ()
    """Empty where no lists are kept."""
    unread: tuple[Unread, ...] = ()
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each list that was written, by key."""


async def observe(at: Workplace) -> Observed:
    """Count the meetings that are due; a count that has not changed is kept again."""
    now = at.clock.now()
    asked = await at.ledger.seen(ASKED, Asked)
    counts = await at.ledger.seen(ATTENDANCE, Attendance)
    lists = await written(at, KEPT)

    def is_complete(meeting: Meeting) -> bool:
        told = meeting.id not in counts or counts[meeting.id].is_told
        listed = not at.rules.keep_attendees or _list_key(meeting) in lists
        return meeting.teams_count is not None and told and listed

    due = [
        meeting
        for meeting in (await known(at)).meetings
        if is_due(
            meeting,
            asked[meeting.id].at if meeting.id in asked else None,
            complete=is_complete(meeting),
            now=now,
        )
    ]
    looked = await look_at_each(NAME, due, partial(_count, at=at), at)
    return Observed(
        labels=at.labels,
        file_label=at.texts.say("files.attendees"),
        present=looked.found if at.rules.keep_attendees else (),
        unread=looked.unread,
        written=lists,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    lists = (_kept(present, seen) for present in seen.present)
    changed = (one for one in lists if seen.written.get(one.key) != one.source.fingerprint)
    return (*seen.unread, *changed)


def is_due(meeting: Meeting, last: datetime | None, *, complete: bool, now: datetime) -> bool:
    """
    Tell whether the reports are to be read now; `last` is when they were read.

    Each pause is half as long as the meeting has been over: a dozen readings in three days,
    whatever the poll. A meeting of which all is there is done with the first reading after
    those, another goes on for a month.
    """
    over = meeting.end <= now < meeting.end + ASKED_FOR
    if meeting.join_url is None or meeting.status is Status.CANCELLED or not over:
        return False
    if last is None:
        return True
    if complete and last >= meeting.end + COMPLETE_AFTER:
        return False
    return now >= last + max(LEAST_PAUSE, (last - meeting.end) / 2)


async def _count(meeting: Meeting, at: Workplace) -> Present | None:
    around = await _around(meeting, at)
    if around:
        counted = attendance(meeting.id, around, at.network)
        await at.ledger.absorb(ATTENDANCE, [Change(id=meeting.id, value=counted)])
    read = Asked(meeting_id=meeting.id, at=at.clock.now())
    await at.ledger.absorb(ASKED, [Change(id=meeting.id, value=read)])
    if not around:
        return None
    return Present(meeting=meeting, people=participants(around, at.network))


async def _around(meeting: Meeting, at: Workplace) -> list[SeenPresence]:
    """Who was there around the meeting's time."""
    online = await at.meetings.find(meeting.organizer, meeting.join_url or "")
    if online is None:
        return []
    window = meeting.start - MARGIN, meeting.end + MARGIN
    presences = await at.meetings.attendance(meeting.organizer, online, window)
    return [one for one in presences if one.joined < window[1] and window[0] < one.left]


# ---------------------------------------------------------------- the list


def _kept(present: Present, seen: Observed) -> RefreshFile:
    meeting = present.meeting
    name = f"{seen.file_label} {meeting.first_day.isoformat()} {meeting.title}"
    heading = f"{meeting.title}, {meeting.first_day.isoformat()}"
    return RefreshFile(
        key=_list_key(meeting),
        folder=underlag_folder(meeting),
        name=safe_name(f"{name}.xlsx"),
        name_beside=safe_name(f"{name} (2).xlsx"),
        source=Made(
            make=partial(attendees_workbook, heading, present.people, seen.labels),
            fingerprint=hashlib.sha256(repr((heading, present.people)).encode()).hexdigest(),
        ),
    )


def _list_key(meeting: Meeting) -> str:
    return f"{KEPT}{meeting.id}"


JOB = Job(
    name=NAME,
    does="Counts the participants of online meetings from Teams' attendance reports.",
    wakes=Poll(setting="meetings"),
    observe=observe,
    plan=plan,
)
