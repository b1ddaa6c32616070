"""
A Forms workbook, an export or a list as questions and responses.

Headings come in the language of whoever made the export, questions are reworded from year
to year, and rows come twice: what is odd is named in a warning, never dropped in silence.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, repeat

from service.domain.survey.responses import Meaning, Question, Response
from service.parse.answers import Read, meaning_of, read_answers
from service.parse.archive import NOTHING_ODD, Contents
from service.parse.columns import (
    HEAD,
    Column,
    Heading,
    Layout,
    heading_of,
    keys_of,
    layout_of,
    looks_like_export,
)
from service.parse.gathering import TIMES, Gathered, gather
from service.parse.moments import Moments, order_of, zone_of
from service.parse.recurring import distinct, made_id
from service.parse.remarks import about_answers, about_cells, about_times
from service.parse.table import Cell, Row, Table, is_blank, tables_of
from service.parse.unreadable import Why, unreadable
from service.parse.vocabulary import Meta, Vocabulary
from service.parse.wording import clean


@dataclass(frozen=True, kw_only=True)
class Sheet:
    questions: tuple[Question, ...]
    """In the order of the columns."""
    responses: tuple[Response, ...]
    """Each once, in the order of the rows."""
    raw_rows: int
    """Rows that are not blank, the heading left out."""
    warnings: tuple[str, ...]
    forms: tuple[str, ...] = ()
    """Of each response, the form that its row names; empty where no column does."""
    rows_of_forms: tuple[tuple[str, int], ...] = ()
    """Each form named with its rows that are not blank."""
    columns: tuple[Column, ...] = ()
    """Every one, as it was read."""

    def question(self, meaning: Meaning) -> Question | None:
        """The first question of a meaning."""
        return next((one for one in self.questions if one.meaning is meaning), None)

    def standing(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.standing == key), None)

    def by_form(self) -> tuple[tuple[str, "Sheet"], ...]:
        """
        Part a list that holds several forms: each has its responses, and what they answer.

        A sheet that names none is the one part, of the name "".
        """
        if len(self.rows_of_forms) < 2:
            name = self.rows_of_forms[0][0] if self.rows_of_forms else ""
            return ((name, self),)
        return tuple((form, self._part(form, rows)) for form, rows in self.rows_of_forms)

    def _part(self, form: str, rows: int) -> "Sheet":
        own = tuple(
            one for name, one in zip(self.forms, self.responses, strict=True) if name == form
        )
        answered = {key for one in own for key in one.answers}
        return replace(
            self,
            questions=tuple(one for one in self.questions if one.key in answered),
            responses=own,
            raw_rows=rows,
            forms=(form,) * len(own),
            rows_of_forms=((form, rows),),
        )


def read_workbook(content: bytes, name: str, *, vocabulary: Vocabulary, time_zone: str) -> Sheet:
    """
    Read xlsx or CSV. `time_zone` is that of the form's owner, in whose time Forms writes.

    Of several sheets it is the one that looks most like a form's. Raises UnreadableFile.
    """
    table, heading, others = _chosen(tables_of(content, name), vocabulary)
    rows = enumerate(islice(table.rows(), heading.row, None), start=heading.row + 1)
    gathered, layout = _gathered(heading.titles, rows, vocabulary)
    contents = table.contents
    del table, rows  # what the cells were read from is of no more use, and large
    sheet = _sheet(gathered, layout, contents, (vocabulary, time_zone))
    unread = (f"sheet {one!r} looks like a form's, too, and is not read" for one in others)
    return replace(sheet, warnings=(*sheet.warnings, *unread))


def read_rows(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    name: str,
    *,
    vocabulary: Vocabulary,
    time_zone: str,
) -> Sheet:
    """
    Read the rows of a list, in the order of its columns; they are numbered from 2.

    A moment without zone is in `time_zone`. Raises UnreadableFile where there is no heading.
    """
    if not any(header):
        raise unreadable(name, Why.NO_ROWS)
    numbered: Iterable[tuple[int, Row]] = enumerate(rows, start=2)
    gathered, layout = _gathered([clean(title) for title in header], numbered, vocabulary)
    return _sheet(gathered, layout, NOTHING_ODD, (vocabulary, time_zone))


def is_export(content: bytes, name: str, *, vocabulary: Vocabulary) -> bool:
    """Tell whether a file is a form's export. Raises UnreadableFile."""
    return any(
        looks_like_export(_heading(table, vocabulary).titles, vocabulary)
        for table in tables_of(content, name)
    )


# ---------------------------------------------------------------- the sheet


