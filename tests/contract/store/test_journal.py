"""The journal's contract, over every database that it runs on."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.survey.responses import Response
from service.ports import HistoryPoint, Journal, Latest, Run
from service.store import Store, is_there, open_store

NOW = datetime(2023, 3, 1, tzinfo=UTC)
RUN = Run(
    job="file",
    scope="network",
    period=NOW,
    started=NOW,
    finished=NOW + timedelta(seconds=3),
    outcome="done",
    did=2,
    note="två",
)


@pytest.fixture
def journal(store: Store) -> Journal:
    """An empty journal, known by its port alone."""
    return store.journal("network")


async def test_a_run_is_kept_by_its_identity(journal: Journal) -> None:
    """A run of the same job, scope and period replaces the earlier one; others stay."""
    later = replace(RUN, period=NOW + timedelta(days=1), started=NOW + timedelta(days=1))
    await journal.record(later)
    await journal.record(replace(RUN, outcome="failed"))
    await journal.record(RUN)

    assert await journal.runs() == (RUN, later)


async def test_the_last_period_is_the_latest(journal: Journal) -> None:
    """It goes by the period, not by when the run was recorded, and by job and scope."""
    await journal.record(replace(RUN, period=NOW + timedelta(days=1)))
    await journal.record(RUN)
    await journal.record(replace(RUN, scope="other", period=NOW + timedelta(days=9)))

    assert await journal.last_period("file", "network") == NOW + timedelta(days=1)
    assert await journal.last_period("post", "network") is None


async def test_how_a_job_stands(journal: Journal) -> None:
    """The latest run however it ended, the latest that was done, and the failures since."""
    assert await journal.latest("file", "network") == Latest()
    await journal.record(RUN)
    assert await journal.latest("file", "network") == Latest(run=RUN, done=NOW)

    failed = [
        replace(RUN, period=NOW + timedelta(hours=hour), outcome=outcome)
        for hour, outcome in ((1, "failed"), (2, "in part"))
    ]
    for each in failed:
        await journal.record(each)
    await journal.record(replace(RUN, scope="other", period=NOW + timedelta(days=9)))
    found = await journal.latest("file", "network")
    assert found == Latest(run=failed[-1], done=NOW, failures=2)

    await journal.record(replace(failed[-1], outcome="done"))
    found = await journal.latest("file", "network")
    assert (found.done, found.failures) == (failed[-1].period, 0)


async def test_old_runs_are_let_go(store: Store, journal: Journal) -> None:
    """Of every job the last run and the last that was done stay, however old; newer ones too."""
    of = {
        ("file", 0): "done",
        ("file", 1): "failed",
        ("file", 9): "done",
        ("post", 0): "done",
        ("post", 1): "done",
        ("post", 2): "failed",
        ("post", 3): "failed",
        ("never", 0): "failed",
        ("never", 1): "failed",
    }
    runs = {
        key: replace(RUN, job=key[0], period=NOW + timedelta(days=key[1]), outcome=outcome)
        for key, outcome in of.items()
    }
    for run in runs.values():
        await journal.record(run)

    assert store.prune(NOW + timedelta(days=5)) == 5
    left = {(run.job, (run.period - NOW).days) for run in await journal.runs()}
    assert left == {("file", 9), ("post", 1), ("post", 3), ("never", 1)}
    assert store.prune(NOW + timedelta(days=5)) == 0


def test_who_only_asks_makes_no_state(tmp_path: Path) -> None:
    """Whether a state is there can be told without making one."""
    url = f"sqlite:///{tmp_path / 'state.db'}"
    assert not is_there(url)
    assert list(tmp_path.iterdir()) == []
    open_store(url).close()
    assert is_there(url)


async def test_responses_are_replaced_as_a_whole(journal: Journal) -> None:
    """The new responses are all there is of the form, in their order; other forms stay."""
    first = (
        Response(
            id="2",
            submitted=NOW,
            answers={"Nöjd?": "5"},
            started=NOW - timedelta(minutes=2),
            changed=NOW + timedelta(days=1),
            row=3,
        ),
        Response(id="1", submitted=None, answers={"Nöjd?": "", "Övrigt": "Bra!"}),
    )
    await journal.replace_responses("form", first)
    await journal.replace_responses("other", first[:1])
    assert await journal.responses("form") == first

    await journal.replace_responses("form", first[1:])
    assert await journal.responses("form") == first[1:]
    await journal.replace_responses("form", ())
    assert await journal.responses("form") == ()
    assert await journal.responses("other") == first[:1]


async def test_history_counts_what_is_new(journal: Journal) -> None:
    """Importing again changes nothing and says 0; a corrected point counts."""
    points = [
        HistoryPoint(year=2021, question="Nöjd", mean="4,2", n=30),
        HistoryPoint(year=2022, question="Nöjd", mean="4.25", n=31),
    ]
    assert await journal.import_history(points) == 2
    assert await journal.import_history(points) == 0
    assert await journal.import_history([replace(points[0], n=29), points[1]]) == 1

    assert await journal.history() == (replace(points[0], n=29), points[1])


async def test_networks_do_not_see_each_other(store: Store) -> None:
    """Two networks in one state share no runs, responses or history."""
    one, other = store.journal("one"), store.journal("other")
    await one.record(RUN)
    await one.replace_responses("form", [Response(id="1", submitted=NOW)])
    await one.import_history([HistoryPoint(year=2021, question="q", mean="4", n=5)])

    assert await other.runs() == ()
    assert await other.responses("form") == ()
    assert await other.history() == ()


def test_deleted_answers_are_not_in_the_file(tmp_path: Path) -> None:
    """What was replaced by nothing is overwritten, not only unlinked (SQLite)."""
    file = tmp_path / "state.db"
    store = open_store(f"sqlite:///{file}")
    secret = "Siv tyckte illa om lokalen"
    given = [
        Response(id=str(n), submitted=None, answers={"q": f"{secret} {n}"}) for n in range(200)
    ]
    asyncio.run(store.journal("a").replace_responses("form", given))
    store.close()
    assert secret.encode() in file.read_bytes()
    store = open_store(f"sqlite:///{file}")
    asyncio.run(store.journal("a").replace_responses("form", ()))
    store.close()

    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert secret.encode() not in left
