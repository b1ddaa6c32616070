"""What coordinators read of a meeting: in the register, in a terminal, in three languages."""

from dataclasses import replace
from datetime import date

import pytest

from service.domain.gaps import Reason, RecordingState, Thing, Waiting
from service.domain.gaps_in_words import in_short, sentences, which
from service.domain.meeting import Meeting
from service.domain.notice import Removed, Unplaced
from service.render.overview import lacking, loose, table
from tests.unit.gaps.builders import HELD, ONLINE, row, words

SEEN = RecordingState(seen=True, expires=date(2023, 7, 6))
SKARA = replace(
    HELD,
    id="uid-0510",
    title="Dialog kring kommunernas hållbarhetsarbete",
    first_day=date(2023, 5, 10),
    last_day=date(2023, 5, 11),
    day_counts=(24,),
)
OPEN = Waiting(
    key="file/uid-0308/event/a1",
    thing=Thing.MATERIALS,
    name="Agenda.docx",
    reason=Reason.LOCKED,
    again=None,
)


def test_in_short() -> None:
    """The register names what is missing, and by when a recording is lost: never how many days."""
    assert in_short(row(), words()) == "program, material, deltagare, utvärdering"
    assert (
        in_short(row(replace(HELD, teams_count=1), programmes=1, materials=1, answers=1), words())
        == ""
    )
    assert in_short(row(SKARA, today=date(2023, 6, 1), programmes=1, materials=1), words()) == (
        "deltagare dag 2, utvärdering"
    )
    expiring = row(ONLINE, materials=1, recording=SEEN, today=date(2023, 6, 30), waiting=(OPEN,))
    assert in_short(expiring, words()) == "inspelning (raderas 6 juli), deltagare, en fil väntar"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "sv",
            "saknas: program och material (lägg i mötets mapp) · deltagare dag 2 (skriv i Möten)",
        ),
        (
            "nb",
            "mangler: program og materiale (legg i møtets mappe) · deltakere dag 2 (skriv i Möten)",
        ),
        (
            "en",
            "missing: programme and material (put into the meeting's folder) · participants of "
            "day 2 (write in Möten)",
        ),
    ],
)
def test_what_to_do(language: str, said: str) -> None:
    """Each lack with what mends it; those with the same remedy together."""
    judged = row(replace(SKARA, expects_survey=False), today=date(2023, 6, 1))
    assert sentences(judged, words(language)) == (said,)


def test_what_will_be_lost_comes_first() -> None:
    """Then what is missing, then what is in the way and why."""
    known = replace(SEEN, reason=Reason.DOWNLOAD_BLOCKED)
    judged = row(ONLINE, recording=known, today=date(2023, 7, 5), waiting=(OPEN,), materials=1)
    assert sentences(judged, words()) == (
        "inspelningen är inte arkiverad och raderas 6 juli, om en dag (nedladdning av inspelningar "
        "är spärrad)",
        "saknas: deltagare (skriv i Möten)",
        "”Agenda.docx” väntar: någon har filen öppen eller utcheckad",
    )


def test_a_recording_that_is_safe_says_so_where_something_else_is_amiss() -> None:
    """How long the source stays is worth knowing while the captions are missing."""
    judged = row(replace(ONLINE, teams_count=9), recordings=1, recording=SEEN, materials=1)
    assert sentences(judged, words()) == (
        "saknas: textning (lägg en VTT-fil i mötets mapp)",
        "inspelningen är arkiverad, källan raderas 6 juli",
    )


def test_which_meeting() -> None:
    """The likeliest days, asked as a person would ask."""
    days = [
        replace(HELD, first_day=day, last_day=day)
        for day in (date(2023, 9, 13), date(2023, 10, 26))
    ]
    assert which(days, words()) == "13 sep eller 26 okt?"
    assert which(days[:1], words()) == "13 sep?"
    assert which([*days, SKARA], words()) == "13 sep, 26 okt eller 10–11 maj?"
    assert which([], words()) == ""


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_every_reason_has_words(language: str, reason: Reason) -> None:
    """Nobody reads the name of an error's class."""
    blocked = row(ONLINE, recording=RecordingState(reason=reason))
    assert reason.value not in " ".join(sentences(blocked, words(language)))


# ---------------------------------------------------------------- in a terminal


def year() -> list[Meeting]:
    return [HELD, SKARA, replace(ONLINE, id="uid-0913", title="Hållbar upphandling")]


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_the_table_fits(language: str, width: int) -> None:
    """At a hundred columns and at eighty; titles are cut, what is missing is not."""
    long = replace(HELD, title="Inventering av våtmarkslägen och nya våtmarker i odlingslandskapet")
    rows = [row(one, today=date(2023, 12, 1)) for one in (*year(), long)]
    lines = list(table(rows, words(language), width=width))
    assert max(map(len, lines)) <= width
    for one in rows:
        for sentence in sentences(one, words(language)):
            assert sentence in " ".join(" ".join(lines).split())


def test_the_table() -> None:
    """A line of marks under their heads, and in words what needs somebody."""
    judged = [
        row(replace(HELD, teams_count=36), programmes=1, materials=4, answers=25),
        row(replace(ONLINE, id="uid-2", title="Hållbar upphandling", teams_count=31), recordings=1),
    ]
    assert list(table(judged, words(), width=100)) == [
        words().say("overview.legend"),
        "",
        "2023    möte                    inbj  prog  mat  insp  text  trans  delt  utv",
        "8 mars  Natur i stadsplanering     ✓     ✓    4     –     –      –    36   25",
        "8 mars  Hållbar upphandling        ✓     –    !     ✓     !      –    31    –",
        "        saknas: material (lägg i mötets mapp) · textning (lägg en VTT-fil i mötets mapp)",
    ]


def test_only_what_is_missing() -> None:
    """Date, title and place, and under them what is missing; without anything, that."""
    judged = [row(SKARA, today=date(2023, 6, 1), materials=2, answers=9)]
    assert list(lacking(judged, words(), width=100)) == [
        "10–11 maj  Dialog kring kommunernas hållbarhetsarbete, Skara",
        "           saknas: program (lägg i mötets mapp) · deltagare dag 2 (skriv i Möten)",
    ]
    assert list(lacking([], words(), width=100)) == ["Inget saknas."]


def test_several_years_are_told_apart() -> None:
    """The year stands at each date as soon as there are two."""
    before = replace(HELD, first_day=date(2022, 11, 2), last_day=date(2022, 11, 2))
    judged = [row(before), row()]
    dated = [line for line in lacking(judged, words(), width=100) if "Natur" in line]
    assert [line.split("  ")[0].strip() for line in dated] == ["2 nov 2022", "8 mars 2023"]


def test_loose_files() -> None:
    """Files without a meeting with the likeliest days, and those that a person has removed."""
    days = tuple(
        replace(HELD, first_day=day, last_day=day)
        for day in (date(2023, 9, 13), date(2023, 10, 26))
    )
    unplaced = (
        Unplaced(id="1", name="presentation_v3.pptx", candidates=days),
        Unplaced(id="2", name="IMG_2231.jpg", candidates=()),
    )
    removed = (Removed(key="k", name="Agenda.docx", meeting=HELD),)
    assert list(loose(unplaced, removed, words(), width=100)) == [
        "2 filer i Inkorg/Oplacerat: ”presentation_v3.pptx” (13 sep eller 26 okt?) · "
        "”IMG_2231.jpg”",
        "Borttagen av en person: ”Agenda.docx” (8 mars); återställs med natverket file --again",
    ]
    assert list(loose((), (), words(), width=100)) == []
