"""Everything that a job can reach for one network: the ports, the settings, the words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.domain.digest import DigestRules
from service.domain.expected import Expectations
from service.domain.network import Network
from service.domain.notice import Credential, NoticeRules
from service.domain.post import COMMON, COORDINATORS
from service.domain.register import Columns
from service.domain.reminder import Policy
from service.domain.retention import Retention
from service.domain.routes import InDoubt, Routes, Transport
from service.domain.series import Series
from service.memory import Memory
from service.parse.vocabulary import Vocabulary
from service.ports import (
    Calendar,
    Clock,
    Drives,
    Journal,
    Ledger,
    Mail,
    Messages,
    Meter,
    OnlineMeetings,
    Poster,
    Progress,
    Rows,
    Unmetered,
    Untold,
)
from service.render.documents import Labels, Template, shipped_template
from service.render.texts import Texts


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A folder elsewhere in the tenant whose files may belong to meetings."""

    drive_id: str
    path: str
    """Below the drive's root, without slashes at the ends; empty: the whole library."""
    address: str
    """As the settings name it."""


@dataclass(frozen=True, kw_only=True)
class Unwatched:
    """A folder that the settings name and that could not be found or read at the start."""

    address: str
    why: str
    """The reason and the remedy."""


@dataclass(frozen=True, kw_only=True)
class AnswerList:
    """A list that a flow fills with the answers of forms."""

    id: str
    name: str
    url: str
    rows: Rows


@dataclass(frozen=True, kw_only=True)
class Places:
    """Ids of what was found in the tenant at the start."""

    client_id: str
    """Of our own app: tells our writes from people's."""
    site_url: str
    documentation: str
    """Drive id of the library that members read."""
    coordination: str
    """Drive id of the library that coordinators open."""
    survey_drive: str | None
    survey_folder: str
    """Path below that drive's root."""
    register_url: str = ""
    channels: Mapping[str, str]
    """`common`, `coordinators` and groups with a channel of their own, to channel id."""
    watched: tuple[Watched, ...] = ()
    unwatched: tuple[Unwatched, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """A way out of the house: one channel, or the mailing lists, by one transport."""

    channel: str
    """As keys name it: a channel's id, or its role where only the flow knows the id; or `mail`."""
    role: str
    """`common`, `coordinators` or a focus group's id."""
    via: Transport
    poster: Poster


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How long, how often: the network's choices."""

    settle: timedelta
    """A file is taken when it has been still for so long."""
    proof_wait: timedelta
    """An unproved post is looked for so long before it is sent again."""
    recording_life: timedelta
    """A recording expires so long after it was made."""
    in_doubt: InDoubt = InDoubt.ONCE
    """What to do with a post of which nothing tells whether it arrived."""
    posts_a_day: int = 20
    """At most, to one channel."""
    looks_every: timedelta = timedelta(minutes=15)
    """How often is looked for posts that are due, while people are at work."""
    oldest_post: timedelta = timedelta(days=1)
    """After a pause of the service, what was due longer ago is not sent."""
    most_changes: int
    """A plan of more is refused until a person says so."""
    keep_attendees: bool = False
    """Keep a list of each online meeting's participants, for coordinators."""
    routes: Routes
    reminders: Policy
    digest: DigestRules
    expected: Expectations
    notices: NoticeRules
    copy_blocked: bool = False
    """IT has approved that recordings whose download is blocked are copied by the service."""
    retention: Retention | None = None
    """How long single answers are kept; None: for good."""


async def _nothing_to_keep() -> None:
    """No account has signed in."""


@dataclass(frozen=True, kw_only=True)
class Workplace:
    network: Network
    places: Places
    rules: Rules
    texts: Texts
    labels: Labels
    columns: Columns
    vocabulary: Vocabulary
    """How survey sheets are read."""
    memory: Memory
    clock: Clock
    ledger: Ledger
    journal: Journal
    calendar: Calendar
    drives: Drives
    register: Rows
    meetings: OnlineMeetings
    answers: AnswerList | None = None
    """Where a flow lays answers, where the settings name such a list."""
    mail: Mail | None = None
    """The watched folder of the mailbox, where one is named."""
    messages: Mapping[str, Messages]
    """What may be read of channels and sent mails, by the name that keys use."""
    posts_wait_until: datetime
    """Until then a post waits for a coordinator's tick."""
    outlets: tuple[Outlet, ...]
    """Every way in which posts leave; what is not here is posted nowhere."""
    credentials: Callable[[], tuple[Credential, ...]] = tuple
    """What the service signs in by now, that has an end; read anew each time."""
    series: tuple[Series, ...] = ()
    """What coordinators have laid up to be posted on days of their choice."""
    template: Callable[[str], Template] = shipped_template
    """A docx template by its name: the network's own, read anew each time, or the shipped one."""
    stay_signed_in: Callable[[], Awaitable[None]] = _nothing_to_keep
    """Renews an account's sign-in, where posts are its own."""
    rehearsal: bool = False
    """It is only asked what would be done."""
    anyway: bool = False
    """A person has said that what looks like a mishap is none."""
    progress: Progress = field(default_factory=Untold)
    meter: Meter = field(default_factory=Unmetered)

    @property
    def common_channel(self) -> str:
        """The channel that all groups share, as keys name it."""
        return self.places.channels[COMMON]

    def outlet(self, channel: str, via: Transport) -> Outlet | None:
        """Find a way out; None where the settings name none."""
        ways = (way for way in self.outlets if (way.channel, way.via) == (channel, via))
        return next(ways, None)

    @property
    def coordinators_outlets(self) -> tuple[Outlet, ...]:
        """Return the ways to coordinators; there need not be any."""
        return tuple(outlet for outlet in self.outlets if outlet.role == COORDINATORS)
