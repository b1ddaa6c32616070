"""Where recordings, captions and transcripts go, what they are called, and what moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.actions import (
    AsCaptions,
    AsDocument,
    FromItem,
    FromRecording,
    FromTranscript,
    Leave,
    RelocateFile,
    Shelf,
    StoreFile,
)
from service.domain.meeting import Meeting
from service.domain.recording import Take, filmed, taken, told
from service.jobs.file_recordings import Found, plan
from service.observe import SeenItem, SeenRecording, SeenTranscript
from service.ports import Effect
from service.ports import Status as EffectStatus
from tests.unit.effects.world import ZONE, meeting
from tests.unit.jobs.builders import effect, item, known, recordings

ONLINE = meeting(join_url="https://teams.microsoft.com/l/meetup-join/m1")
END = ONLINE.end
SHOWN, KEPT = Shelf.DOCUMENTATION, Shelf.COORDINATION
NAME = "2023-03-08 Natur i stadsplanering"
VIDEO = item("v1", "Natur i stadsplanering-20230308_093000-Mötesinspelning.mp4", "Recordings")


def film(id_: str, hours: float = 0, call: str | None = None) -> SeenRecording:
    created = ONLINE.start + timedelta(hours=hours)
    return SeenRecording(meeting_id="m1", id=id_, created=created, ended=None, correlation_id=call)


def text(id_: str, hours: float = 0, call: str | None = None) -> SeenTranscript:
    created = ONLINE.start + timedelta(hours=hours)
    return SeenTranscript(meeting_id="m1", id=id_, created=created, correlation_id=call)


def takes(*seen: SeenRecording | SeenItem) -> tuple[Take, ...]:
    sights = [
        told(ONLINE, one) if isinstance(one, SeenRecording) else filmed(ONLINE, one, ZONE)
        for one in seen
    ]
    return taken((), sights, now=END, life=timedelta(days=120))


def actions(
    of: Meeting,
    *seen: SeenRecording | SeenTranscript | SeenItem,
    filed: Sequence[Effect] = (),
    lies: Sequence[SeenItem] = (),
    videos: Sequence[SeenItem] = (),
):
    """What is planned after these were seen of the meeting."""
    texts = tuple(one for one in seen if isinstance(one, SeenTranscript))
    films = takes(*(one for one in seen if not isinstance(one, SeenTranscript)))
    found = Found(meeting=of, takes=films, transcripts=texts)
    return plan(recordings(known(of, filed=filed), found, videos=videos, filed=lies), END)


def planned(of: Meeting, *seen, filed: Sequence[Effect] = ()) -> dict[str, tuple[Shelf, str]]:
    """Shelf and name by the part of the key that tells origin and id."""
    stores = actions(of, *seen, filed=filed)
    assert all(isinstance(action, StoreFile) for action in stores)
    # Columns are for members' files; the coordinators' library has none of them.
    assert all(bool(a.columns) is (a.folder.shelf is SHOWN) for a in stores)
    return {a.key.removeprefix("file/uid-0308/"): (a.folder.shelf, a.name) for a in stores}


def test_published() -> None:
    """Members get the recording with captions beside it, coordinators the transcript."""
    assert planned(ONLINE, film("r"), text("t")) == {
        "recording/r": (SHOWN, f"{NAME} (inspelning).mp4"),
        "captions/t": (SHOWN, f"{NAME} (inspelning).vtt"),
        "transcript/t": (KEPT, f"{NAME} (transkript).docx"),
    }


def test_two_forms_of_what_was_said() -> None:
    """Beside the recording captions, without names; for coordinators a document to read."""
    sources = [action.source for action in actions(ONLINE, film("r"), text("t"))]
    forms = [source.form for source in sources if isinstance(source, FromTranscript)]
    document = AsDocument(title=ONLINE.title, held=ONLINE.first_day, part=None)
    assert forms == [AsCaptions(), document]


def test_not_published() -> None:
    """A recording that members are not to see goes to the coordinators, without captions."""
    found = planned(replace(ONLINE, publish_recording=False), film("r"), text("t"))
    assert {key: shelf for key, (shelf, _) in found.items()} == {
        "recording/r": KEPT,
        "transcript/t": KEPT,
    }


def test_transcript_published() -> None:
    """A transcript goes to members where the coordinator says so."""
    found = planned(replace(ONLINE, publish_transcript=True), text("t"))
    assert found == {"transcript/t": (SHOWN, f"{NAME} (transkript).docx")}


def test_captions_need_their_recording() -> None:
    """Captions wait for the recording that they lie beside; without one there are none."""
    keys = {a.key: a.beside for a in actions(ONLINE, film("r"), text("t"))}
    assert keys["file/uid-0308/captions/t"] == "file/uid-0308/recording/r"
    assert list(planned(ONLINE, text("t"))) == ["transcript/t"]


def test_second_part() -> None:
    """The part that was begun later is the second, in whatever order Teams lists them."""
    found = planned(ONLINE, film("late", 2, "c2"), film("early", 0, "c1"), text("t2", 2, "c2"))
    assert found["recording/early"][1] == f"{NAME} (inspelning).mp4"
    assert found["recording/late"][1] == f"{NAME} (inspelning, del 2).mp4"
    assert found["captions/t2"][1] == f"{NAME} (inspelning, del 2).vtt"
    assert found["transcript/t2"][1] == f"{NAME} (transkript, del 2).docx"


@pytest.mark.parametrize("status", [EffectStatus.DONE, EffectStatus.DROPPED])
def test_filed_is_left(status: EffectStatus) -> None:
    """What was filed is not planned again, and the second part keeps its number."""
    done = effect("file/uid-0308/recording/r1", status)
    assert planned(ONLINE, film("r1"), film("r2", 2), filed=[done]) == {
        "recording/r2": (SHOWN, f"{NAME} (inspelning, del 2).mp4")
    }


def test_deleted_by_a_person() -> None:
    """A filed copy that a person has deleted is neither filed nor moved again."""
    done = effect("file/uid-0308/recording/r1", remote_id="gone")
    assert actions(ONLINE, film("r1"), filed=[done], lies=[]) == ()


def test_captions_follow_a_renamed_recording() -> None:
    """Captions that come later are called as the recording is called by then."""
    done = effect("file/uid-0308/recording/r1", remote_id="i1")
    renamed = item("i1", "Naturdagen.mp4", parent_id="shown uid-0308")
    names = [a.name for a in actions(ONLINE, film("r1"), text("t"), filed=[done], lies=[renamed])]
    assert names == ["Naturdagen.vtt", f"{NAME} (transkript).docx"]


# ---------------------------------------------------------------- where the bytes come from


def test_identity_from_the_api_bytes_from_the_file() -> None:
    """Seen both ways it is filed once, by the API's identity, with the file to be copied."""
    [action] = actions(ONLINE, film("r"), VIDEO, videos=[VIDEO])
    assert action.source == FromRecording(
        organizer=ONLINE.organizer, recording=film("r"), lies_as=VIDEO
    )


