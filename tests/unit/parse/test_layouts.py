"""Where a sheet's columns stand, and which sheet of a file it is."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.survey.responses import Meaning
from service.errors import UnreadableFile
from service.parse.columns import looks_like_export
from service.parse.inspection import inspection
from service.parse.workbook import is_export
from tests.unit.parse import sheets
from tests.unit.parse.sheets import (
    EN,
    KNOWN,
    NB,
    SATISFACTION,
    SV,
    T1,
    T2,
    USEFULNESS,
    altered,
    csv,
    read,
    workbook,
)

FOLLOWING = "Hur nöjd är du med följande?"

# How questions over several statements come out of Forms, of other tools, and of flows: the
# headings, and what the statement columns are read as.
LIKERT = [
    # A column for each statement, headed by the statement alone, as Forms exports it.
    (["Lokalen", "Maten"], ["rating", "rating"]),
    (["Hur nöjd är du med träffen?", "Lokalen"], ["satisfaction", "rating"]),
    (["The venue", "The food"], ["rating", "rating"]),
    (["How satisfied are you with the meeting?", "The food"], ["satisfaction", "rating"]),
    # Question and statement together.
    ([f"{FOLLOWING} [Träffen i sin helhet]", f"{FOLLOWING} [Lokalen]"], ["satisfaction", "rating"]),
    ([f"{FOLLOWING}.Träffen som helhet", f"{FOLLOWING}.Maten"], ["satisfaction", "rating"]),
    ([f"{FOLLOWING} - Träffen", f"{FOLLOWING} - Lokalen"], ["satisfaction", "rating"]),
    (["Omdöme.Hur nöjd är du med träffen?", "Omdöme.Lokalen"], ["satisfaction", "rating"]),
    (
        ["How satisfied are you with the following? [the meeting]", "The following? [The food]"],
        ["satisfaction", "rating"],
    ),
    (["Hvor fornøyd er du med følgende? [samlingen]", "Lokalet"], ["satisfaction", "rating"]),
    # The stem alone is another question than the standing one.
    (
        ["Hur nöjd är du med träffen? [Lokalen]", "Hur nöjd är du med träffen? [Maten]"],
        ["rating"] * 2,
    ),
]


@pytest.mark.parametrize(("headings", "meanings"), LIKERT)
@pytest.mark.parametrize("answers", [("5", "4"), ("Mycket nöjd", "Ganska nöjd")])
def test_likert(headings: list[str], meanings: list[str], answers: tuple[str, str]) -> None:
    """Each statement of a grid is a question of its own, whatever the export calls its column."""
    sheet = read(workbook([*SV, *headings], [1, T1, T2, "", "", *answers]))
    assert [one.meaning.value for one in sheet.questions] == meanings
    assert [one.text for one in sheet.questions] == headings


def test_grid_under_merged_cells() -> None:
    """A question merged over its statements gives each of them its words."""
    content = altered(
        [*SV, FOLLOWING, None, "Övrigt"],
        [None] * 5 + ["Träffen", "Lokalen"],
        [1, T1, T2, "", "", 5, 3, "Tack"],
        by=lambda book: book.active.merge_cells("F1:G1"),
    )
    sheet = read(content)
    assert [one.text for one in sheet.questions] == [
        f"{FOLLOWING} [Träffen]", f"{FOLLOWING} [Lokalen]", "Övrigt",
    ]  # fmt: skip
    assert sheet.questions[0].meaning is Meaning.SATISFACTION
    assert sheet.responses[0].row == 3


@pytest.mark.parametrize("header", [SV, NB, EN])
def test_header_languages(header: list[str]) -> None:
    """Forms' own columns are known in each language, and none is a question."""
    changed = {"Namn": "Tid för senaste ändring", "Navn": "Tidspunkt for siste endring"}
    modified = changed.get(header[-1], "Last modified time")
    after = datetime(2023, 3, 9, 8, 0)  # noqa: DTZ001
    sheet = read(workbook([*header, modified, SATISFACTION], [1, T1, T2, "a@b.se", "A", after, 5]))
    assert [one.text for one in sheet.questions] == [SATISFACTION]
    one = sheet.responses[0]
    assert one.submitted is not None
    assert one.started is not None
    assert one.changed is not None
    assert (one.started.minute, one.submitted.minute, one.changed.day) == (20, 31, 9)
    assert "a@b.se" not in repr(sheet)


