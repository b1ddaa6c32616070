"""HTML that cannot be got wrong: text is escaped unless it was made by `el`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape, unescape

_ELEMENT = re.compile(r"<[^>]*>")
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


@dataclass(frozen=True)
class Markup:
    """Finished HTML. Only this module and `foreign` make it out of strings."""

    text: str


Value = str | bool | None
Child = Markup | str | int | None | Iterable["Child"]


def el(name: str, /, *children: Child, **attributes: Value) -> Markup:
    """
    An element. `class_` is `class`, `data_label` is `data-label`; None and False leave an
    attribute out. An address that is neither https nor our own is left out too.
    """
    opened = name + "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{opened}>")
    return Markup(f"<{opened}>{written(children)}</{name}>")


def written(child: Child) -> str:
    """A child or a nest of them as HTML."""
    if child is None:
        return ""
    if isinstance(child, Markup):
        return child.text
    if isinstance(child, str | int):
        return escape(str(child))
    return "".join(written(one) for one in child)


def text_of(markup: Markup) -> str:
    """What is read of it, without its elements."""
    return unescape(_ELEMENT.sub("", markup.text))


def is_safe(address: str) -> bool:
    """Whether a browser may be sent there: https, or a place on this very server."""
    if any(ord(letter) <= 32 for letter in address) or "\\" in address:
        return False
    own = address.startswith(("/", "#", "?")) and not address.startswith("//")
    return own or address.lower().startswith("https://")


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is None or value is False:
        return ""
    if value is True:
        return f" {name}"
    if name in ("href", "src", "action") and not is_safe(value):
        return ""
    return f' {name}="{escape(value)}"'
