"""How an app proves that it is itself: secret, certificate, or another issuer's word."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote

from service.sandbox.entra.assertions import check_assertion
from service.sandbox.entra.directory import is_disabled
from service.sandbox.entra.refusals import (
    TokenError,
    disabled,
    invalid_client,
    missing,
    no_app,
)
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Form = Mapping[str, str]


def client_of(tenant: Tenant, form: Form, authorization: str, tenant_name: str) -> App:
    """The app that a form or HTTP Basic names; it has proved nothing yet."""
    client_id = _basic(authorization)[0] or form.get("client_id", "")
    if not client_id:
        raise missing("client_id")
    app = tenant.apps.get(client_id)
    if app is None:
        raise no_app(client_id, tenant_name)
    if is_disabled(tenant, app):
        raise disabled(app.client_id, app.name)
    return app


def has_proof(form: Form, authorization: str) -> bool:
    """Whether the app tries to prove itself at all."""
    return bool(
        _basic(authorization)[1] or form.get("client_secret") or form.get("client_assertion")
    )


def check_proof(tenant: Tenant, app: App, form: Form, authorization: str, url: str) -> None:
    """`url` is the token endpoint as it was asked. Raises TokenError unless the app is itself."""
    secret = _basic(authorization)[1] or form.get("client_secret")
    if form.get("client_assertion"):
        if form.get("client_assertion_type") != _ASSERTION:
            raise missing("client_assertion_type")
        check_assertion(tenant, app, form["client_assertion"], url)
    elif not secret:
        raise _no_proof(form.get("grant_type", ""))
    else:
        _check_secret(tenant, app, secret)


def _no_proof(grant: str) -> TokenError:
    if grant == "client_credentials":
        return invalid_client(
            7000216,
            "'client_assertion', 'client_secret' or 'request' is required for the "
            "'client_credentials' grant type.",
        )
    return invalid_client(
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or "
        "'client_secret'.",
    )


def _check_secret(tenant: Tenant, app: App, secret: str) -> None:
    row = tenant.store.one(
        "SELECT expires FROM app_secrets WHERE app = ? AND secret = ?", app.client_id, secret
    )
    if row is None:
        raise invalid_client(
            7000215,
            "Invalid client secret provided. Ensure the secret being sent in the request is the "
            "client secret value, not the client secret ID, for a secret added to app "
            f"'{app.client_id}'.",
        )
    if row["expires"] is not None and row["expires"] <= tenant.clock.text:
        raise invalid_client(
            7000222,
            f"The provided client secret keys for app '{app.client_id}' are expired. Visit the "
            "Azure portal to create new keys for your app, or consider using certificate "
            "credentials for added security.",
        )


def _basic(authorization: str) -> tuple[str, str]:
    """Client id and secret of HTTP Basic; both empty without it."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return "", ""
    try:
        text = base64.b64decode(credentials).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise TokenError(
            400,
            "invalid_request",
            9002313,
            "Invalid request. Request is malformed or invalid.",
        ) from error
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)
