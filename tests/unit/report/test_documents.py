"""The Word document, read back."""

import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest

from service.domain.annual import Asked, EvaluationFigures, YearlyFigures
from service.domain.meeting import Status
from service.domain.survey.figures import Figures
from service.domain.survey.rules import Scale, SurveyRules
from service.render.documents import annual_report_docx, labels_from
from service.shipped import shipped
from tests.unit.report.reading import opened, rows_of, words_of

LANGUAGES = ("sv", "nb", "en")


def test_the_boxes_hold_the_published_indicators(document):
    """The four figures of the year are the published ones, the mean with its n."""
    names, numbers, notes = rows_of(document.tables[0])
    assert names == ["Aktiviteter", "Kundnöjdhet", "Medverkande kommuner", "Deltagare"]
    assert numbers == ["18", "5,11", "39", "620"]
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}63" in notes[1]


def test_every_evaluation_reads_as_published(document, published):
    """A group's table has the published means, which may have had fewer decimals."""
    rows = [row for table in document.tables for row in rows_of(table) if len(row) == 7]
    for fact in published["meetings"]:
        title = fact["title"] + (" (gemensam)" if len(fact["groups"]) > 1 else "")
        found = [row for row in rows if row[1] == title]
        assert len(found) == len(fact["groups"])
        said = fact.get("published", {"satisfaction": "–", "usefulness": "–"})
        for row in found:
            assert row[3].startswith(str(sum(fact["participants"])))
            assert _as_said(row[5], said["satisfaction"])
            assert _as_said(row[6], said["usefulness"])


def _as_said(printed: str, said: str) -> bool:
    if said == "–":
        return printed == "–"
    decimals = len(said.partition(",")[2])
    hundredths = int(printed.replace(",", ""))
    rounded = (hundredths + (5 if decimals == 1 else 0)) // 10 ** (2 - decimals)
    return rounded == int(said.replace(",", ""))


def test_the_sums_and_the_note_on_the_joint_meeting_are_there(document):
    """The tables add to 692, and the reader is told why that is not 620."""
    sums = [rows_of(table)[-1][3] for table in document.tables if len(table.columns) == 7]
    assert sums == ["335", "347", "10"]
    text = words_of(document)
    assert "692 (335 + 347 + 10)" in text
    assert "692 = 335 + 347 + 10" in text
    assert "Natur i stadsplanering, 8 mars (72 deltagare)" in text


def test_a_year_without_joint_meetings_has_no_note(brief, labels):
    """Where the tables add to the total there is nothing to explain."""
    alone = brief.altered("2023-03-08", groups=("naturvard",)).report()
    text = words_of(opened(annual_report_docx(alone, labels("sv"))))
    assert "Gruppernas summa" not in text
    assert "eftersom gemensamma träffar" not in text


def test_the_trend_is_the_published_one(document, published):
    """The table of the yearly survey has the published means and numbers of answers."""
    table = rows_of(document.tables[2])
    assert table[0][1:] == ["2019", "2020", "2021", "2022", "2023"]
    for row, said in zip(table[1:5], published["published"]["annual_survey"], strict=True):
        assert said["question"] in row[0]
        assert row[1:5] == [said["means"][str(past)] for past in range(2019, 2023)]
        assert _as_said(row[5], said["means"]["2023"])
    assert table[5][1:] == ["62", "52", "40", "53", "63"]


def test_a_cancelled_meeting_is_not_mentioned(brief, labels):
    """Nothing of a cancelled meeting is in the document, not even its title."""
    report = brief.altered("2023-09-13", status=Status.CANCELLED).report()
    assert "Hållbar upphandling" not in words_of(opened(annual_report_docx(report, labels("sv"))))


def test_four_answers_are_withheld(brief, labels):
    """Neither the mean nor the number of four answers is printed, and the reader is told."""
    four = Figures(n=4, total=21, distribution=(0, 0, 0, 0, 3, 1))
    only = {"2023-03-08": EvaluationFigures(n=4, satisfaction=four, usefulness=four)}
    made = opened(annual_report_docx(brief.report(evaluations=only), labels("sv")))
    row = next(
        row for table in made.tables for row in rows_of(table) if row[1:2] and "Natur i" in row[1]
    )
    assert "Utvärderingen fick för få svar för att kunna redovisas." in words_of(made)
    assert row[4:] == ["under\N{NO-BREAK SPACE}5", "–", "–"]
    assert "5,25" not in words_of(made)
    assert "Under fem svar visas varken" in words_of(made)


