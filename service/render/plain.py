"""Texts and links from the tenant, made fit for where line breaks and marks mean something."""

import unicodedata

from service.domain.post import is_https

_JOINER = "\u200d"
"""Makes one picture of several emoji."""


def one_line(text: str) -> str:
    """Leave out control characters and those that turn the direction of writing."""
    kept = (
        " " if one.isspace() else one
        for one in text
        if one.isspace() or one == _JOINER or unicodedata.category(one) not in {"Cc", "Cf", "Cs"}
    )
    return " ".join("".join(kept).split())


def link(url: str) -> str:
    """Spell out what no link may hold; empty for one that is not https."""
    if not is_https(url):
        return ""
    return "".join(f"%{ord(one):02X}" if one <= " " or one in '<>\\"\x7f' else one for one in url)
