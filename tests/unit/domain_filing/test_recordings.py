"""Whose a recording is, which of what was seen is the same one, and how it stands."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from service.domain.meeting import Meeting, Status
from service.domain.recording import (
    Hindrance,
    Reason,
    Take,
    at_risk,
    filmed,
    is_due,
    is_recording,
    is_waited_for,
    meeting_of_video,
    moments_in,
    occurrence,
    part_of,
    recording_name,
    state_of,
    taken,
    told,
)
from service.observe import SeenItem, SeenRecording, SeenTranscript
from tests.unit.effects.world import ZONE, meeting
from tests.unit.jobs.builders import item

LIFE = timedelta(days=120)
ONLINE = meeting(join_url="https://teams.microsoft.com/l/meetup-join/m1")
START, END = ONLINE.start, ONLINE.end
BEGUN = START + timedelta(minutes=2, seconds=12)
NAME = "Naturvårdsgruppen_ Natur i stadsplanering-20230308_093212-Mötesinspelning.mp4"


def film(id_: str = "r1", minutes: float = 2.2, **other: object) -> SeenRecording:
    created = START + timedelta(minutes=minutes)
    plain = SeenRecording(meeting_id="m1", id=id_, created=created, ended=None, correlation_id=None)
    return replace(plain, **other)


def video(name: str = NAME, id_: str = "v1", **other: object) -> SeenItem:
    return item(id_, name, path="Recordings", content_type="video/mp4", **other)


def both(*seen: SeenRecording | SeenItem, before: tuple[Take, ...] = ()) -> tuple[Take, ...]:
    """What is new after these were seen of the one meeting."""
    sights = [
        told(ONLINE, one) if isinstance(one, SeenRecording) else filmed(ONLINE, one, ZONE)
        for one in seen
    ]
    return taken(before, sights, now=END, life=LIFE)


# ---------------------------------------------------------------- whose it is


def daily(count: int = 4) -> list[Meeting]:
    """A series: the same link on days in a row."""
    return [meeting(date(2023, 3, 6 + n), join_url=ONLINE.join_url) for n in range(count)]


@pytest.mark.parametrize("hours", [-2, 0, 6, 18])
def test_occurrence_of_a_series(hours: float) -> None:
    """Of four days with one link, a recording is of the day on which it was made."""
    moment = daily()[2].start + timedelta(hours=hours)
    assert occurrence(moment, daily()) == daily()[2]


def test_outside_every_occurrence() -> None:
    """A recording by the same link weeks before is of none of them."""
    assert occurrence(START - timedelta(days=30), daily()) is None


def test_two_of_a_day() -> None:
    """Of two occurrences on a day the nearer one."""
    morning = replace(ONLINE, id="morning", end=START + timedelta(hours=1))
    evening = replace(ONLINE, id="evening", start=START + timedelta(hours=4))
    assert occurrence(START + timedelta(hours=1.5), [evening, morning]) == morning
    assert occurrence(START + timedelta(hours=3), [evening, morning]) == evening


@pytest.mark.parametrize(
    "name",
    [
        NAME,
        "Natur i stadsplanering-20230308_093212-Meeting Recording.mp4",
        "Natur i stadsplanering-20230308_083212UTC-Meeting Recording.mp4",
        "Natur i stadsplanering-20230308_083212-Møteopptak 1.mp4",
        "natur I Stadsplanering-20230308_145900-Mötesinspelning.MP4",
    ],
)
def test_a_file_by_time_and_subject(name: str) -> None:
    """By the name that Teams gives, in local time or UTC, wherever it lies."""
    assert meeting_of_video(video(name), [ONLINE], time_zone=ZONE) == ONLINE


@pytest.mark.parametrize(
    "name",
    [
        "Lönesamtal-20230308_093212-Mötesinspelning.mp4",
        "Natur i stadsplanering-20230301_093212-Mötesinspelning.mp4",
        "Natur i stadsplanering 2023-03-08.mp4",
        "Natur i stadsplanering-20230308_093212-Mötesinspelning.docx",
        "Natur i stadsplanering-20231399_093212-Mötesinspelning.mp4",
    ],
)
def test_a_file_that_is_no_recording(name: str) -> None:
    """Another subject, another day, no name of Teams': material like any other."""
    assert meeting_of_video(video(name), [ONLINE], time_zone=ZONE) is None


def test_a_cancelled_meeting_has_no_recording() -> None:
    """What was recorded then was something else."""
    off = replace(ONLINE, status=Status.CANCELLED)
    assert meeting_of_video(video(), [off], time_zone=ZONE) is None


