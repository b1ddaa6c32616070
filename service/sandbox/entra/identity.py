"""Entra: discovery, keys and the token endpoint (client credentials)."""

import base64
import hashlib
import time
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

import jwt
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from service.sandbox.entra.tokens import LIFETIME, Signer
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App
from service.sandbox.wire import Answer, Json

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenError(Exception):
    """A refusal of the token endpoint: an OAuth error with Entra's number."""

    def __init__(self, status: int, error: str, number: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.number = number
        self.message = message


class Identity:
    def __init__(self, tenant: Tenant, signer: Signer) -> None:
        self.tenant = tenant
        self.signer = signer
        self._assertions: dict[str, float] = {}

    def answer(
        self, method: str, path: str, headers: dict[str, str], query: dict[str, str], body: bytes
    ) -> Answer | None:
        """The answer to a path of the sign-in service; None if the path is not one."""
        base = headers["base"]
        lowered = path.lower()
        if lowered == "/common/discovery/instance":
            return Answer(body=self._instance(base, query))
        if lowered.endswith("/.well-known/openid-configuration"):
            return self._discovery(path.split("/")[1], base)
        if lowered.endswith("/discovery/v2.0/keys"):
            return Answer(body={"keys": [self.signer.public_jwk()]})
        if lowered.endswith("/oauth2/v2.0/token") and method == "POST":
            return self._token(path, base, headers, body)
        return None

    def _known(self, name: str) -> bool:
        world = self.tenant.world
        return name.casefold() in {world.tenant_id.casefold(), world.domain.casefold()}

    def _discovery(self, name: str, base: str) -> Answer:
        if not self._known(name):
            return _refusal(_no_tenant(name))
        tenant = f"{base}/{self.tenant.world.tenant_id}"
        return Answer(
            body={
                "token_endpoint": f"{base}/{name}/oauth2/v2.0/token",
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "private_key_jwt",
                    "client_secret_basic",
                ],
                "jwks_uri": f"{base}/{name}/discovery/v2.0/keys",
                "response_modes_supported": ["query", "fragment", "form_post"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "response_types_supported": ["code", "id_token", "token"],
                "scopes_supported": ["openid", "profile", "email", "offline_access"],
                "issuer": f"{tenant}/v2.0",
                "authorization_endpoint": f"{base}/{name}/oauth2/v2.0/authorize",
                "device_authorization_endpoint": f"{base}/{name}/oauth2/v2.0/devicecode",
                "tenant_region_scope": "EU",
                "cloud_instance_name": "localhost",
                "msgraph_host": base.partition("//")[2],
            }
        )

    def _instance(self, base: str, query: dict[str, str]) -> Json:
        host = base.partition("//")[2]
        endpoint = query.get("authorization_endpoint", "")
        name = endpoint.split("/")[3] if endpoint.count("/") > 3 else self.tenant.world.tenant_id
        return {
            "tenant_discovery_endpoint": f"{base}/{name}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
        }

    def _token(self, path: str, base: str, headers: dict[str, str], body: bytes) -> Answer:
        try:
            app, lifetime = self._client(path, base, headers, body)
        except TokenError as error:
            return _refusal(error)
        issuer = f"https://sts.windows.net/{self.tenant.world.tenant_id}/"
        token = self.signer.issue(app, issuer=issuer, lifetime=lifetime)
        grant = {"token_type": "Bearer", "expires_in": lifetime, "ext_expires_in": lifetime}
        return Answer(body={**grant, "access_token": token}, headers={"Cache-Control": "no-store"})

    def _client(
        self, path: str, base: str, headers: dict[str, str], body: bytes
    ) -> tuple[App, int]:
        """The app that has proved itself, and how many seconds its token shall live."""
        name = path.split("/")[1]
        if not self._known(name):
            raise _no_tenant(name)
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        client_id, secret = _basic(headers.get("authorization", "")) or (
            form.get("client_id", ""),
            form.get("client_secret"),
        )
        _check_grant(form)
        app = self.tenant.apps.get(client_id)
        if app is None:
            raise TokenError(
                400,
                "unauthorized_client",
                700016,
                f"Application with identifier '{client_id}' was not found in the directory "
                f"'{name}'.",
            )
        self._check_proof(app, form, secret, base + path)
        # Not Entra's: lets a test have a token that soon expires.
        return app, int(form.get("sandbox_lifetime", LIFETIME))

    def _check_proof(
        self, app: App, form: dict[str, str], secret: str | None, endpoint: str
    ) -> None:
        if form.get("client_assertion_type") == _ASSERTION:
            self._check_assertion(app, form.get("client_assertion", ""), endpoint)
        elif secret is None:
            raise TokenError(
                401,
                "invalid_client",
                7000216,
                "'client_assertion', 'client_secret' or 'request' is required for the "
                "'client_credentials' grant type.",
            )
        elif secret != app.secret:
            raise TokenError(
                401,
                "invalid_client",
                7000215,
                "Invalid client secret provided. Ensure the secret being sent in the request "
                "is the client secret value, not the client secret ID.",
            )

    def _check_assertion(self, app: App, assertion: str, endpoint: str) -> None:
        try:
            header = jwt.get_unverified_header(assertion)
            thumbprint = str(header.get("x5t#S256", "")).rstrip("=")
            pem = self.tenant.store.value(
                "SELECT pem FROM app_keys WHERE thumbprint = ? AND app = ?",
                thumbprint,
                app.client_id,
            )
            if pem is None:
                raise _bad_assertion(f"The key was not found. Thumbprint: '{thumbprint}'.")
            claims = jwt.decode(
                assertion,
                pem,
                algorithms=["PS256"],
                audience=endpoint,
                options={"require": ["exp", "aud", "iss", "sub", "jti"]},
            )
        except jwt.InvalidTokenError as error:
            raise _bad_assertion(f"{error}.") from error
        if not claims["iss"] == claims["sub"] == app.client_id:
            raise _bad_assertion("Issuer and subject must be the client id.")
        if self._assertions.get(claims["jti"], 0.0) > time.time():
            raise _bad_assertion("The assertion has been used already.")
        self._assertions[claims["jti"]] = float(claims["exp"])


def register_certificate(tenant: Tenant, client_id: str, pem: str) -> str:
    """Lets an app sign in with this certificate; returns its thumbprint (x5t#S256)."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    der = certificate.public_bytes(serialization.Encoding.DER)
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    public = certificate.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    tenant.store.do(
        "INSERT OR REPLACE INTO app_keys VALUES (?, ?, ?)", thumbprint, client_id, public.decode()
    )
    return thumbprint


def _check_grant(form: dict[str, str]) -> None:
    grant = form.get("grant_type")
    if grant is None:
        raise TokenError(
            400,
            "invalid_request",
            900144,
            "The request body must contain the following parameter: 'grant_type'.",
        )
    if grant != "client_credentials":
        raise TokenError(
            400, "unsupported_grant_type", 70003, f"The app requested '{grant}', not supported."
        )
    if not form.get("scope", ".default").endswith(".default"):
        raise TokenError(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {form['scope']} is not valid. Client credential "
            "flows must have a scope value with /.default suffixed to the resource identifier.",
        )


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return None
    text = base64.b64decode(credentials).decode("utf-8", "replace")
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def _no_tenant(name: str) -> TokenError:
    return TokenError(
        400,
        "invalid_request",
        90002,
        f"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are "
        "signing into the correct cloud.",
    )


def _bad_assertion(why: str) -> TokenError:
    return TokenError(
        401, "invalid_client", 700027, f"The certificate assertion is not valid. {why}"
    )


def _refusal(error: TokenError) -> Answer:
    trace, correlation = str(uuid.uuid4()), str(uuid.uuid4())
    at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    text = f"AADSTS{error.number}: {error.message}"
    body = {
        "error": error.error,
        "error_description": f"{text} Trace ID: {trace} Correlation ID: {correlation} "
        f"Timestamp: {at}",
        "error_codes": [error.number],
        "timestamp": at,
        "trace_id": trace,
        "correlation_id": correlation,
        "error_uri": f"https://login.microsoftonline.com/error?code={error.number}",
    }
    return Answer(status=error.status, raw=msgspec.json.encode(body), headers=JSON_TYPE)


JSON_TYPE = {"Content-Type": "application/json; charset=utf-8"}
