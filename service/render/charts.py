"""
Charts: values in, PNG out.

Figures are made without pyplot, which keeps every open figure and its settings in the
process, and no setting is left behind. Nothing is told by colour alone.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FONTS = ("Carlito", "Liberation Sans", "Arial", "DejaVu Sans")
"""The first that the machine has; matplotlib brings the last."""
ACCENT = "#1F5B4A"
INK = "#22302B"
RULE = "#C9D3CE"
DPI = 200
_ACROSS = 2
_WIDTH = 6.3
_ROW = 1.65


@dataclass(frozen=True, kw_only=True)
class Point:
    year: int
    value: Fraction
    words: str
    """The value as it is printed beside the point."""


@dataclass(frozen=True, kw_only=True)
class Series:
    title: str
    points: tuple[Point, ...]
    scale: tuple[int, int]
    """Lowest and highest."""


def trend_chart(series: Sequence[Series]) -> bytes:
    """
    Draw each series in a panel of its own, from the lowest to the highest of its scale.

    Panels instead of lines in one: questions of a survey lie close together, and lines
    that cross cannot be told apart in grey.
    """
    across = min(_ACROSS, len(series))
    rows = -(-len(series) // across)
    figure = _figure(_WIDTH, _ROW * rows)
    axes = figure.subplots(rows, across, squeeze=False, sharex=True)
    family = _family()
    years = sorted({point.year for one in series for point in one.points})
    for place, ax in enumerate(axes.flat):
        if place < len(series):
            _panel(ax, series[place], years, family)
        else:
            ax.set_axis_off()
    return _png(figure)


def distribution_bars(counts: Sequence[tuple[str, int]]) -> bytes:
    """Draw a small bar for each answer, its number above it."""
    figure = _figure(2.4, 0.9)
    ax = figure.subplots()
    family = _family()
    numbers = [number for _, number in counts]
    ax.bar(range(len(counts)), numbers, color=ACCENT, width=0.7)
    for place, number in enumerate(numbers):
        ax.annotate(
            str(number),
            (place, number),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            fontsize=7,
            family=family,
            color=INK,
        )
    ax.set_xticks(range(len(counts)), [name for name, _ in counts], fontsize=7, family=family)
    ax.set_yticks([])
    ax.set_ylim(0, max([*numbers, 1]) * 1.3)
    _bare(ax)
    return _png(figure)


def _figure(width: float, height: float) -> "Figure":
    """Of so many inches; matplotlib is loaded here and in `_family`."""
    # A third of a second, which every command and the daemon's start would pay.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def _panel(ax: "Axes", series: Series, years: Sequence[int], family: str) -> None:
    low, high = series.scale
    # A place a year that was asked, so that a lone survey long ago does not stretch the axis.
    places = [years.index(point.year) for point in series.points]
    values = [float(point.value) for point in series.points]
    ax.set_title(
        textwrap.fill(series.title, 50), fontsize=8, family=family, color=INK, loc="left", pad=5
    )
    ax.plot(places, values, color=ACCENT, linewidth=1.6, marker="o", markersize=5, mfc="white")
    ax.plot(places[-1:], values[-1:], color=ACCENT, marker="o", markersize=6.5)
    for place, value, point in zip(places, values, series.points, strict=True):
        ax.annotate(
            point.words,
            (place, value),
            xytext=(0, 6),
            # No line of the grid runs through a figure.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            textcoords="offset points",
            ha="center",
            fontsize=8,
            fontweight="bold" if point is series.points[-1] else "normal",
            family=family,
            color=INK,
        )
    ax.set_xlim(-0.4, len(years) - 0.6)
    ax.set_ylim(low, high + 0.6)  # room for the figure above a point at the top
    ax.set_xticks(range(len(years)), [str(year) for year in years], fontsize=8, family=family)
    ax.tick_params(axis="x", labelbottom=True)
    ticks = range(low, high + 1)
    ax.set_yticks(ticks, [str(tick) for tick in ticks], fontsize=7, family=family)
    ax.grid(axis="y", color=RULE, linewidth=0.5)
    _bare(ax)


def _bare(ax: "Axes") -> None:
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set_color(RULE)
    ax.tick_params(length=0, colors=INK)
    ax.set_axisbelow(True)


def _family() -> str:
    from matplotlib import font_manager  # noqa: PLC0415 - as said

    there = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in there), FONTS[-1])


def _png(figure: "Figure") -> bytes:
    out = BytesIO()
    # Without its version in the file, the same picture is the same bytes after an upgrade too.
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()
