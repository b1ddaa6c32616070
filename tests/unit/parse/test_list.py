"""Rows of a SharePoint list that a flow fills."""

from datetime import UTC, datetime

import pytest

from service.domain.survey.figures import options_of
from service.errors import UnreadableFile
from service.parse.inspection import inspection
from service.parse.table import Cell
from service.parse.workbook import Sheet, read_rows
from tests.unit.parse.sheets import KNOWN, SATISFACTION, USEFULNESS, given

HEADER = [
    "Rubrik", "ID", "Formulär", "Svars-ID", "Inskickad", SATISFACTION, USEFULNESS, "Hur reste du?",
    "Skapad", "Ändrad av",
]  # fmt: skip


def row(number: int, form: str, own: str, *answers: Cell) -> list[Cell]:
    return ["", number, form, own, "2023-03-08T14:31:07.1234567Z", *answers, "2023-03-08", "Flöde"]


def read(*rows: list[Cell], header: list[str] = HEADER) -> Sheet:
    return read_rows(header, rows, "Svar", vocabulary=KNOWN, time_zone="Europe/Stockholm")


def test_rows_of_a_list() -> None:
    """The response's id wins over the row's; the list's own columns are no questions."""
    sheet = read(row(71, "A", "5", 5.0, "4", '["Buss","Tåg"]'), row(72, "A", "6", None, "", "[]"))
    assert [one.id for one in sheet.responses] == ["5", "6"]
    assert [one.row for one in sheet.responses] == [2, 3]
    assert sheet.responses[0].submitted == datetime(2023, 3, 8, 14, 31, 7, tzinfo=UTC)
    assert given(sheet, SATISFACTION) == ["5", None]
    assert options_of(given(sheet, "Hur reste du?")[0] or "") == ("Buss", "Tåg")
    assert given(sheet, "Hur reste du?")[1] is None
    assert [one.text for one in sheet.questions] == [SATISFACTION, USEFULNESS, "Hur reste du?"]


def test_several_forms_in_one_list() -> None:
    """Responses of two forms may have the same number; each form is a sheet of its own."""
    sheet = read(
        row(1, "Mars", "1", "5", "4", ""),
        row(2, "April", "1", "3", "", ""),
        row(3, "April", "1", "3", "", ""),
    )
    assert sheet.forms == ("Mars", "April")
    parts = dict(sheet.by_form())
    assert [parts[name].raw_rows for name in ("Mars", "April")] == [1, 2]
    assert [len(parts[name].responses) for name in ("Mars", "April")] == [1, 1]
    assert [one.text for one in parts["April"].questions] == [SATISFACTION]
    assert inspection(parts["Mars"])["n"] == 1


def test_one_form() -> None:
    """A sheet that names no form, or only one, is its own only part."""
    plain = read(["1", "2023-03-08", "5"], header=["ID", "Slutförandetid", SATISFACTION])
    assert plain.by_form() == (("", plain),)
    named = read(row(1, "Mars", "1", "5", "4", ""))
    assert named.by_form() == (("Mars", named),)


def test_empty_list() -> None:
    """A list without rows has no responses; without columns it is no list."""
    assert read().responses == ()
    with pytest.raises(UnreadableFile):
        read(header=[])


def test_edited_row() -> None:
    """Of two rows of a response the one changed last counts, in whatever order they stand."""
    header = ["Svars-ID", "Inskickad", "Senast ändrad", SATISFACTION]
    old, new = ["1", "2023-03-08", "2023-03-09", "2"], ["1", "2023-03-08", "2023-03-10", "5"]
    for rows in ([old, new], [new, old]):
        assert given(read(*rows, header=header), SATISFACTION) == ["5"]


def test_yes_and_no() -> None:
    """Yes and no are a choice, as words and as a list keeps them."""
    header = ["ID", "Slutförandetid", "Kommer du igen?", "Ny?"]
    sheet = read(["1", "2023-03-08", "Ja", True], ["2", "2023-03-08", "Nej", False], header=header)
    assert [one.meaning.value for one in sheet.questions] == ["choice", "choice"]
    assert given(sheet, "Ny?") == ["true", "false"]
