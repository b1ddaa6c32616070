"""The token endpoint: what each kind of grant asks of the app, and what it gives."""

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from service.sandbox.entra import scopes, sign_ins
from service.sandbox.entra.clients import check_proof, client_of, has_proof
from service.sandbox.entra.conditions import check_app, check_person
from service.sandbox.entra.directory import ROLE, held
from service.sandbox.entra.refusals import (
    NO_STORE,
    TokenError,
    invalid_client,
    invalid_grant,
    missing,
    no_tenant,
    single_tenant,
)
from service.sandbox.entra.tokens import GRAPH, LIFETIME, Signer
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person
from service.sandbox.wire import Answer, Json

SLOW_DOWN = Switch(
    name="device_slow_down",
    values=("no", "yes"),
    about="Whether a device that polls more often than every five seconds hears slow_down "
    "(RFC 8628, 3.5); the page of Entra's device code flow does not name it.",
)
SHARED = ("common", "organizations")
INTERVAL = 5
"""Seconds between a device's polls."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request to the token endpoint or to that for device codes."""

    tenant: Tenant
    signer: Signer
    name: str
    """The tenant as the path has it."""
    base: str
    path: str
    form: Mapping[str, str]
    authorization: str

    @property
    def lifetime(self) -> int:
        """Not Entra's: lets a test have a token that soon expires."""
        return int(self.form.get("sandbox_lifetime", LIFETIME))

    def needed(self, parameter: str) -> str:
        value = self.form.get(parameter)
        if not value:
            raise missing(parameter)
        return value


def token(ask: Ask) -> Answer:
    """Raises TokenError."""
    name = ask.name.casefold()
    world = ask.tenant.world
    if name not in (*SHARED, world.tenant_id.casefold(), world.domain.casefold()):
        raise no_tenant(ask.name)
    grant = ask.needed("grant_type")
    handler = _GRANTS.get(grant)
    if handler is None:
        raise TokenError(
            400,
            "unsupported_grant_type",
            70003,
            f"The app requested an unsupported grant type '{grant}'.",
        )
    app = client_of(ask.tenant, ask.form, ask.authorization, ask.name)
    if name in SHARED and not app.multi_tenant:
        raise single_tenant(app.client_id)
    return handler(ask, app)


def device_code(ask: Ask) -> Answer:
    """A code for a device without a browser. Raises TokenError."""
    name = ask.name.casefold()
    world = ask.tenant.world
    if name not in (*SHARED, world.tenant_id.casefold(), world.domain.casefold()):
        raise no_tenant(ask.name)
    app = client_of(ask.tenant, ask.form, ask.authorization, ask.name)
    if name in SHARED and not app.multi_tenant:
        raise single_tenant(app.client_id)
    asked = scopes.wanted(ask.tenant, ask.needed("scope"), ask.base)
    scopes.check_known(app, asked.names)
    code, user_code = sign_ins.new_device_code(ask.tenant, app, {"scope": ask.form["scope"]})
    page = f"{ask.base}/devicelogin"
    return _answer(
        {
            "user_code": user_code,
            "device_code": code,
            "verification_uri": page,
            "expires_in": sign_ins.DEVICE_SECONDS,
            "interval": INTERVAL,
            "message": f"To sign in, use a web browser to open the page {page} and enter the "
            f"code {user_code} to authenticate.",
        }
    )


def _answer(body: Json) -> Answer:
    return Answer(body=body, headers=NO_STORE)


def _client_credentials(ask: Ask, app: App) -> Answer:
    text = ask.form.get("scope", ".default")
    if not text.endswith(".default"):
        raise TokenError(
            400,
            "invalid_scope",
            1002012,
            f"The provided value for scope {text} is not valid. Client credential flows must "
            "have a scope value with /.default suffixed to the resource identifier (application "
            "ID URI).",
        )
    check_proof(ask.tenant, app, ask.form, ask.authorization, ask.base + ask.path)
    check_app(ask.tenant, app)
    audience = scopes.wanted(ask.tenant, text, ask.base).audience
    return _answer(app_token(ask.tenant, ask.signer, app, audience, ask.lifetime))


