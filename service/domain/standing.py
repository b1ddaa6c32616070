"""
How an installation stands: what ran, what runs next, what needs a person.

One value, made from the state alone, that every face shows: `natverket status`, the status
page, health and metrics, notices to admins, the dead-man's switch.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.gaps import Row

LATE_AFTER = timedelta(hours=4)
"""A service recovers, a long recording is filed: nobody need hear of it before."""


class Who(StrEnum):
    """Whom a need concerns."""

    ADMIN = "admin"
    """Credentials, rights, settings, jobs that are stuck."""
    COORDINATOR = "coordinator"
    """Files, recordings, posts, answers."""


class NeedKind(StrEnum):
    """What a need is about; `service.standing` makes them, and the daemon may add its own."""

    CREDENTIAL = "credential"
    """A sign-in that is refused, or a certificate that cannot be read."""
    ENDING = "ending"
    """A certificate, secret or sign-in that ends within 60 days."""
    RIGHT = "right"
    SETTINGS = "settings"
    STATE = "state"
    SPACE = "space"
    VALVE = "valve"
    """Changes that a person is to look at before they are made."""
    UNREACHABLE = "unreachable"
    """Microsoft 365 does not answer, or fails, and has for hours."""
    STUCK = "stuck"
    """A job that has not come right by itself for hours."""
    LATE = "late"
    """Occurrences are due, and nobody runs them."""
    WAY = "way"
    """A way by which posts do not get out."""
    POSTS = "posts"
    RECORDING = "recording"
    FILES = "files"
    FORMS = "forms"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing that does not heal by itself."""

    id: str
    """
    The same for as long as it is the same thing: told once, and its end once.

    After an `@` stands how near its end is (`ending/x/certificate@30`): a nearer one is
    told again, and is the same thing.
    """
    network_id: str | None
    """None: the whole installation."""
    who: Who
    kind: str
    """A `NeedKind`."""
    subject: str
    """What it is about, without personal data: a job, a day, a number of files."""
    said: str
    """The reason, in one sentence, without personal data or secrets."""
    remedy: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class LastRun:
    period: datetime
    started: datetime
    finished: datetime
    outcome: str
    """`done`, `in part` or `failed`."""
    did: int
    note: str
    """What went wrong, for coordinators: it may name files and meetings, no addresses."""


@dataclass(frozen=True, kw_only=True)
class JobStanding:
    """One job of one network. Times are aware UTC."""

    job: str
    last: LastRun | None
    """The last occurrence that was run, however it ended; None: it has not run yet."""
    done: datetime | None
    """The period of the last run that was done, wholly."""
    next: datetime
    """When it wakes next, or is to be tried again."""
    failures: int = 0
    """Runs in a row that were not done."""
    late: float = 0.0
    """Seconds by which the oldest occurrence that is due and not done is late; 0: none is."""

    @property
    def is_late(self) -> bool:
        """Later than what comes right by itself."""
        return self.late >= LATE_AFTER.total_seconds()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How much waits, and for whom."""

    posts_to_approve: int = 0
    posts_unproved: int = 0
    files_waiting: int = 0
    """Claimed or parked, with a reason."""
    files_unplaced: int = 0
    oldest_waiting: datetime | None = None
    """Since when the oldest of them all waits: the age of the backlog."""


@dataclass(frozen=True, kw_only=True)
class CredentialStanding:
    kind: str
    """`secret`, `certificate` or `sign_in`."""
    name: str
    expires: datetime | None
    """None: nothing tells."""
    days_left: int | None


@dataclass(frozen=True, kw_only=True)
class Recent:
    """One thing that was done of late, for the list of what was filed and posted."""

    at: datetime
    kind: str
    """`filed` or `posted`."""
    title: str
    where: str
    """The meeting, or the channel's role."""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class NetworkStanding:
    network_id: str
    name: str
    language: str
    time_zone: str
    open: bool
    """Its places in the tenant have been found; False: see the needs."""
    jobs: tuple[JobStanding, ...]
    counted: Counted
    rows: tuple[Row, ...]
    """This year's meetings, and what each has and lacks."""
    credentials: tuple[CredentialStanding, ...]
    recent: tuple[Recent, ...]


@dataclass(frozen=True, kw_only=True)
class Standing:
    at: datetime
    version: str
    mode: str
    """`act` or `observe`."""
    started: datetime | None
    """When the daemon started, where it is one that asks."""
    networks: tuple[NetworkStanding, ...]
    needs: tuple[Need, ...]

    @property
    def well(self) -> bool:
        """Nothing needs a person, and nothing that is due is late."""
        return not self.needs and not any(
            job.is_late for network in self.networks for job in network.jobs
        )
