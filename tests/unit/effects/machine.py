"""What happens around the service, at random: meetings, members, coordinators, the tenant."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from service.jobs import sync_calendar
from service.jobs.engine import run
from service.jobs.spec import Job
from service.observe import SeenMail
from service.store import open_store
from tests.unit.effects.copies import MOODS
from tests.unit.effects.world import KEPT, MEMBERS, TEAM, World, attachment, event

NAMES = ("Agenda.docx", "Bilder 2023-03-08.pdf", "2023-05-10 Program.docx", "Hej.txt", "Foto.jpg")
PLACES = ("Inkorg", "Inkorg/2023-03-08 Natur", "Inkorg/2023-05-10 Vatten", "Inkorg/Oplacerat")
SHARED = ("Material", "Material/2023-05-10 Vatten", "Annat")
EVENTS = ("event-0308", "event-0510")
LATEST = 30
"""Minutes after which a flow has posted what it accepted."""


class Surroundings(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.Runner()
        self.store = open_store("sqlite:///:memory:")
        self.world = World(self.store)
        self.number = 0
        self.theirs: dict[str, bytes] = {}
        """What people put or wrote, by item id, as long as they leave it there."""
        self.laid: dict[str, tuple[str, str | None, str]] = {}
        """Where in the members' library a person has put a file, or how she has called it."""
        self.outdated: set[bytes] = set()
        """What was attached, and is no more."""
        self.late = 0

    def teardown(self) -> None:
        self.loop.close()
        self.store.close()

    @initialize()
    def two_meetings(self) -> None:
        self.world.calendar.events = {
            EVENTS[0]: event(title="Natur", has_attachments=True),
            EVENTS[1]: event(date(2023, 5, 10), "Vatten", has_attachments=True),
        }
        self.run_job(sync_calendar.JOB)
        self.attach(EVENTS[0], NAMES[0], twin=False)
        self.time_passes(45)

    # ------------------------------------------------------------ the organisers

    @rule(holder=st.sampled_from(EVENTS), name=st.sampled_from(NAMES), twin=st.booleans())
    def attach(self, holder: str, name: str, twin: bool) -> None:
        there = [data for file, data in self._attached(holder)]
        self._attach(holder, name, min(there) if twin and there else self.fresh())
        self.change_event(holder)

    @rule(holder=st.sampled_from(EVENTS), same=st.booleans(), data=st.data())
    def replace_an_attachment(self, holder: str, same: bool, data: st.DataObject) -> None:
        there = self._attached(holder)
        if there:
            file, before = data.draw(st.sampled_from(there))
            del self.world.calendar.files[file.id]
            self.outdated.add(before)
            self._attach(holder, file.name, before if same else self.fresh())
            self.change_event(holder)

    @rule(holder=st.sampled_from(EVENTS))
    def send_the_invitation_anew(self, holder: str) -> None:
        """Every attachment has another id, and the same bytes."""
        for file, data in self._attached(holder):
            del self.world.calendar.files[file.id]
            self._attach(holder, file.name, data)
        self.change_event(holder)

    @rule(
        holder=st.sampled_from(EVENTS),
        act=st.sampled_from(("rename", "name back", "move", "cancel", "reinstate")),
    )
    def a_meeting_changes(self, holder: str, act: str) -> None:
        title = "Natur" if holder == EVENTS[0] else "Vatten"
        last = self.world.calendar.events[holder]
        match act:
            case "rename":
                self.change_event(holder, subject=f"Naturvårdsgruppen: {title} och klimat")
            case "name back":
                self.change_event(holder, subject=f"Naturvårdsgruppen: {title}")
            case "move":
                week = timedelta(days=7 if last.start.day < 14 else -7)
                self.change_event(holder, start=last.start + week, end=last.end + week)
            case "cancel":
                self.change_event(holder, cancelled=True)
            case "reinstate":
                self.change_event(holder, cancelled=False)

    @rule(name=st.sampled_from(NAMES), subject=st.sampled_from(("Vatten 2023-05-10", "Hej", "")))
    def a_mail_arrives(self, name: str, subject: str) -> None:
        self.number += 1
        mail = SeenMail(
            id=f"m{self.number}",
            subject=subject,
            received=self.world.clock.now(),
            has_attachments=True,
        )
        file = attachment(f"ma{self.number}", name, holder_id=mail.id)
        self.world.mail.arrive(mail, (file, self.fresh()))

    # ------------------------------------------------------------ the coordinators

    @rule(name=st.sampled_from(NAMES), place=st.sampled_from(PLACES))
    def put_into_the_inbox(self, name: str, place: str) -> None:
        self.put(KEPT, place, name)

    @rule(place=st.sampled_from(PLACES[1:3]))
    def put_many_pictures_into_the_inbox(self, place: str) -> None:
        for number in range(6):
            self.put(KEPT, place, f"Foto {number}.jpg")

    @precondition(lambda self: self.folders())
    @rule(name=st.sampled_from(NAMES), data=st.data())
    def put_into_a_folder(self, name: str, data: st.DataObject) -> None:
        folder = data.draw(st.sampled_from(self.folders()))
        self.put(MEMBERS, f"2023/{folder}", name)

    @precondition(lambda self: self.files())
    @rule(
        data=st.data(),
        act=st.sampled_from(("rename", "edit", "delete", "back", "carry", "lock", "open")),
    )
    def a_person_acts(self, data: st.DataObject, act: str) -> None:
        drives = self.world.drives
        item_id = data.draw(st.sampled_from(self.files()))
        self.number += 1
        match act:
            case "rename":
                drives.rename(item_id, f"Namn {self.number}.docx")
                self._lay(item_id)
            case "edit":
                self.theirs[item_id] = self.fresh()
                drives.edit(item_id, self.theirs[item_id])
            case "delete":
                self._delete(item_id)
            case "back" if not drives.named(KEPT, "Inkorg"):
                drives.carry(item_id, KEPT, "Inkorg")
                self.laid.pop(item_id, None)
            case "carry" if self.folders():
                folder = data.draw(st.sampled_from(self.folders()))
                if drives.items[item_id].name not in drives.named(MEMBERS, f"2023/{folder}"):
                    drives.carry(item_id, MEMBERS, f"2023/{folder}")
                    self._lay(item_id)
            case "lock":
                drives.locked.add(item_id)
            case "open":
                drives.locked.discard(item_id)

    @precondition(lambda self: self.folders())
    @rule(data=st.data())
    def a_person_renames_a_folder(self, data: st.DataObject) -> None:
        self.number += 1
        name = data.draw(st.sampled_from(self.folders()))
        ids = [i for i, item in self.world.drives.items.items() if item.name == name]
        self.world.drives.rename(ids[0], f"Mapp {self.number}")

    @rule()
    def a_person_tidies_the_inbox(self) -> None:
        """Empty folders of ours are removed: they are made again when they are needed."""
        drives = self.world.drives
        for name in ("Oplacerat", "Filat"):
            ids = [i for i, item in drives.items.items() if item.name == name]
            for item_id in ids:
                if not any(item.parent_id == item_id for item in drives.items.values()):
                    drives.delete(item_id)

    # ------------------------------------------------------------ other rooms of the tenant

    @rule(place=st.sampled_from(SHARED), name=st.sampled_from(NAMES))
    def share_a_file(self, place: str, name: str) -> None:
        self.put(TEAM, place, name)

    @rule(data=st.data(), act=st.sampled_from(("edit", "delete")))
    def a_shared_file_changes(self, data: st.DataObject, act: str) -> None:
        drives = self.world.drives
        there = [i for i in self.files(TEAM) if drives._shown(i).path.startswith("Material")]
        if there:
            item_id = data.draw(st.sampled_from(there))
            if act == "edit":
                self.theirs[item_id] = self.fresh()
                drives.edit(item_id, self.theirs[item_id])
            else:
                self._delete(item_id)

    @rule(mood=st.sampled_from(MOODS), apart=st.booleans())
    def the_tenant_changes(self, mood: str, apart: bool) -> None:
        self.world.drives.copies.mood = mood
        self.world.drives.apart = apart

    @rule(minutes=st.sampled_from((10, 45, 400, 3000)))
    def time_passes(self, minutes: int) -> None:
        self.late += minutes
        if self.late >= LATEST:
            self.world.channel.deliver()
            self.late = 0
        self.world.clock.on(minutes=minutes)

    # ------------------------------------------------------------ steps

    def run_job(self, job: Job) -> str:
        outcome = self.loop.run(run(job, self.world.at, self.world.clock.now()))
        assert outcome.run.outcome != "failed", outcome.errors
        return outcome.run.outcome

    def put(self, drive: str, place: str, name: str) -> None:
        if name not in self.world.drives.named(drive, place):
            item = self.world.drives.put(drive, f"{place}/{name}", self.fresh())
            self.theirs[item.id] = self.world.drives.data[item.id]
            self._lay(item.id)

    def fresh(self) -> bytes:
        self.number += 1
        return f"content {self.number}".encode()

    def change_event(self, holder: str, **changes: object) -> None:
        self.number += 1
        last = self.world.calendar.events[holder]
        modified = last.modified + timedelta(seconds=self.number)
        self.world.calendar.events[holder] = replace(last, modified=modified, **changes)
        self.run_job(sync_calendar.JOB)

    def folders(self) -> list[str]:
        """Folders of meetings that the service has made."""
        return self.world.drives.named(MEMBERS, "2023")

    def files(self, *drives: str) -> list[str]:
        """Ids of the files in the network's libraries, or in others."""
        among = drives or (MEMBERS, KEPT)
        items = self.world.drives.items.values()
        return [item.id for item in items if not item.folder and item.drive_id in among]

    def _attached(self, holder: str) -> list[tuple]:
        files = self.world.calendar.files.values()
        return [(file, data) for file, data in files if file.holder_id == holder]

    def _attach(self, holder: str, name: str, data: bytes) -> None:
        self.number += 1
        now = self.world.clock.now()
        file = attachment(f"a{self.number}", name, holder_id=holder, modified=now)
        self.world.calendar.files[file.id] = (file, data)

    def _lay(self, item_id: str) -> None:
        item = self.world.drives.items[item_id]
        if item.drive_id == MEMBERS:
            self.laid[item_id] = (item.drive_id, item.parent_id, item.name)

    def _delete(self, item_id: str) -> None:
        self.theirs.pop(item_id, None)
        self.laid.pop(item_id, None)
        self.world.drives.delete(item_id)
