"""The HTML that Teams keeps of what somebody sends: what could run or deceive is gone."""

from html import escape
from html.parser import HTMLParser

_BARE = frozenset(
    {"p", "div", "b", "strong", "i", "em", "u", "s", "strike", "ul", "ol", "li", "blockquote",
     "pre", "code", "h1", "h2", "h3", "table", "thead", "tbody", "tr", "br", "hr", "sub", "sup"}
)  # fmt: skip
_KEPT = {
    "a": {"href", "title"},
    "at": {"id"},
    "attachment": {"id"},
    "img": {"src", "alt", "width", "height", "style"},
    "codeblock": {"class"},
    "emoji": {"id", "alt", "title"},
    "span": {"style"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **{name: set[str]() for name in _BARE},
}
_VOID = frozenset({"br", "hr", "img"})
_SILENT = frozenset({"script", "style", "iframe", "object", "embed", "head", "title", "form"})
_SAFE = ("https://", "http://", "mailto:", "tel:", "../hostedcontents/")
_IDS = frozenset({"at", "attachment"})
"""Whose id is a marker."""


class _Sanitiser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.open: list[str] = []
        self.silent: list[str] = []
        self.markers: dict[str, list[str]] = {name: [] for name in _IDS}
        self.pictures: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent.append(tag)
        if self.silent or tag not in _KEPT:
            return
        kept = {name: value or "" for name, value in attrs if name in _KEPT[tag]}
        if tag in _IDS:
            self.markers[tag].append(kept.get("id", ""))
        for name in ("href", "src"):
            if name in kept and not kept[name].strip().casefold().startswith(_SAFE):
                del kept[name]
        if tag == "img":
            self.pictures.append(kept.get("src", ""))
        shown = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
        self.out.append(f"<{tag}{shown}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.silent:
            if tag == self.silent[-1]:
                self.silent.pop()
            return
        if tag in self.open:
            while True:
                closed = self.open.pop()
                self.out.append(f"</{closed}>")
                if closed == tag:
                    return

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.out.append(escape(data, quote=False))


class Sanitised:
    """What is kept, and the markers that were found in it."""

    def __init__(self, html: str) -> None:
        parser = _Sanitiser()
        parser.feed(html)
        parser.close()
        while parser.open:
            parser.out.append(f"</{parser.open.pop()}>")
        self.html = "".join(parser.out)
        self.attachments = tuple(parser.markers["attachment"])
        self.mentions = tuple(parser.markers["at"])
        self.pictures = tuple(parser.pictures)
        """The addresses of its pictures."""
