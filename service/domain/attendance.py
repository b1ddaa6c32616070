"""
Who was at an online meeting, counted from Teams' attendance reports (settled 20).

Everybody whom a report names is a participant: organiser, speakers, room systems, callers
and whatever else has joined. Nothing in a report tells a machine from a person: the role
is None, Attendee, Presenter or Organizer, and the identity has a name and an id
(https://learn.microsoft.com/graph/api/resources/attendancerecord). A coordinator's own
number is the remedy, and wins.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.network import Member, Network
from service.domain.period import local_day
from service.observe import SeenPresence

UNKNOWN = ""
"""Organisation of somebody who did not sign in."""

_GUEST = "#ext#"
"""Entra writes a guest's sign-in name as `name_domain#EXT#@tenant`, the @ as an underscore."""


@dataclass(frozen=True, kw_only=True)
class Attendance:
    """How many were at an online meeting, and from where; no names and no addresses."""

    meeting_id: str
    count: int
    organisations: tuple[tuple[str, int], ...] = ()
    """
    Name and number, members first, then partners, then other domains, UNKNOWN last. They add
    to `count`. Empty where a former version counted, which did not tell them.
    """

    @property
    def is_told(self) -> bool:
        return bool(self.organisations) or not self.count


@dataclass(frozen=True, kw_only=True)
class Participant:
    """Somebody on one day of a meeting, over all reports."""

    day: date
    """Local."""
    name: str
    """As first given; empty where none was."""
    address: str
    """Lower case, a guest's own; empty for somebody who did not sign in."""
    organisation: str
    seconds: int
    """In the meeting, added up."""


def attendance(meeting_id: str, presences: Iterable[SeenPresence], network: Network) -> Attendance:
    """Count the distinct people of each day, and add the days."""
    people = participants(presences, network)
    counts = Counter(person.organisation for person in people)
    return Attendance(
        meeting_id=meeting_id,
        count=len(people),
        organisations=tuple(sorted(counts.items(), key=_order(network))),
    )


def participants(presences: Iterable[SeenPresence], network: Network) -> tuple[Participant, ...]:
    """
    Tell the distinct people of each day, over all reports of a meeting.

    Somebody signed in is known by the mail address, somebody who was not by the name given;
    of those without either nothing tells whether two are one, so that of several reports
    of a day the one with most of them counts.
    """
    days: dict[date, list[SeenPresence]] = {}
    for presence in presences:
        days.setdefault(local_day(presence.joined, network.time_zone), []).append(presence)
    owners = _owners(network)
    return tuple(
        _participant(day, one, owners) for day in sorted(days) for one in _distinct(days[day])
    )


def organisation_of(mail: str, network: Network) -> str:
    """
    Name the organisation behind an address, guests' included; its domain where it has no name.

    The closest domain wins: `edu.goteborg.se` is Göteborg's unless somebody else has it. A
    domain that several members of one federation share is the federation's.
    """
    return _organisation(address_of(mail), _owners(network))


def members_among(addresses: Iterable[str], network: Network, year: int) -> frozenset[str]:
    """
    Name the members of that year that the addresses belong to.

    A federation whose domain its members share counts as one: which of them it was, none tells.
    """
    owners = _owners(network)
    members = [member for member in network.members if member.belongs_in(year)]
    names = {name for member in members for name in (member.name, member.via) if name}
    return frozenset(names) & {_organisation(address_of(address), owners) for address in addresses}


def address_of(mail: str | None) -> str:
    """An address in lower case, a guest's as it is at home; empty for what is no address."""
    address = (mail or "").strip().casefold()
    guest, mark, _ = address.partition(_GUEST)
    if mark:
        name, _, domain = guest.rpartition("_")
        address = f"{name}@{domain}"
    name, _, domain = address.rpartition("@")
    return address if name and domain else ""


def municipalities_seen(attendances: Iterable[Attendance], network: Network) -> tuple[str, ...]:
    """Members of which somebody was there, in the network's order; a federation is all of its."""
    seen = {name for one in attendances for name, _ in one.organisations if name}
    return tuple(m.name for m in network.members if m.name in seen or m.via in seen)


# ---------------------------------------------------------------- people


def _distinct(presences: Sequence[SeenPresence]) -> Iterator[list[SeenPresence]]:
    """What was seen of each person of one day, in the order in which they come."""
    people: dict[tuple[str, str], list[SeenPresence]] = {}
    nameless: dict[str, list[SeenPresence]] = {}
    for presence in presences:
        address, name = address_of(presence.mail), _name(presence)
        if address:
            people.setdefault((address, ""), []).append(presence)
        elif name:
            people.setdefault(("", name.casefold()), []).append(presence)
        else:
            nameless.setdefault(presence.report_id, []).append(presence)
    yield from people.values()
    yield from ([one] for one in max(nameless.values(), key=len, default=[]))


def _participant(day: date, seen: Sequence[SeenPresence], owners: Mapping[str, str]) -> Participant:
    address = address_of(seen[0].mail)
    return Participant(
        day=day,
        name=next((name for one in seen if (name := _name(one))), ""),
        address=address,
        organisation=_organisation(address, owners),
        seconds=sum(one.seconds for one in seen),
    )


def _name(presence: SeenPresence) -> str:
    return " ".join(presence.name.split())


# ---------------------------------------------------------------- organisations


def _organisation(address: str, owners: Mapping[str, str]) -> str:
    domain = address.rpartition("@")[2]
    labels = domain.split(".")
    levels = (".".join(labels[start:]) for start in range(len(labels)))
    return next((owners[level] for level in levels if level in owners), domain)


def _owners(network: Network) -> dict[str, str]:
    """Organisation by domain; a shared domain that names nobody is left out."""
    sharing: dict[str, list[Member]] = {}
    for member in network.members:
        for domain in member.domains:
            sharing.setdefault(domain.casefold(), []).append(member)
    owners = {domain.casefold(): name for domain, name in network.partners}
    for domain, members in sharing.items():
        names = {member.name for member in members}
        named = names if len(names) == 1 else {member.via for member in members}
        if len(named) == 1 and (name := named.pop()):
            owners[domain] = name
    return owners


def _order(network: Network) -> Callable[[tuple[str, int]], tuple[bool, int, str]]:
    known = [*(member.name for member in network.members), *(name for _, name in network.partners)]
    places = {name: place for place, name in reversed(list(enumerate(known)))}

    def order(counted: tuple[str, int]) -> tuple[bool, int, str]:
        name = counted[0]
        return name == UNKNOWN, places.get(name, len(known)), name

    return order
