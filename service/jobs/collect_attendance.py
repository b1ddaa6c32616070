"""
Counts who was at an online meeting, from Teams' attendance reports.

Only the number and the mail domains are kept: names stay in Teams. The register job writes
the count; a coordinator's own figure wins over it (settled 20).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from service.domain.actions import Action
from service.domain.meeting import Meeting, Status
from service.domain.period import local_day
from service.jobs.known import ATTENDANCE, Attendance, known
from service.jobs.spec import Job, Poll
from service.observe import Change, SeenPresence
from service.workplace import Workplace

COUNTED_FOR = timedelta(days=3)
"""A report can be completed for some hours; people who come back open a further one."""


async def observe(at: Workplace) -> None:
    """Count every meeting that has just been; a count that has not changed is kept again."""
    now = at.clock.now()
    for meeting in (await known(at)).meetings:
        if _is_counted(meeting, now):
            await _count(meeting, at)


def plan(seen: None, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - nothing is written
    return ()


def attendance(meeting_id: str, presences: Sequence[SeenPresence], *, time_zone: str) -> Attendance:
    """
    Count the distinct people of each day, over all reports of a meeting, and add the days.

    Somebody signed in is known by the mail address, somebody who was not by the name given;
    of those without either nothing tells whether two are one, so that of several reports
    of a day the one with most of them counts.
    """
    days: dict[date, list[SeenPresence]] = {}
    for presence in presences:
        days.setdefault(local_day(presence.joined, time_zone), []).append(presence)
    mails = {presence.mail for presence in presences if presence.mail}
    return Attendance(
        meeting_id=meeting_id,
        count=sum(_people(of_day) for of_day in days.values()),
        domains=tuple(sorted({mail.rpartition("@")[2] for mail in mails})),
    )


def _people(presences: Sequence[SeenPresence]) -> int:
    """Distinct people of one day."""
    mails = {presence.mail for presence in presences if presence.mail}
    unsigned = [presence for presence in presences if not presence.mail]
    names = {name for presence in unsigned if (name := presence.name.strip().casefold())}
    nameless = Counter(one.report_id for one in unsigned if not one.name.strip())
    return len(mails) + len(names) + max(nameless.values(), default=0)


def _is_counted(meeting: Meeting, now: datetime) -> bool:
    return (
        meeting.join_url is not None
        and meeting.status is not Status.CANCELLED
        and meeting.end <= now < meeting.end + COUNTED_FOR
    )


async def _count(meeting: Meeting, at: Workplace) -> None:
    online = await at.meetings.find(meeting.organizer, meeting.join_url or "")
    if online is None:
        return
    presences = await at.meetings.attendance(meeting.organizer, online)
    around = [p for p in presences if _is_of(p, meeting)]
    if around:
        counted = attendance(meeting.id, around, time_zone=at.network.time_zone)
        await at.ledger.absorb(ATTENDANCE, [Change(id=meeting.id, value=counted)])


def _is_of(presence: SeenPresence, meeting: Meeting) -> bool:
    return presence.joined < meeting.end + timedelta(hours=2) and presence.left > (
        meeting.start - timedelta(hours=2)
    )


JOB = Job(
    name="collect_attendance",
    does="Counts the participants of online meetings from Teams' attendance reports.",
    wakes=Poll(setting="meetings"),
    observe=observe,
    plan=plan,
)
