"""Entra's front door: which part of the sign-in service answers a path, and who a token is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from service.sandbox.entra import browser, discovery, grants, managed, outside
from service.sandbox.entra.assertions import register_certificate
from service.sandbox.entra.directory import has_left, lay_directory
from service.sandbox.entra.grants import Ask
from service.sandbox.entra.refusals import JSON_TYPE, TokenError, only_post, refusal
from service.sandbox.entra.tokens import Signer, unauthenticated
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person
from service.sandbox.wire import Answer

_OURS = re.compile(
    r"^/(?!v1\.0/|v2\.0/|_)(?:[^/]+/(?:(?:v2\.0/)?\.well-known|discovery|oauth2)/|outside/"
    r"|devicelogin$|metadata/identity/|msi/)",
    re.IGNORECASE,
)

__all__ = ["JSON_TYPE", "Caller", "Identity", "register_certificate"]


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who makes a call, by the token that came with it."""

    app: App
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    person: Person | None = None


class Identity:
    def __init__(self, tenant: Tenant, signer: Signer) -> None:
        self.tenant = tenant
        self.signer = signer
        with tenant.store.transaction():
            lay_directory(tenant)

    def caller(self, authorization: str | None) -> Caller:
        """Raises GraphError 401 for a token that is none of ours, or not for Graph."""
        claims = self.signer.claims(authorization)
        app = self.tenant.apps[claims["appid"]]
        if "scp" not in claims:
            return Caller(app=app, roles=frozenset(claims.get("roles", ())))
        person = self.tenant.person(claims["oid"])
        if person is None or has_left(self.tenant, person.id):
            raise unauthenticated("The user account has been deleted from the directory.")
        return Caller(app=app, scopes=frozenset(claims["scp"].split()), person=person)

    def answer(
        self, method: str, path: str, headers: dict[str, str], query: dict[str, str], body: bytes
    ) -> Answer | None:
        """The answer to a path of the sign-in service; None if the path is not one."""
        if not _OURS.match(path):
            return None
        base = headers["base"]
        with self.tenant.store.transaction():
            if method == "GET":
                found = self._document(path, base, headers, query)
                if found is not None:
                    return found
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            return self._sign_in(method, path, headers, query, form) or outside.answer(
                self.tenant, method, path, base, body
            )

    def _document(
        self, path: str, base: str, headers: Mapping[str, str], query: Mapping[str, str]
    ) -> Answer | None:
        lowered = path.lower()
        if lowered == "/common/discovery/instance":
            endpoint = query.get("authorization_endpoint", "")
            return Answer(body=discovery.instance(self.tenant, base, endpoint))
        if lowered.startswith("/outside/"):
            return None
        if lowered.endswith("/.well-known/openid-configuration"):
            return discovery.configuration(self.tenant, path.split("/")[1], base)
        if lowered.endswith("/discovery/v2.0/keys"):
            return Answer(body={"keys": [self.signer.public_jwk()]})
        return managed.answer(self.tenant, self.signer, path, base, headers, query)

    def _sign_in(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        query: Mapping[str, str],
        form: Mapping[str, str],
    ) -> Answer | None:
        base, lowered = headers["base"], path.lower()
        given = {**query, **form}
        if lowered in ("/devicelogin", "/common/oauth2/deviceauth"):
            return browser.device_login(self.tenant, method, base, given)
        name, _, rest = path.lstrip("/").partition("/")
        endpoint = rest.lower().removeprefix("oauth2/v2.0/")
        if endpoint == rest.lower():
            return None
        if endpoint == "authorize" and method in ("GET", "POST"):
            return browser.authorize(self.tenant, name, method, base, path, given)
        handler = {"token": grants.token, "devicecode": grants.device_code}.get(endpoint)
        if handler is None:
            return None
        if method != "POST":
            return refusal(only_post(method))
        ask = Ask(
            tenant=self.tenant,
            signer=self.signer,
            name=name,
            base=base,
            path=path,
            form=form,
            authorization=headers.get("authorization", ""),
        )
        try:
            return handler(ask)
        except TokenError as error:
            return refusal(error)
