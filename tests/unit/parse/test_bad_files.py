"""Files that are none, or too much: a clear line, and nothing of the machine is lost."""

import io
import struct
import zipfile
from collections.abc import Callable

import pytest
import xlsxwriter
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from service.errors import UnreadableFile
from service.parse import archive, table
from service.parse.unreadable import Why, unreadable
from tests.unit.effects.world import texts
from tests.unit.parse.sheets import SATISFACTION, SV, T1, T2, altered, csv, given, read, workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def zipped(*names: str, content: bytes = b"x" * 1000) -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            for name in names:
                made.writestr(name, content)
        return file.getvalue()


def compound(stream: str) -> bytes:
    return OLE + bytes(2000) + stream.encode("utf-16-le") + bytes(600)


def replaced(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with other bytes in one of its parts."""
    with io.BytesIO() as file:
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w") as after:
            for entry in before.infolist():
                data = before.read(entry)
                after.writestr(
                    entry.filename, data.replace(old, new) if entry.filename == name else data
                )
        return file.getvalue()


PLAIN = workbook([*SV, SATISFACTION], [1, T1, T2, "", "", 5])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "why", "reason"),
    [
        (b"", Why.EMPTY, "empty"),
        (b"\r\n \t", Why.EMPTY, "empty"),
        (b"x" * (table.MOST_BYTES + 1), Why.TOO_LARGE, "larger"),
        (OLE + bytes(600), Why.ENCRYPTED, "password"),
        (compound("EncryptedPackage"), Why.ENCRYPTED, "password"),
        (compound("DRMEncryptedTransform"), Why.LABELLED, "sensitivity label"),
        (compound("Workbook"), Why.OTHER_FORMAT, ".xls "),
        (zipped("xl/workbook.bin"), Why.OTHER_FORMAT, ".xlsb"),
        (
            zipped("mimetype", content=b"application/vnd.oasis.opendocument.spreadsheet"),
            Why.OTHER_FORMAT, ".ods",
        ),
        (zipped("bilder/1.jpg"), Why.ARCHIVE, "zip archive"),
        (zipped("xl/workbook.xml"), Why.DAMAGED, "damaged"),
        (PLAIN[:-100], Why.DAMAGED, "damaged"),
        (PLAIN[:900] + b"\0\0\0\0" + PLAIN[904:], Why.DAMAGED, "damaged"),
        (replaced(PLAIN, SHEET, b"</sheetData>", b"<"), Why.DAMAGED, "damaged"),
        (b"PK\x03\x04" + bytes(50), Why.DAMAGED, "damaged"),
        (workbook([]), Why.NO_ROWS, "no rows"),
        (b";;;\n;;\n", Why.NO_ROWS, "no rows"),
        (b"\x00\x01\x02\x03", Why.NOT_TEXT, "neither"),
        (b"ID;A\n1;b\0c\n", Why.NOT_TEXT, "neither"),
        (b"\x81\x8d\x8f\x90", Why.NOT_TEXT, "neither"),
        (b"\xff\xfeA", Why.NOT_TEXT, "neither"),
        (b"%PDF-1.7\n\x00\x81", Why.NOT_TEXT, "neither"),
        (b"<html><table><tr><td>ID</td></tr></table>", Why.WEB_PAGE, "web page"),
        (b'a,b\n"x"y,1\n', Why.NO_TABLE, "no table at line 2"),
        (b'ID;A\n1;"abc\n2;d\n', Why.NO_TABLE, "not closed"),
        (b'ID;A\n1;"' + b"x" * 200_000, Why.NO_TABLE, "larger"),
    ],
)  # fmt: skip
def test_refused(content: bytes, why: Why, reason: str) -> None:
    """What cannot be read is refused in one line: the file, the reason, the remedy."""
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    assert reason in caught.value.reason
    assert (caught.value.subject, caught.value.why) == ("svar.xlsx", why)
    assert "\n" not in caught.value.reason + caught.value.remedy


def test_with_a_password_on_the_archive() -> None:
    """An archive whose entries are encrypted says so in each of them."""
    content = bytearray(PLAIN)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(mark, start + 4)
    with pytest.raises(UnreadableFile, match="password"):
        read(bytes(content))


def bomb() -> bytes:
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("xl/workbook.xml", b"")
            with made.open(SHEET, "w") as entry:
                for _ in range(11):
                    entry.write(b"<row></row>" * 90_910)
        return file.getvalue()


def lying(content: bytes) -> bytes:
    """The same archive, which says of each entry that it is a thousand bytes."""
    told = bytearray(content)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = told.find(mark)
        while start >= 0:
            told[start + at : start + at + 4] = struct.pack("<I", 1000)
            start = told.find(mark, start + 4)
    return bytes(told)


@pytest.mark.parametrize("told", [bomb, lambda: lying(bomb())])
def test_bomb_is_refused(told: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """A small file that would unpack to very much is refused, whatever it says of its size."""
    monkeypatch.setattr(archive, "MOST_UNPACKED", 10_000_000)
    content = told()
    assert len(content) < 100_000
    with pytest.raises(UnreadableFile, match="unpacks"):
        read(content)


def far_apart(*cells: tuple[int, int]) -> bytes:
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for row, column in cells:
                sheet.write(row, column, "x")
        return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        far_apart((0, 0), (1_048_575, 16_383)),
        far_apart((0, 16_383), (99_998, 0)),
        replaced(far_apart((0, 0), (1_048_575, 16_383)), SHEET, b'<c r="', b"<c  r='").replace(
            b"", b""
        ),
        replaced(PLAIN, SHEET, b'r="F2"', b'r="XFD1048576"'),
        replaced(PLAIN, "xl/sharedStrings.xml", b'count="6"', b'count="4294967295"'),
        replaced(PLAIN, "xl/sharedStrings.xml", b'uniqueCount="6"', b'uniqueCount="4294967295"'),
        replaced(PLAIN, SHEET, b'<c r="F2"', b'<c\tr = "xfd1048576"'),
        replaced(PLAIN, SHEET, b'<c r="F2"', b'<c r="xfd1048576"'),
        replaced(
            PLAIN,
            SHEET,
            b"</sheetData>",
            b'<row r="1048576"><c><v>1</v></c>' + b"<c/>" * 999 + b"</row></sheetData>",
        ),
    ],
)
def test_cells_far_apart(content: bytes) -> None:
    """
    Two cells at opposite ends of a sheet span more than any machine has; so does a false count.

    A reader that makes room for it ends the whole process, with no error to catch.
    """
    with pytest.raises(UnreadableFile) as caught:
        read(content)
    assert caught.value.why in {Why.TOO_WIDE, Why.DAMAGED}


def test_many_rows() -> None:
    """A hundred thousand rows are no bomb, and none is lost."""
    rows = "\n".join(f"{n},2023-03-08 15:31,{n % 6 + 1}" for n in range(1, 100_001))
    sheet = read(f"ID,Completion time,{SATISFACTION}\n{rows}\n".encode())
    assert (len(sheet.responses), sheet.raw_rows, sheet.warnings[1:]) == (100_000, 100_000, ())


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "with mark be"],
)
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
@pytest.mark.parametrize("named", [False, True])
def test_encodings_and_marks(encoding: str, mark: str, named: bool) -> None:
    """Any usual encoding and delimiter gives the same sheet, also where the first line names it."""
    text = csv(
        [*SV, SATISFACTION, '"Åsikt, övrigt; mer"'],
        [1, "", "2023-03-08", "", "", 5, '"på\nö"'],
        mark=mark,
    ).decode()
    text = f"sep={mark}\r\n{text}" if named else text
    if encoding == "with mark be":
        content = b"\xfe\xff" + text.encode("utf-16-be")
    else:
        content = text.encode(encoding)
    sheet = read(content)
    assert given(sheet, "Åsikt, övrigt; mer") == ["på\nö"]
    assert [one.id for one in sheet.responses] == ["1"]


def test_ragged_rows() -> None:
    """A short row has empty answers; cells beyond the headings are named, not read."""
    sheet = read(b"ID;Completion time;Best?;Worst?\n1;2023-03-08\n2;2023-03-08;a;b;c;d\n")
    assert given(sheet, "Worst?") == [None, "b"]
    assert any("column 5 has answers but no heading" in warning for warning in sheet.warnings)


def test_merged_answers() -> None:
    """Cells merged by hand leave the value in the first, and the rest empty."""
    rows = [[1, T1, T2, "", "", 5], [2, T1, T2, "", "", None]]
    content = altered([*SV, SATISFACTION], *rows, by=lambda book: book.active.merge_cells("F2:F3"))
    assert given(read(content), SATISFACTION) == ["5", None]


def test_text_is_kept() -> None:
    """Free text is verbatim: spaces within, quotation marks, emoji, what looks like a formula."""
    answers = [
        "två  mellanslag\toch tabb",
        '"citat" – ”svenskt”',
        "👍🏽 bra",
        "=1+1",
        "rad 1\n\nrad 2",
        "1 000 kr",
    ]
    content = altered(
        ["ID", "Slutförandetid", "Övrigt"],
        *([number, T2, None] for number in range(len(answers))),
        by=lambda book: [
            setattr(book.active.cell(number + 2, 3), "value", text)
            or setattr(book.active.cell(number + 2, 3), "data_type", "s")
            for number, text in enumerate(answers)
        ],
    )
    assert given(read(content), "Övrigt") == answers


def test_same_answer_is_one_text() -> None:
    """What many answered the same is held once."""
    rows = [[n, "2023-03-08", f"Göteborg {n % 2}"] for n in range(50)]
    found = given(read(csv(["ID", "Slutförandetid", "Kommun"], *rows)), "Kommun")
    assert len({id(text) for text in found}) == 2


@pytest.mark.parametrize("number", [1e300, -1e10, 1e18])
def test_duration_out_of_range(number: float) -> None:
    """A number shown as hours that no calendar holds is named by its row."""
    with io.BytesIO() as file:
        with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["ID", "Slutförandetid", "Tid"])
            sheet.write_number(1, 2, number, book.add_format({"num_format": "[h]:mm"}))
        content = file.getvalue()
    with pytest.raises(UnreadableFile, match="line 2"):
        read(content)


@settings(max_examples=150, deadline=None)
@given_any(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=40).map(lambda rest: b"PK\x03\x04" + rest),
        st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6).map(
            lambda rows: csv(SV, *rows)
        ),
        st.tuples(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=9)).map(
            lambda at: PLAIN[: at[0]] + at[1] + PLAIN[at[0] + len(at[1]) :]
        ),
    )
)
def test_any_bytes(content: bytes) -> None:
    """Whatever the bytes are, they are a sheet, or refused in one line."""
    assert len(told_of(content).splitlines()) <= 1


def told_of(content: bytes) -> str:
    try:
        read(content)
    except UnreadableFile as error:
        return f"{error} {error.remedy}"
    return ""


@pytest.mark.parametrize("language", ["sv", "nb", "en"])
@pytest.mark.parametrize("why", Why)
def test_reasons_in_the_coordinators_language(why: Why, language: str) -> None:
    """Each reason can be said to a coordinator with the facts that it has."""
    facts = {"most": "50", "format": ".xls", "line": "7", "fault": "a fault"}
    error = unreadable("svar.xlsx", why, **facts)
    said = texts(language).say(f"unreadable.{error.why}", **error.facts)
    assert said
    assert "{" not in said + error.reason + error.remedy
