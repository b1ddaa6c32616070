"""What follows what: new versions, folders, columns, pictures, and what people have said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.domain.actions import (
    FromItem,
    FromMail,
    Leave,
    MoveFile,
    RelocateFile,
    RenameFolder,
    RenewFile,
    RetagFile,
    StoreFile,
    TagFile,
    file_key,
    sentence,
)
from service.domain.candidate import Candidate
from service.domain.meeting import Status as MeetingStatus
from service.effects.placements import NOBODYS, UNPLACED, Placement
from service.jobs.file_materials import plan
from service.jobs.materials.offered import unplaced_key
from service.jobs.materials.seen import Standing
from service.jobs.sources import Offer
from service.jobs.waiting import lists
from service.ports import Status
from tests.unit.effects.fate import CLIENT_ID, START
from tests.unit.effects.world import MEMBERS, attachment, meeting
from tests.unit.jobs.builders import LONG_AGO, effect, home, item, known, materials

NATURE = meeting()
WATER = meeting(date(2023, 4, 20), "Vattenvård", place="Kinnekulle")
KEY = file_key(NATURE.id, "event", "a1")
FILED = {"version": "a1", "source_name": "Agenda.docx"}
STILL_WARM = "ändrades för en stund sedan, någon kan arbeta i den"


def offer(origin: str, name: str, **other: object) -> Offer:
    plain = Candidate(origin=origin, id="x1", version="v1", name=name, modified=LONG_AGO)
    mailed, lying = FromMail(attachment=attachment()), FromItem(item=item("x1", name))
    source = mailed if origin == "mail" else lying
    return Offer(candidate=replace(plain, **other), source=source)


def planned(*meetings, filed=(), **other):
    return plan(materials(known(*(meetings or (NATURE, WATER)), filed=filed), **other), START)


def said(key: str, meeting_id: str) -> dict[str, Placement]:
    return {key: Placement(meeting_id=meeting_id, said=START)}


# ---------------------------------------------------------------- attachments


def done(key: str = KEY, **baseline: object):
    return effect(key, phase="stored", remote_id="i1", baseline={**FILED, **baseline})


def attached(*files, filed):
    return planned(NATURE, filed=filed, attached={NATURE.id: files})


def test_an_attachment_that_was_replaced() -> None:
    """Another of its name in its place is a new version of the same file."""
    [action] = attached(attachment("a2"), filed=[done()])

    assert isinstance(action, RenewFile)
    assert (action.of, action.version, action.label) == (KEY, "a2", "ny version")


def test_a_second_one_of_the_name() -> None:
    """While the first is there, another of its name is another file."""
    [action] = attached(attachment("a1"), attachment("a2"), filed=[done()])

    assert isinstance(action, StoreFile)
    assert action.key == file_key(NATURE.id, "event", "a2")


def test_two_of_one_name_are_replaced() -> None:
    """Each takes one line on: none is filed anew."""
    other = file_key(NATURE.id, "event", "b1")
    filed = [done(), done(other, version="b1")]
    actions = attached(attachment("a2"), attachment("b2"), filed=filed)

    assert {action.of for action in actions} == {KEY, other}


def test_a_removed_attachment() -> None:
    """What is taken away at its source stays filed."""
    assert attached(filed=[done()]) == ()


def test_the_line_goes_on() -> None:
    """The version filed last is known by its own id, whatever the first one's was."""
    filed = [done(version="a7")]
    assert attached(attachment("a7"), filed=filed) == ()


def test_a_new_version_is_written_once() -> None:
    """What was done or dropped for this version is over; what is held tells why."""
    [renew] = attached(attachment("a2"), filed=[done()])
    facts = known(NATURE, filed=[done()])
    files = {NATURE.id: (attachment("a2"),)}
    for status in (Status.DONE, Status.DROPPED):
        seen = materials(facts, attached=files, others=[effect(renew.key, status)])
        assert plan(seen, START) == ()
    held = effect(renew.key, Status.PARKED, reason="held as a record")
    [left] = plan(materials(facts, attached=files, others=[held]), START)
    assert left == Leave(subject="Agenda.docx", why="held as a record")


# ---------------------------------------------------------------- mails, watched folders


def test_a_mail_that_tells_its_meeting() -> None:
    """The subject of a mail says whose its file is."""
    [action] = planned(offers=(offer("mail", "Hej.pdf", words="Vattenvård 2023-04-20"),))

    assert isinstance(action, StoreFile)
    assert action.meeting_id == WATER.id


