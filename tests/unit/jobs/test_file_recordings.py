"""Where recordings, captions and transcripts go, what they are called, and for how long."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from service.domain.actions import FromTranscript, Shelf, StoreFile
from service.domain.meeting import Meeting, Status
from service.jobs.file_recordings import Found, _is_looked_for, observe, plan
from service.observe import Change, SeenRecording, SeenTranscript
from service.ports import Status as EffectStatus
from tests.unit.effects.world import World, event, meeting
from tests.unit.jobs.builders import effect, known, recordings

JOIN = "https://teams.microsoft.com/l/meetup-join/m1"
ONLINE = meeting(join_url=JOIN)
END = ONLINE.end
SHOWN, KEPT = Shelf.DOCUMENTATION, Shelf.COORDINATION


def film(number: str, hours: float = 0, call: str | None = None) -> SeenRecording:
    created = ONLINE.start + timedelta(hours=hours)
    return SeenRecording(
        meeting_id="m1", id=number, created=created, ended=None, correlation_id=call
    )


def text(number: str, hours: float = 0, call: str | None = None) -> SeenTranscript:
    created = ONLINE.start + timedelta(hours=hours)
    return SeenTranscript(meeting_id="m1", id=number, created=created, correlation_id=call)


def planned(of: Meeting, *captures, filed=()) -> dict[str, tuple[Shelf, str]]:
    """Shelf and name by the part of the key that tells origin and id."""
    films = tuple(one for one in captures if isinstance(one, SeenRecording))
    texts = tuple(one for one in captures if isinstance(one, SeenTranscript))
    found = Found(meeting=of, recordings=films, transcripts=texts)
    actions = plan(recordings(known(of, filed=filed), found), END)
    assert all(isinstance(action, StoreFile) for action in actions)
    # Columns are for members' files; the coordinators' library has none of them.
    assert all(bool(a.columns) is (a.folder.shelf is SHOWN) for a in actions)
    return {a.key.removeprefix("file/uid-0308/"): (a.folder.shelf, a.name) for a in actions}


def test_published() -> None:
    """Members get the recording with captions beside it, coordinators the transcript."""
    assert planned(ONLINE, film("r"), text("t")) == {
        "recording/r": (SHOWN, "Inspelning 2023-03-08 Natur i stadsplanering.mp4"),
        "captions/t": (SHOWN, "Inspelning 2023-03-08 Natur i stadsplanering.vtt"),
        "transcript/t": (KEPT, "Transkript 2023-03-08 Natur i stadsplanering.vtt"),
    }


def test_captions_have_no_names() -> None:
    """What lies beside the recording is made as captions; the coordinators' copy is not."""
    found = Found(meeting=ONLINE, recordings=(), transcripts=(text("t"),))
    actions = plan(recordings(known(ONLINE), found), END)
    sources = [action.source for action in actions if isinstance(action, StoreFile)]

    assert [s.captions for s in sources if isinstance(s, FromTranscript)] == [True, False]


def test_not_published() -> None:
    """A recording that members are not to see goes to the coordinators, without captions."""
    hidden = replace(ONLINE, publish_recording=False)
    found = planned(hidden, film("r"), text("t"))

    assert {key: shelf for key, (shelf, _) in found.items()} == {
        "recording/r": KEPT,
        "transcript/t": KEPT,
    }


def test_transcript_published() -> None:
    """A transcript goes to members where the coordinator says so."""
    found = planned(replace(ONLINE, publish_transcript=True), text("t"))
    assert found["transcript/t"][0] is SHOWN


def test_second_part() -> None:
    """The part that was begun later is the second, in whatever order Teams lists them."""
    found = planned(ONLINE, film("late", 2), film("early", 0))

    assert found["recording/early"][1].endswith("stadsplanering.mp4")
    assert found["recording/late"][1].endswith("stadsplanering (2).mp4")


def test_captions_of_the_second_part() -> None:
    """Captions are named as the recording that they belong to, not by their own number."""
    found = planned(ONLINE, film("r1", 0, "c1"), film("r2", 2, "c2"), text("t2", 2, "c2"))

    assert found["recording/r2"][1].removesuffix("mp4") == found["captions/t2"][1].removesuffix(
        "vtt"
    )
    assert found["captions/t2"][1].endswith("(2).vtt")


@pytest.mark.parametrize("status", [EffectStatus.DONE, EffectStatus.DROPPED])
def test_filed_is_left(status: EffectStatus) -> None:
    """What was filed is not planned again, and the second part keeps its number."""
    done = effect("file/uid-0308/recording/r1", status)
    assert planned(ONLINE, film("r1"), film("r2", 2), filed=[done]) == {
        "recording/r2": (SHOWN, "Inspelning 2023-03-08 Natur i stadsplanering (2).mp4")
    }


# ---------------------------------------------------------------- looked for


@pytest.mark.parametrize(
    ("now", "looked"),
    [
        (END - timedelta(seconds=1), False),
        (END, True),
        (END + timedelta(days=21, seconds=-1), True),
        (END + timedelta(days=21), False),
    ],
)
def test_window(now: datetime, looked: bool) -> None:
    """A recording is looked for from the meeting's end, for three weeks."""
    assert _is_looked_for(ONLINE, known(ONLINE), now) is looked


@pytest.mark.parametrize(("days", "looked"), [(1, True), (2, False)])
def test_window_once_filed(days: int, looked: bool) -> None:
    """Once one is filed, a second part is looked for during two days."""
    filed = [effect("file/uid-0308/recording/r1")]
    now = END + timedelta(days=days)

    assert _is_looked_for(ONLINE, known(ONLINE, filed=filed), now) is looked


@pytest.mark.parametrize("other", [{"join_url": None}, {"status": Status.CANCELLED}])
def test_not_looked_for(other: dict[str, object]) -> None:
    """Nothing is looked for where people met at a place, or did not meet."""
    assert not _is_looked_for(replace(ONLINE, **other), known(ONLINE), END)


async def test_only_this_occurrence(world: World) -> None:
    """A series shares one online meeting: only what was made around this occurrence is its."""
    seen = event(join_url=JOIN)
    await world.ledger.absorb("calendar", [Change(id=seen.id, value=seen)])
    week = 7 * 24
    world.meetings.made = [film("before", -week), film("now", 1), film("next", week)]
    world.meetings.written = [text("before", -week), text("now", 1), text("next", week)]
    world.clock.moment = END + timedelta(hours=1)
    found = await observe(world.at)

    [one] = found.found
    assert [r.id for r in one.recordings] == ["now"]
    assert [t.id for t in one.transcripts] == ["now"]
