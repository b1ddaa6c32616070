"""What is filed, what is left, and why."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import Leave, MoveFile, Shelf, StoreFile, TagFile, file_key
from service.domain.meeting import Status as MeetingStatus
from service.jobs.engine import run
from service.jobs.file_materials import JOB, plan
from service.observe import Change, SeenItem
from service.ports import Status
from tests.unit.effects.fate import CLIENT_ID, START
from tests.unit.effects.world import KEPT, MEMBERS, World, attachment, event, meeting
from tests.unit.jobs.builders import LONG_AGO, effect, home, item, known, materials

NATURE = meeting()
WATER = meeting(date(2023, 4, 20), "Vattenvård", place="Kinnekulle")
CANCELLED = replace(NATURE, status=MeetingStatus.CANCELLED)
WARM = {"modified": START - timedelta(minutes=29)}
STILL = {"modified": START - timedelta(minutes=30)}
STILL_WARM = "ändrades för en stund sedan, någon kan arbeta i den"


def attached(*files, of=NATURE, filed=()):
    return plan(materials(known(of, filed=filed), attached={of.id: files}), START)


def waiting(*items: SeenItem, meetings=(NATURE, WATER), filed=()):
    return plan(materials(known(*meetings, filed=filed), inbox=items), START)


def lying(*items: SeenItem, meetings=(NATURE,), filed=()):
    return plan(materials(known(*meetings, filed=filed), shelved=items), START)


# ---------------------------------------------------------------- attachments


def test_attachment_is_stored() -> None:
    """An attachment that is still goes into the meeting's folder, with its columns."""
    [action] = attached(attachment(name="Program: dag 1.docx", **STILL))

    assert isinstance(action, StoreFile)
    assert action.key == "file/uid-0308/event/a1"
    assert action.folder == home(NATURE)
    assert action.name == "Program dag 1.docx"
    assert action.columns == {
        "NvGroups": "Naturvårdsgruppen",
        "NvMeetingDate": "2023-03-08T12:00:00Z",
        "NvMeeting": "Natur i stadsplanering",
        "NvType": "Program",
        "NvMeetingId": "uid-0308",
        "NvSource": "event:a1",
    }


def test_warm_attachment_is_left() -> None:
    """An attachment that was changed a moment ago is left, and the reason says so."""
    assert attached(attachment(**WARM)) == (Leave(subject="Agenda.docx", why=STILL_WARM),)


@pytest.mark.parametrize(
    "file",
    [
        attachment(inline=True, name="foto.jpg"),
        attachment(name="image001.png", content_type="image/png", size=4000),
        attachment(name="logotyp.png", content_type="image/png", size=4000),
        attachment(name="inbjudan.ics", content_type="text/calendar"),
        attachment(is_file=False),
    ],
    ids=lambda file: file.name,
)
def test_no_material(file) -> None:
    """Pictures in the text, logos and calendar files are not filed and not spoken of."""
    assert attached(file) == ()


@pytest.mark.parametrize("status", list(Status))
def test_attachment_with_an_effect(status: Status) -> None:
    """What is done or dropped is over; all else is offered to the effect again."""
    actions = attached(attachment(), filed=[effect("file/uid-0308/event/a1", status)])

    assert bool(actions) is (status not in (Status.DONE, Status.DROPPED))


def test_cancelled_meeting_files_nothing() -> None:
    """Nothing is stored or moved for a cancelled meeting."""
    assert attached(attachment(), of=CANCELLED) == ()
    [action] = waiting(item("i1", "2023-03-08 Agenda.docx"), meetings=(CANCELLED,))
    assert isinstance(action, MoveFile)
    assert action.folder.path == "Inkorg/Oplacerat"


def test_a_cancelled_meetings_own_subfolder() -> None:
    """What people put into the subfolder of a cancelled meeting still is that meeting's."""
    lying_there = item("i1", "Tankar.docx", "Inkorg/2023-03-08 Natur i stadsplanering")
    [action] = waiting(lying_there, meetings=(CANCELLED, WATER))
    assert isinstance(action, MoveFile)
    assert action.meeting_id == CANCELLED.id


