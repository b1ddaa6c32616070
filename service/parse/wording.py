"""Texts as they are compared: no case, no marks, single spaces."""

import re
import unicodedata

_SPACE = re.compile(r"[ \t\r\n\f\v\xa0\u2000-\u200a\u202f\u3000]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_MARKS = re.compile(r"[?!.:;,*\"”“()\[\]]+")


def clean(text: str) -> str:
    """NFC, hard and thin spaces as spaces, none doubled, nothing unseen."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", plain).strip()


def folded(text: str) -> str:
    bare = _MARKS.sub(" ", clean(text).casefold().replace("’", "'"))
    return unicodedata.normalize("NFC", " ".join(bare.split()))
