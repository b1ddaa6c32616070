"""`natverket posts` over a tenant in which posts wait, stand and are taken back."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from service.cli.app import app
from service.cli.logs import log_to_stderr
from service.cli.words import FAILED
from service.demo.tenant import ask
from service.demo.year import prepare
from service.domain.post import key_in
from service.errors import NatverketError
from service.graph.clock import SandboxClock
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import open_office

NOW = datetime(2023, 2, 17, 7, 40, tzinfo=UTC)
"""A week before the last day to register for 8 March."""
TITLE = "Natur i stadsplanering"


@dataclass(frozen=True)
class House:
    """The tenant as the command line and the jobs see it, by one way out and its own state."""

    sandbox: Sandbox
    folder: Path

    def env_file(self, via: str) -> Path:
        file = self.folder / f"{via}.env"
        if not file.exists():
            lines = [
                self.sandbox.env_file.read_text(encoding="utf-8"),
                f"NATVERKET_NETWORK_POST_VIA={via.split(maxsplit=1)[0]}",
                "NATVERKET_NETWORK_MAIL_LISTS=common=alla@natverket.example",
                f"NATVERKET_STATE_URL=sqlite:///{self.folder / via}.db",
                "",
            ]
            file.write_text("\n".join(lines), encoding="utf-8")
        return file

    def natverket(self, via: str, *words: str, code: int = 0) -> str:
        """What the command says: to its end, or why it went wrong."""
        arguments = ["--env-file", str(self.env_file(via)), "posts", *words]
        done = CliRunner().invoke(app, arguments, env={"NATVERKET_LOG_LEVEL": "error"})
        said, ended = done.output, done.exit_code
        if isinstance(done.exception, NatverketError):
            said, ended = f"{done.exception} {done.exception.remedy}", FAILED
        assert ended == code, said
        return said

    def listed(self, via: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.natverket(via, "--json"))
        return found

    def jobs(self, via: str, *names: str, after: timedelta = timedelta(0)) -> None:
        asyncio.run(self._jobs(via, names, after))

    async def _jobs(self, via: str, names: tuple[str, ...], after: timedelta) -> None:
        async with self.office(via) as office:
            await office.clock.sleep(after.total_seconds())
            timetable = await office.timetable()
            for entry in timetable.entries:
                if entry.job.name in names:
                    outcome = await office.run(entry, office.clock.now())
                    assert not outcome.errors

    def office(self, via: str) -> Any:
        return open_office(read_settings(self.env_file(via), {}))

    def in_channel(self, key: str) -> int:
        """How many messages carry the post's key."""
        return asyncio.run(self._in_channel(key))

    async def _in_channel(self, key: str) -> int:
        async with self.office("workflow") as office:
            at = office.workplaces[0]
            found = [
                any(key_in(link.url) == key for link in change.value.links)
                async for page in at.messages[at.common_channel].changes(None)
                for change in page.changes
                if change.value is not None
            ]
            return sum(found)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """On 17 February: a reminder by the flow waits for a tick."""
    folder = tmp_path_factory.mktemp("posts")
    with Sandbox(seed="2023", directory=folder / "tenant") as sandbox:
        made = House(sandbox, folder)
        asyncio.run(_prepare(made))
        made.jobs("workflow", "sync_calendar", "post_reminders")
        yield made


async def _prepare(house: House) -> None:
    log_to_stderr("error", "text")
    await prepare(read_settings(house.env_file("workflow"), {}))
    async with house.office("workflow") as office:
        assert isinstance(office.clock, SandboxClock)
        await office.clock.move_to(NOW)


def test_nothing_was_posted(house: House) -> None:
    """By a way that nothing has gone yet; and nothing waits, which is no success."""
    assert house.natverket("mail") == "Inga inlägg ännu.\n"
    assert json.loads(house.natverket("mail", "--json")) == []
    assert "Inget inlägg väntar" in house.natverket("mail", "--approve", "all", code=2)


def test_what_waits(house: House) -> None:
    """Three lines a post: when, what and where; how it stands; its whole key."""
    first, second, key = house.natverket("workflow").splitlines()
    (post,) = house.listed("workflow")

    assert first == f" 2023-02-17 8.40  {TITLE} (registration_closing) · common, workflow"
    assert second.strip() == "väntar på godkännande"
    assert key.strip() == post["key"]
    assert (post["how_known"], post["message_id"]) == ("awaits_approval", None)


