"""A daemon that goes on, whatever fails: what is seen of each trouble, and what happens."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask, writes
from service.from_state import from_state
from service.jobs.spec import Job
from service.store import Store
from service.workplace import Workplace
from tests.acceptance.keeping import Ground, ground, kept

UNREACHABLE = {"NATVERKET_AUTHORITY_URL": "https://login.invalid"}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("house")) as found:
        yield found


def client_id(there: Ground) -> str:
    return next(line for line in there.lines if line.startswith("NATVERKET_CLIENT_ID=")).split("=")[
        1
    ]


# ---------------------------------------------------------------- opening


async def test_the_tenant_is_asked_when_a_job_needs_it(there: Ground, tmp_path: Path) -> None:
    """Opened, it has asked nothing; after a round it has found its places, and remembers them."""
    env_file = there.settings(tmp_path)
    async with kept(there, env_file) as one:
        before = one.asked()
        (known,) = one.house.workplaces()
        assert one.asked() == before
        assert (known.places.documentation, one.house.is_open(known.network.id)) == ("", False)

        await one.daemon.round()
        (opened,) = one.house.workplaces()
        assert one.house.is_open(known.network.id)
        assert (one.house.all_done(), one.after[-1].networks[0].open) == (True, True)
        settings = one.house.settings
    async with from_state(settings) as (remembered,):
        assert remembered.places == opened.places
        assert remembered.posts_wait_until == opened.posts_wait_until


async def test_unreachable_at_the_start(there: Ground, tmp_path: Path) -> None:
    """A dead DNS is one failed run, tried ever later; when names are found, all is caught up."""
    env_file = there.settings(tmp_path, **UNREACHABLE)
    async with kept(there, env_file) as one:
        await one.daemon.round()
        (at,) = one.house.workplaces()
        assert [run.outcome for run in await at.journal.runs()] == ["failed"]
        assert "login.invalid" in (await at.journal.runs())[0].note
        assert not one.house.all_done()
        assert await one.until(one.clock.now() + timedelta(hours=4)) > 10
        tried = len(await at.journal.runs())
        assert tried < 12, "the jobs of a shut network are not each tried at their times"
        assert "unreachable" in await one.kinds()

        there.settings(tmp_path)
        one.daemon.reload()
        await one.daemon.round()
        assert one.house.all_done()
        assert await one.kinds() & {"unreachable", "stuck", "late"} == set()


async def test_another_network_goes_on(there: Ground, tmp_path: Path) -> None:
    """Of two networks one has no site: that is told, and the other's jobs are all done."""
    own = {k: v.strip("'\"") for k, v in (line.split("=", 1) for line in there.lines)}
    names = {k: v for k, v in own.items() if k.startswith("NATVERKET_NETWORK_") and v}
    folder = tmp_path / "networks"
    folder.mkdir()
    here = names["NATVERKET_NETWORK_SITE"]
    for name, site in (("a", here), ("b", here.rsplit("/", 1)[0] + "/nowhere")):
        mine = names | {"NATVERKET_NETWORK_SITE": site, "NATVERKET_NETWORK_ID": name}
        keys = (
            f"{k.removeprefix('NATVERKET_NETWORK_').lower()} = {_toml(v)}" for k, v in mine.items()
        )
        (folder / f"{name}.toml").write_text("[network]\n" + "\n".join(keys), encoding="utf-8")
    env_file = there.settings(
        tmp_path,
        **dict.fromkeys((k for k in own if k.startswith("NATVERKET_NETWORK_")), ""),
        NATVERKET_NETWORKS=str(folder),
    )
    async with kept(there, env_file) as one:
        await one.daemon.round()
        assert (one.house.is_open("a"), one.house.is_open("b")) == (True, False)
        jobs = {entry.job.name for entry in one.house.timetable.entries}
        a, b = one.house.workplaces()
        assert {run.job for run in await a.journal.runs()} == jobs
        assert len(await b.journal.runs()) == 1

        (folder / "b.toml").unlink()
        for _ in range(3):
            await one.on(minutes=1)
        assert [at.network.id for at in one.house.workplaces()] == ["a"], one.house.needs()[0].said
        assert one.house.is_open("a"), "what has not changed stays open"


