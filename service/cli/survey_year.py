"""A year's evaluations, added up for each focus group and the year: for `survey show YEAR`."""

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from service.domain.survey.figures import Figures, decimal_string, rounded
from service.domain.survey.in_words import merged_counts, percent
from service.domain.survey.year import Cell, Together, YearFigures
from service.render.annual_json import cell_as_json
from service.workplace import Workplace


def table(year: YearFigures, at: Workplace) -> Table:
    """As coordinators see it; in the last column what of it members may see."""
    said, labels = at.labels.sheet, at.labels
    low, high = year.rules.scale.top
    heads = (
        labels.indicators.group, said.question, said.n, said.mean, said.median,
        said.top_share.format(points=f"{low}–{high}"), said.distribution,
        at.texts.say("results.members").rstrip(":"),
    )  # fmt: skip
    made = Table(*heads, box=None, header_style="bold")
    for name, one in _named(year, at):
        for cell in one.cells:
            made.add_row(name, _question(cell, at), *_numbers(cell.figures, at), _seen(cell, at))
        if not one.cells:
            made.add_row(name, *["–"] * 7)
    return made


def left_out(year: YearFigures, at: Workplace) -> Iterator[str]:
    """Say how many meetings are in no figure."""
    if year.whole.withheld:
        yield at.texts.say("results.left_out", n=year.whole.withheld)


def _named(year: YearFigures, at: Workplace) -> Iterator[tuple[str, Together]]:
    yield from zip((one.name for one in at.network.groups), year.groups, strict=True)
    yield at.labels.figures.whole_year, year.whole


def _question(cell: Cell, at: Workplace) -> str:
    words = at.labels.groups
    return {"satisfaction": words.satisfaction, "usefulness": words.usefulness}.get(
        cell.key, cell.key
    )


def _numbers(figures: Figures, at: Workplace) -> tuple[str, ...]:
    mark = at.labels.decimal_mark
    assert figures.mean is not None
    assert figures.median is not None
    assert figures.top_share is not None
    return (
        str(figures.n),
        rounded(figures.mean, at.network.survey.decimals, mark),
        rounded(figures.median, 1, mark),
        f"{percent(figures.top_share)} %",
        "  ".join(f"{point}: {n}" for point, n in figures.by_point),
    )


def _seen(cell: Cell, at: Workplace) -> str:
    said = at.labels.sheet
    seen = [said.n, said.mean, *([said.median] if cell.median_shown else [])]
    told = ", ".join(seen).lower()
    if cell.classes is None:
        return told
    counts = merged_counts(cell.classes, cell.figures.scale)
    return f"{told}; " + ", ".join(f"{points}: {n}" for points, n in counts)


# ---------------------------------------------------------------- for machines


def as_json(year: YearFigures, at: Workplace) -> dict[str, Any]:
    """`groups` and `year`: coordinators' figures, and members' beside each."""
    return {
        "groups": [
            {"id": one.id, "name": name} | _together(one)
            for name, one in _named(year, at)
            if one.id
        ],
        "year": _together(year.whole),
    }


def _together(one: Together) -> dict[str, Any]:
    return {
        "evaluated": one.evaluated,
        "withheld": one.withheld,
        "questions": [_cell(cell) for cell in one.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    figures = cell.figures
    assert figures.median is not None
    assert figures.top_share is not None
    return {
        "key": cell.key,
        "n": figures.n,
        "sum": figures.total,
        "mean": decimal_string(figures.total, figures.n),
        "median": rounded(figures.median, 1, "."),
        "top_share": rounded(figures.top_share, 6, "."),
        "distribution": {str(point): n for point, n in figures.by_point},
        "members": cell_as_json(cell),
    }
