"""
HTML that people and programs have written, made harmless.

Only known elements pass, without their attributes; of a link the address passes, if `Links`
knows where it leads.
"""

from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

from service.sandbox.markup import Markup, is_safe

_KEPT = frozenset({"p", "div", "b", "strong", "i", "em", "u", "s", "ul", "ol", "li", "blockquote"})
_KEPT_TABLE = frozenset({"table", "thead", "tbody", "tr", "td", "th"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SILENT = frozenset({"style", "script", "head", "title", "template", "iframe", "object"})
_DEEPEST = 100


class _Cleaner(HTMLParser):
    def __init__(self, links: Callable[[str], str | None]) -> None:
        super().__init__(convert_charrefs=True)
        self.links = links
        self.out: list[str] = []
        self.open: list[tuple[str, str]] = []
        """Name as it came in, and as it went out."""
        self.silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.silent is not None:
            return
        if tag in _SILENT:
            self.silent = tag
        elif tag == "br":
            self.out.append("<br>")
        elif len(self.open) < _DEEPEST:
            self._begin(tag, dict(attrs).get("href") or "")

    def _begin(self, tag: str, address: str) -> None:
        if tag in _KEPT or tag in _KEPT_TABLE:
            self._push(tag, tag, "")
        elif tag in _HEADINGS:
            # The page has headings of its own; these must not mix with them.
            self._push(tag, "strong", "")
        elif tag == "a":
            target = self.links(address)
            if target and is_safe(target):
                self._push(tag, "a", f' href="{escape(target)}" rel="noopener noreferrer"')

    def _push(self, tag: str, name: str, attributes: str) -> None:
        self.open.append((tag, name))
        self.out.append(f"<{name}{attributes}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self.silent is not None:
            if tag == self.silent:
                self.silent = None
            return
        if tag in (name for name, _ in self.open):
            while self._pop() != tag:
                pass

    def _pop(self) -> str:
        tag, name = self.open.pop()
        self.out.append(f"</{name}>")
        return tag

    def handle_data(self, data: str) -> None:
        if self.silent is None:
            self.out.append(escape(data))

    def finish(self) -> str:
        self.close()
        while self.open:
            self._pop()
        return "".join(self.out)


def harmless(html: str, links: Callable[[str], str | None]) -> Markup:
    cleaner = _Cleaner(links)
    cleaner.feed(html)
    return Markup(cleaner.finish())
