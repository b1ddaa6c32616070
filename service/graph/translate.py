"""What Graph answers, in the words of `service.errors`: the one table."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import msgspec

from service.errors import (
    BadRequest,
    Changed,
    Conflict,
    CursorExpired,
    Forbidden,
    Locked,
    MustBeCheckedOut,
    NoSpace,
    NotFound,
    SignInRefused,
    TenantError,
    TenantFailed,
    Throttled,
    Unreachable,
)
from service.graph.policy import asked_wait


@dataclass(frozen=True, kw_only=True)
class About:
    """What a request is about: named in its error."""

    subject: str
    """Such as `library Dokumentation` or `mailbox natverk@example.org`."""
    right: str = ""
    """What is missing if it is forbidden, and how it is granted."""


BY_CODE: dict[str, type[TenantError]] = {
    "InvalidAuthenticationToken": SignInRefused,
    "ErrorAccessDenied": Forbidden,
    "accessDenied": Forbidden,
    "itemNotFound": NotFound,
    "ErrorItemNotFound": NotFound,
    "nameAlreadyExists": Conflict,
    "resourceModified": Changed,
    "quotaLimitReached": NoSpace,
    "resourceLocked": Locked,
    "lockMismatch": Locked,
    "notAllowedLocked": Locked,
    "resyncRequired": CursorExpired,
    "resyncChangesApplyDifferences": CursorExpired,
    "resyncChangesUploadDifferences": CursorExpired,
    "syncStateNotFound": CursorExpired,
    "syncStateInvalid": CursorExpired,
    "ErrorInvalidSyncStateData": CursorExpired,
    "activityLimitReached": Throttled,
    "notSupported": BadRequest,
}
"""Codes say more than statuses; they are compared without case."""

BY_STATUS: dict[int, type[TenantError]] = {
    401: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: CursorExpired,
    412: Changed,
    423: Locked,
    429: Throttled,
    501: BadRequest,
    507: NoSpace,
    509: Throttled,
}

DUPLICATE = ("duplicate value", "unique constraint")
"""SharePoint's words where a unique column has the value; it has no code of its own."""

BY_WORDS: dict[tuple[str, ...], type[TenantError]] = {
    DUPLICATE: Conflict,
    ("must first check out", "is not checked out"): MustBeCheckedOut,
}
"""What has no code of its own, by SharePoint's words in lower case."""

_TAKEN = {"namealreadyexists", "upload_name_conflict"}
"""The second is what an older page of createUploadSession has."""
_BY_FOLDED = {code.lower(): kind for code, kind in BY_CODE.items()}


class _Inner(msgspec.Struct):
    code: str | None = None
    request_id: str | None = msgspec.field(default=None, name="request-id")
    inner: "_Inner | None" = msgspec.field(default=None, name="innerError")


class Said(msgspec.Struct):
    """Graph's error object, as it stands in a refusal and in a copy's monitor."""

    code: str = ""
    message: str = ""
    inner: _Inner | None = msgspec.field(default=None, name="innerError")

    def kind(self) -> type[TenantError] | None:
        """What its words mean, where they tell, and else its codes, the innermost first."""
        codes = [self.code]
        inner = self.inner
        while inner is not None:
            codes.insert(0, inner.code or "")
            inner = inner.inner
        message = self.message.lower()
        for words, kind in BY_WORDS.items():
            if any(part in message for part in words):
                return kind
        return next((_BY_FOLDED[c.lower()] for c in codes if c.lower() in _BY_FOLDED), None)


class _Body(msgspec.Struct):
    error: Said


_decoder = msgspec.json.Decoder(_Body)


def is_taken(response: httpx.Response) -> bool:
    """Tell a name that is taken from the other conflicts that are 409."""
    return response.status_code == 409 and _main(response).code.lower() in _TAKEN


def translate(response: httpx.Response, about: About, now: datetime) -> TenantError:
    """Make the error that a refusal means; its body must have been read."""
    main = _main(response)
    kind = _kind(response, main, now)
    reason = _reason(response, main)
    if issubclass(kind, Throttled):
        wait = asked_wait(response.headers, now)
        until = None if wait is None else now + timedelta(seconds=wait)
        return Throttled(about.subject, reason, until=until)
    if issubclass(kind, Forbidden) and about.right:
        return Forbidden(
            about.subject,
            reason,
            remedy=f"Grant {about.right}; it can take up to two hours to work.",
        )
    return kind(about.subject, reason)


def unreachable(error: httpx.TransportError, about: About, host: str) -> Unreachable:
    """Make the error for a request without answer."""
    said = str(error) or type(error).__name__
    return Unreachable(about.subject, f"{host} gave no answer: {said}")


def _main(response: httpx.Response) -> Said:
    try:
        return _decoder.decode(response.content).error
    except msgspec.DecodeError:
        # A proxy or a gateway in between answers in HTML.
        return Said()


def _kind(response: httpx.Response, main: Said, now: datetime) -> type[TenantError]:
    if (kind := main.kind()) is not None:
        return kind
    status = response.status_code
    if status == 503 and asked_wait(response.headers, now) is not None:
        return Throttled
    if status in BY_STATUS:
        return BY_STATUS[status]
    return TenantFailed if status >= 500 else BadRequest


def _reason(response: httpx.Response, main: Said) -> str:
    request_id = response.headers.get("request-id") or (main.inner and main.inner.request_id)
    said = f"{main.code or response.reason_phrase}: {main.message}".rstrip(": ")
    return f"{response.status_code} {said} (request-id {request_id or 'none'})"