def test_a_mail_that_tells_nothing() -> None:
    """Its file goes to Oplacerat, once, and from there on that file is the one to be placed."""
    mail = offer("mail", "Hej.pdf")
    [action] = planned(offers=(mail,))
    assert (action.folder.path, action.meeting_id) == (UNPLACED, "")

    later = offer("mail", "Hej.pdf", words="Vattenvård 2023-04-20")
    kept = effect(unplaced_key(mail.candidate))
    assert planned(offers=(later,), others=[kept]) == ()


def test_a_watched_file_that_tells_nothing() -> None:
    """It stays where it is, and is listed with its candidates."""
    seen = materials(known(NATURE, WATER), offers=(offer("watched", "Hej.pdf"),))
    [left] = plan(seen, START)
    assert isinstance(left, Leave)

    [unplaced] = lists(seen, (), START).unplaced
    assert (unplaced.name, unplaced.where) == ("Hej.pdf", "watched")
    assert unplaced.candidates


def test_what_a_person_said_comes_first() -> None:
    """Whatever the name says, and though it was changed a moment ago."""
    warm = offer("watched", "2023-03-08 Agenda.docx", modified=START)
    assert planned(offers=(warm,)) == (Leave(subject="2023-03-08 Agenda.docx", why=STILL_WARM),)

    [action] = planned(offers=(warm,), placements=said("watched/x1", WATER.id))
    assert action.meeting_id == WATER.id


# ---------------------------------------------------------------- the inbox


def test_taken_back_stays_unplaced() -> None:
    """What a coordinator took back lies in Oplacerat until she says whose it is."""
    file = item("i1", "2023-04-20 Agenda.docx", UNPLACED)
    [left] = planned(inbox=(file,), placements=said("inbox/i1", NOBODYS))
    assert isinstance(left, Leave)

    carried = item("i1", "Agenda.docx", "Inkorg/2023-04-20 Vattenvård")
    [action] = planned(inbox=(carried,), placements=said("inbox/i1", NOBODYS))
    assert isinstance(action, MoveFile)


def test_carried_out_of_oplacerat() -> None:
    """A file that a person has put beside Oplacerat again stays there, and is listed."""
    [left] = planned(inbox=(item("i1", "Hej.txt"),), others=[effect("unplaced/i1")])
    assert isinstance(left, Leave)


def test_moved_to_oplacerat_by_us_is_not_warm() -> None:
    """That we have just moved it tells nothing of when somebody wrote it."""
    moved = item("i1", "Hej.txt", UNPLACED, modified=START, modified_by_app=CLIENT_ID)
    [left] = planned(inbox=(moved,))
    assert left.why != STILL_WARM


def test_an_original_is_put_aside_for_its_meeting() -> None:
    """Copied out of the inbox and cut off: it stays that meeting's, whatever it is like now."""
    file = item("i1", "2023-04-20 Agenda.docx", modified=START)
    begun = effect(
        file_key(NATURE.id, "inbox", "i1"), Status.CLAIMED, phase="stored", remote_id="c1"
    )
    copy = item("c1", "Agenda.docx", "2023/x", drive_id=MEMBERS, parent_id="folder of uid-0308")
    [action] = planned(inbox=(file,), shelved=(copy,), filed=[begun])

    assert isinstance(action, MoveFile)
    assert (action.key, action.item.id) == (begun.key, "i1")


# ---------------------------------------------------------------- what is filed


def lying(parent: str = f"folder of {NATURE.id}", **other: object):
    return item("i1", "Agenda.docx", "2023/x", drive_id=MEMBERS, parent_id=parent, **other)


def test_columns_follow_another_title() -> None:
    """Those that differ, and not the type, which may be a person's word."""
    before = plan(materials(known(NATURE), attached={NATURE.id: (attachment(),)}), START)[0].columns
    renamed = replace(NATURE, title="Natur och klimat")
    [action] = planned(renamed, shelved=(lying(),), filed=[done(columns={**before, "NvType": "X"})])

    assert isinstance(action, RetagFile)
    assert action.columns == {"NvMeeting": "Natur och klimat"}


def test_a_file_follows_a_person_to_another_meeting() -> None:
    """Moved by hand into its folder, however deep, it is that meeting's."""
    deep = item("d1", "Underlag", "2023/y", folder=True, parent_id=f"folder of {WATER.id}")
    file = lying(parent="d1")
    [action] = planned(shelved=(deep, file), filed=[done(columns={"NvMeetingId": NATURE.id})])

    assert (action.meeting_id, action.columns["NvMeetingId"]) == (WATER.id, WATER.id)


