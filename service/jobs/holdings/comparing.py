"""
Two exports of the same year compared: whether everything that left one tenant came to the other.

A file is the same by its bytes; one of Office by the parts that people wrote, since every
library writes its columns into the rest. Where it lies and what it is called may differ.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.errors import UnreadableFile
from service.parse.office import is_office, parts_digest
from service.render.holdings.index import FORMAT, JSON

FIGURES = (
    *("Title", "NvGroups", "NvTeamsCount", "NvDay1", "NvDay2", "NvDay3", "NvInvited"),
    *("NvRegistered", "NvAnswers", "NvSatisfaction", "NvUsefulness"),
)
"""Columns of the register that say the same in every tenant."""
MOVED = frozenset({"documentation", "coordination"})
"""Sections of what lay in libraries; the others are written anew by every export."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What came of it; names as in the older export."""

    same: int
    absent: tuple[str, ...]
    """Files of the older export whose content is nowhere in the newer one."""
    differing: tuple[str, ...]
    """Of the same name in the same meeting's folder, with other content: written in since."""
    damaged: tuple[str, ...]
    """Files of the older export that are no longer what their checksum says."""
    rows: int
    """Meetings of the older export whose figures are the same."""
    other_figures: tuple[str, ...]
    """Titles of those whose figures are others, or that are not there."""

    @property
    def whole(self) -> bool:
        return not (self.absent or self.differing or self.damaged or self.other_figures)


def compare(older: Path, newer: Path) -> Compared:
    """Compare the folders of two exports. Raises UnreadableFile where one is none."""
    everything, there = list(_files(older)), list(_files(newer))
    files = [one for one in everything if one["section"] in MOVED]
    rows, rows_there = _rows(older, everything), _rows(newer, there)
    contents = {_content(newer, one) for one in there}
    names = {(one["meeting"], one["title"]) for one in there}
    absent, differing, damaged, same = [], [], [], 0
    for one in files:
        content = _content(older, one)
        if _is_damaged(older, one):
            damaged.append(one["path"])
        elif content in contents:
            same += 1
        elif (one["meeting"], one["title"]) in names:
            differing.append(one["path"])
        else:
            absent.append(one["path"])
    others = [str(row["Title"]) for id_, row in rows.items() if rows_there.get(id_) != row]
    return Compared(
        same=same,
        absent=tuple(absent),
        differing=tuple(differing),
        damaged=tuple(damaged),
        rows=len(rows) - len(others),
        other_figures=tuple(others),
    )


def _files(folder: Path) -> Iterator[Mapping[str, Any]]:
    try:
        index = json.loads((folder / JSON).read_bytes())
    except (OSError, ValueError) as error:
        raise UnreadableFile(str(folder), f"it holds no {JSON} of an export") from error
    if index.get("format") != FORMAT or not index.get("complete"):
        raise UnreadableFile(str(folder), "it is no finished export")
    yield from index["files"]


def _content(folder: Path, file: Mapping[str, Any]) -> str:
    path = folder / file["path"]
    if is_office(path.name) and path.is_file() and (parts := parts_digest(path.read_bytes())):
        return parts
    return str(file["sha256"])


def _is_damaged(folder: Path, file: Mapping[str, Any]) -> bool:
    path = folder / file["path"]
    if not path.is_file():
        return True
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() != str(file["sha256"])


def _rows(folder: Path, files: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Figures of the register's rows, by meeting id."""
    found = {}
    for file in files:
        if file["section"] != "facts" or not file["path"].endswith(".json"):
            continue
        told = json.loads((folder / file["path"]).read_bytes())
        if not (isinstance(told, list) and told and isinstance(told[0], dict)):
            continue
        row = {one.get("name"): one.get("value") for one in told}
        if meeting_id := row.get("NvMeetingId"):
            found[str(meeting_id)] = {name: row.get(name) for name in FIGURES}
    return found
