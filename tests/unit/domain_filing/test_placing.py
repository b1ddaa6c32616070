"""Files that find their meeting, and files of which a person has to say."""

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.domain.candidate import Candidate
from service.domain.meeting import Meeting, Status
from service.domain.names import INBOX, inbox_folder
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.placing import place
from service.render.texts import texts_from
from service.shipped import shipped
from tests.unit.domain_filing.year import (
    AFTERNOON,
    ALL,
    COURSE,
    COURSE_DAY,
    MORNING,
    NATURE,
    WATER,
    ZONE,
    meeting,
)

EARLY = meeting(date(2023, 2, 2), "Medborgardialog")
CHILDREN = meeting(date(2023, 3, 21), "Barnkonventionen i kommunerna", "")


def file(name: str, when: date, **other: str) -> Candidate:
    modified = datetime(when.year, when.month, when.day, 12, tzinfo=UTC)
    return Candidate(
        **{"origin": "inbox", "id": "1", "version": "1", "name": name, **other}, modified=modified
    )


def found(name: str, when: date, among: Sequence[Meeting] = ALL, **other: str) -> Placed | Unsure:
    return place(file(name, when, **other), among, time_zone=ZONE)


def candidates(answer: Placed | Unsure) -> set[str]:
    assert isinstance(answer, Unsure), answer
    return {one.id for one in answer.candidates}


# ---------------------------------------------------------------- the inbox


@pytest.mark.parametrize(
    ("name", "when", "folder", "wanted"),
    [
        ("x.pdf", date(2024, 1, 1), "2023-03-08 Natur i stadsplanering", NATURE),
        ("x.pdf", date(2024, 1, 1), "2023-03-08 Alingsås nya namnet", NATURE),
        ("x.pdf", date(2024, 1, 1), "2023-06-01 dag två/Bilder", WATER),
        ("x.pdf", date(2023, 11, 9), "2023-11-08 Elektrifiering", AFTERNOON),
        ("x.pdf", date(2023, 3, 9), "Natur i stadsplanering", NATURE),
        ("x.pdf", date(2023, 3, 9), "2023-03-08 Natur i stadsplanering/2023-10-03", NATURE),
        ("2023-10-12 x.pdf", date(2023, 3, 9), "2023-03-08 Natur", NATURE),
        ("Anteckningar 8 mars.docx", date(2023, 3, 9), "", NATURE),
        ("Anteckningar 230308.docx", date(2024, 3, 9), "", NATURE),
        ("Bilder 1 juni.zip", date(2023, 6, 2), "", WATER),
        ("8 nov våtmarkslägen.pdf", date(2023, 11, 9), "", MORNING),
        ("Återvätning_slutlig_v3.pptx", date(2023, 5, 29), "", WATER),
        ("Vänerskärgården.pdf", date(2023, 6, 2), "", WATER),
        ("naturistadsplanering_slutlig.pptx", date(2023, 3, 9), "Oplacerat", NATURE),
        ("Anteckningar 12 oktober.docx", date(2024, 1, 2), "Från Anna", COURSE_DAY),
    ],
)
def test_placed(name: str, when: date, folder: str, wanted: Meeting) -> None:
    """Folder before date before words."""
    answer = found(name, when, folder=folder)
    assert isinstance(answer, Placed), answer
    assert answer.meeting == wanted


@pytest.mark.parametrize(
    ("name", "when", "wanted"),
    [
        ("8 november.pdf", date(2023, 11, 9), {MORNING.id, AFTERNOON.id}),
        ("8 mars och 12 oktober.pdf", date(2023, 11, 9), {NATURE.id, COURSE_DAY.id}),
        ("Naturvärdesinventering.pdf", date(2023, 10, 9), {COURSE.id, COURSE_DAY.id}),
        ("presentation_v3.pptx", date(2023, 10, 5), {COURSE.id, COURSE_DAY.id}),
        ("IMG_2231.jpg", date(2022, 3, 1), set()),
        ("Återvätning.pptx", date(2024, 5, 29), set()),
        ("Återvätning 2022-05-20.pptx", date(2023, 5, 29), {WATER.id}),
        ("Natur.pptx", date(2023, 3, 1), set()),
    ],
)
def test_unsure(name: str, when: date, wanted: set[str]) -> None:
    """Two meetings alike, no word that tells, or too far in time: a person is asked."""
    among = [one for one in ALL if one is not NATURE] if name.startswith("Natur.") else ALL
    assert candidates(found(name, when, among, folder="Oplacerat")) == wanted