def test_seen_as_a_file_alone() -> None:
    """What the API does not tell of is filed from where it lies."""
    [action] = actions(ONLINE, VIDEO, videos=[VIDEO])
    assert action.source == FromItem(item=VIDEO)
    assert action.name == f"{NAME} (inspelning).mp4"


def test_a_file_that_is_gone() -> None:
    """The API's stream is left; without it there is nothing to file, and that is said."""
    [streamed] = actions(ONLINE, film("r"), VIDEO)
    assert streamed.source.lies_as is None
    [left] = actions(ONLINE, VIDEO)
    assert isinstance(left, Leave)


# ---------------------------------------------------------------- the coordinator's word changes

RECORDING, CAPTIONS, TRANSCRIPT = (
    effect(f"file/uid-0308/{origin}/x", remote_id=origin)
    for origin in ("recording", "captions", "transcript")
)


def moves(of: Meeting, *, parent: str, done: Effect = RECORDING) -> list[tuple[str, Shelf, bool]]:
    """What moves, where to, and whether it gets columns there."""
    lying = item(done.remote_id or "", "Film.mp4", parent_id=f"{parent} uid-0308")
    found = actions(of, film("x"), filed=[RECORDING, done], lies=[lying])
    assert all(isinstance(move, RelocateFile) and move.name == "Film.mp4" for move in found)
    return [(move.of, move.folder.shelf, bool(move.columns)) for move in found]


def test_no_longer_shown() -> None:
    """Yes to no: the recording and its captions go to the coordinators."""
    hidden = replace(ONLINE, publish_recording=False)
    assert moves(hidden, parent="shown") == [(RECORDING.key, KEPT, False)]
    assert moves(hidden, parent="shown", done=CAPTIONS) == [(CAPTIONS.key, KEPT, False)]
    assert moves(hidden, parent="kept") == []


def test_shown_again() -> None:
    """No to yes: back, with columns."""
    assert moves(ONLINE, parent="kept") == [(RECORDING.key, SHOWN, True)]
    assert moves(ONLINE, parent="shown") == []


@pytest.mark.parametrize(("shown", "shelf"), [(True, SHOWN), (False, KEPT)])
def test_transcripts_move_likewise(shown: bool, shelf: Shelf) -> None:
    """A transcript follows its own column."""
    word = replace(ONLINE, publish_transcript=shown)
    here = "kept" if shown else "shown"
    assert moves(word, parent=here, done=TRANSCRIPT) == [(TRANSCRIPT.key, shelf, shown)]


@pytest.mark.parametrize("publish", [True, False])
def test_moved_by_a_person(publish: bool) -> None:
    """What a person has put elsewhere stays there."""
    word = replace(ONLINE, publish_recording=publish)
    assert moves(word, parent="elsewhere") == []