# ---------------------------------------------------------------- the inbox


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("2023-04-20 Agenda.docx", "Inkorg"),
        ("Agenda.docx", "Inkorg/2023-04-20 Vattenvård"),
        ("Vattenvård Kinnekulle.pptx", "Inkorg"),
        ("Agenda 20 april.docx", "Inkorg/Oplacerat"),
    ],
)
def test_inbox_file_is_moved(name: str, path: str) -> None:
    """A file's folder, a date or words of its name say whose it is, in Oplacerat as well."""
    [action] = waiting(item("i1", name, path))

    assert isinstance(action, MoveFile)
    assert (action.meeting_id, action.folder) == (WATER.id, home(WATER))
    assert action.key == "file/uid-0420/inbox/i1"
    assert action.columns["NvSource"] == "inbox:i1"


def test_unplaced_goes_to_its_folder() -> None:
    """A file that fits no meeting goes to Oplacerat, without columns and without a meeting."""
    [action] = waiting(item("i1", "Hej.txt"))

    assert isinstance(action, MoveFile)
    assert (action.folder.shelf, action.folder.path) == (Shelf.COORDINATION, "Inkorg/Oplacerat")
    assert (action.key, action.columns, action.meeting_id) == ("unplaced/i1", {}, "")


@pytest.mark.parametrize(("by", "moves"), [(CLIENT_ID, True), (None, False)])
def test_a_files_own_time_is_not_when_we_moved_it(by: str | None, moves: bool) -> None:
    """Words of a title are believed for some weeks, counted from when a person left the file."""
    long_after = {"created": START, "modified": START + timedelta(days=150), "modified_by_app": by}
    file = item("i1", "Vattenvård.pptx", "Inkorg/Oplacerat", **long_after)
    [action] = plan(materials(known(NATURE, WATER), inbox=(file,)), START + timedelta(days=160))
    assert isinstance(action, MoveFile) is moves


def test_unplaced_stays_there() -> None:
    """In Oplacerat it is left, and the reason is told in the coordinators' language."""
    [action] = waiting(item("i1", "Hej.txt", "Inkorg/Oplacerat"))

    assert action == Leave(subject="Hej.txt", why="varken datum eller ord ur någon rubrik i namnet")


def test_warm_inbox_file_is_left() -> None:
    """Somebody may still be writing in it."""
    file = item("i1", "2023-04-20 Agenda.docx", **WARM)
    assert waiting(file) == (Leave(subject=file.name, why=STILL_WARM),)


@pytest.mark.parametrize("path", ["Inkorg", "Inkorg/2023-04-20 Vattenvård", "Inkorg/Oplacerat"])
def test_moved_back_stays(path: str) -> None:
    """What was filed and lies in the inbox again was put there by a person, who is right."""
    file = item("i1", "2023-04-20 Agenda.docx", path)
    done = effect(file_key(WATER.id, "inbox", "i1"), phase="stored", remote_id="i1")

    assert waiting(file, filed=[done]) == (
        Leave(subject=file.name, why="en person har flyttat tillbaka den"),
    )


@pytest.mark.parametrize("status", [Status.CLAIMED, Status.PARKED])
def test_not_moved_yet_is_tried_again(status: Status) -> None:
    """A file whose move had only begun, or failed since it was open, is no file moved back."""
    file = item("i1", "2023-04-20 Agenda.docx")
    begun = effect(file_key(WATER.id, "inbox", "i1"), status, not_before=START)
    [action] = waiting(file, filed=[begun])

    assert isinstance(action, MoveFile)


def test_twin_says_why() -> None:
    """A file that was dropped for its bytes stays, and the reason names its twin."""
    file = item("i1", "2023-04-20 Agenda.docx")
    why = "the same bytes are filed as Agenda.docx"
    dropped = effect(file_key(WATER.id, "inbox", "i1"), Status.DROPPED, reason=why)

    assert waiting(file, filed=[dropped]) == (Leave(subject=file.name, why=why),)


async def test_twin_by_hash(world: World) -> None:
    """The same bytes put into the inbox are not filed a second time, and stay where they are."""
    world.calendar.events = {"event-0308": event()}
    await world.ledger.absorb("calendar", [Change(id="event-0308", value=event())])
    world.drives.put(KEPT, "Inkorg/2023-03-08 Agenda.docx", b"agenda")
    world.drives.put(KEPT, "Inkorg/2023-03-08 Kopia.docx", b"agenda")
    world.clock.on(hours=1)
    await run(JOB, world.at, START)
    await run(JOB, world.at, START)

    folder = "2023/2023-03-08 Natur i stadsplanering, Skara (Naturvårdsgruppen)"
    assert world.drives.named(MEMBERS, folder) == ["2023-03-08 Agenda.docx"]
    assert world.drives.named(KEPT, "Inkorg") == ["2023-03-08 Kopia.docx"]