def test_what_contradicts_itself_is_asked() -> None:
    """A document about one meeting with the day of another is nobody's for sure."""
    both = (replace(NATURE, title="Stadsplanering"), replace(CHILDREN, title="Barnkonventionen"))
    answer = found("Barnkonventionen 8 mars.pdf", date(2023, 3, 9), both)
    assert candidates(answer) == {one.id for one in both}
    assert answer.reason.kind is Why.CONTRADICTION


@pytest.mark.parametrize(
    ("name", "when", "wanted"),
    [
        ("Alingsås.pdf", date(2023, 3, 9), NATURE),
        ("Alingsås fågelsjöar.pdf", date(2023, 3, 9), NATURE),
        ("Alingsås fågelsjöar.pdf", date(2023, 3, 20), None),
        ("Alingsås.pdf", date(2023, 2, 3), None),
        ("Deltagarlista Alingsås.xlsx", date(2023, 2, 10), NATURE),
        ("Deltagarlista Alingsås.xlsx", date(2023, 1, 10), None),
    ],
)
def test_a_place_says_little(name: str, when: date, wanted: Meeting | None) -> None:
    """Other things come from there too: by itself it is believed of the nearest meeting only."""
    answer = found(name, when, (EARLY, NATURE, CHILDREN))
    assert (answer.meeting if isinstance(answer, Placed) else None) == wanted


def test_a_cancelled_meeting_keeps_its_own() -> None:
    """A date of a cancelled meeting places nothing and is told; its inbox folder does."""
    off = replace(NATURE, status=Status.CANCELLED)
    dated = found("8 mars.pdf", date(2023, 3, 9), (off, CHILDREN))
    within = inbox_folder(off).removeprefix(f"{INBOX}/")
    assert candidates(dated) == {off.id}
    assert dated.reason.kind is Why.CANCELLED
    assert isinstance(found("x.pdf", date(2023, 3, 9), (off,), folder=within), Placed)


def test_a_moved_meeting_is_known_by_its_former_day() -> None:
    """The old day still means it, also in its folder; who else is on that day is as possible."""
    moved = replace(NATURE, former_days=(date(2023, 3, 1),))
    other = meeting(date(2023, 3, 1), "Medborgardialog")
    answer = found("Program 1 mars.pdf", date(2023, 2, 20), (moved,))
    assert isinstance(answer, Placed)
    assert answer.reason.kind is Why.FORMER_DATE
    both = found("Program 1 mars.pdf", date(2023, 2, 20), (moved, other))
    assert candidates(both) == {moved.id, other.id}
    for folder in ("2023-03-01 Natur i stadsplanering", "2023-03-02 Natur i stadsplanering"):
        within = found("x.pdf", date(2023, 2, 20), (moved, other), folder=folder)
        assert isinstance(within, Placed)
        assert within.meeting == moved


def test_a_series_is_told_apart_by_time() -> None:
    """Where all have the title, the clearly nearest; in between, or without the title, none."""
    series = [
        meeting(date(2023, 9, day), "Digitalt fika för samordnare", id=str(day))
        for day in (7, 14, 21)
    ]
    near = found("Digitalt fika.pdf", date(2023, 9, 15), series)
    assert isinstance(near, Placed)
    assert near.meeting.id == "14"
    between = found("Digitalt fika.pdf", date(2023, 9, 18), series)
    assert candidates(between) == {"14", "21"} | {"7"}
    assert between.candidates[0].id != "7"
    assert isinstance(found("Anteckningar.pdf", date(2023, 9, 15), series), Unsure)


def test_numbered_meetings_are_no_series() -> None:
    """What is written of the second part is not the first one's, however near that is."""
    first = meeting(date(2023, 9, 7), "Utbildning modul 1")
    second = meeting(date(2023, 9, 21), "Utbildning modul 2")
    ahead = found("Utbildning modul 2, underlag.pdf", date(2023, 9, 8), (first, second))
    assert isinstance(ahead, Placed)
    assert ahead.meeting == second
    assert isinstance(found("Modul.pdf", date(2023, 9, 8), (first, second)), Unsure)


def test_a_day_without_a_year_is_the_nearest() -> None:
    """In January "20 december" is last month's; a weekday tells the year; else it is asked."""
    old = meeting(date(2022, 12, 20), "Jul", id="old")
    new = meeting(date(2023, 12, 20), "Advent", id="new")
    january = found("Anteckningar 20 december.pdf", date(2023, 1, 5), (old, new))
    weekday = found("onsdag 20 december.pdf", date(2023, 1, 5), (old, new))
    summer = found("Anteckningar 20 december.pdf", date(2023, 6, 20), (old, new))
    assert isinstance(january, Placed)
    assert january.meeting == old
    assert isinstance(weekday, Placed)
    assert weekday.meeting == new
    assert candidates(summer) == {"old", "new"}


