"""Read the parsed `config/texts/*.toml`, and what a network says otherwise, with every problem."""

import string
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import cast

from service.errors import SettingsError
from service.render.texts.formats import Formats, formats_from, formats_problems
from service.render.texts.known import ALLOWED, SECTIONS, counted, names
from service.render.texts.saying import Forms, Texts

_LONGEST = 200
_NONE = "0"
"""A form for no thing at all, beside those that the language has: "ingen har svarat"."""
_LANGUAGE = "language"
_OWN = "texts of the network's own"

Flat = Mapping[str, object]
"""What stands under each key, such as "posts.soon"."""


def texts_from(
    parsed: Mapping[str, object],
    *,
    language: str,
    time_zone: str,
    own: Mapping[str, object] | None = None,
) -> Texts:
    """
    Make the words of a network from a parsed texts file, which tells the language's formats, too.

    `own`, another such file, may have any of the texts in other words. Raises SettingsError
    with every problem of both.
    """
    wrong = formats_problems(parsed.get(_LANGUAGE))
    if told := tuple(f"texts {language}: {problem}" for problem in wrong):
        raise SettingsError(told)
    formats = formats_from(cast(Mapping[str, object], parsed[_LANGUAGE]))
    shipped = dict(_flat({key: table for key, table in parsed.items() if key != _LANGUAGE}))
    theirs = dict(_flat(own or {}))
    missing = (f"{key} is missing" for key in ALLOWED if key not in shipped)
    problems = [
        *(f"texts {language}: {problem}" for problem in (*missing, *_problems(shipped, formats))),
        *(f"{_OWN}: {problem}" for problem in _problems(theirs, formats)),
    ]
    if problems:
        raise SettingsError(tuple(problems))
    return Texts(
        language=language,
        time_zone=time_zone,
        templates={key: _template(key, text) for key, text in {**shipped, **theirs}.items()},
        formats=formats,
    )


def placeholders(text: str) -> frozenset[str]:
    """
    Return what stands in braces: names, for Python's own ways of writing values are none of ours.

    Raises ValueError for braces that do not match.
    """
    return frozenset(
        name + (f"!{way}" if way else "") + (f":{written}" if written else "")
        for _, name, written, way in string.Formatter().parse(text)
        if name is not None
    )


def _flat(parsed: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for section, table in parsed.items():
        if isinstance(table, Mapping) and section in SECTIONS:
            yield from ((f"{section}.{key}", text) for key, text in table.items())
        else:
            yield section, table


def _template(key: str, text: object) -> str | Forms:
    if isinstance(text, Mapping):
        return Forms(counted(key), {str(name): str(form) for name, form in text.items()})
    return str(text)


# ---------------------------------------------------------------- problems


def _problems(texts: Flat, formats: Formats) -> Iterator[str]:
    for key, text in texts.items():
        if key not in ALLOWED:
            yield f"{key} is not known{_meant(key)}"
        elif isinstance(text, Mapping):
            yield from _problems_of_forms(key, text, formats)
        else:
            yield from _problems_of(key, key, text)


def _meant(key: str) -> str:
    near = get_close_matches(key, ALLOWED, 1) if "." in key else []
    return f"; did you mean {near[0]}?" if near else ""


def _problems_of_forms(key: str, forms: Flat, formats: Formats) -> Iterator[str]:
    if not counted(key):
        yield f"{key} is about no number: it has one text, not several forms"
        return
    # "other" is what is left over, and not among the tags.
    needed = {*formats.locale.plural_form.tags, "other"}
    yield from (f"{key}.{form} is missing" for form in sorted(needed - forms.keys()))
    for form, text in forms.items():
        if form in {*needed, _NONE}:
            yield from _problems_of(key, f"{key}.{form}", text)
        else:
            there = ", ".join(sorted(needed))
            yield f"{key}.{form} is no form of {formats.tag}: {there} or {_NONE}"


def _problems_of(key: str, where: str, text: object) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{where} is not a text"
    elif len(text) > _LONGEST:
        yield f"{where} is longer than {_LONGEST} characters"
    else:
        yield from _unknown_names(key, where, text)


def _unknown_names(key: str, where: str, text: str) -> Iterator[str]:
    try:
        unknown = placeholders(text) - names(key)
    except ValueError as problem:
        yield f"{where}: {problem}"
        return
    allowed = ", ".join(f"{{{name}}}" for name in sorted(names(key))) or "none"
    yield from (
        f"{where} must not use {{{name}}}; it may use {allowed}" for name in sorted(unknown)
    )