def _toml(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# ---------------------------------------------------------------- credentials


async def test_an_expired_secret(there: Ground, tmp_path: Path) -> None:
    """It is told as a need and nothing else happens; a new one in the file heals all."""
    secret = tmp_path / "secret"
    secret.write_text("soon-past-its-last-day-1")
    app = client_id(there)
    ask(there.sandbox, "act", {"act": "NewSecret", "app": app, "secret": secret.read_text()})
    env_file = there.settings(
        tmp_path, NATVERKET_CLIENT_SECRET="", NATVERKET_CLIENT_SECRET_FILE=str(secret)
    )
    async with kept(there, env_file) as one:
        await one.daemon.round()
        assert one.house.all_done()

        ask(
            there.sandbox, "act", {"act": "SecretExpires", "app": app, "secret": secret.read_text()}
        )
        ask(there.sandbox, "faults", {"match": {"path": "^/v1.0"}, "times": 1, "status": 401})
        before = writes(there.sandbox)
        await one.on(hours=25)
        await one.on(hours=1)
        (need,) = [n for n in (await one.house.standing()).needs if n.kind == "credential"]
        assert "expired" in need.said
        assert need.who == "admin"
        assert not one.house.all_done()
        assert writes(there.sandbox) == before

        ask(there.sandbox, "act", {"act": "NewSecret", "app": app, "secret": "the-next-one-23456"})
        secret.write_text("the-next-one-23456")
        for _ in range(3):
            await one.on(minutes=1)
        assert one.house.all_done()
        assert await one.kinds() & {"credential"} == set()


async def test_a_changed_certificate(there: Ground, tmp_path: Path) -> None:
    """A file that proves something and has been replaced is read anew, at the next round."""
    trusted = tmp_path / "trusted.pem"
    trusted.write_bytes(there.sandbox.ca_file.read_bytes())
    async with kept(there, there.settings(tmp_path, NATVERKET_CA_FILE=str(trusted))) as one:
        await one.daemon.round()
        (before,) = one.house.workplaces()
        trusted.write_bytes(trusted.read_bytes() + b"\n")
        await one.daemon.round()
        assert not one.house.is_open(before.network.id)
        await one.on(hours=1)
        (after,) = one.house.workplaces()
        assert one.house.is_open(after.network.id)
        assert after.drives is not before.drives


# ---------------------------------------------------------------- the tenant


@pytest.mark.proof
async def test_a_day_without_the_tenant(there: Ground, tmp_path: Path) -> None:
    """It asks seldom; what was missed is done once; nothing is late or needed afterwards."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        ended = one.clock.now() + timedelta(days=1)
        down = {"match": {"path": "^/v1.0"}, "for": "24 h", "drop": True, "times": 100_000}
        ask(there.sandbox, "faults", down)
        before = one.asked()
        await one.until(ended)
        (at,) = one.house.workplaces()
        assert one.asked() - before < 500
        assert "unreachable" in await one.kinds()

        done = {(run.job, run.period) for run in await at.journal.runs() if run.outcome == "done"}
        await one.on(hours=1)
        assert one.house.all_done(), one.house.in_the_way()
        again = [
            run.job
            for run in await at.journal.runs()
            if run.outcome == "done" and (run.job, run.period) not in done
        ]
        assert len(again) == len(set(again)), "each job is caught up once"
        assert await one.kinds() & {"unreachable", "stuck", "late"} == set()


# ---------------------------------------------------------------- the state


@pytest.mark.parametrize(
    ("trouble", "said"), [("full", "the disk is full"), ("locked", "has been writing")]
)
async def test_a_state_that_cannot_be_written(
    there: Ground, tmp_path: Path, trouble: str, said: str
) -> None:
    """It neither ends nor spins: that is told, work waits, and goes on when there is room."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        with _in_the_way(tmp_path / "own.db", trouble, one.house.store):
            before = one.asked()
            await one.on(hours=2)
            (need,) = [n for n in one.house.needs() if n.kind == "state"]
            assert said in need.said
            assert not one.house.all_done()
            rounds = await one.until(one.clock.now() + timedelta(hours=3))
            assert rounds < 200
            assert one.asked() - before < 100
            assert any(n.kind == "state" for n in (await one.house.standing()).needs)
        await one.on(hours=1)
        assert one.house.all_done()
        assert one.house.needs() == ()


_JUNK = "INSERT INTO cursors VALUES ('junk', hex(randomblob(8)), hex(randomblob(50)))"


@contextmanager
def _in_the_way(path: Path, trouble: str, store: Store) -> Iterator[None]:
    """A disk without room, or a process that writes and writes."""
    with (
        closing(store._database._engine.raw_connection()) as mine,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        own = mine.cursor()
        own.execute("PRAGMA busy_timeout=0")
        if trouble == "full":
            pages = own.execute("PRAGMA page_count").fetchone()[0]
            own.execute(f"PRAGMA max_page_count={pages}")
            with suppress(sqlite3.OperationalError):
                while True:
                    own.execute(_JUNK)
        else:
            other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            if other.in_transaction:
                other.execute("ROLLBACK")
            own.execute("PRAGMA max_page_count=1000000")
            own.execute("DELETE FROM cursors WHERE network = 'junk'")


# ---------------------------------------------------------------- our own faults


async def test_a_fault_in_one_job(there: Ground, tmp_path: Path) -> None:
    """It is a failed run and a need, told without what was read; the other jobs are done."""

    async def observe(at: Workplace) -> None:
        raise KeyError("anna.exempel@exempel.se")

    async with kept(there, there.settings(tmp_path)) as one:
        entry = one.house.timetable.entry(one.house.workplaces()[0].network.id, "prepare_room")
        assert entry is not None
        whole: Job[Any] = entry.job
        entry.job = replace(whole, observe=observe)
        with capture_logs() as logs:
            await one.daemon.round()
        (fault,) = [log for log in logs if log["event"] == "fault"]
        assert fault["kind"] == "KeyError"
        assert "test_house.py" in fault["lines"][-1]
        assert "anna" not in str(logs)
        (at,) = one.house.workplaces()
        by_job = {run.job: run.outcome for run in await at.journal.runs()}
        assert by_job.pop("prepare_room") == "failed"
        assert set(by_job.values()) == {"done"}
        assert not one.house.all_done()
        assert [n.subject for n in (await one.house.standing()).needs if n.kind == "stuck"] == [
            "job prepare_room"
        ]

        entry.job = whole
        await one.on(hours=1)
        assert one.house.all_done()


# ---------------------------------------------------------------- settings


async def test_settings_that_are_not_usable(there: Ground, tmp_path: Path) -> None:
    """Every problem is told, as a need and in the log; the old ones hold until they are mended."""
    env_file = there.settings(tmp_path)
    async with kept(there, env_file) as one:
        await one.daemon.round()
        before = one.house.settings
        there.settings(tmp_path, NATVERKET_POLL_DRIVES="7", NATVERKET_MODES="observe")
        one.daemon.reload()
        log_to_stderr("info", "text")
        with capture_logs() as logs:
            await one.daemon.round()
        problems = [log["problem"] for log in logs if log["event"] == "settings_refused"]
        assert len(problems) == 2
        (need,) = one.house.needs()
        assert all(problem in need.said for problem in problems)
        assert one.house.settings is before
        await one.on(hours=1)
        assert one.house.all_done()

        there.settings(tmp_path, NATVERKET_POLL_DRIVES="30")
        for _ in range(3):
            await one.on(minutes=1)
        assert one.house.settings.poll_drives == 30
        assert one.house.needs() == ()


async def test_what_holds_until_the_next_start(there: Ground, tmp_path: Path) -> None:
    """Another state and another port are told as needs, and the rest takes effect."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        state = one.house.settings.state_url
        others = {
            "NATVERKET_STATE_URL": f"sqlite:///{tmp_path / 'x.db'}",
            "NATVERKET_WEB_PORT": "1",
        }
        there.settings(tmp_path, NATVERKET_SETTLE_MINUTES="5", **others)
        one.daemon.reload()
        await one.daemon.round()
        assert {need.subject for need in one.house.needs()} == others.keys()
        assert (one.house.settings.state_url, one.house.settings.settle_minutes) == (state, 5)


async def test_what_ran_stays_run(there: Ground, tmp_path: Path) -> None:
    """Read anew without a change, nothing is due that was done, and nothing is opened anew."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        (before,) = one.house.workplaces()
        rounds = len(one.after)
        one.daemon.reload()
        await one.daemon.round()
        assert one.house.workplaces() == (before,)
        assert len(one.after) == rounds + 1, "whoever is told of needs is told of the settings, too"
        assert one.house.timetable.due(one.clock.now()) == []


async def test_a_job_at_once(there: Ground, tmp_path: Path) -> None:
    """A person may have a job run now; of a job that there is not she is told so."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        (at,) = one.house.workplaces()
        before = len(await at.journal.runs())
        assert one.house.run_now(at.network.id, "watch_gaps")
        assert not one.house.run_now(at.network.id, "watch_gap")
        await one.daemon.round()
        assert len(await at.journal.runs()) == before + 1
        assert one.house.timetable.due(one.clock.now()) == []


# ---------------------------------------------------------------- stopping


async def test_told_to_stop(there: Ground, tmp_path: Path) -> None:
    """What does not end in time is cut off, is not run, and is due after the next start."""
    begun = asyncio.Event()

    async def observe(at: Workplace) -> None:
        begun.set()
        await asyncio.Event().wait()

    env_file = there.settings(tmp_path)
    async with kept(there, env_file) as one:
        (at,) = one.house.workplaces()
        entry = one.house.timetable.entry(at.network.id, "prepare_room")
        assert entry is not None
        entry.job = replace(entry.job, observe=observe)
        one.house.settings = one.house.settings.model_copy(update={"stop_seconds": 0})
        working = asyncio.create_task(one.daemon.work())
        await begun.wait()
        one.daemon.stop()
        await working
        ran = {run.job for run in await at.journal.runs()}
        assert "sync_calendar" in ran
        assert "prepare_room" not in ran
        assert "watch_gaps" not in ran
    async with kept(there, env_file) as one:
        await one.daemon.round()
        (at,) = one.house.workplaces()
        assert {"prepare_room", "watch_gaps"} <= {run.job for run in await at.journal.runs()}