# ---------------------------------------------------------------- other sources


def test_what_is_told_outright_comes_first() -> None:
    """A coordinator's word before the event, the event before name and folder."""
    name, when = "Natur i stadsplanering 8 mars.pdf", date(2023, 3, 9)
    event = found(name, when, origin="event", hangs_on=WATER.id)
    settled = found(name, when, origin="event", hangs_on=WATER.id, settled=COURSE.id)
    assert isinstance(event, Placed)
    assert isinstance(settled, Placed)
    assert (event.meeting, settled.meeting) == (WATER, COURSE)


def test_what_is_told_of_something_gone_is_asked() -> None:
    """Nobody's word is replaced by a guess."""
    name, when = "8 mars.pdf", date(2023, 3, 9)
    assert found(name, when, settled="gone").reason.kind is Why.SETTLED_GONE
    assert found(name, when, hangs_on="gone").reason.kind is Why.EVENT_GONE


@pytest.mark.parametrize(
    ("name", "words", "wanted", "why"),
    [
        ("Bildspel.pptx", "Material till 8 mars", NATURE, Why.SUBJECT_DATE),
        ("Bildspel.pptx", "SV: Natur i stadsplanering", NATURE, Why.SUBJECT_WORDS),
        ("Anteckningar 2 februari.docx", "Inför 8 mars", EARLY, Why.NAME_DATE),
        ("8 mars.pdf", "SV: Medborgardialog", NATURE, Why.NAME_DATE),
    ],
)
def test_mail(name: str, words: str, wanted: Meeting, why: Why) -> None:
    """The subject counts after the name."""
    answer = found(name, date(2023, 3, 1), (EARLY, NATURE), origin="mail", words=words)
    assert isinstance(answer, Placed), answer
    assert (answer.meeting, answer.reason.kind) == (wanted, why)


@pytest.mark.parametrize(
    ("name", "folder", "wanted"),
    [
        ("Bildspel.pptx", "2023-03-08 Natur i stadsplanering", NATURE),
        ("Bildspel.pptx", "Träffar/2023/8 mars/Bilder", NATURE),
        ("Bildspel.pptx", "Träffar/Natur i stadsplanering", NATURE),
        ("Medborgardialog 2 feb.pptx", "2023-03-08 Natur i stadsplanering", EARLY),
        ("Stadsplanering.pptx", "Möten/Mars", NATURE),
    ],
)
def test_folders_of_other_sources(name: str, folder: str, wanted: Meeting) -> None:
    """A folder with date or title tells; the date of the name wins; a month tells apart."""
    rest = (replace(CHILDREN, first_day=date(2023, 4, 26), last_day=date(2023, 4, 26)),)
    plans = replace(rest[0], title="Stadsplanering och projekt", id="april")
    answer = found(name, date(2023, 3, 30), (EARLY, NATURE, plans), origin="folder", folder=folder)
    assert isinstance(answer, Placed), answer
    assert answer.meeting == wanted


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Bildspel.pptx", "Möten/Mars"),
        ("Bildspel.pptx", "2023-03-08 Natur/2023-02-02 Dialog"),
        ("Medborgardialog.pptx", "2023-03-08 Natur i stadsplanering"),
    ],
)
def test_weak_folders(name: str, folder: str) -> None:
    """A month alone, folders that disagree, or a title against a folder: asked."""
    answer = found(name, date(2023, 3, 9), (EARLY, NATURE), origin="folder", folder=folder)
    assert isinstance(answer, Unsure), answer


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
def test_every_reason_has_words(language: str) -> None:
    """Whatever the answer rests on is told in the network's language, with its facts."""
    parsed = tomllib.loads(shipped("texts", f"{language}.toml").read_text(encoding="utf-8"))
    words = texts_from(parsed, language=language, time_zone=ZONE)
    facts = {"date": "2023-03-08", "folder": "Möten {mars}"}
    said = [Reason(why, facts).said(words) for why in Why]
    assert len(set(said)) == len(Why)
    assert Reason(Why.FOLDER_DATE, facts).said(words).count("Möten {mars}") == 1


# ---------------------------------------------------------------- for any name

