"""What counts as told already, and what the posting jobs decide from that."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.domain.actions import Announce, Forgo
from service.domain.digest import DigestFacts, Filed
from service.domain.meeting import Meeting
from service.domain.post import key_in
from service.domain.reminder import MeetingFacts, Situation
from service.domain.routes import Transport
from service.jobs import post_digest, post_reminders
from service.jobs.posts import Ways, already
from service.ports import Effect, Status
from service.render.cards import adaptive_card
from tests.unit.effects.fakes import urls_of
from tests.unit.effects.fate import SITE
from tests.unit.effects.world import ZONE, meeting, network, rules, texts
from tests.unit.jobs.builders import effect

NOW = datetime(2023, 3, 7, 12, 0, tzinfo=UTC)  # 13:00 in Sweden, the day before the meeting
NATURE = meeting()
WAIT = timedelta(minutes=60)


WAYS = Ways(
    routes=rules().routes, there=frozenset({("common", Transport.WORKFLOW)}), coordinators="c"
)


def told(**other: object) -> dict[str, date | None]:
    done = effect("v1/k", created=datetime(2023, 3, 6, 23, 30, tzinfo=UTC), **other)
    return already({"v1/k": done}, now=NOW, proof_wait=WAIT, time_zone=ZONE)


SETTLED, DROPPED, OPEN = {"v1/k": date(2023, 3, 7)}, {"v1/k": None}, {}


CASES: list[tuple[dict[str, Any], dict[str, date | None]]] = [
    ({"status": Status.DONE}, SETTLED),
    ({"status": Status.DROPPED}, DROPPED),
    ({"status": Status.CLAIMED, "attempts": 1, "updated": NOW - timedelta(minutes=59)}, SETTLED),
    ({"status": Status.CLAIMED, "attempts": 1, "updated": NOW - WAIT}, OPEN),
    ({"status": Status.QUEUED, "attempts": 1, "updated": NOW - timedelta(minutes=59)}, SETTLED),
    ({"status": Status.QUEUED, "attempts": 1, "updated": NOW - WAIT}, OPEN),
    ({"status": Status.PARKED}, DROPPED),
    ({"status": Status.PARKED, "not_before": NOW + timedelta(seconds=1)}, DROPPED),
    ({"status": Status.PARKED, "not_before": NOW}, OPEN),
]


@pytest.mark.parametrize(("state", "expected"), CASES)
def test_already(state: dict[str, object], expected: dict[str, date | None]) -> None:
    """Done and still possible ones count on their local day, given-up ones without a day."""
    assert told(**state) == expected


def test_every_status_is_decided() -> None:
    """The table above leaves no status out."""
    assert {state["status"] for state, _ in CASES} == set(Status)


# ---------------------------------------------------------------- reminders


def reminders(of: Meeting = NATURE, effects: tuple[Effect, ...] = (), now: datetime = NOW):
    policy = rules().reminders
    seen = post_reminders.Observed(
        situation=Situation(
            network=network(), page=SITE, meetings=(of,), facts={of.id: MeetingFacts()}
        ),
        policy=replace(policy),
        already=already(
            {one.key: one for one in effects}, now=now, proof_wait=WAIT, time_zone=ZONE
        ),
        words=texts(),
        ways=WAYS,
    )
    return post_reminders.plan(seen, now)


def test_reminder_of_tomorrow() -> None:
    """The day before, the meeting is announced, its card carries the key, and what it says."""
    [action] = [a for a in reminders() if isinstance(a, Announce)]

    assert action.key == "v1/natverk/common/uid-0308/soon/2023-03-08"
    assert {key_in(url) for url in urls_of(adaptive_card(action.card, key=action.key))} >= {
        action.key
    }
    assert action.told == {
        "meeting_id": "uid-0308",
        "told_start": NATURE.start.isoformat(),
        "told_end": NATURE.end.isoformat(),
        "told_place": "Skara",
    }


@pytest.mark.parametrize("status", [Status.DONE, Status.DROPPED, Status.PARKED, Status.QUEUED])
def test_told_already(status: Status) -> None:
    """What was told, given up or is under way is not decided again."""
    [action] = [a for a in reminders() if isinstance(a, Announce)]
    there = effect(action.key, status, updated=NOW, attempts=1)

    assert [a.key for a in reminders(effects=(there,))] == []


def test_too_late_is_forgone() -> None:
    """A reminder whose time has passed is forgone with a reason, not sent."""
    actions = reminders(now=NATURE.start + timedelta(hours=1))

    assert [type(action) for action in actions] == [Forgo]
    assert actions[0].why


def test_nothing_due() -> None:
    """Weeks before, there is nothing to say."""
    assert reminders(now=NOW - timedelta(days=30)) == ()


# ---------------------------------------------------------------- the letter


def letter(*filed: Filed, **told: date):
    now = datetime(2023, 3, 13, 7, 30, tzinfo=UTC)  # Monday 08:30
    situation = Situation(network=network(), page=SITE, meetings=(NATURE,))
    seen = post_digest.Observed(
        facts=DigestFacts(situation=situation, filed=filed),
        rules=rules().digest,
        already=told,
        words=texts(),
        ways=WAYS,
    )
    return post_digest.plan(seen, now)


def test_letter() -> None:
    """What was filed since the last letter is told on Monday, without a meeting's own facts."""
    [action] = letter(Filed(meeting_id=NATURE.id, at=datetime(2023, 3, 10, 9, 0, tzinfo=UTC)))

    assert isinstance(action, Announce)
    assert (action.channel, action.told) == ("common", {})
    assert "2023-W11" in action.key


def test_no_news_no_letter() -> None:
    """A week without anything new has no letter."""
    assert letter() == ()