def app_token(tenant: Tenant, signer: Signer, app: App, audience: str, lifetime: int) -> Json:
    """A token with the roles that the app has now; those of Graph mean nothing elsewhere."""
    roles = held(tenant, app, ROLE) if audience == GRAPH else ()
    return {
        "token_type": "Bearer",
        "expires_in": lifetime,
        "ext_expires_in": lifetime,
        "access_token": signer.for_app(app, roles, audience=audience, lifetime=lifetime),
    }


def _authorization_code(ask: Ask, app: App) -> Answer:
    tenant = ask.tenant
    row = _code(ask, app, "code", ask.needed("code"))
    request = sign_ins.request_of(row)
    redirect = ask.needed("redirect_uri")
    if redirect != request["redirect_uri"]:
        raise invalid_grant(
            500112,
            f"The reply address '{redirect}' does not match the reply address "
            f"'{request['redirect_uri']}' provided when requesting Authorization code.",
        )
    _check_verifier(request, ask.form.get("code_verifier"))
    public = request["public"]
    proof = has_proof(ask.form, ask.authorization)
    if public and proof:
        raise invalid_client(
            700025,
            "Client is public so neither 'client_assertion' nor 'client_secret' should be "
            "presented.",
        )
    if not public:
        check_proof(tenant, app, ask.form, ask.authorization, ask.base + ask.path)
    return _redeemed(ask, app, row, proved=not public)


