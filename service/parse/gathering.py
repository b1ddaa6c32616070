"""A sheet's rows as columns, which is how they are understood; nothing is held twice."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest

from service.parse.answers import Shown
from service.parse.columns import Layout
from service.parse.table import Cell, Row, is_blank
from service.parse.vocabulary import Meta

_BLOCK = 2_048
TIMES = (Meta.START, Meta.COMPLETION, Meta.MODIFIED)
_TOLD = (Meta.ID, Meta.FORM)


@dataclass(frozen=True, kw_only=True)
class Gathered:
    numbers: list[int]
    """Of the rows that are not blank, as the sheet numbers them."""
    texts: dict[int, list[str]]
    """Answers, ids and names of forms by the column's position."""
    times: dict[Meta, list[Cell]]
    unheaded: tuple[int, ...]
    """Positions of columns with answers and without heading."""


def gather(rows: Iterable[tuple[int, Row]], layout: Layout) -> Gathered:
    """Persons' names and addresses are not even kept."""
    told = [one for meta in _TOLD if (one := layout.of(meta))]
    texts = {one.position: (list[str](), Shown()) for one in (*layout.questions, *told)}
    times = {one: list[Cell]() for meta in TIMES if (one := layout.of(meta))}
    headed = {one.position for one in layout.columns if one.title}
    numbers: list[int] = []
    unheaded: set[int] = set()
    for block in _blocks(rows):
        numbers.extend(number for number, _ in block)
        columns: list[Sequence[Cell]] = list(zip_longest(*(row for _, row in block), fillvalue=""))
        empty = ("",) * len(block)
        for position, (column, memo) in texts.items():
            column.extend(memo.column(columns[position] if position < len(columns) else empty))
        for one, cells in times.items():
            cells.extend(columns[one.position] if one.position < len(columns) else empty)
        unheaded.update(
            at for at, cells in enumerate(columns) if at not in headed and not is_blank(cells)
        )
    return Gathered(
        numbers=numbers,
        texts={position: column for position, (column, _) in texts.items()},
        times={one.meta: cells for one, cells in times.items() if one.meta},
        unheaded=tuple(sorted(unheaded)),
    )


def _blocks(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    """Some rows at a time, without the blank ones."""
    rest = iter(rows)
    while block := list(islice(rest, _BLOCK)):
        if filled := [one for one in block if any(one[1]) or not is_blank(one[1])]:
            yield filled
