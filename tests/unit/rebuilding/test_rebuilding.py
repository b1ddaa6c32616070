"""A lost state made again over a small tenant: what people did stands, and nothing comes twice."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date

import pytest

from service.domain.actions import file_key
from service.effects import placements
from service.errors import NotEmpty
from service.jobs import file_materials, sync_calendar
from service.jobs.engine import run
from service.jobs.known import known, meeting_folder
from service.ports import Effect, Status
from service.rebuilding import Into, Rebuilt, apply, rebuilt
from service.rebuilding.found import What
from service.rebuilding.rest import held_files
from service.store import Store, open_store
from tests.unit.effects.fakes import MortalLedger
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import MEMBERS, World, attachment, event

FOLDER = "2023/2023-03-08 Natur, Skara (Naturvårdsgruppen)"
NEXT_YEAR = date(2024, 4, 17)
FILED = file_key("uid-0308", "event", "a1")


@dataclass
class Lost:
    """The world, and the state that is put in the place of the lost one."""

    world: World
    fresh: Store

    async def rebuild(self, *, reads_channel: bool = True) -> Rebuilt:
        """Lose the state, and make it again."""
        world = self.world
        world.ledger = MortalLedger(self.fresh.ledger(world.network.id), world.fate)
        world.journal = self.fresh.journal(world.network.id)
        return await rebuilt(world.restarted(reads_channel=reads_channel))

    async def on(self) -> list[str]:
        """Run the two jobs on, and return what was written in the tenant."""
        self.world.fate.writes.clear()
        await work(self.world)
        return list(self.world.fate.writes)

    async def effects(self) -> dict[str, Effect]:
        return await self.world.at.ledger.effects()


async def work(world: World) -> None:
    for _ in range(2):
        for job in (sync_calendar.JOB, file_materials.JOB, sync_calendar.JOB):
            outcome = await run(job, world.restarted(), world.clock.now())
            assert outcome.errors == ()


@pytest.fixture
async def lost() -> AsyncIterator[Lost]:
    """A meeting whose agenda and slides were filed and told of in the register."""
    first, second = open_store("sqlite:///:memory:"), open_store("sqlite:///:memory:")
    world = World(first)
    world.calendar.events = {"event-0308": event(title="Natur", has_attachments=True)}
    attach(world, "a1", "Agenda.docx", b"agenda")
    attach(world, "a2", "Bilder.pdf", b"bilder")
    world.clock.on(hours=1)
    await work(world)
    assert sorted(world.drives.named(MEMBERS, FOLDER)) == ["Agenda.docx", "Bilder.pdf"]
    yield Lost(world, second)
    first.close()
    second.close()


def attach(world: World, id_: str, name: str, data: bytes) -> None:
    world.calendar.files[id_] = (attachment(id_, name), data)


def the_agenda(world: World) -> str:
    return next(id_ for id_, item in world.drives.items.items() if item.name == "Agenda.docx")


async def test_nothing_is_written_and_nothing_comes_twice(lost: Lost) -> None:
    """The tenant is only read; the jobs then find nothing to do."""
    lost.world.fate.writes.clear()
    made = await lost.rebuild()

    assert lost.world.fate.writes == []
    assert made.known[What.FILE] == 2
    assert made.held == ()
    assert await lost.on() == []


async def test_what_a_person_removed_stays_away(lost: Lost) -> None:
    """The register's hash tells that it was filed; `file --again` can still bring it back."""
    lost.world.drives.delete(the_agenda(lost.world))
    made = await lost.rebuild()

    assert made.known[What.REMOVED] == 1
    assert (await lost.effects())[FILED].status is Status.DROPPED
    assert await lost.on() == ["row updated"]  # a file fewer
    assert lost.world.drives.named(MEMBERS, FOLDER) == ["Bilder.pdf"]


async def test_what_a_person_renamed_moved_and_edited_stays_so(lost: Lost) -> None:
    """Known by its columns, whatever it is called and wherever in the folder it lies."""
    drives, agenda = lost.world.drives, the_agenda(lost.world)
    drives.edit(agenda, b"by hand")
    drives.rename(agenda, "Dagordning.docx")
    drives.rename(drives.items[agenda].parent_id, "8 mars")
    await lost.rebuild()

    effects = await lost.effects()
    assert effects[FILED].remote_id == agenda
    assert effects[FILED].baseline["edited"]
    assert await lost.on() == []
    assert sorted(drives.named(MEMBERS, "2023/8 mars")) == ["Bilder.pdf", "Dagordning.docx"]