def _check_verifier(request: Json, verifier: str | None) -> None:
    """RFC 7636, 4.6."""
    challenge = request.get("code_challenge")
    if not challenge:
        return
    if not verifier:
        raise missing("code_verifier")
    made = verifier
    if request.get("code_challenge_method") == "S256":
        digest = hashlib.sha256(verifier.encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if made != challenge:
        raise invalid_grant(
            501481,
            "The Code_Verifier does not match the code_challenge supplied in the authorization "
            "request.",
        )


def _device(ask: Ask, app: App) -> Answer:
    code = ask.form.get("device_code") or ask.needed("code")
    row = sign_ins.find_code(ask.tenant, "device", code)
    if row is None or row["app"] != app.client_id:
        raise TokenError(
            400,
            "bad_verification_code",
            70018,
            "Invalid verification code: the device_code was not recognized.",
        )
    proved = _proved(ask, app)
    if row["state"] == "pending" and row["expires"] > ask.tenant.clock.text:
        raise _pending(ask, row)
    if row["state"] == "declined":
        raise TokenError(
            400, "authorization_declined", 65004, "User declined to consent to access the app."
        )
    if row["state"] == "pending":
        raise TokenError(
            400,
            "expired_token",
            70020,
            "The provided value for the input parameter 'device_code' is not valid. This device "
            "code has expired.",
        )
    return _redeemed(ask, app, _code(ask, app, "device", code), proved=proved)


def _pending(ask: Ask, row: Row) -> TokenError:
    now = time.time()
    soon = now - row["polled"] < INTERVAL
    sign_ins.polled(ask.tenant, row["code"], now)
    if soon and SLOW_DOWN.read(ask.tenant) == "yes":
        return TokenError(
            400, "slow_down", 70016, "OAuth 2.0 device flow error. Polling too frequently."
        )
    return TokenError(
        400,
        "authorization_pending",
        70016,
        "OAuth 2.0 device flow error. Authorization is pending. Continue polling.",
    )


def _proved(ask: Ask, app: App) -> bool:
    """Whether the app has proved itself; a public one need not, any other must."""
    if app.public and not has_proof(ask.form, ask.authorization):
        return False
    check_proof(ask.tenant, app, ask.form, ask.authorization, ask.base + ask.path)
    return True


def _code(ask: Ask, app: App, kind: str, code: str) -> Row:
    row = sign_ins.find_code(ask.tenant, kind, code)
    if row is None or row["app"] != app.client_id:
        raise invalid_grant(9002313, "Invalid request. Request is malformed or invalid.")
    if row["state"] == "used":
        raise invalid_grant(
            54005,
            "OAuth2 Authorization code was already redeemed, please retry with a new valid code "
            "or use an existing refresh token.",
        )
    if row["expires"] <= ask.tenant.clock.text:
        raise invalid_grant(
            70008,
            "The provided authorization code or refresh token has expired due to inactivity. "
            "Send a new interactive authorization request for this user and resource.",
        )
    return row


def _redeemed(ask: Ask, app: App, row: Row, *, proved: bool) -> Answer:
    request = sign_ins.request_of(row)
    person = _person(ask.tenant, row["person"])
    text = ask.form.get("scope") or request["scope"]
    nonce = request.get("nonce")
    answer = _for_person(ask, app, person, text, nonce, proved=proved, mfa=bool(row["mfa"]))
    sign_ins.use_up(ask.tenant, row["code"])
    return answer


def _refresh(ask: Ask, app: App) -> Answer:
    row = sign_ins.refresh_token(ask.tenant, app, ask.needed("refresh_token"))
    proved = _proved(ask, app) if not row["proved"] else True
    if row["proved"]:
        check_proof(ask.tenant, app, ask.form, ask.authorization, ask.base + ask.path)
    person = _person(ask.tenant, row["person"])
    text = ask.form.get("scope") or ".default"
    # A sign-in that once had a refresh token goes on having one.
    return _for_person(
        ask, app, person, f"{text} offline_access", None, proved=proved, mfa=bool(row["mfa"])
    )


def _person(tenant: Tenant, name: str) -> Person:
    """Whoever has signed in, even if the account has gone since."""
    return next(person for person in tenant.world.people if person.id == name)


def _for_person(  # noqa: PLR0913 - what such an answer depends on
    ask: Ask, app: App, person: Person, text: str, nonce: str | None, *, proved: bool, mfa: bool
) -> Answer:
    tenant = ask.tenant
    check_person(tenant, app, person, mfa=mfa)
    asked = scopes.wanted(tenant, text, ask.base)
    names = scopes.granted(tenant, app, person, asked)
    access = ask.signer.for_person(
        app, person, names, audience=asked.audience, lifetime=ask.lifetime, mfa=mfa
    )
    body: Json = {
        "token_type": "Bearer",
        "scope": _spelled(text, asked, names),
        "expires_in": ask.lifetime,
        "ext_expires_in": ask.lifetime,
        "access_token": access,
    }
    if "offline_access" in asked.names:
        body["refresh_token"] = sign_ins.new_refresh_token(
            tenant, app, person, proved=proved, mfa=mfa
        )
    if "openid" in asked.names:
        body["id_token"] = ask.signer.id_token(app, person, base=ask.base, nonce=nonce)
    if ask.form.get("client_info") == "1":
        uids = msgspec.json.encode({"uid": person.id, "utid": tenant.world.tenant_id})
        body["client_info"] = base64.urlsafe_b64encode(uids).rstrip(b"=").decode()
    return _answer(body)


def _spelled(text: str, asked: scopes.Wanted, names: tuple[str, ...]) -> str:
    """The permissions as they were asked for: with the resource before them, or bare."""
    full = any("://" in word for word in text.split())
    shown = (*names, ".default") if asked.by_default else names
    return " ".join(
        f"{asked.audience}/{name}" if full and name not in scopes.OIDC else name for name in shown
    )


_GRANTS: dict[str, Callable[[Ask, App], Answer]] = {
    "client_credentials": _client_credentials,
    "authorization_code": _authorization_code,
    "refresh_token": _refresh,
    "urn:ietf:params:oauth:grant-type:device_code": _device,
    "device_code": _device,
}
