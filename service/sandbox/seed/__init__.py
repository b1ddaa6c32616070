"""
The years that a sandbox can be started with.

`2023` is the network's real year: its meetings, participants and published figures are
those of the annual report, and everything around them (people, letters, files, answers) is
made up. `example` is the same year moved by whole weeks, so that today lies in October.
`2023-files` is 2023 with a thousand files more, to see where each of them goes.

Facts and texts are data in `config/seeds`; the code here turns them into acts. All chance
comes from generators seeded by the thing's key: two loads are equal, to the byte.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from service.sandbox.seed import (
    attendance,
    channel,
    data,
    files,
    invitations,
    materials,
    people,
    recordings,
    register,
    surveys,
)
from service.sandbox.seed.days import Days, weeks_to
from service.sandbox.seed.meetings import Meeting, joined
from service.sandbox.timeline import Act, Seed, World

__all__ = ["NAMES", "load"]

NAMES = ("2023", "example", "2023-files")

FIRST_DAY = date(2023, 1, 1)
MORNING = time(7)
LATEST = 2
"""Meetings behind us for which the service still keeps a folder in the inbox."""


def load(name: str, *, today: date) -> Seed:
    """
    Give the year `name` as a world and its acts in time order.

    `today` matters only to `example`. Raises ValueError for a name that is not in `NAMES`.
    """
    if name not in NAMES:
        raise ValueError(f"no seed is called {name!r}; there are {', '.join(NAMES)}")
    tenant = data.read("2023-tenant", data.Tenant)
    zone = ZoneInfo(tenant.time_zone)
    if name != "example":
        calendar, start = Days(0, zone), datetime.combine(FIRST_DAY, time(), zone)
    else:
        calendar, start = Days(weeks_to(today), zone), datetime.combine(today, MORNING, zone)
    start = start.astimezone(UTC)
    world = people.world(tenant, start=start)
    acts = [*_acts(tenant, calendar, start)]
    if name == "2023-files":
        world = files.with_drive(world, tenant)
        acts += _more_files(tenant, world, calendar)
    return Seed(world=world, acts=tuple(sorted(acts, key=lambda act: act.at)))


def _more_files(tenant: data.Tenant, world: World, calendar: Days) -> Iterator[Act]:
    facts = data.read("2023", data.Facts)
    details = data.read("2023-meetings", data.Meetings)
    table = data.read("2023-files", data.Files)
    inbox = {one.key: one.folder for one in joined(facts.meetings, details.meetings, calendar)}
    inbox |= {str(one.date): f"{one.date} {one.title}" for one in details.cancelled}
    ground = files.Ground(tenant=tenant, world=world, inbox=inbox, members=table.folders)
    yield from files.acts(files.dropped(table, calendar), ground)


def _acts(tenant: data.Tenant, calendar: Days, start: datetime) -> Iterator[Act]:
    facts = data.read("2023", data.Facts)
    details = data.read("2023-meetings", data.Meetings)
    organisations = data.read("members-2023", data.Organisations)
    everybody = people.crowd(tenant, organisations)
    meetings = joined(facts.meetings, details.meetings, calendar)
    long_past = _long_past(meetings, start)
    for meeting in meetings:
        yield from invitations.invitation(meeting, tenant)
        yield from materials.materials(meeting, tenant, own_folder=meeting in long_past)
        yield from _held(meeting, tenant, organisations, everybody)
    yield from _surveys(meetings, tenant, organisations, everybody)
    for off in details.cancelled:
        yield from invitations.called_off(off, tenant, calendar)
    yield from (invitations.noise(event, tenant, calendar) for event in details.noise)
    yield from (materials.unplaceable(file, tenant, calendar) for file in details.unplaceable)
    for number, message in enumerate(data.read("2023-channel", data.Messages).messages, start=1):
        yield from channel.conversation(number, message, tenant, calendar)


def _long_past(meetings: Sequence[Meeting], start: datetime) -> Sequence[Meeting]:
    """Those for which the service will never make a folder: the coordinator made it herself."""
    return [meeting for meeting in meetings if meeting.end < start][:-LATEST]


def _held(
    meeting: Meeting,
    tenant: data.Tenant,
    organisations: data.Organisations,
    everybody: people.Crowd,
) -> Iterator[Act]:
    """What an online meeting leaves by itself, and what is typed in of any."""
    if not meeting.online:
        yield from register.edits(meeting, tenant, {})
        return
    there = attendance.joined(meeting, tenant, organisations, everybody)
    yield from attendance.attendance(meeting, there)
    yield from recordings.recording(meeting, there)
    yield from register.edits(meeting, tenant, attendance.origins(there, organisations))


def _surveys(
    meetings: Sequence[Meeting],
    tenant: data.Tenant,
    organisations: data.Organisations,
    everybody: people.Crowd,
) -> Iterator[Act]:
    """Who answers was there, as far as it is known who was."""
    texts = data.read("2023-surveys", data.Surveys)
    by_key = {meeting.key: meeting for meeting in meetings}
    for evaluation in texts.evaluations:
        meeting = by_key[evaluation.date.isoformat()]
        there = everybody.by(meeting.fact.start)
        if meeting.online:
            there = attendance.joined(meeting, tenant, organisations, everybody).people
        yield from surveys.evaluation(meeting, evaluation, texts, tenant, there)
    facts = data.read("2023", data.Facts)
    answering = everybody.by(texts.yearly.opens)
    yield from surveys.yearly(facts, texts, tenant, meetings[0].calendar, answering)