def _chosen(
    tables: Iterable[Table], vocabulary: Vocabulary
) -> tuple[Table, Heading, tuple[str, ...]]:
    """The table to read, its heading, and the names of others that look like a form's, too."""
    best: tuple[Table, Heading] | None = None
    others: list[str] = []
    for table in tables:
        heading = _heading(table, vocabulary)
        if best and looks_like_export(best[1].titles, vocabulary):
            if looks_like_export(heading.titles, vocabulary):
                others.append(table.name)
        elif best is None or _is_better(heading, best[1], vocabulary):
            best = table, heading
    assert best is not None  # a file without any table is refused before
    return *best, tuple(others)


def _is_better(heading: Heading, before: Heading, vocabulary: Vocabulary) -> bool:
    return looks_like_export(heading.titles, vocabulary) or heading.known > before.known


def _heading(table: Table, vocabulary: Vocabulary) -> Heading:
    rows = table.rows()
    lead, first = next((at, row) for at, row in enumerate(rows) if not is_blank(row))
    merged = [((start[0] - lead, start[1]), (end[0] - lead, end[1])) for start, end in table.merged]
    found = heading_of([first, *islice(rows, HEAD)], merged, vocabulary)
    return replace(found, row=found.row + lead)


def _gathered(
    titles: Sequence[str], rows: Iterable[tuple[int, Row]], vocabulary: Vocabulary
) -> tuple[Gathered, Layout]:
    layout = layout_of(titles, vocabulary)
    return gather(rows, layout), layout


def _sheet(
    gathered: Gathered, layout: Layout, contents: Contents, known: tuple[Vocabulary, str]
) -> Sheet:
    vocabulary, time_zone = known
    rows = len(gathered.numbers)
    questions, read = _questions(layout, gathered, vocabulary)
    order = order_of(cell for cells in gathered.times.values() for cell in cells)
    times: dict[Meta, list[datetime | None]] = {}
    odd: list[str] = []
    for meta, cells in gathered.times.items():
        zone = zone_of(time_zone, in_utc=vocabulary.in_utc(layout.title(meta)))
        moments = Moments(zone, order, from_1904=contents.from_1904)
        times[meta] = moments.read(cells)
        cells.clear()
        odd += moments.odd
    named = layout.of(Meta.FORM)
    forms = gathered.texts[named.position] if named else [""] * rows
    found = distinct(_responses(gathered, layout, (questions, read), times), forms)
    return Sheet(
        questions=questions,
        responses=found.responses,
        raw_rows=rows,
        warnings=(
            *layout.warnings,
            *about_cells(contents, gathered.unheaded),
            *about_answers(questions, read, vocabulary),
            *about_times(odd, order.guessed),
            *found.warnings,
        ),
        forms=found.forms if named else (),
        rows_of_forms=tuple(Counter(forms).items()) if named else (),
        columns=layout.columns,
    )


def _questions(
    layout: Layout, gathered: Gathered, vocabulary: Vocabulary
) -> tuple[tuple[Question, ...], tuple[Read, ...]]:
    taken: set[str] = set()
    questions: list[Question] = []
    read: list[Read] = []
    for column, text, key in keys_of(layout.columns):
        answers = gathered.texts.pop(column.position)
        standing = vocabulary.recognise(text)
        meaning = standing.meaning if standing else meaning_of(answers, vocabulary)
        if standing and {standing.key, meaning.value} & taken:
            # Asked twice, as in a grid: only the first is the standing question.
            meaning, standing = Meaning.RATING, None
        if standing:
            taken |= {standing.key, meaning.value} - {Meaning.RATING.value}
        questions.append(
            Question(
                key=key,
                text=text,
                position=column.position,
                meaning=meaning,
                standing=standing.key if standing else "",
                scale=vocabulary.scale,
            )
        )
        read.append(read_answers(answers, meaning, vocabulary))
    return tuple(questions), tuple(read)


def _responses(
    gathered: Gathered,
    layout: Layout,
    asked: tuple[Sequence[Question], Sequence[Read]],
    times: Mapping[Meta, Sequence[datetime | None]],
) -> list[Response]:
    numbers = gathered.numbers
    nothing: Sequence[None] = [None] * len(numbers)
    started, completed, modified = (times.get(meta, nothing) for meta in TIMES)
    own = layout.of(Meta.ID)
    ids = gathered.texts[own.position] if own else [""] * len(numbers)
    keys = [one.key for one in asked[0]]
    rows = zip(*(one.answers for one in asked[1]), strict=True) if keys else repeat(())
    responses = []
    for number, start, end, changed, given, row in zip(
        numbers, started, completed, modified, ids, rows, strict=False
    ):
        submitted = end or start
        one = Response(
            id=given,
            submitted=submitted,
            answers={key: answer for key, answer in zip(keys, row, strict=True) if answer},
            started=start,
            changed=changed if changed and changed != submitted else None,
            row=number,
        )
        responses.append(one if given else replace(one, id=made_id(one)))
    return responses