def test_a_persons_file_in_a_subfolder() -> None:
    """It is the meeting's in whose folder the subfolder lies."""
    deep = item("d1", "Underlag", "2023/y", folder=True, parent_id=f"folder of {WATER.id}")
    [action] = planned(shelved=(deep, item("i9", "Karta.pdf", parent_id="d1")))

    assert isinstance(action, TagFile)
    assert action.meeting_id == WATER.id


# ---------------------------------------------------------------- folders


def standing(**other: object) -> Standing:
    plain = Standing(
        key=home(NATURE).key,
        meeting_id=NATURE.id,
        item=item("f1", "2023-03-01 Natur", "2023", folder=True),
        untouched=True,
        path="2023/2023-03-08 Natur",
    )
    return replace(plain, **other)


def test_a_folder_follows_its_meeting() -> None:
    """Where nobody has touched it or been given a link to it."""
    assert planned(standing=(standing(),)) == (
        RenameFolder(key=home(NATURE).key, item=standing().item, path="2023/2023-03-08 Natur"),
    )
    assert planned(standing=(standing(untouched=False),)) == ()


def test_a_folder_whose_name_is_taken() -> None:
    """It is left and told, and not tried in vain at every run."""
    [left] = planned(standing=(standing(free=False),))
    assert isinstance(left, Leave)


def test_a_cancelled_meeting_keeps_what_is_filed() -> None:
    """Nothing more is filed for it, and nothing is taken away."""
    off = replace(NATURE, status=MeetingStatus.CANCELLED)
    linked = offer("link", "Agenda.docx", hangs_on=NATURE.id)
    assert planned(off, offers=(linked,), filed=[done()], shelved=(lying(),)) == ()


def test_a_meeting_of_two_days() -> None:
    """A file that bears the second day is its."""
    long = replace(
        WATER, end=WATER.end + timedelta(days=1), last_day=WATER.last_day + timedelta(days=1)
    )
    [action] = planned(NATURE, long, inbox=(item("i1", "2023-04-21 Dag 2.pdf"),))
    assert action.meeting_id == WATER.id


# ---------------------------------------------------------------- pictures


def pictures(count: int, *, first: int = 0):
    folder = "Inkorg/2023-04-20 Vattenvård"
    return tuple(item(f"p{n}", f"Foto {n}.jpg", folder) for n in range(first, first + count))


@pytest.mark.parametrize(("count", "together"), [(5, False), (6, True)])
def test_many_pictures_lie_together(count: int, together: bool) -> None:
    """More than five get a folder within the meeting's."""
    actions = planned(inbox=pictures(count))
    path = "Bilder" if together else home(WATER).path
    assert {action.folder.path for action in actions} == {path}


def filed_pictures(origin: str, **shown: object):
    where = {"path": "2023/x", "parent_id": f"folder of {WATER.id}", **shown}
    there = [item(f"p{n}", f"Foto {n}.jpg", **where) for n in range(5)]
    effects = [
        effect(
            file_key(WATER.id, origin, one.id),
            phase="stored",
            remote_id=one.id,
            baseline={"kind": "Bilder", "path": "2023/x", "name": one.name, "ctag": "c1"},
        )
        for one in there
    ]
    return tuple(there), effects


@pytest.mark.parametrize(
    ("origin", "shown", "moved"),
    [
        ("inbox", {}, 5),
        ("folder", {}, 0),
        ("inbox", {"ctag": "c2"}, 0),
        ("inbox", {"path": "2023/y"}, 0),
    ],
    ids=["ours", "put there by a person", "edited", "moved by a person"],
)
def test_later_pictures(origin: str, shown: dict[str, object], moved: int) -> None:
    """One more, and those that we put beside the other files go along; people's stay."""
    there, effects = filed_pictures(origin, **shown)
    actions = planned(inbox=pictures(1, first=9), shelved=there, filed=effects)
    relocated = [action for action in actions if isinstance(action, RelocateFile)]

    assert len(relocated) == moved


def test_a_picture_placed_by_word_stays() -> None:
    """What a coordinator has placed is never moved by itself again."""
    there, effects = filed_pictures("inbox")
    word = said("inbox/p0", WATER.id)
    actions = planned(inbox=pictures(1, first=9), shelved=there, filed=effects, placements=word)

    assert "p0" not in {one.item.id for one in actions if isinstance(one, RelocateFile)}


def test_every_answer_has_its_reason() -> None:
    """What is filed says why it is that meeting's, in the network's language, and plan shows it."""
    file = item("i1", "2023-03-08 Agenda.docx")
    [action] = plan(materials(known(meeting()), inbox=(file,)), START)

    assert isinstance(action, MoveFile)
    assert action.why == "datumet 2023-03-08 står i namnet"
    assert sentence(action).endswith(f"({action.why})")
