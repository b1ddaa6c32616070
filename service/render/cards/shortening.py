"""Text that is too long for where it is to stand: it ends at a sentence, else at a word."""

import re

_SENTENCE = re.compile(r"[.!?…]+[”\"')\]]*(?=\s)")
_MORE = " …"
_TOO_SHORT = 3
"""A sentence that ends in the first third says less than a cut at a word."""


def shortened(text: str, most: int) -> str:
    """Return the text in at most so many characters, and two to say that there is more."""
    if len(text) <= most:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, most + 1) if found.end() <= most]
    if ends and ends[-1] >= most // _TOO_SHORT:
        return text[: ends[-1]] + _MORE
    words, _, cut = text[: most + 1].rpartition(" ")
    return (words or cut[:most]).rstrip(" ,;:–-") + _MORE
