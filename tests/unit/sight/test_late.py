"""How late a job is, and whether the rounds go on."""

from datetime import timedelta

import pytest

from service import schedule
from service.jobs import JOBS
from service.schedule import GRACE, LONGEST_ROUND, Entry, Pulse, trigger
from tests.unit.test_schedule import DEFAULTS, NETWORKS, NOON, ZONE


def entry() -> Entry:
    """The reading of the libraries, every ten minutes."""
    job = next(job for job in JOBS if job.name == "file_materials")
    made = trigger(job, NETWORKS[0], ZONE, DEFAULTS)
    return Entry(job=job, network_id=NETWORKS[0], trigger=made, last=None)


def test_late_counts_from_the_oldest_occurrence_that_is_not_done() -> None:
    """Not from the latest one: a job that fails all day is late all day."""
    one = entry()
    first = one.next_wake(NOON)

    assert one.late(NOON, None) == 0
    assert one.late(first, NOON) == 0
    assert one.late(first + timedelta(hours=3), NOON) == 3 * 3600
    one.failed(first + timedelta(hours=2), first + timedelta(hours=2))
    assert one.late(first + timedelta(hours=3), NOON) == 3 * 3600


def test_what_waits_by_its_own_wish_is_not_late() -> None:
    """A post that waits for its proof is late only when its time has come."""
    one = entry()
    until = NOON + timedelta(hours=2)
    one.postpone(NOON, until)

    assert one.late(NOON + timedelta(hours=1), NOON - timedelta(hours=1)) == 0
    assert one.late(until + timedelta(minutes=5), NOON - timedelta(hours=1)) == 300


def test_a_clock_that_jumps_back_makes_nothing_late() -> None:
    """There is no negative lateness."""
    assert entry().late(NOON - timedelta(days=1), NOON) == 0


def test_rounds_that_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pause may last as long as was said, a round much longer; before the first all is well."""
    now = [1000.0]
    monkeypatch.setattr(schedule, "monotonic", lambda: now[0])
    pulse = Pulse()
    assert (pulse.began, pulse.overdue()) == (False, 0)

    pulse.begin()
    now[0] += LONGEST_ROUND
    assert (pulse.began, pulse.overdue()) == (True, 0)
    now[0] += 1
    assert pulse.overdue() == 1

    pulse.end(timedelta(minutes=10))
    now[0] += 600 + GRACE
    assert pulse.overdue() == 0
    now[0] += 5
    assert pulse.overdue() == 5
