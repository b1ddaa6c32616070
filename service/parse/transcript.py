"""
Teams' transcripts: WebVTT in which every cue says who speaks.

Captions lie where members see them, so they carry what was said and no names.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.errors import UnreadableFile

_SUBJECT = "transcript"
_TIME = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMING = re.compile(rf"^{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+(?P<name>[^>]*))?>", re.IGNORECASE)
_END = re.compile(r"</v\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Cue:
    timing: str
    text: str
    """With its markup."""


def captions(vtt: bytes) -> bytes:
    """
    WebVTT without who speaks: no voices, notes, styles or identifiers. UTF-8, LF.

    Raises UnreadableFile for anything that is no WebVTT.
    """
    blocks = ["WEBVTT"]
    for cue in _cues(vtt):
        text = _END.sub("", _VOICE.sub("", cue.text))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            blocks.append("\n".join((cue.timing, *lines)))
    return ("\n\n".join(blocks) + "\n").encode()


def plain_transcript(vtt: bytes) -> str:
    """What was said as text, a paragraph for each turn: "Name: …". Raises UnreadableFile."""
    turns: list[tuple[str, list[str]]] = []
    for cue in _cues(vtt):
        for name, said in _spoken(cue.text):
            if not turns or turns[-1][0] != name:
                turns.append((name, []))
            turns[-1][1].append(said)
    paragraphs = (f"{name}: {' '.join(said)}" if name else " ".join(said) for name, said in turns)
    return "".join(f"{paragraph}\n\n" for paragraph in paragraphs).rstrip("\n") + "\n"


def _spoken(text: str) -> Iterator[tuple[str, str]]:
    """The voices of a cue in turn; what precedes the first has no name."""
    name, start = "", 0
    for voice in _VOICE.finditer(text):
        yield from _said(name, text[start : voice.start()])
        name, start = html.unescape(voice["name"] or "").strip(), voice.end()
    yield from _said(name, text[start:])


def _said(name: str, text: str) -> Iterator[tuple[str, str]]:
    said = " ".join(html.unescape(_TAG.sub("", text)).split())
    if said:
        yield name, said


def _cues(vtt: bytes) -> Iterator[_Cue]:
    try:
        text = vtt.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(_SUBJECT, "It is not UTF-8.") from error
    if not re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        raise UnreadableFile(_SUBJECT, "It does not begin with WEBVTT.")
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for block in re.split(r"\n{2,}", plain):
        lines = block.split("\n")
        # Before the timing there may be an identifier, and nothing else.
        for number, line in enumerate(lines[:2]):
            if _TIMING.match(line):
                yield _Cue(line, "\n".join(lines[number + 1 :]))
                break