def test_not_edited() -> None:
    """A response that nobody edited has no time of change."""
    rows = [[1, T1, T2, "", "", "", 5], [2, T1, T2, "", "", T2, 5]]
    sheet = read(workbook([*EN, "Last modified time", SATISFACTION], *rows))
    assert [one.changed for one in sheet.responses] == [None, None]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(8)))
def test_any_order_of_columns(order: list[int]) -> None:
    """In whatever order the columns stand, the figures and the ids are the same."""
    titles = ["ID", "Starttid", "Slutförandetid", SATISFACTION, USEFULNESS, "Bra?", "Buss?", "När?"]
    rows = [
        [
            n,
            "2023-03-08 15:20",
            "2023-03-08 15:31",
            n % 6 + 1,
            4,
            f"Fritt {n}",
            "a;b;",
            "2023-05-01",
        ]
        for n in range(1, 7)
    ]
    sheet = read(csv(*([row[at] for at in order] for row in [titles, *rows]), mark=","))
    told = {str(one["text"]): one for one in inspection(sheet)["questions"]}  # type: ignore[attr-defined]
    assert told[SATISFACTION] == {
        "text": SATISFACTION, "meaning": "satisfaction", "n": 6, "mean": "3.500000",
    }  # fmt: skip
    assert [one.id for one in sheet.responses] == [str(n) for n in range(1, 7)]
    assert {text: one["meaning"] for text, one in told.items()} == {
        SATISFACTION: "satisfaction", USEFULNESS: "usefulness", "Bra?": "text",
        "Buss?": "choices", "När?": "date",
    }  # fmt: skip


def test_below_titles_and_further_in() -> None:
    """Titles above, blank rows between and a table that starts in C5 change nothing but rows."""
    rows: list[list[object]] = [
        [], ["", "", "Utvärdering av träffen 8 mars"], [], [],
        ["", "", *SV, SATISFACTION], ["", "", 1, T1, T2, "", "", 5], [],
        ["", "", 2, T1, T2, "", "", 6],
    ]  # fmt: skip
    sheet = read(workbook(*rows))
    assert [one.row for one in sheet.responses] == [6, 8]
    assert sheet.raw_rows == 2
    assert sheet.questions[0].position == 7


def test_questions_alone() -> None:
    """A table without Forms' own columns is found by its questions, below a title in two cells."""
    title, header = ["Utvärdering", "8 mars"], [SATISFACTION, USEFULNESS]
    sheet = read(workbook(title, header, [5, 4], [6, 4]))
    assert sheets.given(sheet, SATISFACTION) == ["5", "6"]


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_the_sheet_that_is_a_forms(state: str) -> None:
    """Of several sheets the one with a form's columns is read, hidden or not."""

    def add(book: sheets.openpyxl.Workbook) -> None:
        other = book.create_sheet("Svar")
        other.append([*SV, SATISFACTION])
        other.append([1, T1, T2, "", "", 4])
        other.sheet_state = state

    sheet = read(altered(["Diagram", "Antal"], ["Nöjda", 12], by=add))
    assert [one.text for one in sheet.questions] == [SATISFACTION]


def test_two_sheets_of_forms() -> None:
    """The first of two is read, and the other named: its responses are not passed over unseen."""

    def copy(book: sheets.openpyxl.Workbook) -> None:
        book.copy_worksheet(book.active).title = "Kopia"

    sheet = read(altered([*SV, SATISFACTION], [1, T1, T2, "", "", 4], by=copy))
    assert len(sheet.responses) == 1
    assert any("'Kopia'" in warning for warning in sheet.warnings)


