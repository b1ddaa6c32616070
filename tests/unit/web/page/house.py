"""A service whose page can be opened: networks in memory, and a standing that is made up."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from service.domain.gaps import Reason, RecordingState, Row
from service.domain.meeting import Form, Status
from service.domain.standing import (
    Counted,
    CredentialStanding,
    JobStanding,
    LastRun,
    Need,
    NeedKind,
    NetworkStanding,
    Recent,
    Standing,
    Who,
)
from service.errors import StateError
from service.jobs.known import CALENDAR
from service.observe import Change
from service.schedule import Pulse
from service.store import Store
from service.web.metrics import Metrics
from service.workplace import Workplace
from tests.unit.effects import world
from tests.unit.effects.fate import SITE, START, Clock
from tests.unit.effects.world import World
from tests.unit.gaps.builders import row

FORM = "https://forms.office.com/e/Anmalan0308"
INVITATION = (
    f"<p>Vi går en runda i parken.</p><p>Anmälan: {FORM} senast 6 mars</p>"
    "<p>Plats: Skara, Vallgatan</p>"
)
HOSTILE = '<script>alert("x")</script> & "möte"'
EARLIER = START - timedelta(hours=2)


@dataclass
class House:
    """Remembers what was woken; its clock is the world's."""

    clock: Clock
    places: Sequence[Workplace]
    networks: Sequence[NetworkStanding]
    needs: Sequence[Need] = ()
    mode: str = "act"
    broken: bool = False
    woken: list[tuple[str, str]] = field(default_factory=list)
    stopping: bool = False
    metrics: Metrics = field(default_factory=Metrics)
    pulse: Pulse = field(default_factory=Pulse)

    def workplaces(self) -> Sequence[Workplace]:
        return self.places

    def run_now(self, network_id: str, job: str) -> bool:
        known = any(one.job == job for each in self.networks for one in each.jobs)
        self.woken += [(network_id, job)] if known else []
        return known

    async def standing(self) -> Standing:
        if self.broken:
            raise StateError("state", "it is locked")
        return Standing(
            at=self.clock.now(),
            version="0.1.0",
            mode=self.mode,
            started=START - timedelta(days=3),
            networks=tuple(self.networks),
            needs=tuple(self.needs),
        )


async def network(store: Store, name: str, *, events: bool = True) -> World:
    """A network with two meetings to come, the nearer one with a form to register by."""
    made = World(store)
    made.network = replace(made.network, name=name)
    made.at = replace(made.restarted(), posts_wait_until=START + timedelta(weeks=8))
    if events:
        coming = world.event(body_html=INVITATION)
        later = world.event(date(2023, 5, 10), "Invasiva arter", location="Borås")
        before = world.event(date(2022, 10, 5), "Grön infrastruktur", location="Vara")
        seen = [Change(id=one.id, value=one) for one in (coming, later, before)]
        await made.ledger.absorb(CALENDAR, seen)
    return made


def standing_of(at: Workplace, *, rows: Sequence[Row] = (), **other: object) -> NetworkStanding:
    plain = NetworkStanding(
        network_id=at.network.id,
        name=at.network.name,
        language=at.network.language,
        time_zone=at.network.time_zone,
        open=True,
        jobs=tuple(_jobs()),
        counted=Counted(),
        rows=tuple(rows),
        credentials=(
            CredentialStanding(kind="certificate", name="x", expires=None, days_left=341),
        ),
        recent=(),
    )
    return replace(plain, **other)


def _jobs() -> list[JobStanding]:
    return [
        _job("sync_calendar", 0),
        _job("file_materials", 3),
        _job("file_recordings", 0),
        _job("post_reminders", 1),
        _job("watch_gaps", 0),
    ]


def _job(name: str, did: int, **other: object) -> JobStanding:
    last = LastRun(
        period=EARLIER, started=EARLIER, finished=EARLIER, outcome="done", did=did, note=""
    )
    plain = JobStanding(job=name, last=last, done=EARLIER, next=START + timedelta(minutes=10))
    return replace(plain, **other)


# ---------------------------------------------------------------- states to look at


async def at_first(store: Store, name: str = "Exempelnätverket") -> House:
    """Nothing has happened yet."""
    one = await network(store, name, events=False)
    jobs = tuple(replace(job, last=None, done=None) for job in _jobs())
    return House(one.clock, [one.at], [standing_of(one.at, jobs=jobs)])