def test_equal_input_makes_equal_bytes(year, labels, made):
    """Made twice it is the same file to the last byte, with no time of the day in it."""
    again = year.altered("2023-03-08", quotes="Bra dag.").report()
    assert annual_report_docx(again, labels("sv")) == made
    with ZipFile(BytesIO(made)) as packed:
        assert {one.date_time for one in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_properties_tell_the_time_of_the_report(document):
    """Created and changed are the report's own time, and the title says what it is."""
    core = document.core_properties
    assert core.created == core.modified == datetime(2023, 12, 31, 22, tzinfo=UTC)
    assert core.title == "Kommunnätverket för hållbar utveckling, årsrapport 2023"


def test_members_are_told_of(document):
    """Who takes part through a federation, and who joined during the year, is said in words."""
    text = words_of(document)
    assert (
        "Fyra kommuner deltar genom Dalslands miljö- och energiförbund: Bengtsfors, Dals-Ed, "
        "Färgelanda och Mellerud." in text
    )
    assert "Bollebygd, Herrljunga och Partille blev medlemmar under året." in text


def test_a_meeting_is_prose_and_then_its_figures(year, labels):
    """Date, place, what was done, who, how many and where from, quotation, then the figures."""
    told = year.altered(
        "2023-05-10",
        summary="Två dagar om dialog.",
        speakers="Disa Exempel, Chalmers\nSkara kommun",
        attended_from="Miljöstrateger från 16 kommuner.",
        quotes="Mer tid!",
    )._replace(surveys={}, history=())
    lines = words_of(opened(annual_report_docx(told.report(), labels("sv")))).splitlines()
    at = lines.index("Dialog kring kommunernas hållbarhetsarbete")
    assert lines[at + 1 : at + 6] == [
        "10–11 maj  ·  Skara  ·  träff",
        "Två dagar om dialog.",
        "Medverkade gjorde Disa Exempel, Chalmers; Skara kommun. "
        "41 deltagare på två dagar (24 och 17). Miljöstrateger från 16 kommuner.",
        "”Mer tid!”",
        "Nöjdhet 5,36 och nytta 5,00 (11 svar, svarsfrekvens 46 %).",
    ]
    assert "Ingen utvärdering gjordes." in lines


def test_the_scale_and_decimals_are_the_networks(year, labels):
    """On a scale to 5, with one decimal and seven answers at least, nothing speaks of 6 or 5,36."""
    five = Scale(1, 5)
    rules = SurveyRules(scale=five, decimals=1, least_answers=7)
    of = Figures(n=8, total=35, distribution=(0, 0, 0, 5, 3), scale=five)
    own = year._replace(
        network=replace(year.network, survey=rules),
        evaluations={"2023-03-08": EvaluationFigures(n=8, satisfaction=of, usefulness=of)},
        surveys={2023: YearlyFigures(n=8, questions=(Asked(text="Nöjd?", figures=of),))},
        history=(),
    )
    text = words_of(opened(annual_report_docx(own.report(), labels("sv"))))
    assert "Nöjdhet 4,4 och nytta 4,4 (8 svar, svarsfrekvens 11 %)." in text
    assert "1–6" not in text
    assert "skalan 1–5" in text
    assert "till en decimal. Med färre än sju svar" in text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_another_language_is_wholly_in_it(year, labels, language):
    """Everything that we word is in the language; only people's own texts are Swedish."""
    plain = year._replace(
        network=replace(
            year.network,
            chapters=(),
            groups=tuple(replace(one, introduction="") for one in year.network.groups),
        ),
        meetings=year.meetings[:1],
        history=(),
    )
    text = words_of(opened(annual_report_docx(plain.report(), labels(language))))
    for word in ("Utkast, samman", "nyckeltal", "deltagare", "träff", "svarade"):
        assert word not in text


def test_pasted_control_characters_do_no_harm(brief, labels):
    """Text from anywhere, with characters that XML cannot hold, still makes a document."""
    odd = brief.altered("2023-02-01", summary="AB\x00C\ud800D", title="T\x1bX").report()
    text = words_of(opened(annual_report_docx(odd, labels("sv"))))
    assert "ABCD" in text
    assert "TX" in text


def test_an_empty_year_makes_a_document(year, labels):
    """No meetings, no survey, no members, no chapters: still a document that opens."""
    bare = replace(year.network, members=(), chapters=())
    report = year.report(network=bare, meetings=(), evaluations={}, surveys={}, history=())
    assert "inga träffar" in words_of(opened(annual_report_docx(report, labels("sv"))))


def test_the_draft_says_so_in_one_line(document):
    """What is missing is in a list of its own; the draft only names it."""
    [draft] = [one for one in document.paragraphs if one.style.name == "Report draft"]
    assert draft.text == (
        "Utkast, sammanställt den 31 december 2023. "
        "Vad som återstår står i dokumentet ”Att komplettera, årsrapport 2023” i samma mapp."
    )


def _flat(table: dict, before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{before}.{key}"
        found.update(_flat(value, name) if isinstance(value, dict) else {name: str(value)})
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_keys_and_blanks(language):
    """Every language says everything, with the same words filled in; `one` may leave out n."""
    swedish, other = (
        _flat(tomllib.loads(shipped("report", f"{one}.toml").read_text(encoding="utf-8")))
        for one in ("sv", language)
    )
    assert list(swedish) == list(other)
    for key, text in swedish.items():
        assert set(re.findall(r"{(\w+)}", text)) == set(re.findall(r"{(\w+)}", other[key])), key


@pytest.mark.parametrize("fault", ["missing", "unknown"])
def test_words_that_lack_a_key_or_have_another_are_refused(fault):
    """A file of words with a slip in it is refused with the place, not printed with a hole."""
    parsed = tomllib.loads(shipped("report", "sv.toml").read_text(encoding="utf-8"))
    if fault == "missing":
        del parsed["groups"]["heading"]
    else:
        parsed["groups"]["haeding"] = "x"
    with pytest.raises(ValueError, match="groups"):
        labels_from(parsed)