PARTS = st.sampled_from(
    ["8 mars", "230308", "2023-11-08", "Natur", "stadsplanering", "Återvätning", "v3", "IMG_2231",
     "Program", "12 okt", "1/6", "2022", "Kinnekulle", "fältövning", "naturvärdesinventering"]
)  # fmt: skip
NAMES = st.lists(PARTS, max_size=4).map(" ".join) | st.text(max_size=60)
WHEN = st.dates(date(2022, 6, 1), date(2024, 6, 1))
ORIGINS = st.sampled_from(["inbox", "mail", "folder"])


@given(NAMES, WHEN, ORIGINS, NAMES, NAMES)
def test_every_name_has_an_answer(
    name: str, when: date, origin: str, folder: str, words: str
) -> None:
    """Nothing raises, and nobody is asked about more than three meetings."""
    answer = found(name, when, origin=origin, folder=folder, words=words)
    assert isinstance(answer, Placed) or len(answer.candidates) <= 3


MONTHS = ("januari january januar", "februari february februar", "mars march mars",
          "april april april", "maj may mai", "juni june juni", "juli july juli",
          "augusti august august", "september september september", "oktober october oktober",
          "november november november", "december december desember")  # fmt: skip
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


def written(day: date) -> list[str]:
    sv, en, nb = MONTHS[day.month - 1].split()
    th = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    return [
        f"{day}", f"{day:%Y%m%d}", f"{day:%y%m%d}", f"{day:%y-%m-%d}", f"{day:%Y.%m.%d}",
        f"{day:%Y_%m_%d}", f"{day.year}-{day.month}-{day.day}", f"{day.day} {sv}",
        f"{day.day} {sv} {day.year}", f"{day.day} {sv[:3]}",
        f"den {day.day}:e {sv}", f"{day.day}e {sv}", f"{day.day}. {nb}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d.%m.%y}", f"{DAYS[day.weekday()]} {day.day}/{day.month}", f"{day.day}{sv}",
        f"{day.day}/{day.month}-{day:%y}", f"{en.title()} {day.day}{th}", f"{day.day} {en.title()}",
        f"{en.title()} {day.day}, {day.year}", f"{day.day}{th} of {en.title()} {day.year}",
        f"{DAYS[day.weekday()]} {day.day} {sv}", f"{day.day}_{sv}_{day.year}",
    ]  # fmt: skip


@given(
    st.dates(date(2021, 1, 1), date(2028, 12, 31)),
    st.integers(0, 23),
    st.integers(-40, 40),
    st.sampled_from(
        ["Anteckningar {}.docx", "{} Bilder.zip", "Program_{}_v2.pdf", "IMG_{}.jpg", "{}"]
    ),
)
def test_every_way_of_writing_a_date(day: date, way: int, later: int, name: str) -> None:
    """However people of three languages write it, the day in a name is found."""
    writing = written(day)[way]
    assume(writing not in ("24/7-23",) and not writing.endswith(" 24/7"))
    one = meeting(day, "Ett ämne", id="one")
    other = meeting(day + timedelta(days=45), "Ett annat ämne", id="other")
    answer = found(name.format(writing), day + timedelta(days=later), (other, one))
    assert isinstance(answer, Placed), (writing, answer)
    assert answer.meeting == one


@given(NAMES, WHEN, ORIGINS, NAMES, st.sampled_from([-4, -3, 4, 5]))
def test_far_away_meetings_change_nothing(
    name: str, when: date, origin: str, words: str, years: int
) -> None:
    """The same year some years off moves nothing: a placement stands, or somebody is asked."""
    assume("20" not in name + words)
    far = [
        replace(
            one,
            id=f"far {one.id}",
            start=one.start.replace(year=one.start.year + years),
            end=one.end.replace(year=one.end.year + years),
            first_day=one.first_day.replace(year=one.first_day.year + years),
            last_day=one.last_day.replace(year=one.last_day.year + years),
        )
        for one in ALL
    ]
    before = found(name, when, origin=origin, words=words)
    if isinstance(before, Placed):
        after = found(name, when, (*far, *ALL), origin=origin, words=words)
        assert after == before or isinstance(after, Unsure)


@given(st.lists(PARTS, max_size=4).map(" ".join), WHEN, NAMES)
def test_case_and_composition_change_nothing(name: str, when: date, folder: str) -> None:
    """The same name in capitals, or as a Mac writes it, is the same file."""
    assume(folder.upper().casefold() == folder.casefold())
    for origin in ("inbox", "folder"):
        plain = found(name, when, origin=origin, folder=folder)
        for other in (name.upper(), unicodedata.normalize("NFD", name.title())):
            answer = found(other, when, origin=origin, folder=folder)
            assert type(answer) is type(plain)
            if isinstance(answer, Placed) and isinstance(plain, Placed):
                assert answer.meeting == plain.meeting
