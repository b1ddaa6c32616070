"""What a person does, told from outside: any act of the timeline, by its name and fields."""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

from service.sandbox.acts import PERFORMERS, perform
from service.sandbox.decoding import (
    Keys,
    MalformedError,
    decoded,
    hints_of,
    in_words,
    is_needed,
)
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act
from service.sandbox.wire import GraphError, Json


class NotThereError(Exception):
    """An act cannot happen: what it is done to is not there."""


def kinds() -> dict[str, type[Act]]:
    return {kind.__name__: kind for kind in sorted(PERFORMERS, key=lambda kind: kind.__name__)}


def read(table: object, keys: Keys = (), *, now: datetime | None = None) -> Act:
    """
    The act of a table with `act` and its fields. `at` is `now` unless it is given; a moment that
    is still to come is refused. Without `now`, as in a seed, `at` is needed. Raises MalformedError.
    """
    known = kinds()
    if not isinstance(table, dict):
        raise MalformedError(keys, "it is no table", "act and the fields of that act")
    name = table.get("act")
    if name not in known:
        reason = "it is missing" if name is None else f"nobody does {name!r}"
        raise MalformedError((*keys, "act"), reason, f"one of {', '.join(known)}")
    given = {key: value for key, value in table.items() if key != "act"}
    if now is not None:
        given.setdefault("at", now)
    act: Act = decoded(known[name], given, keys)
    if now is not None and act.at > now:
        raise MalformedError(
            (*keys, "at"),
            f"{act.at.isoformat()} is still to come",
            "a moment that has passed; move the clock first, or leave it out",
        )
    return act


def carry_out(tenant: Tenant, act: Act) -> None:
    """Raises NotThereError, with what was looked for, and leaves everything as it was."""
    name, looked_for = type(act).__name__, _looked_for(act)
    try:
        with tenant.store.transaction():
            if not perform(tenant, act):
                raise NotThereError(
                    f"{name} cannot happen: what it is done to is not there. Looked for "
                    f"{looked_for}."
                )
    except (ValueError, LookupError) as error:
        said = str(error) if isinstance(error, ValueError) else f"{error} is not known"
        raise NotThereError(f"{name} cannot happen: {said} Looked for {looked_for}.") from error
    except GraphError as error:
        raise NotThereError(
            f"{name} cannot happen: {error.message} ({error.code}). Looked for {looked_for}."
        ) from error


def _looked_for(act: Act) -> str:
    """The short values of an act: its keys, names and addresses."""
    values = {
        field.name: getattr(act, field.name)
        for field in dataclasses.fields(act)
        if field.name != "at"
    }
    shown = (
        f"{name} = {value!r}"
        for name, value in values.items()
        if isinstance(value, str | dict) and value and len(repr(value)) <= 120
    )
    return ", ".join(shown) or "nothing by name"


def known() -> list[Json]:
    """Every act with its fields: name, type in words, whether it is needed, and what it means."""
    return [
        {"act": name, "about": _about(kind), "fields": list(_fields(kind))}
        for name, kind in kinds().items()
    ]


def _about(kind: type[Any]) -> str:
    """Its docstring; a dataclass without one has its signature there, which says nothing."""
    text = inspect.getdoc(kind) or ""
    return "" if text.startswith(f"{kind.__name__}(") else text


def _fields(kind: type[Act]) -> Iterator[Json]:
    notes = {name: text for each in reversed(kind.__mro__) for name, text in _notes(each)}
    hints = hints_of(kind)
    for field in dataclasses.fields(kind):
        needed = field.name != "at" and is_needed(field)
        told: Json = {"name": field.name.removesuffix("_"), "type": in_words(hints[field.name])}
        yield {**told, "needed": needed, "about": notes.get(field.name, "")}


def _notes(kind: type[Any]) -> Iterator[tuple[str, str]]:
    """Fields and the text that stands below each in the source."""
    if not dataclasses.is_dataclass(kind):
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    assert isinstance(tree.body[0], ast.ClassDef)
    body = tree.body[0].body
    for line, below in pairwise(body):
        if (
            isinstance(line, ast.AnnAssign)
            and isinstance(line.target, ast.Name)
            and isinstance(below, ast.Expr)
            and isinstance(below.value, ast.Constant)
        ):
            yield line.target.id, inspect.cleandoc(str(below.value.value))
