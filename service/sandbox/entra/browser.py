"""
Sign-in in a browser: a person of the tenant says who she is and approves, or does not.

The authorization endpoint answers the app by its redirect address once app and address are
known to belong together; before that it answers the person ("Microsoft identity platform and
OAuth 2.0 authorization code flow").
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from service.sandbox.entra import pages, scopes, sign_ins
from service.sandbox.entra.conditions import check_person, demands_mfa
from service.sandbox.entra.directory import is_disabled, standing
from service.sandbox.entra.grants import SHARED
from service.sandbox.entra.refusals import (
    TokenError,
    disabled,
    missing,
    no_app,
    no_tenant,
    single_tenant,
)
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person
from service.sandbox.wire import Answer, Json

_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_PASSED = (
    "client_id",
    "response_type",
    "redirect_uri",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "claims",
    "user_code",
)
"""Parameters that the form carries on from the address to the approval."""


@dataclass(frozen=True, kw_only=True)
class _Request:
    app: App
    redirect: str
    public: bool
    mode: str
    state: str | None
    given: Mapping[str, str]


def authorize(  # noqa: PLR0913 - a request, and whom it is about
    tenant: Tenant, name: str, method: str, base: str, path: str, given: Mapping[str, str]
) -> Answer:
    """`given` is the query, and for an approval the form."""
    try:
        request = _request(tenant, name, given)
    except TokenError as error:
        return pages.refused(error)
    try:
        asked = _asked(tenant, request, base)
    except TokenError as error:
        return _redirect(request, {"error": error.error, "error_description": error.text})
    lacking = scopes.needing_admin(request.app, asked.names)
    if lacking:
        return pages.refused(_needs_admin(request.app, lacking), status=403)
    if method != "POST":
        return _shown(tenant, request.app, asked, path, given)
    if given.get("decision") != "approve":
        return _redirect(request, _declined())
    try:
        person = _approved(tenant, request.app, given)
    except TokenError as error:
        return pages.refused(error, status=403)
    scopes.consent(tenant, request.app, person, asked.names)
    kept: Json = {
        "scope": given["scope"],
        "redirect_uri": request.redirect,
        "public": request.public,
        "nonce": given.get("nonce"),
        "code_challenge": given.get("code_challenge"),
        "code_challenge_method": given.get("code_challenge_method", "plain"),
    }
    code = sign_ins.new_code(tenant, request.app, person, kept, mfa=given.get("mfa") == "1")
    return _redirect(request, {"code": code, "session_state": str(uuid.uuid4())})


def _request(tenant: Tenant, name: str, given: Mapping[str, str]) -> _Request:
    """Who asks, and where the answer may go. Raises TokenError, for the person to read."""
    world = tenant.world
    if name.casefold() not in (*SHARED, world.tenant_id.casefold(), world.domain.casefold()):
        raise no_tenant(name)
    client_id = given.get("client_id")
    if not client_id:
        raise missing("client_id")
    app = tenant.apps.get(client_id)
    if app is None:
        raise no_app(client_id, name)
    if is_disabled(tenant, app):
        raise disabled(app.client_id, app.name)
    if name.casefold() in SHARED and not app.multi_tenant:
        raise single_tenant(app.client_id)
    redirect = given.get("redirect_uri") or (app.redirects or app.web_redirects or ("",))[0]
    public = any(_same(known, redirect) for known in app.redirects)
    if not public and redirect not in app.web_redirects:
        raise TokenError(
            400,
            "invalid_client",
            50011,
            f"The redirect URI '{redirect}' specified in the request does not match the redirect "
            f"URIs configured for the application '{app.client_id}'. Make sure the redirect URI "
            "sent in the request matches one added to your application in the Azure portal.",
        )
    return _Request(
        app=app,
        redirect=redirect,
        public=public,
        mode=given.get("response_mode") or "query",
        state=given.get("state"),
        given=given,
    )


def _same(known: str, redirect: str) -> bool:
    """On loopback the port does not count (RFC 8252, 7.3)."""
    if known == redirect:
        return True
    a, b = urlsplit(known), urlsplit(redirect)
    is_loopback = a.scheme == b.scheme == "http" and a.hostname in _LOOPBACK
    return is_loopback and a.hostname == b.hostname and a.path.rstrip("/") == b.path.rstrip("/")


def _asked(tenant: Tenant, request: _Request, base: str) -> scopes.Wanted:
    """What is asked for. Raises TokenError, for the app to hear."""
    given = request.given
    if given.get("response_type") != "code":
        raise TokenError(
            400,
            "unsupported_response_type",
            700051,
            f"response_type '{given.get('response_type', '')}' is not enabled for the application.",
        )
    if not given.get("scope"):
        raise TokenError(
            400,
            "invalid_request",
            900144,
            "The request body must contain the following parameter: 'scope'.",
        )
    if given.get("code_challenge_method", "S256") not in ("S256", "plain"):
        raise TokenError(
            400,
            "invalid_request",
            501491,
            "The provided value for the code_challenge_method is not valid.",
        )
    if given.get("prompt") == "none":
        raise TokenError(
            400,
            "login_required",
            50058,
            "A silent sign-in request was sent but no user is signed in.",
        )
    asked = scopes.wanted(tenant, given["scope"], base)
    scopes.check_known(request.app, asked.names)
    return asked


def _needs_admin(app: App, lacking: tuple[str, ...]) -> TokenError:
    return TokenError(
        403,
        "access_denied",
        90094,
        f"The grant requires admin permission: {', '.join(lacking)} for '{app.client_id}'.",
    )


def _declined() -> dict[str, str]:
    return {
        "error": "access_denied",
        "error_subcode": "cancel",
        "error_description": "AADSTS65004: User declined to consent to access the app.",
    }


def _shown(
    tenant: Tenant, app: App, asked: scopes.Wanted, path: str, given: Mapping[str, str]
) -> Answer:
    return pages.consent(
        app,
        _people(tenant),
        asked.names,
        action=path,
        hidden={name: given[name] for name in _PASSED if name in given},
        chosen=given.get("login_hint"),
        with_mfa=demands_mfa(tenant),
    )


def _people(tenant: Tenant) -> list[Person]:
    return [p for p in tenant.world.people if standing(tenant, p.id) != "gone"]


def _approved(tenant: Tenant, app: App, given: Mapping[str, str]) -> Person:
    """Whoever has approved, if her account lets her. Raises TokenError."""
    name = given.get("person", "")
    person = next(
        (p for p in tenant.world.people if name.casefold() in (p.id, p.mail.casefold())), None
    )
    if person is None:
        raise TokenError(
            400,
            "invalid_request",
            50034,
            f"The user account {name or '(none)'} does not exist in the "
            f"{tenant.world.tenant_id} directory. To sign into this application, the account "
            "must be added to the directory.",
        )
    check_person(tenant, app, person, mfa=given.get("mfa") == "1")
    return person


def _redirect(request: _Request, fields: dict[str, str]) -> Answer:
    full = {**fields, "state": request.state} if request.state is not None else fields
    if request.mode == "form_post":
        return pages.passed_on(request.redirect, full)
    mark = "#" if request.mode == "fragment" else "&" if "?" in request.redirect else "?"
    return Answer(status=302, headers={"Location": request.redirect + mark + urlencode(full)})


def device_login(tenant: Tenant, method: str, base: str, given: Mapping[str, str]) -> Answer:
    """The page where the code of a device is typed, and then approved."""
    typed = given.get("user_code") or given.get("otc", "")
    if method != "POST" or not typed:
        return pages.ask_for_code(typed=typed)
    row = sign_ins.device_of(tenant, typed)
    if row is None:
        error = TokenError(
            400,
            "bad_verification_code",
            70018,
            "Invalid verification code due to User typing in wrong user code for device code "
            "flow. Authorization isn't approved.",
        )
        return pages.ask_for_code(typed=typed, error=error)
    app = tenant.apps[row["app"]]
    asked = scopes.wanted(tenant, sign_ins.request_of(row)["scope"], base)
    lacking = scopes.needing_admin(app, asked.names)
    if lacking:
        return pages.refused(_needs_admin(app, lacking), status=403)
    if "decision" not in given:
        return _shown(tenant, app, asked, "/devicelogin", {"user_code": typed})
    mfa = given.get("mfa") == "1"
    if given["decision"] != "approve":
        sign_ins.decide(tenant, row["code"], "declined", None, mfa=False)
        return pages.done("Du har avböjt", "Appen får ingen åtkomst. Du kan stänga fönstret.")
    try:
        person = _approved(tenant, app, given)
    except TokenError as error:
        return pages.refused(error, status=403)
    scopes.consent(tenant, app, person, asked.names)
    sign_ins.decide(tenant, row["code"], "approved", person.id, mfa=mfa)
    return pages.done(
        "Du är inloggad",
        f"Du har loggat in till {app.name} på den andra enheten. Du kan stänga fönstret.",
    )
