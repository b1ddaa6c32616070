"""
Text that shows as it is in a card, whoever wrote it.

TextBlocks of Teams read a part of Markdown and date functions (learn.microsoft.com, "Text
features of Adaptive Cards"); titles, names and questions come from people who know neither.
"""

import re

from service.domain.post import is_https
from service.render.plain import one_line

_MARKS = re.compile(r"[\\`*_\[\]~<>]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_LINE_START = re.compile(r"^([#+=-]|\d+(?=[.)]))")
_BRACES = re.compile(r"\{(?=\{)")
"""The first of two: a date function begins so, and three braces hold two of them."""
_REFUSED = frozenset(' <>\\"\n\r\t{}')
_REFUSED_IN_TEXT = _REFUSED | frozenset("()")

_MARK = "\u200e"
"""Left-to-right mark: what follows stays where it is read."""
_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_FROM_THE_RIGHT = re.compile(rf"[{_RIGHT}](?:[^A-Za-z\u00c0-\u024f]*[{_RIGHT}])?")
"""Hebrew and Arabic with what stands between, as long as no Latin letter does."""


def escaped(text: str) -> str:
    """
    Make text show as it is where Markdown is read: marks, entities, and date functions.

    Only what would be read as a mark is escaped, since not every client undoes the rest.
    """
    text = _MARKS.sub(r"\\\g<0>", one_line(text))
    text = _BRACES.sub(r"{\\", _ENTITY.sub(r"\\&", text))
    return _in_order(_LINE_START.sub(_escape_start, text))


def linked(text: str, url: str) -> str:
    """Text that leads somewhere; where that is no https link, the text alone."""
    shown = escaped(text)
    return f"[{shown}]({_spelt_out(url, _REFUSED_IN_TEXT)})" if is_https(url) else shown


def address(url: str) -> str:
    """Spell out what no link may hold."""
    return _spelt_out(url, _REFUSED)


def _spelt_out(url: str, refused: frozenset[str]) -> str:
    return "".join(f"%{ord(one):02X}" if one in refused else one for one in url)


def _escape_start(match: re.Match[str]) -> str:
    start = match.group()
    return start + "\\" if start.isdigit() else "\\" + start


def _in_order(text: str) -> str:
    """After a name in Arabic or Hebrew, keep the date or number that follows it to its right."""
    return _FROM_THE_RIGHT.sub(rf"\g<0>{_MARK}", text)
