"""
The four figures of a year, as the network's annual report counts them.

Held is a meeting that took place and begins in the year; a cancelled one counts nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from service.domain.meeting import Meeting, Status
from service.domain.network import Member, Network
from service.domain.survey.figures import Figures


@dataclass(frozen=True, kw_only=True)
class GroupYear:
    """One focus group's year; a joint meeting is in the table of each of its groups."""

    group: str
    """Id."""
    meetings: tuple[Meeting, ...]
    """In time order."""
    participants: int

    @property
    def activities(self) -> int:
        return len(self.meetings)


@dataclass(frozen=True, kw_only=True)
class Year:
    year: int
    meetings: tuple[Meeting, ...]
    """Distinct held meetings, in time order."""
    groups: tuple[GroupYear, ...]
    """In the network's order, those without a meeting too."""
    activities: int
    """A joint meeting once for each group, one of several days once."""
    participants: int
    """Over distinct meetings, every day's count added."""
    uncounted: tuple[Meeting, ...]
    """Held, but nobody has said how many came: not in `participants`."""
    members: tuple[Member, ...]
    """Municipalities that were members on any day of the year, attending or not."""
    satisfaction: Figures | None
    """Of the first question of the yearly survey; None: no survey."""

    @property
    def municipalities(self) -> int:
        return len(self.members)

    @property
    def via_federation(self) -> int:
        return sum(bool(member.via) for member in self.members)

    @property
    def grouped_participants(self) -> int:
        """What the groups' tables add to: joint meetings are in it more than once."""
        return sum(group.participants for group in self.groups)

    @property
    def counted_again(self) -> int:
        """By how much the groups' tables exceed the total; above 0 the report says why."""
        return self.grouped_participants - self.participants


def indicators(
    meetings: Iterable[Meeting],
    network: Network,
    *,
    year: int,
    satisfaction: Figures | None = None,
) -> Year:
    """Count a year. `satisfaction` is the first question of the yearly survey."""
    held = held_in(meetings, year)
    groups = tuple(_group_year(group.id, held) for group in network.groups)
    return Year(
        year=year,
        meetings=held,
        groups=groups,
        activities=sum(group.activities for group in groups),
        participants=_participants(held),
        uncounted=tuple(meeting for meeting in held if meeting.participants is None),
        members=tuple(member for member in network.members if member.belongs_in(year)),
        satisfaction=satisfaction,
    )


def held_in(meetings: Iterable[Meeting], year: int) -> tuple[Meeting, ...]:
    """The held meetings that begin in the year, each once, in time order."""
    distinct = {
        meeting.id: meeting
        for meeting in meetings
        if meeting.status is Status.HELD and meeting.first_day.year == year
    }
    return tuple(sorted(distinct.values(), key=lambda meeting: (meeting.start, meeting.id)))


def _group_year(group: str, held: Sequence[Meeting]) -> GroupYear:
    own = tuple(meeting for meeting in held if group in meeting.groups)
    return GroupYear(group=group, meetings=own, participants=_participants(own))


def _participants(meetings: Iterable[Meeting]) -> int:
    return sum(meeting.participants or 0 for meeting in meetings)


def response_rate(answers: int, meeting: Meeting) -> Fraction | None:
    """
    Answers to those who could answer: the largest day, since people stay for several.

    None where nobody has said how many came.
    """
    return Fraction(answers, meeting.largest_day) if meeting.largest_day else None


def yearly_response_rate(answers: int, asked: int | None) -> Fraction | None:
    """Answers to those who were asked; None where that is not known."""
    return Fraction(answers, asked) if asked else None
