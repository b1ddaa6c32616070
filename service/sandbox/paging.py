"""
Pages: `$top`, `$skip` and `$skiptoken`.

`page` cuts what is already known whole. `keyset_page` asks for the rows after the last one, so
that a page costs the same at the end of a long list as at its beginning, and rows that come or
go before it do not shift it.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from service.sandbox.wire import Answer, Call, Json, bad_request, seal, unseal

T = TypeVar("T")


def page(
    call: Call, things: Sequence[T], write: Callable[[T], Json], default: int, most: int = 5000
) -> Answer:
    """One page and a link to the next. The order must be the same at every call."""
    size = call.count("$top", default, most)
    start = _start(call)
    body: Json = {"value": [write(thing) for thing in things[start : start + size]]}
    if start + size < len(things):
        body["@odata.nextLink"] = _next(call, {"start": start + size})
    return Answer(body=body)


def keyset_page(
    call: Call,
    after: Callable[[Any, int], Sequence[T]],
    key: Callable[[T], Any],
    write: Callable[[Sequence[T]], list[Any]],
    size: int,
) -> Answer:
    """
    One page of what `after` gives: things beyond a key (None at the beginning), at most so
    many, in the order of their keys. A key is anything that JSON can hold.
    """
    last = None
    token = call.query.get("$skiptoken")
    if token is not None:
        held = unseal(token)
        if held is None or "after" not in held:
            raise bad_request("The skip token is not valid.")
        last = held["after"]
    found = after(last, size + 1)
    body: Json = {"value": write(found[:size])}
    if len(found) > size:
        body["@odata.nextLink"] = _next(call, {"after": key(found[size - 1])})
    return Answer(body=body)


def _next(call: Call, held: Json) -> str:
    kept = {k: v for k, v in call.query.items() if k not in ("$skiptoken", "$skip")}
    return f"{call.url}?{urlencode({**kept, '$skiptoken': seal(held)})}"


def _start(call: Call) -> int:
    token = call.query.get("$skiptoken")
    if token is None:
        skip = call.query.get("$skip", "0")
        if not skip.isdigit():
            raise bad_request(f"Invalid value for $skip: '{skip}'.")
        return int(skip)
    held = unseal(token)
    if held is None or not isinstance(held.get("start"), int):
        raise bad_request("The skip token is not valid.")
    return int(held["start"])
