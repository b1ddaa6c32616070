"""Pages of what is already known whole: `$top`, `$skip` and `$skiptoken`."""

from collections.abc import Callable, Sequence
from typing import TypeVar
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
        kept = {k: v for k, v in call.query.items() if k not in ("$skiptoken", "$skip")}
        kept["$skiptoken"] = seal({"start": start + size})
        body["@odata.nextLink"] = f"{call.url}?{urlencode(kept)}"
    return Answer(body=body)


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
