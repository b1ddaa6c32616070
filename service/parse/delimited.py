"""Text with delimiters (CSV) as rows, in whatever encoding and with whatever mark it was saved."""

import codecs
import csv
import io
import re
from collections.abc import Iterator

from service.parse.unreadable import Why, unreadable

_SEP = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_HEAD = 64_000
"""Characters in which the first line is looked for."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS = ";,\t|"


def rows_of_text(content: bytes, name: str, encoding: str) -> Iterator[list[str]]:
    """
    Read the rows one by one. The first line may name the mark, as Excel understands it: `sep=;`.

    Raises UnreadableFile, also halfway.
    """
    head = _head(content, encoding)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    named = _SEP.match(head)
    if named:
        text.readline()
    reader = csv.reader(text, delimiter=named[1] if named else _mark(head), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        fault = "a quotation mark is not closed" if "end of data" in str(error) else str(error)
        raise unreadable(name, Why.NO_TABLE, line=str(reader.line_num), fault=fault) from error


def encoding_of(content: bytes, name: str) -> str:
    """Raises UnreadableFile for what is no text, or text of another kind."""
    encoding = _encoding(content, name)
    if _head(content, encoding).lstrip().startswith("<"):
        raise unreadable(name, Why.WEB_PAGE)
    return encoding


def _head(content: bytes, encoding: str) -> str:
    return content[: 4 * _HEAD].decode(encoding, errors="ignore")[:_HEAD]


def _encoding(content: bytes, name: str) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(content, (encoding,), name)
    if b"\0" in content:
        # Every other byte of Latin text is a zero, if each character takes two.
        head = content[:200]
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) * 5 < 2 * len(head) or min(even, odd):
            raise unreadable(name, Why.NOT_TEXT)
        return _checked(content, ("utf-16-be" if even > odd else "utf-16-le",), name)
    return _checked(content, ("utf-8", "cp1252"), name)


def _checked(content: bytes, encodings: tuple[str, ...], name: str) -> str:
    """The first encoding in which all of it is text. Decoded in pieces: it may be large."""
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for start in range(0, len(content), 1_000_000):
                if "\0" in decoder.decode(content[start : start + 1_000_000]):
                    raise unreadable(name, Why.NOT_TEXT)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise unreadable(name, Why.NOT_TEXT)


def _mark(head: str) -> str:
    """The one that parts most cells of the first line that has any, outside quotation marks."""
    bare = "".join(head.split('"')[::2])
    for line in bare.splitlines():
        mark = max(_MARKS, key=line.count)
        if mark in line:
            return mark
    return ","
