"""A page as a browser would take it, and a card with everything in it, hostile text too."""

import re
from html.parser import HTMLParser

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
VOID = {"br", "hr", "img", "input", "link", "meta"}

FOLDER = "https://nat.sharepoint.com/sites/NatverkForHallbarhet/Dokument/Mapp"
CARD = {
    "type": "AdaptiveCard",
    "version": "1.4",
    "lang": "sv",
    "body": [
        {"type": "TextBlock", "text": "Etikett", "size": "Small", "color": "Accent"},
        {"type": "TextBlock", "text": f"Rubrik {HOSTILE}", "style": "heading", "size": "Large"},
        {"type": "TextBlock", "text": f"[Till \\[mappen\\]]({FOLDER})"},
        {"type": "TextBlock", "text": "[ut](https://example.org/a) [fel](javascript:alert(1))"},
        {"type": "TextBlock", "id": "more0", "text": "och 2 till"},
        {
            "type": "Container",
            "id": "folded0",
            "isVisible": False,
            "items": [{"type": "TextBlock", "text": "Gömd rad"}],
        },
        {
            "type": "ActionSet",
            "actions": [
                {
                    "type": "Action.ToggleVisibility",
                    "title": "Visa alla",
                    "targetElements": ["more0", "folded0"],
                }
            ],
        },
    ],
    "actions": [
        {"type": "Action.OpenUrl", "title": "Öppna", "url": f"{FOLDER}?nv=v1%2Fx"},
        {"type": "Action.OpenUrl", "title": "Farlig", "url": "javascript:alert(1)"},
        {"type": "Action.OpenUrl", "title": "Oskyddad", "url": "http://example.org/"},
    ],
}


class Document(HTMLParser):
    """What a browser would make of a page; falls over what is not nested well."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.open, self.words, self.headings = [], [], [], [], []
        self.filled = set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        assert not any(name.startswith("on") or name == "style" for name in given)
        self.tags.append((tag, given))
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)
        self.filled |= set(self.open[-1:])

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))

    def link(self, words):
        """Address of the first link whose page this is named after."""
        return next(a for a in self.links if words in a)
