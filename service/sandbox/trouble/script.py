"""
Fault scripts: `[[fault]]` tables of a TOML file, or one as JSON at `POST /_sandbox/faults`.

What is met: `match` with any of `method`, `path` (a regular expression searched for in the
decoded path and query), `glob` (the whole decoded path; `*` stands for anything), `app`,
`listener` (`graph`, `bytes`, `sign-in`), `body` (contained in it) and `headers` (name to regular
expression); or `at_request`, a number of the log.

Which of them: `nth`, `every`, `times` (once unless `every`, `for` or `probability` is given),
`from` and `for` by the sandbox's clock (`for` alone begins with the first that is met; "10 min",
"2 h" or seconds), `probability` with `seed`.

What happens: `when` (`before` the effect or `after` it) with one of `status` (with `code`,
`message`), `claims` (401 that asks for a newer token), `drop` (the connection) and `kill` (a
process id); `cut` (`request` or `answer`: half way); and for an answer, refused or real:
`headers`, `retry_after` (seconds or text) with `retry_after_date`, `body` (text, or a table as
JSON), `content_type`, `truncate` (shorter than its Content-Length), `pieces` (sent one by one),
`stale` (a GET as it was before the last write).
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from service.sandbox import toml_file
from service.sandbox.decoding import Keys, MalformedError, decoded
from service.sandbox.trouble.faults import Cut, Fault, Listener, Match, Turn

_STATUSES = range(400, 600)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(s|min|h|d)?")
_SECONDS = {None: 1, "s": 1, "min": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True, kw_only=True)
class _Match:
    method: str | None = None
    path: str | None = None
    glob: str | None = None
    app: str | None = None
    listener: Listener | None = None
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Script:
    """The keys, as they are written."""

    match: _Match = _Match()
    at_request: int | None = None
    nth: int | None = None
    every: int | None = None
    times: int | None = None
    from_: datetime | None = None
    for_: float | str | None = None
    probability: float = 1.0
    seed: int = 0
    when: str | None = None
    status: int | None = None
    code: str | None = None
    message: str | None = None
    claims: bool = False
    drop: bool = False
    kill: int | None = None
    cut: Cut | None = None
    headers: dict[str, str | float] = field(default_factory=dict)
    retry_after: float | str | None = None
    retry_after_date: bool = False
    body: Any = None
    content_type: str | None = None
    truncate: bool = False
    pieces: int = 1
    stale: bool = False


def load(path: Path) -> tuple[Fault, ...]:
    """All faults of a file, in its order. Raises BadFileError."""
    tables, text = toml_file.read(path)
    try:
        return _faults(tables, path, text)
    except MalformedError as error:
        raise toml_file.blamed(path, text, error) from error


def _faults(tables: dict[str, Any], path: Path, text: str) -> tuple[Fault, ...]:
    for key in tables:
        if key != "fault":
            raise MalformedError((key,), "there is no such key", "[[fault]] tables")
    given = tables.get("fault")
    if not isinstance(given, list) or not given:
        raise MalformedError(("fault",), "there is no fault", "at least one [[fault]] table")
    return tuple(
        parse(each, ("fault", n), where=f"{path}:{toml_file.line_of(text, ('fault', n))}")
        for n, each in enumerate(given)
    )


def parse(table: object, keys: Keys = (), *, where: str = "given to a running sandbox") -> Fault:
    """One fault. Raises MalformedError."""
    script: _Script = decoded(_Script, table, keys)
    _check_effect(script, keys)
    match = Match(
        method=script.match.method and script.match.method.upper(),
        path=_pattern(script.match.path, (*keys, "match", "path")),
        glob=_glob(script.match.glob),
        app=script.match.app,
        listener=script.match.listener,
        body=None if script.match.body is None else script.match.body.encode(),
        headers={
            name.lower(): _pattern(text, (*keys, "match", "headers", name)) or re.compile("")
            for name, text in script.match.headers.items()
        },
    )
    return Fault(
        match=match,
        turn=_turn(script, keys),
        after=script.when == "after",
        kill=script.kill,
        drop=script.drop,
        cut=script.cut,
        truncate=script.truncate,
        pieces=script.pieces,
        stale=script.stale,
        claims=script.claims,
        status=script.status,
        code=script.code,
        message=script.message,
        headers={name: _header(value) for name, value in script.headers.items()},
        retry_after=_wait(script.retry_after),
        retry_after_date=script.retry_after_date,
        body=script.body,
        content_type=script.content_type,
        where=where,
        text=msgspec.json.encode(table, enc_hook=str).decode(),
    )


def _wait(given: float | str | None) -> float | str | None:
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _header(value: str | float) -> str:
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else str(value)


def _check_effect(script: _Script, keys: Keys) -> None:
    silent = [name for name in ("kill", "drop") if getattr(script, name)]
    refusing = [name for name in ("status", "claims") if getattr(script, name)]
    spoiling = ("cut", "headers", "retry_after", "body", "content_type", "truncate", "stale")
    spoils = [name for name in spoiling if getattr(script, name)]
    spoils += ["pieces"] if script.pieces > 1 else []
    if not silent and not refusing and not spoils:
        raise MalformedError(
            keys, "it does nothing", f"one of status, claims, drop, kill, {', '.join(spoiling)}"
        )
    if len(silent) > 1 or (silent and (refusing or script.cut)):
        raise MalformedError((*keys, silent[0]), "no answer can do that too", "one of the effects")
    if script.when not in (None, "before", "after"):
        raise MalformedError((*keys, "when"), f"{script.when!r} is no time", "before or after")
    if script.when == "before" and not silent and not refusing and script.cut is not Cut.REQUEST:
        raise MalformedError((*keys, "when"), "without its effect there is no answer", "after")
    if script.status is not None and script.status not in _STATUSES:
        raise MalformedError((*keys, "status"), f"{script.status} is no refusal", "400 to 599")
    if not isinstance(script.body, str | dict | None):
        raise MalformedError((*keys, "body"), "it cannot be sent", "text, or a table as JSON")
    if script.pieces < 1:
        raise MalformedError((*keys, "pieces"), f"{script.pieces} are none", "2 or more")
    if script.cut is Cut.REQUEST and script.match.body is not None:
        raise MalformedError(
            (*keys, "match", "body"),
            "a request that is cut is not read to its end",
            'another match, or cut = "answer"',
        )
    if script.stale and (script.match.method or "GET").upper() != "GET":
        raise MalformedError((*keys, "match", "method"), "only reading can be stale", "GET")


def _turn(script: _Script, keys: Keys) -> Turn:
    for name in ("nth", "every", "times", "at_request"):
        value = getattr(script, name)
        if value is not None and value < 1:
            raise MalformedError((*keys, name), f"{value} is too small", "1 or more")
    if not 0 < script.probability <= 1:
        raise MalformedError(
            (*keys, "probability"), f"{script.probability} is none", "above 0, at most 1"
        )
    endless = script.every is not None or script.for_ is not None or script.probability < 1
    return Turn(
        at_request=script.at_request,
        nth=script.nth or 1,
        every=script.every or 1,
        times=script.times or (None if endless else 1),
        start=script.from_,
        span=_span(script.for_, (*keys, "for")),
        probability=script.probability,
        seed=script.seed,
    )


def _span(given: float | str | None, keys: Keys) -> timedelta | None:
    if given is None:
        return None
    found = _DURATION.fullmatch(str(given).strip())
    if found is None or float(found[1]) == 0:
        raise MalformedError(keys, f"{given!r} is no length of time", 'seconds, "10 min" or "2 h"')
    return timedelta(seconds=float(found[1]) * _SECONDS[found[2]])


def _pattern(text: str | None, keys: Keys) -> re.Pattern[str] | None:
    try:
        return None if text is None else re.compile(text)
    except re.error as error:
        raise MalformedError(keys, f"{error}", "a regular expression") from error


def _glob(text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    return re.compile(
        "".join(".*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", text))
    )