def test_one_claims_it() -> None:
    """A file is a recording by its name, or since it was taken for one; else it is not."""
    [take] = both(video())
    later = video("Nytt namn.mp4")
    assert is_recording(video(), [ONLINE], [], time_zone=ZONE)
    assert is_recording(later, [ONLINE], [take], time_zone=ZONE)
    assert not is_recording(later, [ONLINE], [], time_zone=ZONE)


def test_moments() -> None:
    """Where the name does not say UTC, local time comes first."""
    local, utc = moments_in(NAME, ZONE)
    assert (local, utc) == (BEGUN, BEGUN + timedelta(hours=1))
    assert moments_in("x.mp4", ZONE) == ()


# ---------------------------------------------------------------- one of what was seen


def test_the_first_sight() -> None:
    """A take is known with its date of expiry as soon as it is seen."""
    [take] = both(film())
    assert (take.id, take.part, take.seen) == ("r1", 1, END)
    assert take.expires == film().created + LIFE


def test_seen_both_ways_is_one() -> None:
    """The API's identity, and the file beside it."""
    [take] = both(film(), video())
    assert (take.id, take.recording, take.item_id) == ("r1", film(), "v1")


@pytest.mark.parametrize("first_by_file", [True, False])
def test_seen_both_ways_at_different_times(first_by_file: bool) -> None:
    """What is seen second adds to the take, and keeps its id."""
    first, second = (video(), film()) if first_by_file else (film(), video())
    [before] = both(first)
    [after] = both(first, second, before=(before,))
    assert (after.id, after.part) == (first.id, 1)
    assert (after.recording, after.item_id) == (film(), "v1")
    assert both(first, second, before=(after,)) == ()


def test_listed_again_is_nothing_new() -> None:
    """Under its id or, with the same beginning and end, another (known issue 22934)."""
    ended = film(ended=END)
    takes = both(ended)
    assert both(ended, replace(ended, id="r9"), before=takes) == ()


def test_a_short_part_and_the_next() -> None:
    """Two that begin within minutes and end apart are two."""
    short = film("r1", 0, ended=START + timedelta(minutes=1))
    rest = film("r2", 1.5, ended=END)
    assert [(take.id, take.part) for take in both(rest, short)] == [("r1", 1), ("r2", 2)]


def test_parts_keep_their_numbers() -> None:
    """A third that comes later, though it was recorded first, renames neither of the others."""
    two = both(film("r3", 120), film("r2", 60))
    assert [(take.id, take.part) for take in two] == [("r2", 1), ("r3", 2)]
    [third] = both(film("r1", 0), before=two)
    assert (third.id, third.part) == ("r1", 3)


@pytest.mark.parametrize("hours", [0, 1])
@pytest.mark.parametrize("files_first", [True, False])
def test_parts_an_hour_apart(hours: int, files_first: bool) -> None:
    """Names in local time and in UTC lead to the right parts, even an hour apart."""
    names = [f"Natur i stadsplanering-20230308_{9 + n - hours:02}3212-M.mp4" for n in (0, 1)]
    files = [video(name, f"v{n}") for n, name in enumerate(names)]
    films = [film("r0", 2.2), film("r1", 62.2)]
    first, second = (files, films) if files_first else (films, files)
    takes = both(*first)
    after = both(*first, *second, before=takes)
    assert [(t.recording and t.recording.id, t.item_id) for t in after] == [
        ("r0", "v0"),
        ("r1", "v1"),
    ]


def test_a_copy_in_another_folder() -> None:
    """The same recording in two watched folders is one."""
    takes = both(video())
    assert both(video(), video(id_="v2"), before=takes) == ()


def test_other_meetings_are_others() -> None:
    """Two meetings recorded at the same minute."""
    other = replace(ONLINE, id="other")
    sights = [told(ONLINE, film("r1")), told(other, film("r2"))]
    takes = taken((), sights, now=END, life=LIFE)
    assert [(take.meeting_id, take.part) for take in takes] == [("uid-0308", 1), ("other", 1)]


def text(minutes: float, call: str | None = None) -> SeenTranscript:
    created = START + timedelta(minutes=minutes)
    return SeenTranscript(meeting_id="m1", id="t", created=created, correlation_id=call)


