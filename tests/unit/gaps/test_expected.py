"""The state of each thing of a meeting: a table of cases, and what nobody is nagged about."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain.expected import expectations_from, row_of
from service.domain.gaps import (
    Cannot,
    Expiring,
    Held,
    Missing,
    NotExpected,
    NotYet,
    Reason,
    RecordingState,
    Remedy,
    State,
    There,
    Thing,
    Waiting,
    Waits,
    reason_of,
)
from service.domain.meeting import Form, Kind, Meeting, Status
from service.errors import SettingsError
from tests.unit.gaps.builders import DAY, HELD, ONLINE, TOLD, after, parsed, row, rules, state

SEEN = RecordingState(seen=True, expires=date(2023, 7, 6))
LOCKED = Waiting(
    key="file/uid-0308/event/a1",
    thing=Thing.MATERIALS,
    name="Agenda.docx",
    reason=Reason.LOCKED,
    again=datetime(2023, 3, 17, 12, tzinfo=UTC),
)
TWO_DAYS = replace(HELD, last_day=date(2023, 3, 9))


# ---------------------------------------------------------------- what is expected


@pytest.mark.parametrize(
    ("form", "kind", "things"),
    [
        (Form.PHYSICAL, Kind.GATHERING, "programme materials participants evaluation"),
        (Form.HYBRID, Kind.GATHERING, "programme materials participants evaluation"),
        (Form.DIGITAL, Kind.MEETING, "materials participants"),
        (Form.DIGITAL, Kind.TRAINING, "materials participants evaluation"),
        (Form.PHYSICAL, Kind.TRAINING, "materials participants evaluation"),
    ],
)
def test_expected(form: Form, kind: Kind, things: str) -> None:
    """By form, and a training's own list before it."""
    assert rules().of(replace(HELD, form=form, kind=kind)) == set(things.split())


@pytest.mark.parametrize("word", [True, False])
def test_the_coordinators_word(word: bool) -> None:
    """What a coordinator says of evaluation and recording wins over the form."""
    said = replace(HELD, expects_survey=word, expects_recording=word)
    assert ({Thing.EVALUATION, Thing.RECORDING} <= rules().of(said)) is word


def test_rules_that_cannot_be_read() -> None:
    """A thing that there is not, and a grace that is none, are named with their place."""
    broken = parsed("register.toml")
    broken["expected"] = {**broken["expected"], "digital": ["kaffe"]}  # type: ignore[dict-item]
    broken["grace"] = {**broken["grace"], "materials": "soon"}  # type: ignore[dict-item]
    with pytest.raises(SettingsError) as refused:
        expectations_from(broken)

    assert "register.expected.digital: 'kaffe' is none of" in str(refused.value)
    assert "register.grace.materials: not a whole number" in str(refused.value)


# ---------------------------------------------------------------- states

ADD, COUNT = Missing(remedy=Remedy.ADD_MATERIALS), Missing(remedy=Remedy.COUNT)

