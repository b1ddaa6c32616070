"""Who joined the digital meetings, and when they came and went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from service.sandbox.seed import letters
from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import Organisations, PersonData, Tenant
from service.sandbox.seed.meetings import Meeting
from service.sandbox.seed.people import Crowd, Household, Somebody, address
from service.sandbox.timeline import Attend, Presence

READY = timedelta(minutes=14)
NUMBERS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio")
LARGE = 20
"""From here on there are people of other organisations, and some who do not sign in."""

OFFSETS = {"miljostrategi": 0, "naturvard": 2, "rattvis-handel": 1}
"""Which of a municipality's people go first to a group's meetings."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """Distinct people, each once."""

    organizer: Somebody | None
    """None where an account that is no person organises."""
    hosts: tuple[Somebody, ...]
    speakers: tuple[Somebody, ...]
    people: tuple[Somebody, ...]
    anonymous: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.hosts) + len(self.speakers) + len(self.people) + len(self.anonymous)


def joined(
    meeting: Meeting, tenant: Tenant, organisations: Organisations, everybody: Crowd
) -> Joined:
    """As many as the annual report says, hosts and speakers among them."""
    count = meeting.fact.participants[0]
    organizer = _person_organizing(meeting, tenant)
    hosts = _hosts(tenant, organizer, count)
    speakers = _speakers(meeting, organisations)
    draw = chance(meeting.key, "joined")
    anonymous = tuple(tenant.anonymous[: draw.choice((1, 2))]) if count >= LARGE else ()
    left = count - len(hosts) - len(speakers) - len(anonymous)
    known = {person.mail for person in (*hosts, *speakers)}
    row = (person for person in _queue(meeting, everybody, draw) if person.mail not in known)
    return Joined(
        organizer=organizer,
        hosts=hosts,
        speakers=speakers,
        people=tuple(next(row) for _ in range(left)),
        anonymous=anonymous,
    )


def origins(joined: Joined, organisations: Organisations) -> Mapping[str, str]:
    """What the coordinator can say of where those who signed in came from."""
    domains = {person.mail.partition("@")[2] for person in (*joined.speakers, *joined.people)}
    members = [one for one in organisations.members if domains.intersection(one.domains)]
    others = [one.name for one in organisations.other if domains.intersection(one.domains)]
    return {
        "municipalities": _number(len(members)),
        "others": letters.listed(others) if others else "",
    }


def attendance(meeting: Meeting, joined: Joined) -> Iterator[Attend]:
    """One report, or two that share most of their people where the meeting was restarted."""
    reports = meeting.detail.reports
    whole = meeting.end - meeting.start
    for number in range(reports):
        start = meeting.start + whole * number / reports
        end = meeting.start + whole * (number + 1) / reports
        presences = _presences(meeting, joined, (start, end), number)
        yield Attend(at=end + READY, key=meeting.key, start=start, end=end, records=presences)


def _number(count: int) -> str:
    """Small numbers in letters, as Swedish prose has them."""
    return NUMBERS[count] if count < len(NUMBERS) else str(count)


def _person_organizing(meeting: Meeting, tenant: Tenant) -> Somebody | None:
    data = next(one for one in tenant.people if one.key == meeting.detail.organizer)
    return Somebody(data.name, data.mail) if data.role else None


def _hosts(tenant: Tenant, organizer: Somebody | None, count: int) -> tuple[Somebody, ...]:
    """Project leader and coordinator; only the organiser where there are but a few."""
    everyone = [Somebody(one.name, one.mail) for one in tenant.people if _leads(one)]
    if count < LARGE and organizer:
        return (organizer,)
    return tuple(sorted(everyone, key=lambda one: one != organizer))


def _leads(person: PersonData) -> bool:
    return person.organizer and bool(person.role)


def _speakers(meeting: Meeting, organisations: Organisations) -> tuple[Somebody, ...]:
    domains = {one.name: one.domains[0] for one in (*organisations.members, *organisations.other)}
    return tuple(
        Somebody(speaker.name, address(speaker.name, speaker.domain or domains[speaker.of]))
        for speaker in meeting.detail.speakers
        if speaker.name
    )


def _queue(meeting: Meeting, everybody: Crowd, draw: Random) -> Iterator[Somebody]:
    """A few from outside, then the municipalities in turn until somebody stops asking."""
    members = list(everybody.joined(meeting.fact.start))
    draw.shuffle(members)
    if meeting.fact.participants[0] >= LARGE:
        yield from (house.people[0] for house in draw.sample(everybody.others, 3))
    yield from _in_turn(members, OFFSETS[meeting.fact.groups[0]])


def _in_turn(houses: Sequence[Household], offset: int) -> Iterator[Somebody]:
    for place in range(len(houses[0].people)):
        for house in houses:
            yield house.people[(place + offset) % len(house.people)]


def _presences(
    meeting: Meeting, joined: Joined, hours: tuple[datetime, datetime], number: int
) -> tuple[Presence, ...]:
    draw = chance(meeting.key, "presence", str(number))
    records = [
        *(_stay(one, _role(one, joined), hours, draw) for one in (*joined.hosts, *joined.speakers)),
        *_crowd(meeting, joined, hours, draw, number),
    ]
    if number == 0:
        records += [_stay(Somebody(name, ""), "Attendee", hours, draw) for name in joined.anonymous]
    return tuple(sorted(records, key=lambda record: record.joined))


def _crowd(
    meeting: Meeting,
    joined: Joined,
    hours: tuple[datetime, datetime],
    draw: Random,
    number: int,
) -> Iterator[Presence]:
    """Those of this report; every ninth loses the connection and comes back."""
    people = joined.people
    if meeting.detail.reports > 1:
        people = people[: len(people) * 4 // 5] if number == 0 else people[len(people) // 5 :]
    for place, one in enumerate(people):
        stay = _stay(one, "Attendee", hours, draw)
        if place % 9 != 4:
            yield stay
            continue
        half = (stay.joined + (stay.left - stay.joined) / 2).replace(microsecond=0)
        yield Presence(name=one.name, mail=one.mail, role="Attendee", joined=stay.joined, left=half)
        back = half + timedelta(minutes=3)
        yield Presence(name=one.name, mail=one.mail, role="Attendee", joined=back, left=stay.left)


def _stay(one: Somebody, role: str, hours: tuple[datetime, datetime], draw: Random) -> Presence:
    start, end = hours
    early = role != "Attendee"
    came = timedelta(seconds=draw.randrange(-900, -300) if early else draw.randrange(-300, 480))
    went = timedelta(seconds=draw.randrange(30, 240) if early else draw.randrange(-600, 60))
    return Presence(
        name=one.name, mail=one.mail or None, role=role, joined=start + came, left=end + went
    )


def _role(one: Somebody, joined: Joined) -> str:
    return "Organizer" if one == joined.organizer else "Presenter"
