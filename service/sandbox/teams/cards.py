"""
What becomes of an Adaptive Card that is sent to Teams: refused, or kept without what Teams
does not know.

Names as in the Adaptive Cards schema 1.5 and in "Format cards in Teams" (msteams-docs). The
errors are those of Microsoft's .NET library, which Power Automate's run history shows.
"""

from collections.abc import Mapping

from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

CARD = "application/vnd.microsoft.card.adaptive"
MOST_BYTES = 28 * 1024
"""Of a message with everything in it (graph-facts 1.3)."""
_NEWEST = (1, 5)
"""The version that Teams shows."""

PROPERTIES = Switch(
    name="card_properties",
    values=("stripped", "kept"),
    about="Does Teams keep properties of a card that it does not know?",
)
VERSION = Switch(
    name="card_version",
    values=("refused", "shown"),
    about="Is a card of a version above 1.5 refused, or shown as far as it is understood?",
)
SUBMIT = Switch(
    name="card_submit",
    values=("posted", "refused"),
    about="Does a flow post a card with Action.Submit, whose button does nothing? "
    "(graph-facts 1.5)",
)
SWITCHES = (PROPERTIES, VERSION, SUBMIT)

_ANY = frozenset(
    {"type", "id", "isVisible", "requires", "fallback", "height", "separator", "spacing", "lang",
     "rtl", "targetWidth", "grid.area", "horizontalAlignment"}
)  # fmt: skip
_BOX = frozenset(
    {"items", "style", "bleed", "verticalContentAlignment", "minHeight", "backgroundImage",
     "selectAction", "maxHeight", "layouts", "showBorder", "roundedCorners"}
)  # fmt: skip
_INPUT = frozenset({"label", "isRequired", "errorMessage", "placeholder", "value", "labelWidth"})
_TEXT = frozenset({"text", "color", "fontType", "isSubtle", "size", "weight"})
_ELEMENTS: Mapping[str, frozenset[str]] = {
    "TextBlock": _TEXT | {"maxLines", "style", "wrap", "labelFor"},
    "RichTextBlock": frozenset({"inlines", "labelFor"}),
    "Image": frozenset(
        {"url", "altText", "backgroundColor", "width", "selectAction", "size", "style",
         "msteams", "themedUrls", "allowExpand"}
    ),
    "ImageSet": frozenset({"images", "imageSize", "style", "msteams"}),
    "Media": frozenset({"sources", "poster", "altText", "captionSources"}),
    "Container": _BOX,
    "ColumnSet": (_BOX - {"items"}) | {"columns"},
    "Column": _BOX | {"width"},
    "FactSet": frozenset({"facts"}),
    "ActionSet": frozenset({"actions"}),
    "Table": frozenset(
        {"columns", "rows", "firstRowAsHeader", "showGridLines", "gridStyle",
         "horizontalCellContentAlignment", "verticalCellContentAlignment"}
    ),
    "TableRow": frozenset(
        {"cells", "style", "horizontalCellContentAlignment", "verticalCellContentAlignment"}
    ),
    "TableCell": _BOX,
    "Input.Text": _INPUT | {"isMultiline", "maxLength", "regex", "style", "inlineAction"},
    "Input.Number": _INPUT | {"max", "min"},
    "Input.Date": _INPUT | {"max", "min"},
    "Input.Time": _INPUT | {"max", "min"},
    "Input.Toggle": _INPUT | {"title", "valueOff", "valueOn", "wrap"},
    "Input.ChoiceSet": _INPUT | {"choices", "choices.data", "isMultiSelect", "style", "wrap"},
    "Action.OpenUrl": frozenset({"url"}),
    "Action.Submit": frozenset({"data", "associatedInputs", "msteams"}),
    "Action.Execute": frozenset({"verb", "data", "associatedInputs"}),
    "Action.ShowCard": frozenset({"card"}),
    "Action.ToggleVisibility": frozenset({"targetElements"}),
}  # fmt: skip
_ACTION = frozenset({"title", "iconUrl", "style", "mode", "tooltip", "isEnabled", "role"})
_CARD = frozenset(
    {"type", "$schema", "version", "body", "actions", "selectAction", "fallbackText", "speak",
     "lang", "backgroundImage", "minHeight", "rtl", "verticalContentAlignment", "refresh",
     "authentication", "metadata", "msteams", "requires", "layouts"}
)  # fmt: skip
_BELOW = frozenset({"body", "items", "columns", "rows", "cells", "actions", "images"})
"""Where elements lie in elements."""
_ALONE = frozenset({"selectAction", "inlineAction", "card"})
_PLAIN_COLUMNS = "Table"
"""A table's columns are no elements."""


