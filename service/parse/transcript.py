"""
Teams' transcripts: WebVTT in which every cue says who speaks.

Captions lie where members see them, so they carry what was said and no names.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from service.domain.transcript import SILENCE, Turn
from service.errors import UnreadableFile

PAUSE = timedelta(seconds=4)
"""Somebody who goes on after so long begins a new paragraph."""
LONG = 700
"""Characters; a paragraph that has so many ends with its sentence."""

_SUBJECT = "transcript"
_TIME = r"(?:\d{2,4}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMING = re.compile(rf"^({_TIME})[ \t]+-->[ \t]+({_TIME})(?:[ \t].*)?$")
_SENTENCE_ENDS = (".", "!", "?", "…")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+(?P<name>[^>]*))?>", re.IGNORECASE)
_END = re.compile(r"</v\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class _Cue:
    timing: str
    """As it stands, with its settings."""
    start: timedelta
    end: timedelta
    text: str
    """With its markup."""


@dataclass(frozen=True)
class _Piece:
    """What one voice of a cue says."""

    start: timedelta
    end: timedelta
    speaker: str
    said: str
    """Without markup."""


def captions(vtt: bytes) -> bytes:
    """
    WebVTT without who speaks: no voices, notes, styles or identifiers. UTF-8, LF.

    Raises UnreadableFile for anything that is no WebVTT.
    """
    blocks = ["WEBVTT"]
    for cue in _cues(vtt):
        # An arrow in a text would make it a timing.
        text = _END.sub("", _VOICE.sub("", cue.text)).replace("-->", "--&gt;")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            blocks.append("\n".join((cue.timing, *lines)))
    return ("\n\n".join(blocks) + "\n").encode()


def turns(vtt: bytes) -> tuple[Turn, ...]:
    """
    Who said what, in the order of time: a turn ends where another speaks, or after a silence.

    Raises UnreadableFile for anything that is no WebVTT.
    """
    found: list[list[_Piece]] = []
    for cue in sorted(_cues(vtt), key=lambda cue: cue.start):
        for speaker, said in _spoken(cue.text):
            piece = _Piece(cue.start, cue.end, speaker, said)
            if found and _goes_on(found[-1][-1], piece):
                found[-1].append(piece)
            else:
                found.append([piece])
    return tuple(
        Turn(
            speaker=pieces[0].speaker,
            start=pieces[0].start,
            end=pieces[-1].end,
            paragraphs=tuple(_paragraphs(pieces)),
        )
        for pieces in found
    )


def _goes_on(last: _Piece, piece: _Piece) -> bool:
    return piece.speaker == last.speaker and piece.start - last.end < SILENCE


def _paragraphs(pieces: Sequence[_Piece]) -> list[str]:
    texts = [pieces[0].said]
    for last, piece in pairwise(pieces):
        full = len(texts[-1]) >= LONG and texts[-1].endswith(_SENTENCE_ENDS)
        if full or piece.start - last.end >= PAUSE:
            texts.append(piece.said)
        else:
            texts[-1] += f" {piece.said}"
    return texts


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
            if timing := _TIMING.match(line):
                start, end = _time(timing[1]), _time(timing[2])
                yield _Cue(line, start, end, "\n".join(lines[number + 1 :]))
                break


def _time(text: str) -> timedelta:
    seconds, _, thousandths = text.partition(".")
    parts = [*map(int, seconds.split(":"))]
    hours = parts[0] if len(parts) == 3 else 0
    return timedelta(
        hours=hours, minutes=parts[-2], seconds=parts[-1], milliseconds=int(thousandths)
    )