def test_oldest_first() -> None:
    """Files of the inbox are taken in the order in which they came."""
    newer = item("i1", "2023-04-20 B.docx")
    older = item("i2", "2023-04-20 A.docx", created=LONG_AGO - timedelta(hours=1))

    assert [action.item.id for action in waiting(newer, older)] == ["i2", "i1"]


# ---------------------------------------------------------------- put there


def there(item_id: str = "i1", **other: object) -> SeenItem:
    return item(item_id, "Foto.jpg", "2023/x", **{"parent_id": "folder of uid-0308", **other})


def test_put_there_by_a_person() -> None:
    """A file that a person put straight into a meeting's folder gets its columns."""
    [action] = lying(there())

    assert isinstance(action, TagFile)
    assert action.key == "file/uid-0308/folder/i1"
    assert (action.columns["NvType"], action.columns["NvSource"]) == ("Bilder", "folder:i1")


def test_put_there_by_us() -> None:
    """A file that our app wrote last waits for the effect that stored it."""
    assert lying(there(modified_by_app=CLIENT_ID)) == ()


def test_put_there_a_moment_ago() -> None:
    """It may still be written to."""
    assert lying(there(**WARM)) == ()


def test_put_into_no_meetings_folder() -> None:
    """Other folders of the library are people's own."""
    assert lying(there(parent_id="folder of a project")) == ()


@pytest.mark.parametrize("origin", ["event", "inbox", "folder", "recording"])
def test_filed_is_filed(origin: str) -> None:
    """A file of a finished effect is left alone, also when a person has changed it since."""
    done = effect(file_key(NATURE.id, origin, "x"), phase="stored", remote_id="i1")
    assert lying(there(), filed=[done]) == ()


def test_moved_but_crashed() -> None:
    """A file that lies right, and whose move was not written down, is taken up where it stood."""
    begun = effect(file_key(NATURE.id, "inbox", "i1"), Status.CLAIMED)
    [action] = lying(there(modified_by_app=CLIENT_ID), filed=[begun])

    assert isinstance(action, MoveFile)
    assert action.key == begun.key


@pytest.mark.parametrize("origin", ["inbox", "folder"])
@pytest.mark.parametrize("status", [Status.CLAIMED, Status.PARKED])
def test_columns_still_to_be_written(origin: str, status: Status) -> None:
    """In place but without its columns, since it was open or we crashed: it is tried again."""
    key = file_key(NATURE.id, origin, "i1")
    halfway = effect(key, status, phase="stored", remote_id="i1", not_before=START)
    [action] = lying(there(modified_by_app=CLIENT_ID), filed=[halfway])

    assert isinstance(action, TagFile)
    assert action.key == key


@pytest.mark.parametrize("origin", ["inbox", "folder"])
def test_what_waits_for_a_person_waits(origin: str) -> None:
    """In place, and parked for a reason that only a person can remove: not planned again."""
    held = effect(file_key(NATURE.id, origin, "i1"), Status.PARKED, phase="stored", remote_id="i1")
    assert lying(there(modified_by_app=CLIENT_ID), filed=[held]) == ()


def test_not_moved_for_a_reason() -> None:
    """A file that cannot be moved, and waits for a person, is left with that reason."""
    file = item("i1", "2023-04-20 Agenda.docx")
    parked = effect(file_key(WATER.id, "inbox", "i1"), Status.PARKED, reason="held as a record")

    assert waiting(file, filed=[parked]) == (Leave(subject=file.name, why="held as a record"),)


def test_stored_halfway_is_the_events() -> None:
    """An attachment that is stored and not yet tagged is planned from its event, not twice."""
    halfway = effect("file/uid-0308/event/a1", Status.CLAIMED, phase="stored", remote_id="i1")
    assert lying(there(modified_by_app=CLIENT_ID), filed=[halfway]) == ()


def test_a_twin_that_a_person_insists_on() -> None:
    """A file that we would not move, and that a person did, is filed as theirs."""
    dropped = effect(file_key(NATURE.id, "inbox", "i1"), Status.DROPPED, reason="the same bytes")
    [action] = lying(there(), filed=[dropped])

    assert isinstance(action, TagFile)
