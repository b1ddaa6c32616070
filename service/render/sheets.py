"""
Workbooks for coordinators: plain tables, and nothing in them that counts or leads anywhere.

Tables are Excel's own, with a heading row that is read out with each cell, repeated on every
printed page; pages are A4 across.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from service.render.documents.labels import Labels
from service.render.documents.xml import clean, sealed
from service.render.plain import one_line

MOST_IN_A_CELL = 32_767
"""Excel holds no more characters, and would call the file damaged."""
_MOST_IN_A_HEADING = 250
"""Of a table's; with 256 Excel calls the file damaged."""
MOST_IN_A_NAME = 31
"""Characters of a sheet's name."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEADER_FILL = "#1F5B4A"
_A4 = 9
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a table whose making date says nothing: equal input gives equal bytes."""
_COLUMN = 24
"""Characters' width, where nothing else is said."""

Value = str | int | float | datetime | None


@dataclass(frozen=True)
class Looks:
    plain: Format
    quoted: Format
    """Says to Excel that the cell is text, even when somebody edits it."""


def table_workbook(
    *, title: str, name: str, header: Sequence[str], rows: Sequence[Sequence[Value]]
) -> bytes:
    """Write one table on one sheet as xlsx; equal input gives equal bytes, none is a formula."""
    return tables_workbook(title=title, tables=(Table(name=name, header=header, rows=rows),))


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet of a workbook."""

    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[Value]]
    for_programs: bool = False
    """Nobody is shown it, and no menu of Excel's brings it forth."""


def tables_workbook(*, title: str, tables: Sequence[Table]) -> bytes:
    """Write a sheet a table, as `table_workbook` does."""
    out = BytesIO()
    book = open_book(out, title, _NO_TIME)
    for each in tables:
        page = table(book, each.name[:MOST_IN_A_NAME], each.header, each.rows)
        if each.for_programs:
            page.very_hidden()
    return closed(book, out)


def open_book(out: BytesIO, title: str, made: datetime, language: str = "") -> Workbook:
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm",
        },
    )
    created = made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": clean(title), "created": created})
    if language:
        # A workbook has no language of its own: those who look for one find it here.
        book.set_custom_property("Language", language)
    return book


def closed(book: Workbook, out: BytesIO) -> bytes:
    book.close()
    return sealed(out.getvalue())


def looks(book: Workbook) -> Looks:
    base = {"text_wrap": True, "valign": "top"}
    return Looks(
        plain=book.add_format(base), quoted=book.add_format({**base, "quote_prefix": True})
    )


def for_print(page: Worksheet, labels: Labels | None = None) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    if labels is not None:
        page.set_footer("&C" + labels.sheet.page.format(page="&P", pages="&N"))


def table(  # noqa: PLR0913 - a sheet has a name, and what belongs to its print
    book: Workbook,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Value]],
    *,
    widths: Sequence[int] = (),
    labels: Labels | None = None,
) -> Worksheet:
    """Write a sheet with one table, its heading row frozen."""
    page = book.add_worksheet(name)
    plain = looks(book)
    for column in range(len(header)):
        page.set_column(column, column, widths[column] if column < len(widths) else _COLUMN)
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values):
            write(page, (row, column), value, plain)
    page.freeze_panes(1, 0)
    page.repeat_rows(0)
    for_print(page, labels)
    if header:
        look = heading_look(book)
        named = [{"header": one, "header_format": look} for one in _unlike(header)]
        # A table has a row below its heading, if an empty one.
        options = {"columns": named, "style": "Table Style Light 1"}
        page.add_table(0, 0, max(len(rows), 1), len(header) - 1, options)
    return page


def _unlike(header: Iterable[str]) -> list[str]:
    """Headings as a table's columns may be called: each once, on one line, none empty."""
    found: list[str] = []
    for number, text in enumerate(header, 1):
        name = one_line(clean(text))[:_MOST_IN_A_HEADING] or str(number)
        taken = {one.casefold() for one in found}
        found.append(name if name.casefold() not in taken else f"{name} ({number})")
    return found


def heading_look(book: Workbook) -> Format:
    form = {"bold": True, "font_color": "#FFFFFF", "bg_color": _HEADER_FILL, "text_wrap": True}
    return book.add_format({**form, "valign": "top"})


def write(page: Worksheet, cell: tuple[int, int], value: Value, plain: Looks) -> None:
    match value:
        case None | "":
            return
        case str():
            text = clean(value)[:MOST_IN_A_CELL]
            page.write_string(
                *cell, text, plain.quoted if text.startswith(_FORMULA) else plain.plain
            )
        case datetime():
            page.write_datetime(*cell, value.replace(tzinfo=None))
        case int() | float():
            page.write_number(*cell, value, plain.plain)
