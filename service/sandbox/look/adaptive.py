"""
Draws an Adaptive Card about as Teams does: the elements that workflow cards are made of.

What unfolds does so by a check box and the style sheet, so that no script is needed. An
element that is not known is named in its place: a card must not look better here than there.
"""

import re
from collections.abc import Callable, Iterable

import msgspec

from service.sandbox.markup import Child, Markup, el
from service.sandbox.wire import Json

Target = Callable[[str], str | None]
"""Where an address leads from here; None for one that is no link."""

_TOKEN = re.compile(
    r"\\(?P<plain>[\\`*_\[\]~<>#+\-=.(){}&!|])"
    r"|\[(?P<text>(?:\\.|[^\]\\])*)\]\((?P<url>[^()\s]*)\)"
    r"|\*\*(?P<bold>(?:\\.|[^*\\])+)\*\*"
    r"|(?<!\w)_(?P<italic>(?:\\.|[^_\\])+)_(?!\w)"
    r"|(?P<line>\n)"
)
_SPECIAL = re.compile(r"[\\`*_\[\]~<>#+\-=.(){}&!|]")
_SIZES = frozenset({"small", "default", "medium", "large", "extralarge"})
_COLORS = frozenset({"accent", "good", "warning", "attention", "dark", "light"})
_SPACINGS = frozenset({"none", "small", "medium", "large", "extralarge", "padding"})


def nowhere(_address: str) -> None:
    """No picture is shown: its words stand in its place."""


def card(content: object, target: Target, level: int = 4, picture: Target = nowhere) -> Markup:
    """
    `content`: the card's JSON, as text or taken apart; `level` of the headings in it; `picture`
    tells where one comes from. What is drawn here carries the card with it, links led to where
    they go from here, for a script that draws it as Microsoft does.
    """
    if isinstance(content, str):
        try:
            content = msgspec.json.decode(content)
        except msgspec.DecodeError:
            return el("p", "Kortet går inte att läsa.", class_="unknown")
    content = _pictured(content, picture)
    if not isinstance(content, dict):
        return el("p", "Kortet går inte att läsa.", class_="unknown")
    drawn = _Card(content, target, level).drawn()
    led = msgspec.json.encode(_led(content, target)).decode()
    return el("div", drawn, class_="slot", data_card=led, data_level=str(level))


def _pictured(thing: object, picture: Target) -> object:
    """The same card, with words for every picture that comes from nowhere."""
    if isinstance(thing, list):
        return [_pictured(one, picture) for one in thing]
    if not isinstance(thing, dict):
        return thing
    if thing.get("type") != "Image":
        return {key: _pictured(value, picture) for key, value in thing.items()}
    address = picture(str(thing.get("url", "")))
    if address is not None:
        return {**thing, "url": address}
    words = _SPECIAL.sub(r"\\\g<0>", str(thing.get("altText", "")))
    return {"type": "TextBlock", "text": f"Bild: {words}", "isSubtle": True, "wrap": True}


def _led(thing: object, target: Target) -> object:
    """The same card with every address as it is from here; one that is no link is left out."""
    if isinstance(thing, list):
        return [_led(one, target) for one in thing]
    if not isinstance(thing, dict):
        return thing
    led: Json = {key: _led(value, target) for key, value in thing.items()}
    if "url" in led and thing.get("type") != "Image":
        led["url"] = target(str(led["url"])) or ""
    if thing.get("type") == "TextBlock":
        led["text"] = _led_text(_text(led), target)
    for fact in _objects(led.get("facts")):
        fact["value"] = _led_text(str(fact.get("value", "")), target)
    return led


def _led_text(text: str, target: Target) -> str:
    return _TOKEN.sub(lambda found: _led_link(found, target), text)


def _led_link(found: re.Match[str], target: Target) -> str:
    if found["url"] is None:
        return found[0]
    address = target(found["url"])
    return found["text"] if address is None else f"[{found['text']}]({address})"


def inline(text: str, target: Target) -> list[Child]:
    """The Markdown of a TextBlock: links, bold, italic, escapes and line breaks."""
    out: list[Child] = []
    at = 0
    for found in _TOKEN.finditer(text):
        out.append(text[at : found.start()])
        out.append(_inline(found, target))
        at = found.end()
    out.append(text[at:])
    return out