def test_unknown_names(house: House) -> None:
    """Each says what could have been meant."""
    assert "none is called so" in house.natverket("workflow", "--approve", "Bullernorm", code=1)
    assert "none is called so" in house.natverket("workflow", "--withdraw", "Bullernorm", code=1)
    told = house.natverket("workflow", "--hold", "digets", code=1)
    assert "neither a meeting's day" in told
    assert "digest, series" in told
    assert "There is none on that day" in house.natverket(
        "workflow", "--hold", "2023-03-07", code=1
    )
    assert "at a time" in house.natverket("workflow", "--approve", "x", "--hold", "y", code=2)


def test_hold_and_release(house: House) -> None:
    """A meeting by its day and a kind; both are told of until they are let go."""
    for name, shown in (("2023-03-08", TITLE), ("digest", "digest")):
        held = f"Inga inlägg går ut: {shown}"
        assert house.natverket("workflow", "--hold", name).strip() == held
        assert held in house.natverket("workflow")
        assert shown in house.natverket("workflow", "--release", name)
        assert held not in house.natverket("workflow")
        assert "Var inte stoppat" in house.natverket("workflow", "--release", name, code=2)


def test_approved_posted_and_put_right_by_a_flow(house: House) -> None:
    """By a part of the title; nothing can be taken back, so that a correction is posted."""
    (post,) = house.listed("workflow")
    assert f"Godkänt: {TITLE}" in house.natverket("workflow", "--approve", "stadsplan")
    house.jobs("workflow", "post_reminders")
    house.jobs("workflow", "post_reminders", after=timedelta(minutes=45))
    (seen,) = house.listed("workflow")
    assert (seen["key"], seen["how_known"]) == (post["key"], "seen")

    told = house.natverket("workflow", "--withdraw", post["key"])
    assert told.strip() == f"Kan inte tas bort, en rättelse är postad: {TITLE}"
    house.jobs("workflow", "post_reminders", after=timedelta(minutes=45))
    taken, correction = house.listed("workflow")
    assert (taken["how_known"], correction["how_known"]) == ("taken_back", "seen")
    assert correction["title"] == f"Återtaget: {TITLE}"
    assert [house.in_channel(one["key"]) for one in (taken, correction)] == [1, 1]
    assert "none is called so" in house.natverket("workflow", "--withdraw", "natur", code=1)


def test_approved_and_taken_back_by_a_bot(house: House) -> None:
    """All that waits at once; what is taken back is gone from the channel."""
    house.jobs("bot", "sync_calendar", "post_reminders")
    assert f"Godkänt: {TITLE}" in house.natverket("bot", "--approve", "all")
    house.jobs("bot", "post_reminders")
    (post,) = house.listed("bot")
    assert (post["how_known"], house.in_channel(post["key"])) == ("given", 2)

    assert house.natverket("bot", "--withdraw", "natur").strip() == f"Återtaget: {TITLE}"
    assert house.in_channel(post["key"]) == 1
    assert [one["how_known"] for one in house.listed("bot")] == ["taken_back"]


def test_taken_back_before_it_went_out(house: House) -> None:
    """Of what waits, and of what was refused, nobody has read anything: no correction."""
    house.jobs("mail", "sync_calendar", "post_reminders")
    house.natverket("mail", "--approve", "all")
    house.jobs("mail", "post_reminders")
    (post,) = house.listed("mail")
    assert "Application Mail.Send" in post["reason"]

    assert house.natverket("mail", "--withdraw", "natur").strip() == f"Återtaget: {TITLE}"
    assert [one["how_known"] for one in house.listed("mail")] == ["taken_back"]


def test_a_correction_that_cannot_be_posted(house: House) -> None:
    """Where the flow is gone meanwhile, that is said, and the post stands as it did."""
    via = "workflow again"
    house.jobs(via, "sync_calendar", "post_reminders")
    house.natverket(via, "--approve", "all")
    house.jobs(via, "post_reminders")
    house.jobs(via, "post_reminders", after=timedelta(minutes=45))
    gone = {"match": {"path": "/triggers/manual"}, "when": "before", "status": 404}
    ask(house.sandbox, "faults", gone)

    assert "no correction could be posted" in house.natverket(via, "--withdraw", "natur", code=1)
    assert [one["how_known"] for one in house.listed(via)] == ["seen", "refused"]


def test_two_posts_of_one_name(house: House) -> None:
    """A week later a second reminder waits: the title means both, a part of the key means one."""
    via = "workflow again"
    house.jobs(via, "sync_calendar", "post_reminders", after=timedelta(days=7))
    told = house.natverket(via, "--withdraw", "natur", code=1)
    assert "2 posts are called so" in told
    assert f"{TITLE} (registration_closing): v1/" in told
    assert f"{TITLE} (registration_last_day): v1/" in told
    assert f"Återtaget: {TITLE}" in house.natverket(via, "--withdraw", "registration_last_day")
