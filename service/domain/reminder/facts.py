"""What is known beside the meetings themselves when posts are planned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.post import COMMON
from service.domain.survey.publication import Published


@dataclass(frozen=True, kw_only=True)
class Links:
    """Where buttons lead; empty: nowhere. Only https links are used."""

    folder: str = ""
    join: str = ""
    """Empty: the meeting's own."""
    registration: str = ""
    """Empty: the meeting's own."""
    survey: str = ""
    """Empty: the meeting's own."""
    result: str = ""
    """Set only where members may see the figures there."""


@dataclass(frozen=True, kw_only=True)
class Previous:
    """How a meeting stood when members were last told, and when the change was seen."""

    seen: datetime
    """Must stay the same while the change does: it names the occurrence."""
    start: datetime
    end: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class MeetingFacts:
    registration_seen: datetime | None = None
    """When the registration link was first there."""
    materials: int = 0
    """Files that members can open."""
    recording: bool = False
    """Members can open it."""
    answers: int = 0
    """Responses so far."""
    result: tuple[Published, ...] = ()
    """The figures that members may be told now."""
    previous: Previous | None = None
    cancelled_seen: datetime | None = None
    changed: datetime | None = None
    """When its event was last changed."""
    links: Links = Links()


@dataclass(frozen=True, kw_only=True)
class YearlyFacts:
    """The yearly survey."""

    year: int
    opens: date
    closes: date
    link: str
    answers: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """A year's operations plan, once it is published."""

    year: int
    published: datetime
    meetings: int
    link: str


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that planning looks at."""

    network: Network
    page: str
    """https address of the network's own page: the main button where there is no better."""
    meetings: tuple[Meeting, ...] = ()
    facts: Mapping[str, MeetingFacts] = field(default_factory=dict)
    """By meeting id; a meeting that is not there has none."""
    yearly: YearlyFacts | None = None
    plans: tuple[PlanFacts, ...] = ()
    channels: Mapping[str, str] = field(default_factory=lambda: {COMMON: COMMON})
    """`common` and the ids of groups with a channel of their own; to the id used in keys."""
    since: datetime | None = None
    """What fell due earlier is not sent: the service is new, or was away for long."""
    held: frozenset[str] = frozenset()
    """Ids of meetings, and kinds, of which coordinators want nothing posted for now."""

    def channel_of(self, meeting: Meeting) -> str:
        """A joint meeting, and a group without a channel, is spoken of in the common one."""
        common = self.channels[COMMON]
        return common if meeting.joint else self.channels.get(meeting.groups[0], common)
