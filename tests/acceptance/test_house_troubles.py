"""Troubles of a daemon's surroundings: clocks, names, certificates, outages; what comes of each."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from service.cli.run import News, alone
from service.cli.serving import routes_of
from service.demo.tenant import ask
from service.graph.clock import SandboxClock
from service.store import KEPT_RUNS
from service.workplace import Workplace
from tests.acceptance.keeping import Ground, Kept, ground, kept
from tests.contract.store.cluster import laid_out
from tests.sandbox.entra_clients import certificate


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with ground(tmp_path_factory.mktemp("troubles")) as found:
        yield found


def own(there: Ground, name: str) -> str:
    return dict(line.split("=", 1) for line in there.lines)[name]


async def shown(one: Kept, path: str) -> httpx.Response:
    """What the daemon's listener answers."""
    through = httpx.ASGITransport(Starlette(routes=routes_of(one.house, one.house.settings)))
    async with httpx.AsyncClient(transport=through, base_url="http://127.0.0.1:8080") as http:
        return await http.get(path)


async def morning(tenant: SandboxClock) -> None:
    """Move on to the next day at nine, UTC: at night jobs are seldom."""
    tomorrow = (await tenant.refresh()) + timedelta(days=1)
    await tenant.move_to(tomorrow.replace(hour=9, minute=0, second=0, microsecond=0))


# ---------------------------------------------------------------- credentials


async def test_a_certificate_is_replaced(there: Ground, tmp_path: Path) -> None:
    """The old one taken away is a need, seen everywhere; the new file heals it by itself."""
    app, file = own(there, "NATVERKET_CLIENT_ID"), tmp_path / "app.pem"

    def lay() -> None:
        key, pem, _ = certificate()
        ask(there.sandbox, "certificates", {"client_id": app, "pem": pem})
        file.write_text(key + pem)

    lay()
    env_file = there.settings(
        tmp_path, NATVERKET_CLIENT_SECRET="", NATVERKET_CLIENT_CERTIFICATE_FILE=str(file)
    )
    async with kept(there, env_file) as one:
        await one.daemon.round()
        assert one.house.all_done(), one.house.in_the_way()

        ask(there.sandbox, "act", {"act": "RemoveCertificates", "app": app})
        ask(there.sandbox, "faults", {"match": {"path": "^/v1.0"}, "times": 1, "status": 401})
        await one.on(hours=1)
        await one.on(hours=1)
        (need,) = [n for n in (await one.house.standing()).needs if n.kind == "credential"]
        assert need.who == "admin"
        assert (await shown(one, "/readyz")).status_code == 200, "it is ready to tell of it"
        assert "credential" in (await shown(one, "/metrics")).text
        assert "AADSTS700027" in (await shown(one, "/")).text

        lay()
        for _ in range(3):
            await one.on(minutes=1)
        assert one.house.all_done(), one.house.in_the_way()
        assert "credential" not in await one.kinds()


# ---------------------------------------------------------------- time and names


class Wrong:
    """The machine's clock, as far off the tenant's as a test sets it."""

    def __init__(self, tenant: SandboxClock) -> None:
        self.tenant = tenant
        self.off = timedelta()

    def now(self) -> datetime:
        return self.tenant.now() + self.off

    async def sleep(self, seconds: float) -> None:
        await self.tenant.sleep(seconds)


async def test_a_clock_that_jumps(there: Ground, tmp_path: Path) -> None:
    """An hour ahead is caught up once; an hour back, nothing waits for that hour to pass."""
    async with kept(there, there.settings(tmp_path)) as one:
        clock = Wrong(one.clock)
        one.house.clock = clock  # type: ignore[assignment]  # as good as the machine's
        await morning(clock.tenant)
        await one.daemon.round()
        (at,) = one.house.workplaces()
        ran = len(await at.journal.runs())

        clock.off = timedelta(hours=1)
        await one.daemon.round()
        ahead = await at.journal.runs()
        jobs = [run.job for run in ahead[ran:]]
        assert "sync_calendar" in jobs
        assert len(jobs) == len(set(jobs)), "what was missed is one"

        clock.off = timedelta()
        await one.daemon.round()
        assert one.house.all_done()
        await clock.tenant.move_to(clock.tenant.now() + timedelta(minutes=30))
        await one.daemon.round()
        later = [run for run in await at.journal.runs() if run.started <= clock.now()]
        assert {run.job for run in later if run.started == clock.now()} >= {"sync_calendar"}
        assert "late" not in await one.kinds()


async def test_shut_by_a_clock_that_was_wrong(there: Ground, tmp_path: Path) -> None:
    """What could not be opened next year is tried again when it is this year once more."""
    env_file = there.settings(tmp_path, NATVERKET_AUTHORITY_URL="https://login.invalid")
    async with kept(there, env_file) as one:
        clock = Wrong(one.clock)
        one.house.clock = clock  # type: ignore[assignment]  # as good as the machine's
        await morning(clock.tenant)
        clock.off = timedelta(days=365)
        await one.daemon.round()
        assert list(one.house.due()) == []
        clock.off = timedelta()
        await one.daemon.round()
        await clock.tenant.move_to(clock.now() + timedelta(hours=1))
        assert list(one.house.due())


