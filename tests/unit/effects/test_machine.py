"""
The filing job and a post, driven at random: new files, crashes, people who rename and edit.

After each run it holds that nothing was filed twice or posted twice, that no person's file
was lost or written over, and that a second run straight after writes nothing.
"""

import asyncio
from datetime import date, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.effects.perform import perform
from service.effects.posting import Pending, prove
from service.jobs import file_materials, sync_calendar
from service.jobs.engine import run
from service.observe import SeenEvent
from service.store import open_store
from tests.unit.effects.fate import Crash
from tests.unit.effects.world import KEPT, MEMBERS, World, attachment, event, post

NAMES = ("Agenda.docx", "Bilder 2023-03-08.pdf", "2023-05-10 Program.docx", "Hej.txt")
PLACES = ("Inkorg", "Inkorg/2023-03-08 Natur", "Inkorg/2023-05-10 Vatten", "Inkorg/Oplacerat")
BOUNDARY = st.integers(1, 40)
LATEST = 30
"""Minutes after which a flow has posted what it accepted."""


class Filing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.store = open_store("sqlite:///:memory:")
        self.world = World(self.store)
        self.number = 0
        self.theirs: dict[str, bytes] = {}
        """What people put or wrote, by item id, as long as they leave it there."""
        self.attached: set[bytes] = set()
        self.late = 0

    def teardown(self) -> None:
        self.loop.close()
        self.store.close()

    # ------------------------------------------------------------ what happens

    @initialize()
    def two_meetings(self) -> None:
        later = date(2023, 5, 10)
        self.world.calendar.events = {
            "event-0308": event(title="Natur", has_attachments=True),
            "event-0510": event(later, "Vatten"),
        }
        self._run(sync_calendar.JOB)
        self.attach(NAMES[0], twin=False)
        self.time_passes(45)

    @rule(name=st.sampled_from(NAMES), twin=st.booleans())
    def attach(self, name: str, twin: bool) -> None:
        data = min(self.attached) if twin and self.attached else self._bytes()
        self.attached.add(data)
        number = f"a{self.number}-{len(self.world.calendar.files)}"
        file = attachment(number, name, modified=self.world.clock.now())
        self.world.calendar.files[number] = (file, data)
        self._change_event()

    @rule(name=st.sampled_from(NAMES), place=st.sampled_from(PLACES))
    def put_into_the_inbox(self, name: str, place: str) -> None:
        self._put(KEPT, place, name)

    @precondition(lambda self: self._folders())
    @rule(name=st.sampled_from(NAMES), data=st.data())
    def put_into_a_folder(self, name: str, data: st.DataObject) -> None:
        folder = data.draw(st.sampled_from(self._folders()))
        self._put(MEMBERS, f"2023/{folder}", name)

    @precondition(lambda self: self._files())
    @rule(data=st.data(), act=st.sampled_from(("rename", "edit", "delete", "back", "lock", "open")))
    def a_person_acts(self, data: st.DataObject, act: str) -> None:
        drives = self.world.drives
        item_id = data.draw(st.sampled_from(self._files()))
        match act:
            case "rename":
                self.number += 1
                drives.rename(item_id, f"Namn {self.number}.docx")
            case "edit":
                self.theirs[item_id] = self._bytes()
                drives.edit(item_id, self.theirs[item_id])
            case "delete":
                self.theirs.pop(item_id, None)
                drives.delete(item_id)
            case "back" if not drives.named(KEPT, "Inkorg"):
                drives.carry(item_id, KEPT, "Inkorg")
            case "lock":
                drives.locked.add(item_id)
            case "open":
                drives.locked.discard(item_id)

    @precondition(lambda self: self._folders())
    @rule(data=st.data())
    def a_person_renames_a_folder(self, data: st.DataObject) -> None:
        self.number += 1
        name = data.draw(st.sampled_from(self._folders()))
        ids = [i for i, item in self.world.drives.items.items() if item.name == name]
        self.world.drives.rename(ids[0], f"Mapp {self.number}")

    @rule(minutes=st.sampled_from((10, 45, 400)))
    def time_passes(self, minutes: int) -> None:
        self.late += minutes
        if self.late >= LATEST:
            self.world.channel.deliver()
            self.late = 0
        self.world.clock.on(minutes=minutes)

    @rule()
    def the_job_runs(self) -> None:
        self._run(file_materials.JOB)
        self._nothing_left_to_write()

    @rule(boundary=BOUNDARY)
    def the_job_is_cut_off_and_begun_again(self, boundary: int) -> None:
        self._cut_off(boundary)
        self._run(file_materials.JOB)
        self._nothing_left_to_write()

    @rule(writes=st.integers(1, 4))
    def the_answer_to_a_write_never_comes(self, writes: int) -> None:
        self._cut_off(None, after=writes)
        self._run(file_materials.JOB)
        self._nothing_left_to_write()

    @rule(boundary=BOUNDARY, again=BOUNDARY)
    def the_job_is_cut_off_twice(self, boundary: int, again: int) -> None:
        self._cut_off(boundary)
        self._cut_off(again)
        self._run(file_materials.JOB)

    @rule(answer=st.sampled_from(("lost", "dead", "")), boundary=st.none() | BOUNDARY)
    def a_post_is_due(self, answer: str, boundary: int | None) -> None:
        self.world.channel.answers = [answer] if answer else []
        self.world.fate.end(boundary)
        try:
            self.loop.run(self._post())
        except Crash:
            self.world.restarted()
        finally:
            self.world.fate.end(None)

    # ------------------------------------------------------------ what always holds

    @invariant()
    def nothing_is_filed_twice(self) -> None:
        stored = self.world.drives.stored
        assert len(stored) == len(set(stored))

    @invariant()
    def nothing_of_a_person_is_lost(self) -> None:
        data = self.world.drives.data
        there = self.world.drives.items
        assert {i: data[i] for i in self.theirs if i in there} == self.theirs

    @invariant()
    def nothing_is_posted_twice(self) -> None:
        assert self.world.channel.posted <= 1

    # ------------------------------------------------------------ steps

    def _run(self, job: object) -> None:
        at = self.world.at
        outcome = self.loop.run(run(job, at, self.world.clock.now()))  # type: ignore[arg-type]
        assert outcome.run.outcome != "failed", outcome.errors

    def _cut_off(self, boundary: int | None, *, after: int | None = None) -> None:
        self.world.fate.end(boundary)
        self.world.fate.after = after
        try:
            self._run(file_materials.JOB)
        except Crash:
            self.world.restarted()
        finally:
            self.world.fate.end(None)

    def _nothing_left_to_write(self) -> None:
        before = list(self.world.fate.writes)
        self._run(file_materials.JOB)
        assert self.world.fate.writes == before

    async def _post(self) -> None:
        at = self.world.at
        await prove(at)
        try:
            await perform(post(hours=10_000), at)
        except Pending:
            return

    def _put(self, drive: str, place: str, name: str) -> None:
        if name not in self.world.drives.named(drive, place):
            item = self.world.drives.put(drive, f"{place}/{name}", self._bytes())
            self.theirs[item.id] = self.world.drives.data[item.id]

    def _bytes(self) -> bytes:
        self.number += 1
        return f"content {self.number}".encode()

    def _change_event(self) -> None:
        self.number += 1
        last: SeenEvent = self.world.calendar.events["event-0308"]
        modified = last.modified + timedelta(seconds=self.number)
        changed = event(title="Natur", has_attachments=True, modified=modified)
        self.world.calendar.events["event-0308"] = changed
        self._run(sync_calendar.JOB)

    def _folders(self) -> list[str]:
        """Folders of meetings that the service has made."""
        return self.world.drives.named(MEMBERS, "2023")

    def _files(self) -> list[str]:
        return [i for i, item in self.world.drives.items.items() if not item.folder]


TestFiling = Filing.TestCase
TestFiling.settings = settings(
    max_examples=20,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
