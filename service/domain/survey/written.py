"""Published figures as a line of text: so the ledger keeps them, with the post that told them."""

from urllib.parse import quote, unquote

from service.domain.survey.figures import Figures
from service.domain.survey.publication import Published
from service.domain.survey.rules import Scale

_NOT_SHOWN = "-"
_PARTS = 5


def line(meeting_id: str, published: Published) -> str:
    figures = published.figures
    return " ".join(
        (
            quote(meeting_id, safe=""),
            published.question,
            f"{figures.scale.low}:{figures.scale.high}",
            _numbers(figures.distribution),
            _NOT_SHOWN if published.classes is None else _numbers(published.classes),
        )
    )


def published_from(text: str) -> tuple[str, Published] | None:
    """Return the meeting's id and its figures; None for what is no such line."""
    parts = text.split(" ")
    if len(parts) != _PARTS:
        return None
    meeting_id, question, ends, given, classes = parts
    low, _, high = ends.partition(":")
    scale, distribution = Scale(int(low), int(high)), _read(given)
    figures = Figures(
        n=sum(distribution),
        total=sum(point * of for point, of in zip(scale.points, distribution, strict=True)),
        distribution=distribution,
        scale=scale,
    )
    shown = None if classes == _NOT_SHOWN else _read(classes)
    return unquote(meeting_id), Published(question=question, figures=figures, classes=shown)


def _numbers(counts: tuple[int, ...]) -> str:
    return ",".join(map(str, counts))


def _read(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))