async def test_names_that_fail_later(there: Ground, tmp_path: Path) -> None:
    """A host that is no longer found is a need and no end; found again, all is done."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        assert one.house.all_done()
        there.settings(tmp_path, NATVERKET_AUTHORITY_URL="https://login.invalid")
        one.daemon.reload()
        for _ in range(7):
            await one.on(hours=1)
        (need,) = [n for n in (await one.house.standing()).needs if n.who == "admin"]
        assert "login.invalid" in need.said
        assert (await shown(one, "/readyz")).status_code == 200

        there.settings(tmp_path)
        one.daemon.reload()
        await one.daemon.round()
        assert one.house.all_done(), one.house.in_the_way()


# ---------------------------------------------------------------- what others are told


async def test_a_dead_mans_switch(there: Ground, tmp_path: Path) -> None:
    """It is called after a round in which all was done; not after a failure, nor observing."""
    url = f"{there.sandbox.url}/ping/of-this-test"

    def called() -> int:
        items = ask(there.sandbox, f"requests?since={before}")["items"]
        return sum(1 for item in items if item["path"].startswith("/ping/"))

    async with kept(there, there.settings(tmp_path, NATVERKET_PING_URL=url)) as one:
        before = one.asked()
        one.daemon._after = News(one.house).tell
        await one.daemon.round()
        assert called() == 1

        one.house.run_now(one.house.workplaces()[0].network.id, "sync_calendar")
        ask(there.sandbox, "faults", {"match": {"path": "alendar"}, "times": 1, "status": 403})
        await one.on(minutes=5)
        assert one.house.in_the_way()
        assert called() == 1

        await one.on(hours=1)
        assert called() == 2

        there.settings(tmp_path, NATVERKET_PING_URL=url, NATVERKET_MODE="observe")
        one.daemon.reload()
        await one.on(hours=1)
        assert one.house.all_done()
        assert called() == 2


# ---------------------------------------------------------------- one thing at a time


async def test_settings_wait_for_the_job_under_way(there: Ground, tmp_path: Path) -> None:
    """Neither settings nor a job that a person starts take anything from the one that runs."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        (at,) = one.house.workplaces()
        entry = one.house.timetable.entry(at.network.id, "watch_gaps")
        assert entry is not None
        usual = entry.job

        async def observe(at: Workplace) -> Any:
            begun.set()
            await go_on.wait()
            assert await at.drives.find(at.places.documentation, "nowhere") is None
            return await usual.observe(at)

        entry.job = replace(usual, observe=observe)
        one.house.run_now(at.network.id, "watch_gaps")
        working = asyncio.create_task(one.daemon.round())
        await begun.wait()
        there.settings(tmp_path, NATVERKET_SETTLE_MINUTES="5", NATVERKET_ORGANISATION="another")
        one.daemon.reload()
        one.house.run_now(at.network.id, "sync_calendar")
        await asyncio.sleep(0)
        assert one.house.settings.settle_minutes != 5
        go_on.set()
        await working
        assert one.house.all_done() or not one.house.in_the_way(), one.house.in_the_way()

        await one.daemon.round()
        assert one.house.settings.settle_minutes == 5
        assert one.house.all_done()


# ---------------------------------------------------------------- what is kept


@pytest.mark.proof
async def test_records_of_old_runs_go(there: Ground, tmp_path: Path) -> None:
    """After three months, with the next round; of each job its last run stays."""
    async with kept(there, there.settings(tmp_path)) as one:
        await one.daemon.round()
        (at,) = one.house.workplaces()
        first = await at.journal.runs()
        await one.on(days=1)
        assert {run.period for run in first} <= {run.period for run in await at.journal.runs()}

        await one.on(days=KEPT_RUNS.days)
        left, oldest = await at.journal.runs(), one.clock.now() - KEPT_RUNS
        assert {run.job for run in left} >= {run.job for run in first}
        often = [run for run in left if run.job == "sync_calendar"]
        assert often
        assert all(run.period >= oldest for run in often)


# ---------------------------------------------------------------- a state elsewhere


@pytest.mark.proof
async def test_postgresql_goes_and_comes_back(there: Ground, tmp_path: Path) -> None:
    """Stopped and started, it is told meanwhile, and work goes on by itself; so does leaving."""
    with laid_out() as cluster:
        with cluster.running():
            url = cluster.make_database("own")
        with ExitStack() as running:
            running.enter_context(cluster.running())
            async with kept(there, there.settings(tmp_path, NATVERKET_STATE_URL=url)) as one:
                with alone(one.house):
                    await one.daemon.round()
                    assert one.house.all_done()

                    running.close()
                    await one.on(hours=1)
                    (need,) = one.house.needs()
                    assert (need.kind, need.who) == ("state", "admin")
                    assert (await shown(one, "/readyz")).status_code == 503
                    assert (await shown(one, "/livez")).status_code == 200
                    assert (await shown(one, "/")).status_code in (200, 503)
                    assert "state_readable 0.0" in (await shown(one, "/metrics")).text

                    running.enter_context(cluster.running())
                    await one.on(hours=1)
                    assert one.house.all_done(), one.house.in_the_way()
                    assert one.house.needs() == ()
                    assert (await shown(one, "/readyz")).status_code == 200
