"""
The commands that the documentation shows.

Fenced blocks: `sh` is typed in order into one shell, `sh again` anew until it ends well, `sh
terminal` into a terminal of its own that is left running, `text` shows lines to type one by one,
or what was printed. `python` and `toml` blocks that begin with a file's name in a comment are
saved under it. A command may also stand in a sentence, between backticks.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^( *)```(.*)$")
_SPAN = re.compile(r"`(natverket [^`]+)`")
_SHOWN = re.compile(r" {2,}.*$")
"""In a list of commands, what each does stands two spaces to its right."""
_ENVIRONMENT = re.compile(r"^(NATVERKET_\w+=\S+ )+")


@dataclass(frozen=True, kw_only=True)
class Block:
    kind: str
    """What stands after the backticks: `sh`, `sh terminal`, `text`, …"""
    text: str
    line: int


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A command as a page shows it."""

    page: str
    """Below the house, with the line: `docs/howto/x.md:12`."""
    words: tuple[str, ...]
    """Without `natverket`."""


def pages() -> list[Path]:
    """Every page that people read, the notes on decisions left out: they tell of their day."""
    found = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md"]
    for folder in ("docs", "deploy"):
        found += sorted((HOUSE / folder).rglob("*.md"))
    return [page for page in found if "decisions" not in page.parts]


def blocks(page: Path) -> Iterator[Block]:
    kind, kept, begun, indent = "", list[str](), 0, 0
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        fence = _FENCE.match(line)
        if fence is None:
            if begun:
                kept.append(line[indent:])
        elif begun:
            yield Block(kind=kind, text="\n".join(kept), line=begun)
            kept, begun = [], 0
        else:
            kind, begun, indent = fence.group(2).strip(), number, len(fence.group(1))


def shown(page: Path) -> Iterator[Shown]:
    """Yield every `natverket …` of a page: in blocks, and in sentences."""
    name, inside = str(page.relative_to(HOUSE)), set[int]()
    for block in blocks(page):
        for offset, line in enumerate(block.text.replace("\\\n", "").splitlines(), 1):
            words = _words(line, explained=block.kind == "text")
            if words:
                yield Shown(page=f"{name}:{block.line + offset}", words=words)
        inside |= set(range(block.line, block.line + block.text.count("\n") + 3))
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if number not in inside:
            for span in _SPAN.findall(line):
                if words := _words(span, explained=False):
                    yield Shown(page=f"{name}:{number}", words=words)


def _words(line: str, *, explained: bool) -> tuple[str, ...]:
    command = _ENVIRONMENT.sub("", line.strip().removeprefix("$ "))
    if not command.startswith("natverket ") or "…" in command or "COMMAND" in command:
        return ()
    command = re.split(r"\s#\s", command)[0]
    if explained:
        command = _SHOWN.sub("", command)
    return tuple(shlex.split(re.sub(r"\s*[|&].*$", "", command)))[1:]
    # A line of output may begin with the program's name: `natverket: …` never comes here.
