"""A meeting that changes after something was posted of it: what its readers find then."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask
from service.demo.year import prepare, tenant
from service.domain.post import key_in
from service.domain.routes import Transport
from service.graph.clock import SandboxClock
from service.settings import Settings
from service.wiring import Office, open_office

LAST_DAY = datetime(2023, 2, 24, 7, 40, tzinfo=UTC)
"""A Friday morning: the last day to register for 8 March."""

Cards = dict[str, str]
"""What each message of ours says, by its id."""


@dataclass(frozen=True)
class Change:
    act: dict[str, str]
    seen: datetime
    """When the service looks next."""
    says: str


CHANGES = {
    "moved": Change(
        {
            "act": "Reinvite",
            "start": "2023-03-09T09:30:00+01:00",
            "end": "2023-03-09T15:30:00+01:00",
        },
        datetime(2023, 2, 24, 11, 40, tzinfo=UTC),
        "Ändrat: Natur i stadsplanering torsdag 9 mars kl. 9.30–15.30",
    ),
    "cancelled while the service was away": Change(
        {"act": "CancelInvite"},
        datetime(2023, 2, 27, 8, 40, tzinfo=UTC),
        "Inställt: Natur i stadsplanering onsdag 8 mars",
    ),
}


def _changed(change: Change, via: Transport, folder: Path) -> tuple[Cards, Cards]:
    """What stood in the channel of our own before the change, and after it."""
    with tenant(folder / "demo") as (sandbox, settings):
        log_to_stderr("error", "text")
        network = settings.networks[0].model_copy(update={"post_via": (via,)})
        chosen = settings.model_copy(update={"networks": (network,)})
        asyncio.run(prepare(chosen))
        before = asyncio.run(_at_work(LAST_DAY, chosen))
        ask(sandbox, "act", {**change.act, "key": "2023-03-08"})
        return before, asyncio.run(_at_work(change.seen, chosen))


async def _at_work(now: datetime, settings: Settings) -> Cards:
    """Read the calendar and post, and again when a flow has done its work; read the channel."""
    async with open_office(settings) as office:
        assert isinstance(office.clock, SandboxClock)
        await office.clock.move_to(now)
        for _ in range(2):
            for job in ("sync_calendar", "post_reminders"):
                await _run(job, office)
            await office.clock.sleep(40 * 60)
        return await _of_ours(office)


async def _run(job: str, office: Office) -> None:
    timetable = await office.timetable()
    entry = next(each for each in timetable.entries if each.job.name == job)
    outcome = await office.run(entry, office.clock.now())
    assert not outcome.errors


async def _of_ours(office: Office) -> Cards:
    at = office.workplaces[0]
    return {
        change.id: change.value.text
        async for page in at.messages[at.common_channel].changes(None)
        for change in page.changes
        if change.value is not None and any(key_in(link.url) for link in change.value.links)
    }


@pytest.mark.parametrize("name", CHANGES)
def test_a_bot_puts_right_what_stands_there(name: str, tmp_path: Path) -> None:
    """The card says what holds now, in its old place; nothing else is posted."""
    before, after = _changed(CHANGES[name], Transport.BOT, tmp_path)

    assert len(before) == 1
    assert after.keys() == before.keys()
    assert all(CHANGES[name].says in text for text in after.values())


@pytest.mark.parametrize("name", CHANGES)
def test_a_flow_posts_one_follow_up(name: str, tmp_path: Path) -> None:
    """What was said stays, and one more card says what holds now."""
    before, after = _changed(CHANGES[name], Transport.WORKFLOW, tmp_path)

    assert len(before) == 1
    assert before.items() <= after.items()
    (follow_up,) = after.keys() - before.keys()
    assert CHANGES[name].says in after[follow_up]
