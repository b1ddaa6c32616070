"""
`$batch`: up to twenty requests in one, each answered, counted and logged by itself.

Sources: "Combine multiple HTTP requests using JSON batching" and the rules on `dependsOn` that
Microsoft's clients check: all side by side, each after the one before it, or all after one.
"""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import msgspec

from service.sandbox.asgi import Request, options
from service.sandbox.wire import Answer, Json, bad_request

MOST = 20
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
# Wording as in recorded answers; where none was found, our own on the documented status.
_MALFORMED = "Invalid batch payload format."

One = Callable[[Request], Answer]


def answer(request: Request, one: One) -> Answer:
    """`one` answers a single request. Raises GraphError where the batch itself is refused."""
    steps = _steps(request)
    _check_order(steps)
    done: dict[str, Json] = {}
    for step in steps:
        failed = [name for name in step.get("dependsOn") or [] if done[name]["status"] >= 400]
        outcome = _dependency_failed() if failed else one(_inner(request, step))
        done[str(step["id"])] = _written(str(step["id"]), outcome)
    return Answer(body={"responses": list(done.values())})


def _steps(request: Request) -> list[Json]:
    try:
        steps = msgspec.json.decode(request.body)["requests"]
    except (msgspec.DecodeError, KeyError, TypeError) as error:
        raise bad_request(_MALFORMED) from error
    if not isinstance(steps, list) or not steps or not all(_is_step(step) for step in steps):
        raise bad_request(_MALFORMED)
    if len(steps) > MOST:
        raise bad_request(f"Number of batch request steps exceeds the maximum value of {MOST}.")
    seen: set[str] = set()
    for step in steps:
        # Ids are compared without regard to case.
        if step["id"].casefold() in seen:
            raise bad_request(f"Request Id {step['id']} has to be unique in a batch.")
        seen.add(step["id"].casefold())
    return steps


def _is_step(step: Any) -> bool:
    return (
        isinstance(step, dict)
        and all(isinstance(step.get(key), str) and step[key] for key in ("id", "method", "url"))
        and isinstance(step.get("headers") or {}, dict)
        and isinstance(step.get("dependsOn") or [], list)
        and step["method"].upper() in _METHODS
    )


def _check_order(steps: list[Json]) -> None:
    names = [step["id"] for step in steps]
    wanted = {step["id"]: list(step.get("dependsOn") or []) for step in steps}
    for at, step in enumerate(steps):
        for name in wanted[step["id"]]:
            if name not in names[:at]:
                raise bad_request(
                    f"Request {step['id']} depends on {name}, which is no earlier request of the "
                    "batch."
                )
    given = [(before, wanted[name]) for before, name in pairwise(names)]
    if not any(depends for _, depends in given):
        return
    serial = all(depends == [before] for before, depends in given)
    same = len({tuple(depends) for _, depends in given if depends}) == 1 and all(
        len(depends) <= 1 for _, depends in given
    )
    if not serial and not same:
        raise bad_request(
            "The dependencies of a batch have to be serial, each request on the one before it, or "
            "all on the same request."
        )


def _inner(request: Request, step: Json) -> Request:
    version = request.path.lstrip("/").partition("/")[0]
    path, _, query = str(step["url"]).partition("?")
    headers = {str(k).lower(): str(v) for k, v in (step.get("headers") or {}).items()}
    body = step.get("body")
    if "://" in path.partition("?")[0]:
        return replace(request, method="GET", path="", full_path=path, headers={}, body=b"")
    outer = {
        name: request.headers[name]
        for name in ("authorization", "user-agent")
        if name in request.headers
    }
    decoded = f"/{version}/{unquote(path.lstrip('/'))}"
    return replace(
        request,
        method=str(step["method"]).upper(),
        path=decoded,
        query=options(query),
        full_path=decoded + (f"?{query}" if query else ""),
        headers={**outer, **headers},
        body=_body(body, headers),
    )


def _body(body: object, headers: Mapping[str, str]) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        # Anything but JSON travels as base64, in either alphabet.
        text = body.replace("-", "+").replace("_", "/")
        try:
            return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except ValueError:
            return msgspec.json.encode(body) if "json" in headers.get("content-type", "") else b""
    return msgspec.json.encode(body)


def check_inner(request: Request) -> None:
    """What no single request of a batch may be. Raises GraphError."""
    if not request.path:
        raise bad_request(f"The URL {request.full_path} of a batch has to be relative.")
    if request.path.lower().rstrip("/").endswith("/$batch"):
        raise bad_request("A batch cannot hold another batch.")
    if request.body and "content-type" not in request.headers:
        raise bad_request("Write request in a batch with a body has to name its Content-Type.")


def _dependency_failed() -> Answer:
    message = "The request was not carried out, since a request it depends on has failed."
    return Answer(
        status=HTTPStatus.FAILED_DEPENDENCY,
        body={"error": {"code": "FailedDependency", "message": message}},
    )


def _written(name: str, outcome: Answer) -> Json:
    headers = dict(outcome.headers)
    written: Json = {"id": name, "status": int(outcome.status)}
    if outcome.body is not None:
        headers["Content-Type"] = "application/json"
        written["body"] = outcome.body
    else:
        data = outcome.file.read_bytes() if outcome.file else outcome.raw
        kind = {k.lower(): v for k, v in headers.items()}.get("content-type", "")
        if data:
            is_json = "json" in kind
            written["body"] = (
                msgspec.json.decode(data) if is_json else base64.b64encode(data).decode()
            )
    return {**written, "headers": headers}