async def in_spring(store: Store, name: str = "Exempelnätverket") -> House:
    """A usual day: some meetings held, posts to approve, nothing amiss."""
    made = await network(store, name)
    counted = Counted(posts_to_approve=0)
    of_year = [one for one in rows() if not one.needs_somebody]
    standing = standing_of(made.at, rows=of_year, counted=counted, recent=recent())
    return House(made.clock, [made.at], [standing])


async def in_trouble(store: Store, name: str = "Exempelnätverket") -> House:
    """Things need people, and a job fails."""
    house = await in_spring(store, name)
    standing, failing = house.networks[0], _job("file_recordings", 0, failures=4, late=90_000.0)
    note = "recording of 2023-02-08: 403 Forbidden"
    assert failing.last is not None
    failing = replace(failing, last=replace(failing.last, outcome="failed", note=note))
    jobs = tuple(failing if job.job == failing.job else job for job in standing.jobs)
    counted = Counted(files_waiting=1, files_unplaced=2, oldest_waiting=START - timedelta(days=6))
    house.networks = [replace(standing, jobs=jobs, counted=counted, rows=tuple(rows()))]
    house.needs = list(needs(standing.network_id))
    return house


async def of_two(store: Store) -> House:
    """Two networks, the second in trouble."""
    first, second = (
        await in_spring(store, "Hållbarhetsnätverket"),
        await in_trouble(store, "Nettverk for kulturarv"),
    )
    return House(
        first.clock,
        [*first.places, *second.places],
        [*first.networks, *second.networks],
        second.needs,
    )


def rows() -> list[Row]:
    """Meetings of the year: whole, lacking, about to lose a recording, to come."""
    held = {"form": Form.DIGITAL, "place": "", "join_url": "https://teams.exempel.se/1"}
    whole = world.meeting(
        date(2023, 1, 18),
        "Strategier i offentlig sektor",
        status=Status.HELD,
        teams_count=36,
        **held,
    )
    losing = world.meeting(date(2023, 2, 8), "Medborgardialog", status=Status.HELD, **held)
    expiring = RecordingState(
        seen=True, expires=date(2023, 3, 9), reason=Reason.DOWNLOAD_BLOCKED, waits=True
    )
    today = START.date()
    second = replace(whole, title="Strategier i praktiken", id="uid-0201")
    second = replace(second, first_day=date(2023, 2, 1), last_day=date(2023, 2, 1))
    made = {"programmes": 1, "materials": 4, "recordings": 1, "captions": 1, "transcripts": 1}
    return [
        row(whole, today=today, **made),
        row(second, today=today, **made),
        row(losing, today=today, materials=2, recording=expiring),
        row(world.meeting(), today=today, programmes=1, materials=1),
        row(world.meeting(date(2023, 5, 10), "Invasiva arter", place="Borås"), today=today),
    ]


def recent() -> tuple[Recent, ...]:
    def at(days: float) -> datetime:
        return START - timedelta(days=days)

    return (
        Recent(at=at(0.1), kind="posted", title="Natur i stadsplanering", where="common"),
        Recent(
            at=at(1),
            kind="filed",
            title="Program Skara.pdf",
            where="Natur i stadsplanering",
            url=f"{SITE}/Dokumentation/Program.pdf",
        ),
        Recent(at=at(2), kind="filed", title="fel.pdf", where="x", url="javascript:alert(1)"),
    )


def needs(network_id: str) -> tuple[Need, ...]:
    since = START - timedelta(days=2)
    return (
        Need(
            id=f"recording/{network_id}/uid-0208",
            network_id=network_id,
            who=Who.COORDINATOR,
            kind=NeedKind.RECORDING,
            subject="recording of 2023-02-08",
            said="Its source deletes it on 2023-03-09, and it is not filed: download blocked.",
            remedy="`natverket meetings --missing` tells what is in the way.",
            since=since,
        ),
        Need(
            id=f"files/{network_id}/unplaced",
            network_id=network_id,
            who=Who.COORDINATOR,
            kind=NeedKind.FILES,
            subject="files",
            said="Nobody can tell the meetings of 2.",
            remedy="Move each to its meeting's folder in Inkorg, or: natverket file.",
            since=since,
        ),
        Need(
            id=f"right/{network_id}/file_recordings",
            network_id=network_id,
            who=Who.ADMIN,
            kind=NeedKind.RIGHT,
            subject="job file_recordings",
            said="The app may not read 1 meetings.",
            remedy="Grant-CsApplicationAccessPolicy -PolicyName natverket -Identity organiser",
            since=since,
        ),
    )