CASES: list[tuple[str, Thing, Meeting, dict[str, Any], State]] = [
    ("an invitation went out", Thing.INVITATION, HELD, {}, There()),
    (
        "planned, and long to go",
        Thing.INVITATION,
        replace(HELD, status=Status.PLANNED),
        {"today": date(2023, 2, 14)},
        NotYet(until=date(2023, 2, 15)),
    ),
    (
        "planned, and soon",
        Thing.INVITATION,
        replace(HELD, status=Status.PLANNED),
        {"today": date(2023, 2, 15)},
        Missing(remedy=Remedy.INVITE),
    ),
    ("files are there", Thing.MATERIALS, HELD, {"materials": 3}, There(count=3)),
    ("nothing is there", Thing.MATERIALS, HELD, {}, ADD),
    ("this morning's", Thing.MATERIALS, HELD, {"today": DAY}, NotYet(until=date(2023, 3, 13))),
    (
        "on the eve of it",
        Thing.MATERIALS,
        HELD,
        {"today": date(2023, 3, 12)},
        NotYet(until=after(5)),
    ),
    ("on the third workday", Thing.MATERIALS, HELD, {"today": after(5)}, ADD),
    (
        "to come",
        Thing.MATERIALS,
        replace(HELD, status=Status.INVITED),
        {"today": date(2023, 3, 1)},
        NotYet(until=date(2023, 3, 13)),
    ),
    (
        "somebody has it open",
        Thing.MATERIALS,
        HELD,
        {"waiting": (LOCKED,)},
        Waits(reason=Reason.LOCKED),
    ),
    (
        "one is there, one is open",
        Thing.MATERIALS,
        HELD,
        {"materials": 1, "waiting": (LOCKED,)},
        There(count=1),
    ),
    ("online, without a programme", Thing.PROGRAMME, ONLINE, {}, NotExpected()),
    # ------------------------------------------------------------ recordings
    ("nobody recorded", Thing.RECORDING, ONLINE, {}, NotExpected()),
    (
        "a coordinator expects one",
        Thing.RECORDING,
        replace(ONLINE, expects_recording=True),
        {},
        Missing(remedy=Remedy.ADD_RECORDING),
    ),
    (
        "filed, the source still there",
        Thing.RECORDING,
        ONLINE,
        {"recordings": 2, "recording": SEEN},
        There(count=2, source_until=date(2023, 7, 6)),
    ),
    (
        "filed, the source long gone",
        Thing.RECORDING,
        ONLINE,
        {"recordings": 1, "recording": SEEN, "today": date(2023, 8, 1)},
        There(count=1),
    ),
    (
        "seen, not filed yet",
        Thing.RECORDING,
        ONLINE,
        {"recording": SEEN, "today": after(1)},
        NotYet(until=after(2)),
    ),
    (
        "seen, and never filed",
        Thing.RECORDING,
        ONLINE,
        {"recording": SEEN},
        Missing(remedy=Remedy.ADD_RECORDING),
    ),
    (
        "will be lost",
        Thing.RECORDING,
        ONLINE,
        {"recording": SEEN, "today": date(2023, 6, 22)},
        Expiring(on=date(2023, 7, 6), days=14),
    ),
    (
        "not quite yet",
        Thing.RECORDING,
        ONLINE,
        {"recording": SEEN, "today": date(2023, 6, 21)},
        Missing(remedy=Remedy.ADD_RECORDING),
    ),
    (
        "will be lost, for a reason",
        Thing.RECORDING,
        ONLINE,
        {
            "recording": replace(SEEN, reason=Reason.DOWNLOAD_BLOCKED),
            "today": date(2023, 7, 5),
        },
        Expiring(on=date(2023, 7, 6), days=1, reason=Reason.DOWNLOAD_BLOCKED),
    ),
    (
        "is lost",
        Thing.RECORDING,
        ONLINE,
        {"recording": SEEN, "today": date(2023, 7, 6)},
        Cannot(reason=Reason.EXPIRED),
    ),
    (
        "nobody may look",
        Thing.RECORDING,
        ONLINE,
        {"recording": RecordingState(reason=Reason.NO_ACCESS)},
        Cannot(reason=Reason.NO_ACCESS),
    ),
    (
        "the coordinator wants none",
        Thing.RECORDING,
        replace(ONLINE, expects_recording=False),
        {"recording": SEEN, "today": date(2023, 7, 1)},
        NotExpected(),
    ),
    # ------------------------------------------------------------ captions and transcripts
    (
        "a recording without captions",
        Thing.CAPTIONS,
        ONLINE,
        {"recordings": 1},
        Missing(remedy=Remedy.ADD_CAPTIONS),
    ),
    (
        "a recording that nobody transcribed",
        Thing.CAPTIONS,
        ONLINE,
        {"recordings": 1, "recording": replace(SEEN, reason=Reason.TRANSCRIPTION_OFF)},
        Cannot(reason=Reason.TRANSCRIPTION_OFF),
    ),
    (
        "a recording for coordinators alone",
        Thing.CAPTIONS,
        replace(ONLINE, publish_recording=False),
        {"recordings": 1},
        NotExpected(),
    ),
    ("no recording, no captions", Thing.CAPTIONS, ONLINE, {}, NotExpected()),
    (
        "a transcript that nobody asked for",
        Thing.TRANSCRIPT,
        ONLINE,
        {"transcripts": 1},
        There(count=1),
    ),
    ("none, and nobody asked", Thing.TRANSCRIPT, ONLINE, {"recordings": 1}, NotExpected()),
    (
        "none, though it is to be published",
        Thing.TRANSCRIPT,
        replace(ONLINE, publish_transcript=True),
        {"recordings": 1},
        Missing(remedy=Remedy.ADD_TRANSCRIPT),
    ),
    # ------------------------------------------------------------ participants
    ("counted", Thing.PARTICIPANTS, replace(HELD, day_counts=(24,)), {}, There(count=24)),
    ("counted by Teams", Thing.PARTICIPANTS, replace(HELD, teams_count=30), {}, There(count=30)),
    ("not counted", Thing.PARTICIPANTS, HELD, {}, COUNT),
    ("neither day", Thing.PARTICIPANTS, TWO_DAYS, {}, COUNT),
    (
        "the second day",
        Thing.PARTICIPANTS,
        replace(TWO_DAYS, day_counts=(24,)),
        {},
        Missing(remedy=Remedy.COUNT, days=(2,)),
    ),
    (
        "the first day",
        Thing.PARTICIPANTS,
        replace(TWO_DAYS, day_counts=(None, 17)),
        {},
        Missing(remedy=Remedy.COUNT, days=(1,)),
    ),
    ("both days", Thing.PARTICIPANTS, replace(TWO_DAYS, day_counts=(24, 17)), {}, There(count=41)),
    (
        "one day typed, and Teams' own count",
        Thing.PARTICIPANTS,
        replace(TWO_DAYS, day_counts=(24,), teams_count=30),
        {},
        There(count=24),
    ),
    # ------------------------------------------------------------ evaluation
    ("answers", Thing.EVALUATION, HELD, {"answers": 12}, There(count=12)),
    ("no link", Thing.EVALUATION, HELD, {}, Missing(remedy=Remedy.LINK_SURVEY)),
    ("open", Thing.EVALUATION, TOLD, {"today": after(7)}, NotYet(until=after(8))),
    ("closed", Thing.EVALUATION, TOLD, {"today": after(8)}, Missing(remedy=Remedy.ASK_FOR_ANSWERS)),
    (
        "open for longer",
        Thing.EVALUATION,
        replace(TOLD, survey_closes=date(2023, 3, 31)),
        {},
        NotYet(until=date(2023, 4, 1)),
    ),
    ("none wanted", Thing.EVALUATION, replace(HELD, expects_survey=False), {}, NotExpected()),
    ("answers all the same", Thing.EVALUATION, ONLINE, {"answers": 3}, There(count=3)),
]


