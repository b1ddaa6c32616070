"""Recordings of every kind, from a tenant to where members and coordinators find them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.cli.logs import log_to_stderr
from service.demo.tenant import ask, writes
from service.demo.year import prepare
from service.domain.recording import Reason, RecordingState, at_risk
from service.errors import NatverketError
from service.graph.clock import SandboxClock
from service.jobs import file_materials, file_recordings, sync_calendar
from service.jobs.engine import run
from service.jobs.known import known
from service.jobs.recording_states import recording_states
from service.sandbox.process import Sandbox
from service.settings import read_settings
from service.wiring import Office, open_office
from service.workplace import Watched, Workplace
from tests.acceptance import recorded
from tests.acceptance.recorded import film, moment
from tests.sandbox.conftest import Client

JOBS = (sync_calendar.JOB, file_materials.JOB, file_recordings.JOB)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(seed=f"{recorded.__file__}:tenant", directory=tmp_path / "tenant") as running:
        yield running


@dataclass(frozen=True)
class Played:
    """The service at work in the tenant."""

    sandbox: Sandbox
    office: Office
    at: Workplace

    async def until(self, now: datetime) -> list[NatverketError]:
        """Move the clock and run every job once; what went wrong is returned."""
        clock = self.office.clock
        assert isinstance(clock, SandboxClock)
        await clock.move_to(now)
        return [error for job in JOBS for error in (await run(job, self.at, clock.now())).errors]

    async def states(self) -> dict[str, RecordingState]:
        """By title and day."""
        facts = await known(self.at)
        states = await recording_states(self.at, facts)
        return {f"{one.title} {one.first_day:%d}": states[one.id] for one in facts.meetings}

    def below(self, library: str) -> dict[str, dict[str, object]]:
        """Files of a library by `folder/name`, without the years above."""
        [tree] = ask(self.sandbox, f"tree?drive={library}")["value"]
        return dict(_files(tree["children"], ""))

    def requests(self) -> int:
        return int(ask(self.sandbox, "requests?summary=1")["last"])


def _files(children: list[dict[str, object]], path: str) -> Iterator[tuple[str, dict[str, object]]]:
    for child in children:
        name = f"{path}/{child['name']}"
        if "children" in child:
            yield from _files(child["children"], name)
        else:
            yield name.removeprefix("/2023/"), child


@asynccontextmanager
async def playing(sandbox: Sandbox, state: Path) -> AsyncIterator[Played]:
    settings = read_settings(sandbox.env_file, {"NATVERKET_STATE_URL": f"sqlite:///{state}"})
    log_to_stderr("error", "text")
    await prepare(settings)
    async with open_office(settings) as office:
        [at] = office.workplaces
        places = replace(at.places, watched=tuple(_watched(sandbox)))
        yield Played(sandbox, office, replace(at, places=places))


def _watched(sandbox: Sandbox) -> Iterator[Watched]:
    """The channel's folder of recordings, and that of one organiser."""
    client = Client(sandbox, recorded.DAEMON)
    channel = client.drive("Dokument").rpartition("/")[2]
    yield Watched(drive_id=channel, path="Allmänt/Recordings", address="Kanalens filer")
    hers = client.get(f"/users/{recorded.ANNA.id}/drive")["id"]
    yield Watched(drive_id=hers, path="Recordings", address="Annas OneDrive")
    client.close()


SERIES = [
    "2023-03-06 Frukostsamtal (inspelning).mp4",
    "2023-03-07 Frukostsamtal (inspelning).mp4",
    "2023-03-07 Frukostsamtal (inspelning, del 2).mp4",
    "2023-03-08 Frukostsamtal (inspelning).mp4",
    "2023-03-09 Frukostsamtal (inspelning).mp4",
]
BY_FILE = [
    "2023-03-10 Kanalmöte (inspelning).mp4",
    "2023-03-13 Fältdag i Skara (inspelning).mp4",
]
LATE = "2023-03-16 Sent klar (inspelning).mp4"
SILENT = "2023-03-15 Utan transkript (inspelning).mp4"


def names(files: dict[str, dict[str, object]], ending: str) -> list[str]:
    return sorted(path.rpartition("/")[2] for path in files if path.endswith(ending))


