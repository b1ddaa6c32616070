"""What a meeting lacks, and what need not be worked out twice."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.gaps import Thing, expected, missing
from service.domain.meeting import Form, Kind, Status
from service.memory import Memory
from tests.unit.effects.world import meeting

HELD = meeting(status=Status.HELD, teams_count=12)
ALL = frozenset(Thing)


@pytest.mark.parametrize(
    ("form", "kind", "things"),
    [
        (Form.PHYSICAL, Kind.GATHERING, "program material deltagare utvärdering"),
        (Form.HYBRID, Kind.GATHERING, "program material deltagare utvärdering"),
        (Form.DIGITAL, Kind.MEETING, "material deltagare"),
        (Form.DIGITAL, Kind.TRAINING, "material deltagare utvärdering"),
        (Form.PHYSICAL, Kind.TRAINING, "material deltagare utvärdering"),
    ],
)
def test_expected(form: Form, kind: Kind, things: str) -> None:
    """By form, and a training's own list before it."""
    assert set(expected(replace(HELD, form=form, kind=kind))) == set(things.split())


@pytest.mark.parametrize("word", [True, False])
def test_the_coordinators_word(word: bool) -> None:
    """What a coordinator says of evaluation and recording wins over the form."""
    said = replace(HELD, expects_survey=word, expects_recording=word)
    assert ({Thing.EVALUATION, Thing.RECORDING} <= set(expected(said))) is word


def test_recording_is_missed_only_if_expected() -> None:
    """No recording, and nobody expects one: nothing is missing."""
    assert "inspelning" not in missing(HELD, ())
    assert "inspelning" in missing(replace(HELD, expects_recording=True), ())


@pytest.mark.parametrize("status", [Status.INVITED, Status.CANCELLED, Status.PLANNED])
def test_only_held_meetings_lack(status: Status) -> None:
    """A meeting to come, or cancelled, lacks nothing."""
    assert missing(replace(HELD, status=status), ()) == ()


def test_missing() -> None:
    """What is there is not named; participants are told by a count."""
    assert missing(HELD, ALL) == ()
    assert missing(HELD, ()) == ("program", "material", "utvärdering")
    assert missing(replace(HELD, teams_count=None), ALL) == ("deltagare",)


def test_days_without_a_count() -> None:
    """Of several days, those that nobody has counted are named, unless Teams has."""
    two = replace(HELD, last_day=date(2023, 3, 9), teams_count=None)

    assert missing(two, ALL) == ("deltagare",)
    assert missing(replace(two, day_counts=(24,)), ALL) == ("deltagare dag 2",)
    assert missing(replace(two, day_counts=(None, 17)), ALL) == ("deltagare dag 1",)
    assert missing(replace(two, day_counts=(24, 17)), ALL) == ()
    assert missing(replace(two, day_counts=(24,), teams_count=30), ALL) == ()


def test_memory() -> None:
    """Worked out once for the very same parts, anew for others, apart for each subject."""
    memory, work = Memory(), iter("abcd")
    part, other = object(), object()

    def recall(subject: str, *parts: object) -> str:
        return memory.recall(subject, parts, lambda: next(work))

    assert [recall("s", part), recall("s", part)] == ["a", "a"]
    assert recall("t", part) == "b"
    assert recall("s", other) == "c"
    assert recall("s", part) == "d"


def test_memory_goes_by_identity() -> None:
    """Equal is not the same: it errs towards working out again, never towards an old result."""
    memory, work = Memory(), iter("ab")
    one, equal = ["x"], ["x"]

    assert memory.recall("s", (one,), lambda: next(work)) == "a"
    assert memory.recall("s", (equal,), lambda: next(work)) == "b"
    assert memory.recall("s", (equal, None), lambda: "longer") == "longer"