async def test_an_edited_file_is_not_overwritten_by_a_new_version(lost: Lost) -> None:
    """The source has changed since: its new version lies beside the person's."""
    drives, agenda = lost.world.drives, the_agenda(lost.world)
    drives.edit(agenda, b"by hand")
    await lost.rebuild()
    del lost.world.calendar.files["a1"]
    attach(lost.world, "a9", "Agenda.docx", b"agenda 2")
    changed = event(title="Natur", has_attachments=True, modified=lost.world.clock.now())
    lost.world.calendar.events = {"event-0308": changed}
    lost.world.clock.on(hours=1)
    await lost.on()

    names = sorted(drives.named(MEMBERS, FOLDER))
    assert names == ["Agenda (ny version).docx", "Agenda.docx", "Bilder.pdf"]
    assert drives.data[agenda] == b"by hand"


async def test_what_came_since_is_held_until_it_is_let_go(lost: Lost) -> None:
    """Nothing proves of a source that it was not filed and removed: a person decides."""
    attach(lost.world, "a3", "Karta.pdf", b"karta")
    made = await lost.rebuild()

    assert [(one.what, one.name) for one in made.held] == [("file", "Karta.pdf")]
    await lost.on()
    assert lost.world.drives.named(MEMBERS, FOLDER) == ["Agenda.docx", "Bilder.pdf"]

    at = lost.world.at
    [held] = held_files((await lost.effects()).values())
    [meeting] = (await known(at)).meetings
    await placements.file_again(held, meeting.id, meeting_folder(meeting, at), at)
    await lost.on()
    assert "Karta.pdf" in lost.world.drives.named(MEMBERS, FOLDER)


async def test_what_a_coordinator_typed_and_emptied_stands(lost: Lost) -> None:
    """The base of the next merge is what the invitation says: what differs is a person's."""
    [row] = lost.world.rows.rows.values()
    lost.world.rows.type(row.id, NvPlace="", Title="Naturen i staden", NvDay1=40)
    await lost.rebuild()
    await lost.on()

    [row] = lost.world.rows.rows.values()
    assert (row.fields.get("NvPlace") or "", row.fields["Title"]) == ("", "Naturen i staden")


async def test_a_second_rebuild_is_refused_unless_it_is_wanted(lost: Lost) -> None:
    """A state that knows something is not replaced without a word."""
    await lost.rebuild()
    network, target = lost.world.network.id, open_store("sqlite:///:memory:")
    await apply(lost.fresh, target, network, Into.EMPTY)
    with pytest.raises(NotEmpty, match="things that it has done"):
        await apply(lost.fresh, target, network, Into.EMPTY)
    await apply(lost.fresh, target, network, Into.ANY)

    assert await target.ledger(network).effects() == await lost.effects()
    target.close()


async def test_a_rebuild_that_was_cut_off_leaves_no_trace(lost: Lost) -> None:
    """It is made beside the state; run again, it comes to the same."""
    network, target = lost.world.network.id, open_store("sqlite:///:memory:")
    lost.world.fate.end(40)
    with pytest.raises(Crash):
        await lost.rebuild()
    lost.world.fate.end(None)
    assert await target.ledger(network).effects() == {}

    once = await lost.rebuild()
    effects = await lost.effects()
    lost.fresh = open_store("sqlite:///:memory:")
    assert await lost.rebuild() == once
    assert await lost.effects() == effects
    target.close()
    lost.fresh.close()


async def test_a_meeting_whose_event_is_gone_is_known_by_its_row(lost: Lost) -> None:
    """As after a move to another tenant: title, day and figures stand, and it is not cancelled."""
    lost.world.clock.on(hours=24 * 40)
    lost.world.calendar.events = {}
    made = await lost.rebuild()
    await lost.on()

    [row] = lost.world.rows.rows.values()
    assert made.known[What.MEETING] == 1
    assert (row.fields["NvStatus"], row.fields["NvPlace"]) == ("Genomfört", "Skara")


async def test_meetings_of_coming_months_and_years_are_found(lost: Lost) -> None:
    """A register that tells of times to come alone says of none that its invitation is gone."""
    ahead = [event(day, title) for day, title in ((date(2023, 4, 12), "Vår"), (NEXT_YEAR, "Sen"))]
    lost.world.calendar.events = {one.id: one for one in ahead}
    lost.world.rows.rows.clear()
    await work(lost.world)
    made = await lost.rebuild()

    assert len(lost.world.rows.rows) == 2
    assert [note for note in made.notes if "no event" in note] == []