def test_part_of_a_transcript() -> None:
    """By the call, else by the part that ran when it began, else by its own place."""
    takes = both(film("r1", 0, correlation_id="c1"), film("r2", 60, correlation_id="c2"))
    assert part_of(text(0, "c2"), takes, 1) == 2
    assert part_of(text(70), takes, 1) == 2
    assert part_of(text(1, "unknown"), takes, 2) == 1
    assert part_of(text(1), (), 2) == 2


# ---------------------------------------------------------------- what it is called


def test_names() -> None:
    """Date, title and what it is; of a long title the end is cut, never what it is."""
    assert (
        recording_name(ONLINE, "inspelning, del 2", "mp4")
        == "2023-03-08 Natur i stadsplanering (inspelning, del 2).mp4"
    )
    long = recording_name(replace(ONLINE, title="Natur " * 60), "inspelning", "mp4")
    assert long.endswith("Natur (inspelning).mp4")
    assert len(long) <= 140


# ---------------------------------------------------------------- how it stands


def test_state() -> None:
    """Counts, the first expiry of what waits, and why; once all is filed, no reason is left."""
    two = both(film("r1", 0), film("r2", 60))
    blocked = Hindrance(reason=Reason.BLOCKED)
    waiting = state_of(ONLINE.id, two, {"r1"}, blocked)
    assert (waiting.seen, waiting.filed, waiting.waits) == (2, 1, True)
    assert waiting.expires == two[1].expires
    assert waiting.hindrance == blocked
    done = state_of(ONLINE.id, two, {"r1", "r2"}, blocked)
    assert (done.waits, done.expires, done.hindrance) == (False, two[0].expires, None)
    assert state_of(ONLINE.id, (), (), blocked).hindrance == blocked


@pytest.mark.parametrize(
    ("days", "urgent"), [(14.01, False), (14, True), (0.1, True), (0, False), (-1, False)]
)
def test_at_risk(days: float, urgent: bool) -> None:
    """Unfiled and gone within a fortnight; what is gone already is at no risk."""
    takes = both(film())
    now = takes[0].expires - timedelta(days=days)
    unfiled, filed = state_of("a", takes, ()), state_of("b", takes, {"r1"})
    assert at_risk([filed, unfiled], now) == ((unfiled,) if urgent else ())


def test_the_most_urgent_first() -> None:
    """Ordered by what is gone first."""
    [late], [soon] = both(film("r2", 600)), both(film("r1"))
    states = [state_of("a", [late], ()), state_of("b", [soon], ())]
    assert [s.meeting_id for s in at_risk(states, soon.expires - timedelta(days=3))] == ["b", "a"]


# ---------------------------------------------------------------- for how long


@pytest.mark.parametrize(
    ("now", "waited"),
    [
        (END - timedelta(seconds=1), False),
        (END, True),
        (END + timedelta(days=119), True),
        (END + timedelta(days=120), False),
    ],
)
def test_waited_for_until_its_time_has_passed(now: datetime, waited: bool) -> None:
    """From the meeting's end until the tenant must have deleted it."""
    assert is_waited_for(ONLINE, (), (), now=now, life=LIFE) is waited


@pytest.mark.parametrize(("days", "waited"), [(1.9, True), (2, False)])
def test_a_second_part_is_waited_for(days: float, waited: bool) -> None:
    """For two days once all that was seen is filed, even weeks after the meeting."""
    [take] = both(film())
    take = replace(take, seen=END + timedelta(days=30))
    now = take.seen + timedelta(days=days)
    assert is_waited_for(ONLINE, [take], {"r1"}, now=now, life=LIFE) is waited
    assert is_waited_for(ONLINE, [take], (), now=now, life=LIFE)


@pytest.mark.parametrize("other", [{"join_url": None}, {"status": Status.CANCELLED}])
def test_not_waited_for(other: dict[str, object]) -> None:
    """Nothing is waited for where people met at a place, or did not meet."""
    assert not is_waited_for(replace(ONLINE, **other), (), (), now=END, life=LIFE)


def test_looks_grow_rare() -> None:
    """Asked for hourly, a meeting is looked at some thirty times in four months."""
    looks, looked, now = 0, None, END
    while now < END + LIFE:
        if is_due(ONLINE, looked, now):
            looks, looked = looks + 1, now
        now += timedelta(hours=1)
    assert 20 < looks < 35


def test_after_a_month_away() -> None:
    """A daemon that was down for a month looks at once, and then after days."""
    back = END + timedelta(days=31)
    assert is_due(ONLINE, None, back)
    assert is_due(ONLINE, END + timedelta(hours=1), back)
    assert not is_due(ONLINE, back, back + timedelta(days=10))
