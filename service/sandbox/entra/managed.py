"""
The endpoint from which a host in Azure gets tokens without any secret.

In both forms: the virtual machine's ("How to use managed identities on an Azure VM to acquire
an access token") and App Service's ("Use managed identities for App Service").
"""

import time
from collections.abc import Mapping

from service.sandbox.entra.conditions import check_app
from service.sandbox.entra.grants import app_token
from service.sandbox.entra.refusals import TokenError, refusal
from service.sandbox.entra.scopes import wanted
from service.sandbox.entra.tokens import LIFETIME, Signer
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App
from service.sandbox.wire import Answer, Json

MACHINE = "/metadata/identity/oauth2/token"
SERVICE = "/msi/token"


def identity_header(tenant: Tenant) -> str:
    """What App Service's host sets as IDENTITY_HEADER."""
    return tenant.signature("identity header")[:32]


def answer(  # noqa: PLR0913 - a request, and who answers it
    tenant: Tenant,
    signer: Signer,
    path: str,
    base: str,
    headers: Mapping[str, str],
    query: Mapping[str, str],
) -> Answer | None:
    """The answer to a GET of either path; None for any other."""
    if path == MACHINE:
        return _machine(tenant, signer, base, headers, query)
    if path == SERVICE:
        return _service(tenant, signer, base, headers, query)
    return None


def _machine(
    tenant: Tenant, signer: Signer, base: str, headers: Mapping[str, str], query: Mapping[str, str]
) -> Answer:
    if headers.get("metadata", "").casefold() != "true":
        return _bad("bad_request_102", "Required metadata header not specified")
    for name in ("api-version", "resource"):
        if not query.get(name):
            return _bad("invalid_request", f"Required query variable '{name}' is missing")
    app = _identity(tenant, query.get("client_id"))
    if app is None:
        return _bad("invalid_request", "Identity not found")
    try:
        body = _token(tenant, signer, app, base, query["resource"])
    except TokenError as error:
        return refusal(error)
    # All of it text, as the real endpoint has it.
    return Answer(body={key: str(value) for key, value in body.items()})


def _service(
    tenant: Tenant, signer: Signer, base: str, headers: Mapping[str, str], query: Mapping[str, str]
) -> Answer:
    if headers.get("x-identity-header") != identity_header(tenant):
        return _status(401, "The header X-IDENTITY-HEADER is missing or wrong.")
    for name in ("api-version", "resource"):
        if not query.get(name):
            return _status(400, f"The query parameter '{name}' is missing.")
    app = _identity(tenant, query.get("client_id"))
    if app is None:
        return _status(400, "No User Assigned or Delegated Managed Identity found.")
    try:
        body = _token(tenant, signer, app, base, query["resource"])
    except TokenError as error:
        return _status(500, error.text)
    return Answer(body={key: str(value) for key, value in body.items()})


def _identity(tenant: Tenant, client_id: str | None) -> App | None:
    """The one named, or the host's own: the first of the world's managed identities."""
    managed = [app for app in tenant.world.apps if app.managed]
    return next((app for app in managed if client_id in (None, app.client_id)), None)


def _token(tenant: Tenant, signer: Signer, app: App, base: str, resource: str) -> Json:
    audience = wanted(tenant, f"{resource.rstrip('/')}/.default", base).audience
    check_app(tenant, app)
    made = app_token(tenant, signer, app, audience, LIFETIME)
    now = int(time.time())
    return {
        "access_token": made["access_token"],
        "client_id": app.client_id,
        "expires_in": LIFETIME,
        "expires_on": now + LIFETIME,
        "not_before": now,
        "resource": audience,
        "token_type": "Bearer",
    }


def _bad(error: str, description: str) -> Answer:
    return Answer(status=400, body={"error": error, "error_description": description})


def _status(status: int, message: str) -> Answer:
    return Answer(status=status, body={"statusCode": status, "message": message})
