"""What comes in beside Graph, where there is another way of signing in and of refusing."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.sandbox.wire import Answer, Json


@dataclass(frozen=True, kw_only=True)
class Knock:
    """A request, before anything is believed of it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What it led to, and what the log shall say of it."""

    answer: Answer
    app: str | None = None
    wrote: bool = False


class RefusedError(Exception):
    """A refusal with a body of its own, which is not Graph's."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.answer = Answer(status=status, body=body, headers=dict(headers or {}))


def refused(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None
) -> RefusedError:
    """The body that Power Automate and Bot Framework share: code and message."""
    return RefusedError(status, {"error": {"code": code, "message": message}}, headers)
