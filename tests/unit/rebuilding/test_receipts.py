"""A disposal outlives the state by its receipt; two exports tell whether a move lost anything."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from service.domain.retention import Disposal, Frozen, Remaining, Retention
from service.domain.survey.figures import Figures
from service.domain.survey.responses import Meaning, Question
from service.errors import UnreadableFile
from service.jobs.holding_words import words
from service.jobs.holdings.comparing import compare
from service.parse.receipt import read_receipt
from service.render.holdings.disposal import Receipt, receipt
from service.store import open_store
from tests.unit.effects.world import World

NOW = datetime(2024, 1, 1, tzinfo=UTC)


def remaining(n: int = 12) -> Remaining:
    question = Question(position=0, key="q", text="=Hur nöjd är du?", meaning=Meaning.SATISFACTION)
    frozen = Frozen(
        survey="meeting/uid-0308",
        title="Natur",
        held=date(2023, 3, 8),
        closed=date(2023, 3, 15),
        n=n,
        sources=(),
        questions=(question,) * 400,  # more than a cell of Excel's holds
        rated=((question, Figures(n=n, total=50, distribution=(0, 0, 0, 10, 2, 0))),),
        answered=(),
        version="v",
        sha256="0" * 64,
        forms=("form-1",),
    )
    disposal = Disposal(
        id="2024-01-01T00:00:00+00:00",
        begun=NOW,
        by="eva",
        command="natverket dispose --carry-out",
        rule=Retention(months=6, decision="KS 2023/1"),
        surveys=(frozen.survey,),
        receipt="Gallringskvitto 2024-01-01.xlsx",
    )
    return Remaining(disposal=disposal, frozen=(frozen,))


def test_a_receipt_tells_programs_what_is_left() -> None:
    """Every figure and the forms that are closed, through the workbook and back."""
    store = open_store("sqlite:///:memory:")
    left, said = remaining(), words(World(store).at)
    store.close()
    told = Receipt(
        network="N", day=NOW.date(), when="", disposal=left.disposal, surveys=left.frozen, hand=()
    )

    assert read_receipt(receipt(told, said)) == left


def test_what_is_no_receipt_is_none() -> None:
    """Neither another workbook nor anything else."""
    assert read_receipt(b"no zip") is None


# ---------------------------------------------------------------- exports compared


def office(text: str, promoted: str) -> bytes:
    """A document as a library gives it: its columns are written in beside what people wrote."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", promoted)
        package.writestr("docProps/custom.xml", promoted)
        package.writestr("word/document.xml", text)
    return out.getvalue()


def exported(folder: Path, files: dict[str, bytes], people: int = 40) -> Path:
    row = [{"name": "NvMeetingId", "value": "uid"}, {"name": "Title", "value": "Natur"}]
    row.append({"name": "NvDay1", "value": people})
    everything = {**files, "Uppgifter/rad.json": json.dumps(row).encode()}
    entries = []
    for path, data in everything.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
        section = "facts" if path.startswith("Uppgifter") else "documentation"
        entries.append(
            {
                "path": path,
                "sha256": hashlib.sha256(data).hexdigest(),
                "section": section,
                "meeting": "m",
                "title": path.rpartition("/")[2],
            }
        )
    index = {"format": "natverket-export", "complete": True, "files": entries}
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def test_what_came_over_is_the_same(tmp_path: Path) -> None:
    """By content, wherever it lies; an Office file by what people wrote."""
    old = exported(tmp_path / "old", {"a/Program.docx": office("text", "1"), "a/Bild.jpg": b"bild"})
    new = exported(
        tmp_path / "new", {"b/Program.docx": office("text", "2"), "c/Annat namn.jpg": b"bild"}
    )

    found = compare(old, new)
    assert found.whole
    assert (found.same, found.rows) == (2, 1)


def test_what_did_not_come_over_is_told(tmp_path: Path) -> None:
    """Absent, written in since, damaged on the way; and a meeting with other figures."""
    old = exported(tmp_path / "old", {"a/A.txt": b"a", "a/B.txt": b"b", "a/C.txt": b"c"})
    (old / "a/C.txt").write_bytes(b"x")
    new = exported(tmp_path / "new", {"a/B.txt": b"b since", "a/C.txt": b"c"}, people=39)

    found = compare(old, new)
    assert (found.absent, found.differing) == (("a/A.txt",), ("a/B.txt",))
    assert (found.damaged, found.other_figures) == (("a/C.txt",), ("Natur",))
    assert not found.whole
    with pytest.raises(UnreadableFile, match=r"it holds no index\.json"):
        compare(tmp_path, new)
