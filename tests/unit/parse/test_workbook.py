"""Forms workbooks in the shapes they come in."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.survey.figures import figures, options_of
from service.domain.survey.responses import Meaning, Question
from service.parse.inspection import inspection
from service.parse.workbook import Sheet
from tests.unit.parse.sheets import KNOWN, SATISFACTION, SV, T1, T2, USEFULNESS, read, workbook


def given_to(sheet: Sheet, text: str) -> Question:
    return next(question for question in sheet.questions if question.text == text)


def test_swedish_workbook() -> None:
    """Headers, ratings, free text and the local completion time; persons are left out."""
    sheet = read(
        workbook(
            [*SV, SATISFACTION, USEFULNESS, "Vad var bäst?"],
            [1, T1, T2, "kim@exempel.se", "Kim Prov", 5, 4, "Promenaden"],
            [2, T1, T2, "lo@exempel.se", "Lo Prov", 6, 4, ""],
            ["", "", "", "", "", "", "", ""],
        )
    )
    assert (len(sheet.responses), sheet.raw_rows, sheet.warnings) == (2, 2, ())
    assert [one.meaning for one in sheet.questions] == ["satisfaction", "usefulness", "text"]
    assert sheet.responses[0].submitted == datetime(2023, 3, 8, 14, 31, tzinfo=UTC)
    assert "Prov" not in repr(sheet)
    assert "exempel.se" not in repr(sheet)
    assert inspection(sheet) == {
        "n": 2,
        "raw_rows": 2,
        "questions": [
            {"text": SATISFACTION, "meaning": "satisfaction", "n": 2, "mean": "5.500000"},
            {"text": USEFULNESS, "meaning": "usefulness", "n": 2, "mean": "4.000000"},
            {"text": "Vad var bäst?", "meaning": "text", "n": 1, "mean": None},
        ],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("Hur nöjd är du med dagens träff?", "satisfaction"),
        ("1. Hur nöjd är du med utbildningen? (skala 1–6)", "satisfaction"),
        ("Hur nöjd är du med mötet som helhet, på en skala 1-6?", "satisfaction"),
        ("Hur\xa0nöjd är du med träffen och utbildningen?", "satisfaction"),
        ("Hur nöjd är du med träffen? (1 = inte alls nöjd, 6 = mycket nöjd)", "satisfaction"),
        ("Kommer du att ha nytta av det i ditt arbete?", "usefulness"),
        ("Hvor fornøyd er du med samlingen?", "satisfaction"),
        ("Vil du ha nytte av møtet i arbeidet ditt?", "usefulness"),
        ("How satisfied are you with the webinar?", "satisfaction"),
        ("Will the meeting be useful in your work?", "usefulness"),
        ("Hur nöjd är du med maten?", None),
        ("Hur nöjd är du med träffens lokal?", None),
        ("Hur nöjd är du med träffen vad gäller lokalen?", None),
        ("Generellt hur nöjd är du med samordningen av nätverket?", "rating"),
        ("Har nätverket bidragit till att utveckla och stärka dig i din tjänsteroll?", "rating"),
        (
            "Har nätverket underlättat utbyte av kompetens och erfarenheter mellan kommunerna?",
            "rating",
        ),
        ("Har nätverket underlättat och stärkt samverkan med andra relevanta aktörer?", "rating"),
    ],
)
def test_wordings(text: str, meaning: str | None) -> None:
    """The standing questions are known in their wordings, and nothing else is taken for them."""
    found = KNOWN.recognise(text)
    assert (found and found.meaning.value) == meaning


def test_yearly_questions_have_keys() -> None:
    """The four of the yearly survey are told apart by key, and no satisfaction is missed."""
    sheet = read(
        workbook(
            [*SV, "Generellt hur nöjd är du med samordningen av nätverket?", "Övrigt"],
            [1, T1, T2, "", "", 5, "x"],
        )
    )
    assert sheet.standing("yearly_coordination") == sheet.questions[0]
    assert sheet.warnings == ()


@pytest.mark.parametrize(
    ("answer", "point"),
    [
        ("5", 5), ("5.0", 5), ("5 - Nöjd", 5), ("6 (mycket nöjd)", 6), ("4 av 6", 4), ("3/6", 3),
        ("Mycket nöjd", 6), ("svært fornøyd", 6), ("7", None), ("0", None), ("4,5", None),
        ("4.5", None), ("55", None), ("vet ej", None),
    ],
)  # fmt: skip
def test_ratings(answer: str, point: int | None) -> None:
    """A rating is a whole point from 1 to 6, in digits or words."""
    assert KNOWN.rating(answer) == point


def test_meanings_from_answers() -> None:
    """Unknown questions are told by their answers."""
    rows = [
        [
            n,
            T1,
            T2,
            "",
            "",
            4,
            "Ja" if n % 2 else "Nej",
            "Buss;Tåg;",
            f"Fritt svar {n}",
            "2023-05-10",
        ]
        for n in range(1, 9)
    ]
    sheet = read(workbook([*SV, "Betyg", "Var du med?", "Hur reste du?", "Annat", "När?"], *rows))
    assert [one.meaning for one in sheet.questions] == [
        Meaning.RATING, Meaning.CHOICE, Meaning.CHOICES, Meaning.TEXT, Meaning.DATE,
    ]  # fmt: skip
    travelled = given_to(sheet, "Hur reste du?")
    assert options_of(sheet.responses[0].answers[travelled.key]) == ("Buss", "Tåg")


def test_repeated_rows() -> None:
    """A row of the same id counts once, the last one, and is named."""
    first, again = [1, T1, T2, "", "", 2, 2], [1, T1, T2, "", "", 5, 5]
    sheet = read(workbook([*SV, SATISFACTION, USEFULNESS], first, first, again))
    assert (len(sheet.responses), sheet.raw_rows) == (1, 3)
    assert figures(sheet.responses, sheet.questions[0]).total == 5
    assert len(sheet.warnings) == 2


def test_without_id() -> None:
    """Without ids, the same answers at the same time are one response."""
    header = ["Slutförandetid", SATISFACTION, USEFULNESS]
    sheet = read(workbook(header, [T1, 5, 5], [T1, 5, 5], [T2, 5, 5]))
    assert len(sheet.responses) == 2
    assert any("no column with the response's id" in warning for warning in sheet.warnings)


def test_same_question_twice() -> None:
    """Questions of one text are kept apart; the first is the standing one."""
    sheet = read(
        workbook([*SV, SATISFACTION, SATISFACTION, "Namn"], [1, T1, T2, "", "", 5, 2, "Kim"])
    )
    assert [one.key for one in sheet.questions] == [
        SATISFACTION, f"{SATISFACTION} [2]", "Namn",
    ]  # fmt: skip
    assert [one.meaning for one in sheet.questions][:2] == [Meaning.SATISFACTION, Meaning.RATING]


def test_quiz_columns_are_left_out() -> None:
    """Points and feedback, of the whole and of a question, are no questions."""
    header = [*SV, "Totalt antal poäng", SATISFACTION, f"Poäng - {SATISFACTION}", "Feedback - x"]
    sheet = read(workbook(header, [1, T1, T2, "", "", 3, 5, 1, ""]))
    assert [one.text for one in sheet.questions] == [SATISFACTION]


def test_odd_answers_are_named() -> None:
    """A rating off the scale is not counted, and a column without heading is told of."""
    header = [*SV, SATISFACTION, USEFULNESS, ""]
    sheet = read(workbook(header, [1, T1, T2, "", "", 9, 5, "x"]))
    assert figures(sheet.responses, sheet.questions[0]).n == 0
    assert len(sheet.warnings) == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv(encoding: str, mark: str) -> None:
    """Any usual delimiter and encoding gives the same sheet as the workbook."""
    lines = [
        mark.join((*SV, SATISFACTION, '"Förslag, övrigt; mer"')),
        mark.join(("1", "2023-03-08 15:20", "2023-03-08 15:31", "", "", "5", '"rad 1\nrad 2"')),
    ]
    sheet = read("\r\n".join(lines).encode(encoding))
    assert [one.meaning.value for one in sheet.questions] == ["satisfaction", "text"]
    assert sheet.responses[0].submitted == datetime(2023, 3, 8, 14, 31, tzinfo=UTC)
    assert sheet.responses[0].answers["Förslag, övrigt; mer"] == "rad 1\nrad 2"


@pytest.mark.parametrize(
    ("written", "hour"), [("3/8/23 15:31:00", 14), ("3/8/2023 3:31:00 PM", 14), ("45057.5", 10)]
)
def test_times_as_text(written: str, hour: int) -> None:
    """Forms' own export writes month first; Excel may leave a serial number."""
    sheet = read(f"ID,Completion time,{SATISFACTION}\n1,{written},5\n".encode())
    submitted = sheet.responses[0].submitted
    assert submitted is not None
    assert submitted.hour == hour


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40))
def test_mean_is_that_of_the_answers(points: list[int]) -> None:
    """However many answers, sum and n are exact."""
    rows = "\n".join(f"{number},{point}" for number, point in enumerate(points, start=1))
    sheet = read(f"ID,{SATISFACTION}\n{rows}\n".encode())
    found = figures(sheet.responses, sheet.questions[0])
    assert (found.n, found.total) == (len(points), sum(points))