def _inline(found: re.Match[str], target: Target) -> Child:
    match found.lastgroup:
        case "plain":
            return found["plain"]
        case "bold":
            return el("strong", inline(found["bold"], target))
        case "italic":
            return el("em", inline(found["italic"], target))
        case "line":
            return el("br")
    return _link(inline(found["text"], target), found["url"], target)


def _link(shown: Child, address: str, target: Target, **looks: str) -> Markup:
    href = target(address)
    if href is None:
        return el("span", shown, **looks)
    return el("a", shown, href=href, rel="noopener noreferrer", **looks)


class _Card:
    def __init__(self, content: Json, target: Target, level: int) -> None:
        self.content = content
        self.target = target
        self.level = level
        self.giving_way: set[str] = set()

    def drawn(self) -> Markup:
        self.giving_way = set(_toggled(self.content))
        language = self.content.get("lang")
        return el(
            "div",
            self._elements(self.content.get("body")),
            self._actions(self.content.get("actions")),
            class_="card",
            lang=language if isinstance(language, str) else None,
        )

    def _elements(self, elements: object) -> list[Child]:
        return [self._element(one) for one in _objects(elements)]

    def _element(self, element: Json) -> Markup:
        classes = _looks(element)
        if element.get("isVisible") is False:
            classes.append("unseen")
        elif element.get("id") in self.giving_way:
            classes.append("gives-way")
        name = " ".join(classes)
        match element.get("type"):
            case "TextBlock":
                return el(self._tag(element), inline(_text(element), self.target), class_=name)
            case "Container" | "Column":
                return el("div", self._elements(element.get("items")), class_=name)
            case "ColumnSet":
                return el("div", self._elements(element.get("columns")), class_=f"columns {name}")
            case "ActionSet":
                return el("div", self._actions(element.get("actions")), class_=name)
            case "Image":
                words = str(element.get("altText", ""))
                return el("img", src=str(element.get("url", "")), alt=words, class_=name)
            case "FactSet":
                return el("dl", self._facts(element), class_=f"facts {name}")
        return el("p", f"[{element.get('type')}]", class_="unknown")

    def _tag(self, element: Json) -> str:
        is_heading = str(element.get("style", "")).lower() == "heading"
        return f"h{self.level}" if is_heading else "p"

    def _facts(self, element: Json) -> Iterable[Child]:
        for fact in _objects(element.get("facts")):
            yield el("dt", inline(str(fact.get("title", "")), self.target))
            yield el("dd", inline(str(fact.get("value", "")), self.target))

    def _actions(self, actions: object) -> Markup | None:
        drawn = [self._action(action) for action in _objects(actions)]
        return el("div", drawn, class_="actions") if drawn else None

    def _action(self, action: Json) -> Markup:
        title = str(action.get("title", ""))
        match action.get("type"):
            case "Action.OpenUrl":
                return _link(title, str(action.get("url", "")), self.target, class_="action")
            case "Action.ToggleVisibility":
                box = el("input", type="checkbox", class_="unfold")
                return el("label", box, " ", title, class_="action toggle")
        return el("span", title, class_="action idle")


def _toggled(thing: object) -> Iterable[str]:
    """Ids that a ToggleVisibility anywhere below is for."""
    if isinstance(thing, list):
        for one in thing:
            yield from _toggled(one)
    elif isinstance(thing, dict):
        if thing.get("type") == "Action.ToggleVisibility":
            for target in thing.get("targetElements") or []:
                yield str(target.get("elementId") if isinstance(target, dict) else target)
        for value in thing.values():
            yield from _toggled(value)


def _looks(element: Json) -> list[str]:
    classes = ["element"]
    for key, known in (("size", _SIZES), ("color", _COLORS), ("spacing", _SPACINGS)):
        value = str(element.get(key, "")).lower()
        if value in known:
            classes.append(f"{key}-{value}")
    if str(element.get("weight", "")).lower() == "bolder":
        classes.append("bolder")
    if element.get("isSubtle") is True:
        classes.append("subtle")
    if element.get("separator") is True:
        classes.append("separated")
    return classes


def _text(element: Json) -> str:
    return str(element.get("text", ""))


def _objects(value: object) -> list[Json]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
