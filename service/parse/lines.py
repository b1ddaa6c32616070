"""
The HTML of a letter as lines of text, each with the links that stand in it.

Outlook writes a paragraph for every line, Word one with a class, older ones `<br>`; tables
serve as layout as often as for a label and its value.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PreformattedString, Tag
from bs4.exceptions import ParserRejectedMarkup

from service.parse.wording import clean

_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "div", "dd", "dl", "dt", "footer", "header"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "ul"}
    | {"table", "tbody", "tfoot", "thead", "tr"}
)
_SILENT = frozenset({"head", "script", "style", "title", "template", "xml"})
_LABEL_CELL = 40
"""Characters; a longer first cell is no label of the next."""

_BULLET = re.compile(r"^(?:[·•▪◦§●○]\s*|[-–—*]\s+|o\s(?=[A-ZÅÄÖÆØ]))")
_SAFE_LINKS = ".safelinks.protection.outlook.com"


@dataclass(frozen=True)
class Link:
    url: str
    """Https only, without the wrapping of Outlook's link protection."""
    text: str


@dataclass(frozen=True)
class Line:
    """A line; empty text stands for a gap. A tab parts a label cell from its value."""

    text: str
    links: tuple[Link, ...] = ()
    listed: bool = False
    """A point of a list, by its markup or its dash."""


def lines_of(body_html: str) -> tuple[Line, ...]:
    """Read HTML, or plain text without any tag, into lines of NFC text."""
    if not re.search(r"<[a-zA-Z!/]", body_html):
        body_html = "<pre>" + body_html.replace("<", "&lt;") + "</pre>"
    soup = _soup(body_html)
    collector = _Collector()
    try:
        collector.read(soup, preformatted=False)
        collector.end()
    except RecursionError:
        # Nested deeper than any letter is: only its words are of use.
        return tuple(Line(clean(text)) for text in soup.get_text("\n").splitlines())
    return tuple(_without_double_gaps(collector.lines))


def _soup(body_html: str) -> BeautifulSoup:
    try:
        return BeautifulSoup(body_html, "html.parser")
    except ParserRejectedMarkup:
        # A declaration that is never ended, as a conditional comment cut in two.
        return BeautifulSoup(body_html.replace("<!", "&lt;!"), "html.parser")


def https(address: str) -> str:
    """The address if it is an https one, unwrapped; else an empty string."""
    address = address.strip()
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if host.endswith(_SAFE_LINKS):
        return https(parse_qs(parts.query).get("url", [""])[0])
    usable = parts.scheme.casefold() == "https" and host and not parts.username
    return address if usable and not re.search(r"[\s<>\"\\^`{|}\x00-\x1f]", address) else ""


class _Collector:
    """Walks the tree once and cuts it into lines."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._links: list[Link] = []
        self._listed = False

    def read(self, node: Tag, *, preformatted: bool) -> None:
        for child in node.children:
            if isinstance(child, Tag):
                self._tag(child, preformatted=preformatted)
            elif isinstance(child, NavigableString) and not isinstance(
                child, Comment | PreformattedString
            ):
                self._words(str(child), preformatted=preformatted)

    def end(self) -> None:
        """End the line, if one is begun."""
        text = clean_cells("".join(self._text))
        if text or self._text:
            bullet = _BULLET.match(text)
            listed = self._listed or bool(bullet)
            text = text[bullet.end() :] if bullet else text
            self.lines.append(Line(text, (*self._links, *_bare(text, self._links)), listed))
        self._text, self._links, self._listed = [], [], False

    def _tag(self, tag: Tag, *, preformatted: bool) -> None:
        if tag.name in _SILENT:
            return
        if tag.name == "br":
            self._text.append("")
            self.end()
        elif tag.name == "tr" and (cells := _label_row(tag)):
            self._row(cells)
        elif tag.name in _BLOCKS or tag.name in {"td", "th"}:
            self._block(tag, preformatted=preformatted or tag.name == "pre")
        else:
            self._inline(tag, preformatted=preformatted)

    def _block(self, tag: Tag, *, preformatted: bool) -> None:
        self._flush()
        before = len(self.lines)
        if tag.name == "li":
            self._listed = True
        self.read(tag, preformatted=preformatted)
        self._flush()
        if tag.name in {"p", "div", "li"} and len(self.lines) == before:
            self.lines.append(Line(""))

    def _flush(self) -> None:
        listed = self._listed
        if clean("".join(self._text)):
            self.end()
        else:
            self._text, self._links, self._listed = [], [], listed

    def _row(self, cells: list[Tag]) -> None:
        self._flush()
        for number, cell in enumerate(cells):
            if number:
                self._text.append("\t" if number == 1 else " ")
            for br in cell.find_all("br"):
                br.replace_with("; ")
            self._text.append(re.sub(r"\s+;", ";", cell.get_text(" ").replace("\t", " ")))
            self._links += [link for a in cell.find_all("a") if (link := _link(a))]
        self.end()

    def _inline(self, tag: Tag, *, preformatted: bool) -> None:
        self.read(tag, preformatted=preformatted)
        link = _link(tag) if tag.name == "a" else None
        if link:
            self._links.append(link)

    def _words(self, text: str, *, preformatted: bool) -> None:
        if not preformatted:
            self._text.append(text.replace("\t", " "))
            return
        first, *others = text.splitlines() or [""]
        self._text.append(first)
        for other in others:
            self.end()
            self._text.append(other)


def clean_cells(text: str) -> str:
    """Clean both sides of the tab between a label cell and its value."""
    return "\t".join(part for cell in text.split("\t") if (part := clean(cell)))


def _label_row(row: Tag) -> list[Tag]:
    """The cells of a row that holds a label and its value; none for one that only lays out."""
    cells = [cell for cell in row.find_all(["td", "th"], recursive=False) if clean(cell.get_text())]
    if len(cells) < 2 or len(clean(cells[0].get_text())) > _LABEL_CELL:
        return []
    return [] if any(cell.find(["table", "li"]) for cell in cells) else cells


def _link(tag: Tag) -> Link | None:
    url = https(str(tag.get("href") or ""))
    return Link(url, clean(tag.get_text())) if url else None


def _bare(text: str, known: list[Link]) -> Iterator[Link]:
    """Addresses that are written out without being links."""
    shown = " ".join((*(link.text for link in known), *(link.url for link in known)))
    for match in re.finditer(r"https://[^\s<>\"”’]+", text):
        address = match[0].rstrip(".,;:!?)")
        if address not in shown and (url := https(address)):
            yield Link(url, address)


def _without_double_gaps(lines: list[Line]) -> Iterator[Line]:
    gap = True
    for line in lines:
        if line.text or not gap:
            yield line
        gap = not line.text