@pytest.mark.parametrize(
    ("thing", "meeting", "known", "expected"),
    [case[1:] for case in CASES],
    ids=[f"{case[1]}: {case[0]}" for case in CASES],
)
def test_state(thing: Thing, meeting: Meeting, known: dict[str, Any], expected: State) -> None:
    """Each thing is there, missing with what to do, too early, not expected, or cannot be had."""
    assert state(thing, meeting, **known) == expected


def test_a_public_holiday_does_not_count_as_grace() -> None:
    """What a meeting before Easter lacks is missed on the workdays after it."""
    before_easter = replace(HELD, first_day=date(2023, 4, 5), last_day=date(2023, 4, 5))
    easter = frozenset({date(2023, 4, 7), date(2023, 4, 10)})
    judged = row_of(before_easter, Held(), rules(), today=date(2023, 4, 11), holidays=easter)
    assert judged.states[Thing.MATERIALS] == NotYet(until=date(2023, 4, 12))


def test_nothing_is_expected_of_a_cancelled_meeting() -> None:
    """It lacks nothing, and says so of every thing."""
    cancelled = row(replace(HELD, status=Status.CANCELLED), recording=SEEN)
    assert set(cancelled.states.values()) == {NotExpected()}
    assert not cancelled.needs_somebody


def test_a_row_has_every_thing_in_order() -> None:
    """Tables and JSON can go by the order of the things."""
    assert list(row().states) == list(Thing)


def test_what_needs_somebody() -> None:
    """What is missing or will be lost, and files that wait; what cannot be had does not."""
    assert list(row().lacks) == ["programme", "materials", "participants", "evaluation"]
    everything = replace(HELD, teams_count=12)
    full = {"programmes": 1, "materials": 2, "answers": 3}
    assert not row(everything, **full).needs_somebody
    assert row(everything, **full, waiting=(LOCKED,)).needs_somebody
    blocked = RecordingState(reason=Reason.NO_ACCESS)
    assert not row(everything, **full, recording=blocked).needs_somebody


def test_reasons_by_the_name_of_an_error() -> None:
    """An error of ours has its own words, a passing one those of all passing ones."""
    assert reason_of("UploadMismatch") is Reason.UPLOAD_MISMATCH
    assert reason_of("Throttled") is Reason.PASSING
    assert reason_of("BadRequest") is Reason.OTHER
    assert reason_of("") is Reason.OTHER
