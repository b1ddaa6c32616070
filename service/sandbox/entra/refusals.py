"""
The sign-in service's refusals: an OAuth error with Entra's number.

Numbers and words: "Microsoft Entra authentication and authorization error codes", and the
threads named where that page does not tell the words.
"""

import re
import uuid
from datetime import UTC, datetime

import msgspec

from service.sandbox.wire import Answer, Json

JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
NO_STORE = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}


class TokenError(Exception):
    """A refusal of the token endpoint, or of a sign-in in the browser."""

    def __init__(  # noqa: PLR0913 - what the body of such an answer holds
        self,
        status: int,
        error: str,
        number: int,
        message: str,
        *,
        suberror: str | None = None,
        claims: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.number = number
        self.message = message
        self.suberror = suberror
        self.claims = claims

    @property
    def text(self) -> str:
        return f"AADSTS{self.number}: {self.message}"


def refusal(error: TokenError) -> Answer:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    body: Json = {
        "error": error.error,
        "error_description": f"{error.text} Trace ID: {trace} Correlation ID: {correlation} "
        f"Timestamp: {at}",
        "error_codes": [error.number],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.number}",
    }
    if error.suberror:
        body["suberror"] = error.suberror
    if error.claims:
        body["claims"] = error.claims
    return Answer(
        status=error.status, raw=msgspec.json.encode(body), headers={**JSON_TYPE, **NO_STORE}
    )


def invalid_client(number: int, message: str) -> TokenError:
    return TokenError(401, "invalid_client", number, message)


def invalid_grant(number: int, message: str, suberror: str | None = None) -> TokenError:
    return TokenError(400, "invalid_grant", number, message, suberror=suberror)


def missing(parameter: str) -> TokenError:
    return TokenError(
        400,
        "invalid_request",
        900144,
        f"The request body must contain the following parameter: '{parameter}'.",
    )


def no_tenant(name: str) -> TokenError:
    if "." not in name and not _GUID.fullmatch(name):
        return TokenError(
            400,
            "invalid_request",
            900023,
            f"Specified tenant identifier '{name}' is neither a valid DNS name, nor a valid "
            "external domain.",
        )
    return TokenError(
        400,
        "invalid_request",
        90002,
        f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud.",
    )


def no_app(client_id: str, tenant: str) -> TokenError:
    return TokenError(
        400,
        "unauthorized_client",
        700016,
        f"Application with identifier '{client_id}' was not found in the directory '{tenant}'.",
    )


def disabled(client_id: str, name: str) -> TokenError:
    return TokenError(
        400, "unauthorized_client", 7000112, f"Application '{client_id}'({name}) is disabled."
    )


def single_tenant(client_id: str) -> TokenError:
    return TokenError(
        400,
        "invalid_request",
        50194,
        f"Application '{client_id}' is not configured as a multi-tenant application. Usage of "
        "the /common endpoint is not supported for such apps created after '10/15/2018'. Use a "
        "tenant-specific endpoint or configure the application to be multi-tenant.",
    )


def only_post(method: str) -> TokenError:
    return TokenError(
        400,
        "invalid_request",
        900561,
        f"The endpoint only accepts POST, OPTIONS requests. Received a {method} request.",
    )
