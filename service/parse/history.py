"""The yearly survey's figures of earlier years, as a CSV that people can type."""

import csv
import io
import re

from service.domain.survey.rules import ONE_TO_SIX, Scale
from service.errors import UnreadableFile
from service.ports import HistoryPoint

COLUMNS = ("year", "question", "mean", "n")
_MEAN = re.compile(r"(?P<mean>\d{1,2}(?:[.,]\d{1,6})?)(?:\s*(?:av|of|/)\s*(?P<high>10|[4-9]))?")


def read_history(content: bytes, name: str, scale: Scale = ONE_TO_SIX) -> tuple[HistoryPoint, ...]:
    """
    Read lines of `year;question;mean;n` under a header that names them, in UTF-8.

    A mean on another scale than the network's says so: "3,9 av 5". Lines that begin with #
    are comments. Raises UnreadableFile naming the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(name, "it is not UTF-8 text") from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UnreadableFile(name, f"its first line is not {';'.join(COLUMNS)}")
    return tuple(
        _point(row, f"{name}, line {number}", scale) for number, row in enumerate(reader, 2)
    )


def _point(row: dict[str, str | None], where: str, scale: Scale) -> HistoryPoint:
    year, question, mean, n = ((row[column] or "").strip() for column in COLUMNS)
    if not (year.isdigit() and len(year) == 4):
        raise UnreadableFile(where, f"{year!r} is not a year")
    if not question:
        raise UnreadableFile(where, "the question is missing")
    if not _is_mean(mean, scale):
        raise UnreadableFile(where, f"{mean!r} is not a mean from {scale.low} to {scale.high}")
    if not n.isdigit():
        raise UnreadableFile(where, f"{n!r} is not a number of respondents")
    return HistoryPoint(year=int(year), question=question, mean=mean, n=int(n))


def _is_mean(text: str, scale: Scale) -> bool:
    said = _MEAN.fullmatch(text)
    if said is None:
        return False
    return scale.low <= float(said["mean"].replace(",", ".")) <= int(said["high"] or scale.high)