async def test_recordings_of_every_kind(sandbox: Sandbox, tmp_path: Path) -> None:
    """A series, two parts, a channel, ad hoc, blocked, without access, without transcription."""
    async with playing(sandbox, tmp_path / "state.db") as service:
        for day in (6, 7, 8, 9, 10, 13, 14, 15, 16):
            await service.until(moment(day, 18))
        shown, kept = service.below("Dokumentation"), service.below("Samordning")

        assert names(shown, ".mp4") == [*SERIES, *BY_FILE, SILENT]
        assert names(shown, ".vtt") == [name.replace(".mp4", ".vtt") for name in SERIES]
        assert names(kept, "(transkript).docx") == [
            *(f"2023-03-{day:02} Frukostsamtal (transkript).docx" for day in (6, 7, 8, 9)),
            "2023-03-14 Spärrat möte (transkript).docx",
        ]
        assert names(kept, "(transkript, del 2).docx") == [
            "2023-03-07 Frukostsamtal (transkript, del 2).docx"
        ]
        for path, file in shown.items():
            if path.endswith(".mp4"):
                folder, name = path.split("/")
                assert folder.startswith(name[:10])
                assert file["fields"]["NvType"] == "Inspelning"

        states = await service.states()
        assert states["Spärrat möte 14"].hindrance.reason is Reason.BLOCKED
        assert states["Bos möte 14"].hindrance.reason is Reason.UNREAD
        assert states["Frukostsamtal 07"].filed == 2
        assert states["Kanalmöte 10"].expires == moment(10, 9, 2) + timedelta(days=120)


async def test_bytes_are_those_of_the_recording(sandbox: Sandbox, tmp_path: Path) -> None:
    """Each part is its own, whichever way its bytes came."""
    async with playing(sandbox, tmp_path / "state.db") as service:
        await service.until(moment(13, 18))
        sizes = {
            path.rpartition("/")[2]: file["size"]
            for path, file in service.below("Dokumentation").items()
        }
        items = {
            item.name: item
            async for page in service.at.drives.changes(service.at.places.documentation, None)
            for change in page.changes
            if (item := change.value) is not None
        }
        for name, what in (
            (SERIES[1], "Frukostsamtal 07 09:02"),
            (SERIES[2], "Frukostsamtal 07 10:10"),
            (BY_FILE[0], "Kanalmöte 10 09:02"),
            (BY_FILE[1], "ad hoc"),
        ):
            content = service.at.drives.content(items[name].drive_id, items[name].id)
            assert b"".join([piece async for piece in content.read()]) == film(what)
            assert sizes[name] == len(film(what))


UNPLANNED = "Snack med Bo-20230313_101500-Mötesinspelning.mp4"


async def test_copied_where_it_lies_in_reach(sandbox: Sandbox, tmp_path: Path) -> None:
    """No byte of a recording passes here where the service can copy its file."""
    async with playing(sandbox, tmp_path / "state.db") as service:
        await service.until(moment(13, 18))
        asked = ask(sandbox, "requests")["items"]
        copies = [one for one in asked if "/copy?" in one["path"]]
        assert len(copies) == len(SERIES) + len(BY_FILE) + 1
        # The last is of no meeting in the calendar: its date must not bring it to members.
        aside = f"/Inkorg/Oplacerat/{UNPLANNED}"
        assert [path for path in service.below("Samordning") if path.endswith(".mp4")] == [aside]


async def test_late_blocked_and_expiring(sandbox: Sandbox, tmp_path: Path) -> None:
    """After a month away the late one is filed; the blocked one is told before it is gone."""
    async with playing(sandbox, tmp_path / "state.db") as service:
        await service.until(moment(16, 18))
        await service.until(moment(20, month=4))
        assert LATE in names(service.below("Dokumentation"), ".mp4")

        states = (await service.states()).values()
        blocked = (await service.states())["Spärrat möte 14"]
        assert blocked.expires == moment(14, 9, 2) + timedelta(days=120)
        assert at_risk(states, blocked.expires - timedelta(days=15)) == ()
        assert at_risk(states, blocked.expires - timedelta(days=13)) == (blocked,)


async def test_again_and_idle(sandbox: Sandbox, tmp_path: Path) -> None:
    """A second run writes nothing, and an idle cycle asks each organiser once."""
    async with playing(sandbox, tmp_path / "state.db") as service:
        await service.until(moment(16, 18))
        await service.until(moment(16, 18))
        before = writes(sandbox)
        await service.until(moment(16, 18))
        assert writes(sandbox) == before
        asked = service.requests()
        outcome = await run(file_recordings.JOB, service.at, service.office.clock.now())
        assert outcome.run.did == 0
        # Anna and Cia, each once for recordings and, so soon after a meeting, transcripts; and
        # the register, before anything that waits could be shown.
        assert service.requests() - asked <= 5
