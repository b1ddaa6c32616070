"""What a struck request is answered with: Graph's own words, unless the script has others."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import msgspec

from service.sandbox.refusals import JSON_TYPE, refusal
from service.sandbox.trouble.faults import Fault
from service.sandbox.wire import Answer, GraphError

if TYPE_CHECKING:
    from service.sandbox.tenant import Tenant

CODES = {
    400: ("invalidRequest", "Invalid request"),
    401: ("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired."),
    403: ("accessDenied", "Access denied"),
    404: ("itemNotFound", "The resource could not be found."),
    409: ("nameAlreadyExists", "Name already exists"),
    410: ("resyncChangesApplyDifferences", "Resync required. Replace any local items."),
    412: ("resourceModified", "The resource has changed since it was read; ETag mismatch."),
    416: ("invalidRange", "The byte range is not what is expected next."),
    423: ("resourceLocked", "The resource you are attempting to access is locked"),
    429: ("activityLimitReached", "The request has been throttled"),
    500: ("generalException", "General exception while processing"),
    502: ("BadGateway", "Bad gateway"),
    503: ("serviceNotAvailable", "The service is not available"),
    504: ("UnknownError", "Gateway timeout"),
    507: ("quotaLimitReached", "Insufficient Space Available"),
    509: ("activityLimitReached", "Bandwidth Limit Exceeded"),
}
_REVOKED = (
    "Continuous access evaluation resulted in challenge with result: InteractionRequired and "
    "code: TokenIssuedBeforeRevocationTimestamp"
)
_TRANSIENT = "AADSTS90033: A transient error has occurred. Please try again."


def struck(
    fault: Fault, real: Answer, url: str, headers: Mapping[str, str], tenant: "Tenant"
) -> Answer:
    """The answer to a request for `url` that a fault meets, given what it would have been."""
    answer = _refused(fault, url, headers, tenant) if fault.refuses else real
    given = dict(answer.headers) | _extra(fault, tenant.clock.now) | dict(fault.headers)
    answer = replace(answer, headers=given)
    if isinstance(fault.body, dict):
        answer = replace(answer, body=None, file=None, raw=msgspec.json.encode(fault.body))
        answer = with_type(answer, JSON_TYPE["Content-Type"])
    elif fault.body is not None:
        answer = replace(answer, body=None, file=None, raw=fault.body.encode())
        kind = "text/html" if fault.body.lstrip().startswith("<") else "text/plain"
        answer = with_type(answer, f"{kind}; charset=utf-8")
    return with_type(answer, fault.content_type) if fault.content_type else answer


def with_type(answer: Answer, kind: str) -> Answer:
    """The same content under another type."""
    others = {k: v for k, v in answer.headers.items() if k.lower() != "content-type"}
    if answer.body is not None:
        answer = replace(answer, body=None, raw=msgspec.json.encode(answer.body))
    return replace(answer, headers={**others, "Content-Type": kind})


def _refused(fault: Fault, url: str, headers: Mapping[str, str], tenant: "Tenant") -> Answer:
    status = fault.status or (401 if fault.claims else 503)
    code, message = CODES.get(status, ("generalException", "General exception"))
    if fault.claims:
        message = _REVOKED
    error = GraphError(status, fault.code or code, fault.message or message)
    answer = refusal(error, headers, tenant)
    if status != 410 or any(name.lower() == "location" for name in fault.headers):
        return answer
    # Where to begin anew: the same delta without its token (graph-facts 5.4).
    return replace(answer, headers={**answer.headers, "Location": url.partition("?")[0]})


def refused_sign_in(fault: Fault, tenant: "Tenant") -> Answer:
    """The same in the words of the sign-in service, which are OAuth's."""
    status = fault.status or 503
    error = fault.code or ("temporarily_unavailable" if status >= 500 else "invalid_request")
    body = {"error": error, "error_description": fault.message or _TRANSIENT}
    answer = Answer(status=status, raw=msgspec.json.encode(body), headers=JSON_TYPE)
    altered = replace(fault, status=None, claims=False)
    return struck(altered, answer, "", {}, tenant)


def _extra(fault: Fault, now: datetime) -> dict[str, str]:
    headers = {}
    if fault.claims:
        headers["WWW-Authenticate"] = _challenge(now)
    if fault.retry_after is None:
        return headers
    wait = fault.retry_after
    if fault.retry_after_date and not isinstance(wait, str):
        # RFC 9110, Retry-After: a date in GMT; by the sandbox's clock, as everything.
        headers["Retry-After"] = format_datetime(now + timedelta(seconds=wait), usegmt=True)
    else:
        headers["Retry-After"] = str(wait)
    return headers


def _challenge(now: datetime) -> str:
    """Continuous access evaluation asks for a newer token (OpenID Connect Core, 5.5)."""
    claims = {"access_token": {"nbf": {"essential": True, "value": str(int(now.timestamp()))}}}
    text = base64.b64encode(msgspec.json.encode(claims)).decode()
    return (
        'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/'
        'authorize", client_id="00000003-0000-0000-c000-000000000000", '
        f'error="insufficient_claims", claims="{text}"'
    )
