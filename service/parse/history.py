"""The yearly survey's figures of earlier years, as a CSV that people can type."""

import csv
import io
import re

from service.errors import UnreadableFile
from service.ports import HistoryPoint

COLUMNS = ("year", "question", "mean", "n")
_MEAN = re.compile(r"[1-6](?:[.,]\d{1,6})?")


def read_history(content: bytes, name: str) -> tuple[HistoryPoint, ...]:
    """
    Read lines of `year;question;mean;n` under a header that names them, in UTF-8.

    Lines that begin with # are comments. Raises UnreadableFile naming the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(name, "it is not UTF-8 text") from error
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("\n".join(lines)), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise UnreadableFile(name, f"its first line is not {';'.join(COLUMNS)}")
    return tuple(_point(row, f"{name}, line {number}") for number, row in enumerate(reader, 2))


def _point(row: dict[str, str | None], where: str) -> HistoryPoint:
    year, question, mean, n = ((row[column] or "").strip() for column in COLUMNS)
    if not (year.isdigit() and len(year) == 4):
        raise UnreadableFile(where, f"{year!r} is not a year")
    if not question:
        raise UnreadableFile(where, "the question is missing")
    if not _MEAN.fullmatch(mean):
        raise UnreadableFile(where, f"{mean!r} is not a mean from 1 to 6")
    if not n.isdigit():
        raise UnreadableFile(where, f"{n!r} is not a number of respondents")
    return HistoryPoint(year=int(year), question=question, mean=mean, n=int(n))