class BadCardError(Exception):
    """Teams takes no such card; the words are those of its library."""


def checked(tenant: Tenant, content: object, *, by_flow: bool) -> Json:
    """The card as it is kept. Raises BadCardError."""
    if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
        raise BadCardError("Property 'type' must be 'AdaptiveCard'")
    if not isinstance(content.get("version"), str):
        raise BadCardError("Could not parse required key: version. It was not found.")
    _check_version(tenant, content["version"])
    body, actions = content.get("body", []), content.get("actions", [])
    if not isinstance(body, list) or not isinstance(actions, list) or not (body or actions):
        raise BadCardError("The card has nothing to show: 'body' must be an array with elements.")
    try:
        for element in (*body, *actions):
            _check(element)
        kept = content if PROPERTIES.read(tenant) == "kept" else _card(content)
    except RecursionError as error:
        raise BadCardError("The card is nested too deep.") from error
    if by_flow and SUBMIT.read(tenant) == "refused" and "Action.Submit" in set(_types(content)):
        raise BadCardError("Action.Submit is not supported in cards that are sent by a webhook.")
    return kept


def _check_version(tenant: Tenant, text: str) -> None:
    major, _, minor = text.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        raise BadCardError(f"Error parsing version: '{text}' is no version.")
    if (int(major), int(minor)) > _NEWEST and VERSION.read(tenant) == "refused":
        raise BadCardError(f"The card's version {text} is above the supported version 1.5.")


def _check(element: object) -> None:
    """Every element says what it is."""
    if not isinstance(element, dict):
        raise BadCardError("An element of the card is no object.")
    if not isinstance(element.get("type"), str):
        raise BadCardError("Could not parse required key: type. It was not found.")
    if isinstance(element.get("fallback"), dict):
        _check(element["fallback"])
    for name in _below(element):
        below = element.get(name)
        if name in _ALONE and below is not None:
            _check(below)
        for one in below if isinstance(below, list) else ():
            # A column, row or cell need not say that it is one.
            _check({"type": name, **one} if isinstance(one, dict) and _implied(name) else one)


def _below(element: Json) -> frozenset[str]:
    found = (_BELOW | _ALONE) & element.keys()
    return found - {"columns"} if element["type"] == _PLAIN_COLUMNS else found


def _implied(name: str) -> str | None:
    return {"columns": "Column", "rows": "TableRow", "cells": "TableCell", "images": "Image"}.get(
        name
    )


def _types(thing: object) -> list[str]:
    if isinstance(thing, list):
        return [name for one in thing for name in _types(one)]
    if not isinstance(thing, dict):
        return []
    here = [thing["type"]] if isinstance(thing.get("type"), str) else []
    return here + [name for value in thing.values() for name in _types(value)]


def _card(card: Json) -> Json:
    return {
        name: _elements(value, name) if name in _BELOW else value
        for name, value in card.items()
        if name in _CARD
    }


def _elements(elements: object, where: str) -> list[Json]:
    found = []
    for element in elements if isinstance(elements, list) else []:
        kept = _element({"type": _implied(where), **element} if _implied(where) else element)
        if kept is not None:
            found.append(kept)
    return found


def _element(element: Json) -> Json | None:
    """Without what is not known of it; one that is not known at all gives way to its fallback."""
    kind = str(element["type"])
    if kind == "AdaptiveCard":
        return _card(element)
    if kind not in _ELEMENTS:
        fallback = element.get("fallback")
        return _element(fallback) if isinstance(fallback, dict) else None
    known = _ELEMENTS[kind] | _ANY | (_ACTION if kind.startswith("Action.") else frozenset())
    kept: Json = {}
    for name, value in element.items():
        if name not in known:
            continue
        if name in _ALONE and isinstance(value, dict) and "type" in value:
            below = _element(value)
            if below is not None:
                kept[name] = below
        elif name in _BELOW and not (kind == _PLAIN_COLUMNS and name == "columns"):
            kept[name] = _elements(value, name)
        else:
            kept[name] = value
    return kept