def test_hidden_rows_count() -> None:
    """A filter that hides rows hides no response."""

    def hide(book: sheets.openpyxl.Workbook) -> None:
        book.active.row_dimensions[2].hidden = True

    rows = [[1, T1, T2, "", "", 4], [2, T1, T2, "", "", 6]]
    assert len(read(altered([*SV, SATISFACTION], *rows, by=hide)).responses) == 2


def test_formulas_and_errors() -> None:
    """A formula's last value counts; one without a value and an error are named."""
    content = altered(
        [*SV, SATISFACTION, "Summa"],
        [1, T1, T2, "", "", 5, "=1+1"],
        [2, T1, T2, "", "", "#N/A", 4],
        by=lambda _: None,
    )
    sheet = read(content)
    assert sheets.given(sheet, SATISFACTION) == ["5", None]
    assert any("formulas without a value" in one and "G2" in one for one in sheet.warnings)
    assert any("error" in one and "F3" in one for one in sheet.warnings)


def test_second_heading_of_a_name() -> None:
    """A table makes the second heading "Namn2": the form asks for a name."""
    sheet = read(
        workbook([*SV, "Namn2", SATISFACTION, f"{SATISFACTION}2"], [1, T1, T2, "", "", "Kim", 5, 2])
    )
    assert [(one.text, one.meaning.value) for one in sheet.questions] == [
        ("Namn", "text"), (SATISFACTION, "satisfaction"), (SATISFACTION, "rating"),
    ]  # fmt: skip


def test_unknown_column() -> None:
    """A new column among Forms' own is named, read, and stops nothing."""
    sheet = read(
        workbook([*SV[:3], "Enhet", *SV[3:], SATISFACTION], [1, T1, T2, "Dator", "", "", 5])
    )
    assert len(sheet.responses) == 1
    assert any("'Enhet'" in warning for warning in sheet.warnings)


def test_only_headings() -> None:
    """A form that nobody has answered is no error."""
    sheet = read(workbook([*SV, SATISFACTION, USEFULNESS]))
    assert inspection(sheet)["n"] == 0
    assert [one.meaning.value for one in sheet.questions] == ["satisfaction", "usefulness"]


def test_two_hundred_columns() -> None:
    """As many questions as Forms allows, each with its two columns of a quiz."""
    titles = [
        title for n in range(200) for title in (f"Fråga nr {n}", f"Points - {n}", f"Feedback - {n}")
    ]
    answers = ["svar", 1, ""] * 200
    sheet = read(
        workbook(
            [*EN, "Total points", "Quiz feedback", *titles], [1, T1, T2, "", "", 9, "", *answers]
        )
    )
    assert len(sheet.questions) == 200
    assert len(sheet.responses[0].answers) == 200


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ([*SV, "Vad var bäst?"], True),
        (["ID", "Starttidspunkt", "Fullføringstidspunkt", "Hva var best?"], True),
        (["Id", "Start time", "Completion time", "Q"], True),
        (["Formulär", "Svars-ID", "Inskickad", "Vad var bäst?"], True),
        (["ID", "Starttid", "Sluttid", "Aktivitet"], False),
        (["ID", "Starttid", "Sluttid", "E-post", "Namn", "Aktivitet"], True),
        (SV, False),
        (["ID", "Namn", "E-post", "Kommun"], False),
        (["Slutförandetid", "Starttid", "Vad var bäst?"], False),
        ([], False),
    ],
)
def test_looks_like_export(header: list[str], found: bool) -> None:
    """Only a table with a form's own columns and a question is taken for an export."""
    assert looks_like_export(header, KNOWN) is found


def test_is_export() -> None:
    """Of a file's bytes the same; of what cannot be read it is said."""
    assert is_export(workbook([*SV, "Vad var bäst?"]), "a.xlsx", vocabulary=KNOWN)
    assert is_export(csv([*EN, "Best?"]), "a.csv", vocabulary=KNOWN)
    assert not is_export(csv(["Namn", "Kommun"], ["Kim", "Mora"]), "a.csv", vocabulary=KNOWN)
    assert not is_export(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "a.pdf", vocabulary=KNOWN)
    with pytest.raises(UnreadableFile):
        is_export(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", vocabulary=KNOWN)
