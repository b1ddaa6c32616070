"""
`$filter`, `$orderby` and `$count` on what Outlook lists.

What is filtered is the entity as Graph writes it, with its times in UTC. Words of refusals as
people have met them: an unknown property, a filter that cannot be read.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.sandbox.paging import page
from service.sandbox.routes import PAGE
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request

LISTED = PAGE | {"$filter", "$orderby", "$count", "$expand"}
MOST_PAGE = 1000

Test = Callable[[Any], bool]
Value = Callable[[Any], Any]
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[@A-Za-z_][\w./:@-]*)|(?P<mark>[(),]))"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "gt": lambda a, b: a is not None and b is not None and a > b,
    "ge": lambda a, b: a is not None and b is not None and a >= b,
    "lt": lambda a, b: a is not None and b is not None and a < b,
    "le": lambda a, b: a is not None and b is not None and a <= b,
}
_WORDS: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda a, b: b in a,
    "startswith": lambda a, b: a.startswith(b),
    "endswith": lambda a, b: a.endswith(b),
}
_NAMED = {"true": True, "false": False, "null": None}


def listed(
    call: Call,
    rows: Sequence[Row],
    write: Callable[[Row], Json],
    *,
    default: int,
    plain: Callable[[Row], Json] | None = None,
) -> Answer:
    """
    A page of the rows that the filter lets through, in the order asked for. `plain` writes a
    row for the filter, where that differs from how it is shown.
    """
    chosen = list(rows)
    facts = plain or write
    if call.query.get("$filter"):
        test = parse(call.query["$filter"])
        chosen = [row for row in chosen if test(facts(row))]
    for part in reversed(call.query.get("$orderby", "").split(",")):
        name, _, direction = part.strip().partition(" ")
        if name:
            value = _path(name)
            chosen.sort(
                key=lambda row, v=value: _sortable(v(facts(row))),  # type: ignore[misc]
                reverse=direction.strip().lower() == "desc",
            )
    answer = page(call, chosen, write, default, MOST_PAGE)
    if call.query.get("$count", "").lower() == "true" and answer.body is not None:
        answer = replace(answer, body={"@odata.count": len(chosen), **answer.body})
    return answer


def _sortable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value)


def parse(text: str) -> Test:
    """A filter as a test of entities. Raises GraphError."""
    reader = _Reader(text)
    test = reader.either()
    if reader.here is not None:
        raise _unreadable()
    return test


def _unreadable() -> GraphError:
    return bad_request("Invalid filter clause")


class _Reader:
    """Reads a filter from left to right: `or` binds less than `and`, that less than `not`."""

    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, str]] = []
        at, text = 0, text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise _unreadable()
            self._tokens.append((found.lastgroup, found[found.lastgroup]))
            at = found.end()
        self._at = 0

    @property
    def here(self) -> tuple[str, str] | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, word: str | None = None) -> tuple[str, str]:
        token = self.here
        if token is None or (word is not None and token[1].lower() != word):
            raise _unreadable()
        self._at += 1
        return token

    def _is(self, word: str) -> bool:
        return self.here is not None and self.here[1].lower() == word

    def either(self) -> Test:
        tests = [self._both()]
        while self._is("or"):
            self._take()
            tests.append(self._both())
        return lambda entity: any(test(entity) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._is("and"):
            self._take()
            tests.append(self._one())
        return lambda entity: all(test(entity) for test in tests)

    def _one(self) -> Test:
        if self._is("not"):
            self._take()
            test = self._one()
            return lambda entity: not test(entity)
        if self._is("("):
            self._take()
            test = self.either()
            self._take(")")
            return test
        kind, text = self._take()
        if kind == "name" and text.endswith("/any"):
            return self._any(text.removesuffix("/any"))
        if kind == "name" and text.lower() in _WORDS and self._is("("):
            return self._words(_WORDS[text.lower()])
        return self._comparison(self._value(kind, text))

    def _words(self, compare: Callable[[str, str], bool]) -> Test:
        self._take("(")
        left = self._value(*self._take())
        self._take(",")
        right = self._value(*self._take())
        self._take(")")
        return lambda entity: compare(str(left(entity) or ""), str(right(entity) or ""))

    def _comparison(self, left: Value) -> Test:
        kind, word = self._take()
        compare = _COMPARISONS.get(word.lower())
        if kind != "name" or compare is None:
            raise _unreadable()
        right = self._value(*self._take())

        def test(entity: Any) -> bool:
            try:
                return compare(left(entity), right(entity))
            except TypeError as error:
                raise bad_request(
                    "The query filter contains one or more invalid nodes.",
                    "ErrorInvalidUrlQueryFilter",
                ) from error

        return test

    def _any(self, collection: str) -> Test:
        """`categories/any(c:c eq 'x')`"""
        self._take("(")
        _, bound = self._take()
        variable, _, first = bound.partition(":")
        if first:
            # The colon belongs to names such as `c:c`; what follows it is read again.
            self._at -= 1
            self._tokens[self._at] = ("name", first)
        else:
            raise _unreadable()
        inner = _renamed(self, variable)
        self._take(")")
        value = _path(collection)
        return lambda entity: any(inner({variable: entry}) for entry in value(entity) or ())

    def _value(self, kind: str, text: str) -> Value:
        if kind == "text":
            plain = _comparable(text[1:-1].replace("''", "'"))
            return lambda _: plain
        if kind == "time":
            moment = _comparable(text)
            return lambda _: moment
        if kind == "number":
            number = float(text)
            return lambda _: number
        if kind == "name" and text.lower() in _NAMED:
            constant = _NAMED[text.lower()]
            return lambda _: constant
        if kind != "name":
            raise _unreadable()
        return _path(text)


def _renamed(reader: _Reader, variable: str) -> Test:
    """The inside of a lambda: its variable is the only property."""
    if not variable.isidentifier():
        raise _unreadable()
    return reader.either()


def _path(name: str) -> Value:
    """`start/dateTime` of an entity. An unknown first name is refused."""
    parts = name.split("/")

    def value(entity: Any) -> Any:
        found = entity
        for number, part in enumerate(parts):
            if not isinstance(found, dict):
                return None
            if part not in found and number == 0:
                raise GraphError(
                    400,
                    "RequestBroker--ParseUri",
                    f"Could not find a property named '{part}' on type "
                    "'Microsoft.OutlookServices.OutlookItem'.",
                )
            found = found.get(part)
        return _comparable(found)

    return value


def _comparable(value: Any) -> Any:
    """Text without regard to case, as Exchange compares it; times as moments in UTC."""
    if not isinstance(value, str):
        return value
    if re.match(r"^\d{4}-\d\d-\d\d($|T)", value):
        try:
            moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value))
        except ValueError:
            return value.casefold()
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return value.casefold()
