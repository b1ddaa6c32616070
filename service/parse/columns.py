"""Where a sheet's heading stands, and what each of its columns is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.parse.table import Cell, Range, Row, is_blank
from service.parse.vocabulary import Meta, Vocabulary
from service.parse.wording import clean, folded

HEAD = 60
"""Rows among which the heading is looked for."""
_BEFORE_QUESTIONS = frozenset({Meta.LANGUAGE, Meta.FORM})
"""A form may ask for these itself; a name or an address is not kept, wherever it stands first."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    titles: tuple[str, ...]
    row: int
    """The last row of it, as the sheet numbers its rows."""
    known: int
    """Titles that are no questions but a form's or a list's own columns."""


@dataclass(frozen=True, kw_only=True)
class Column:
    position: int
    """From 0."""
    title: str
    meta: Meta | None = None
    """None: a question, unless it is left out."""
    left_out: str = ""
    """Why its answers are not read."""

    @property
    def is_question(self) -> bool:
        return self.meta is None and not self.left_out


@dataclass(frozen=True, kw_only=True)
class Layout:
    columns: tuple[Column, ...]
    warnings: tuple[str, ...]

    def of(self, meta: Meta) -> Column | None:
        return next((one for one in self.columns if one.meta is meta and not one.left_out), None)

    def title(self, meta: Meta) -> str:
        found = self.of(meta)
        return found.title if found else ""

    @property
    def questions(self) -> tuple[Column, ...]:
        return tuple(one for one in self.columns if one.is_question)


# ---------------------------------------------------------------- the heading


def heading_of(head: Sequence[Row], merged: Sequence[Range], vocabulary: Vocabulary) -> Heading:
    """
    Find the row that knows most of a form's own columns, else the first of several cells.

    A title above it, gaps, and a table that starts further in are passed over.
    """
    known = [_known(row, vocabulary) for row in head]
    told = known if any(known) else [_standing(row, vocabulary) for row in head]
    first = next((at for at, row in enumerate(head) if _filled(row) > 1), None)
    if first is None:
        first = next(at for at, row in enumerate(head) if not is_blank(row))
    best = max(range(len(head)), key=lambda at: (told[at], -at))
    if told[best] > told[first] and (told[best] > 1 or _filled(head[first]) == 1):
        first = best
    found = Heading(titles=_titles(head[first]), row=first + 1, known=known[first])
    below = head[first + 1] if first + 1 < len(head) else ()
    return _with_second_row(found, below, [one for one in merged if one[0][0] == first])


def _known(row: Row, vocabulary: Vocabulary) -> int:
    return len({meta for cell in row if isinstance(cell, str) and (meta := vocabulary.meta(cell))})


def _standing(row: Row, vocabulary: Vocabulary) -> int:
    return sum(isinstance(cell, str) and vocabulary.recognise(cell) is not None for cell in row)


def _filled(row: Row) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def _titles(row: Row) -> tuple[str, ...]:
    return tuple(_title(cell) for cell in row)


def _title(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return clean(str(cell))


def _with_second_row(found: Heading, below: Row, merged: Sequence[Range]) -> Heading:
    """Join a question over several columns, merged into one cell, with the statements below it."""
    spans = [range(start[1], end[1] + 1) for start, end in merged if end[1] > start[1]]
    beneath = {at for span in spans for at in span}
    filled = {at for at, cell in enumerate(below) if cell is not None and cell != ""}
    if not beneath or not filled or not filled <= beneath:
        return found
    titles = list(found.titles)
    for span in spans:
        for at in span:
            if at in filled:
                titles[at] = f"{found.titles[span.start]} [{_title(below[at])}]"
    return replace(found, titles=tuple(titles), row=found.row + 1)


# ---------------------------------------------------------------- the columns


def layout_of(titles: Sequence[str], vocabulary: Vocabulary) -> Layout:
    columns: list[Column] = []
    for position, title in enumerate(titles):
        columns.append(_column(position, title, columns, vocabulary))
    if not any(one.meta is Meta.ID for one in columns):
        columns = [
            replace(one, meta=Meta.ID) if one.meta is Meta.NUMBER else one for one in columns
        ]
    return Layout(columns=tuple(columns), warnings=tuple(_warnings(columns)))


def _column(position: int, title: str, before: Sequence[Column], vocabulary: Vocabulary) -> Column:
    meta = vocabulary.meta(title) if title else None
    if not title:
        return Column(position=position, title="", left_out="it has no heading")
    if meta is Meta.LIST_TITLE:
        meta = Meta.LIST if position == 0 else None
    if meta and _is_asked(meta, before):
        meta = None
    if meta is None and vocabulary.is_beside(title):
        return Column(position=position, title=title, left_out="of a quiz, beside its question")
    return Column(position=position, title=title, meta=meta)


def _is_asked(meta: Meta, before: Sequence[Column]) -> bool:
    """What comes a second time is a question, as a form that asks for a name has two."""
    if meta is Meta.LIST:
        return False
    again = any(one.meta is meta for one in before)
    return again or (meta in _BEFORE_QUESTIONS and any(one.is_question for one in before))


def _warnings(columns: Sequence[Column]) -> Iterator[str]:
    for before, one, after in zip(columns, columns[1:], columns[2:], strict=False):
        if one.is_question and _is_forms(before) and _is_forms(after):
            yield f"column {one.title!r} stands among Forms' own, unknown: read as a question"
    if not any(one.meta is Meta.ID for one in columns):
        yield "no column with the response's id: responses are told by time and answers"


def _is_forms(column: Column) -> bool:
    return column.meta is not None and column.meta is not Meta.LIST


def keys_of(columns: Sequence[Column]) -> Iterator[tuple[Column, str, str]]:
    """
    Each question with its text and its key, which is numbered where a text comes again.

    A table in Excel has no two headings alike: it makes the second "Text2".
    """
    headed: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for column in columns:
        text = column.title
        bare = text.rstrip("0123456789")
        if bare != text and text[len(bare) :] == str(headed[folded(bare)] + 1):
            text = bare
        headed[folded(text)] += 1
        if column.is_question:
            asked[text] += 1
            yield column, text, text if asked[text] == 1 else f"{text} [{asked[text]}]"


# ---------------------------------------------------------------- is it an export?


def looks_like_export(header: Sequence[str], vocabulary: Vocabulary) -> bool:
    """
    Tell whether headings are those of a form's responses, and not of any other table.

    A form's have the response's id, its start and its end, and at least a question; "ID",
    "Starttid", "Sluttid" may head an agenda, so one of them must be in Forms' own words, or
    address and name stand there too. A list's have id, end and the name of the form.
    """
    layout = layout_of([clean(title) for title in header], vocabulary)
    found = {one.meta for one in layout.columns}
    if not layout.questions or not {Meta.ID, Meta.COMPLETION} <= found:
        return False
    if Meta.FORM in found:
        return True
    own = any(vocabulary.is_forms_own(title) for title in header)
    return Meta.START in found and (own or {Meta.EMAIL, Meta.NAME} <= found)
