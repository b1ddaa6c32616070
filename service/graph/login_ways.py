"""
How an account signs in: in a browser on this machine, or by a code that is typed elsewhere.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow (with PKCE, which
msal sees to) and v2-oauth2-device-code.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msal

from service.domain.login import Login
from service.errors import SignInRefused
from service.graph.login import LoginSettings, public_app, refusal, translated
from service.graph.login_file import Kept, LoginFile
from service.graph.loopback import Loopback
from service.graph.msal_http import MsalHttp
from service.graph.transport import trust
from service.ports import Clock

PATIENCE = 600.0
"""Seconds that somebody may take in the browser."""
SLOWER = 5
"""Seconds by which polls become rarer when they are too many (RFC 8628, 3.5)."""

_SUBJECT = "sign-in of an account"

Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    login: Login
    before: Login | None
    """Another account, whose sign-in this one has taken the place of."""


class Asking:
    """Asks somebody to sign in, and holds what that gave in memory alone."""

    def __init__(self, settings: LoginSettings, http: MsalHttp) -> None:
        self.cache = msal.SerializableTokenCache()
        self._settings = settings
        self._http = http
        self._app: Any = None

    async def by_browser(self, show: Callable[[str], bool]) -> dict[str, Any] | None:
        """`show` opens an address in a browser; None where it says that there is none."""
        with Loopback() as listener:
            flow = await self._ask(
                "initiate_auth_code_flow",
                self._settings.scopes,
                redirect_uri=listener.address,
                response_mode="form_post",
                # Somebody's own account would else be taken unasked where it is signed in.
                prompt="select_account",
            )
            came = listener.expect(flow["state"])
            if not await asyncio.to_thread(show, flow["auth_uri"]):
                return None
            try:
                form = await asyncio.wait_for(came, PATIENCE)
            except TimeoutError as error:
                raise SignInRefused(
                    _SUBJECT,
                    "Nobody came back from the browser.",
                    remedy="Run the command again, or add --device.",
                ) from error
        return _granting(await self._ask("acquire_token_by_auth_code_flow", flow, form))

    async def by_device(
        self, tell: Callable[[str, str], None], pause: Pause = asyncio.sleep
    ) -> dict[str, Any]:
        """`tell` shows an address and the code to type there."""
        flow = await self._ask("initiate_device_flow", self._settings.scopes)
        if "user_code" not in flow:
            raise refusal(_SUBJECT, flow)
        tell(flow["verification_uri"], flow["user_code"])
        seconds = float(flow.get("interval", SLOWER))
        # The pauses are made here. msal asks just once where it is told of one second, the
        # fewest that let it ask whether it may stop.
        once = {**flow, "interval": 1}
        while True:
            answer = await self._ask(
                "acquire_token_by_device_flow", dict(once), exit_condition=lambda _: True
            )
            if answer.get("error") not in ("authorization_pending", "slow_down"):
                return _granting(answer)
            if answer["error"] == "slow_down":
                seconds += SLOWER
            await pause(seconds)

    async def again(self, claims: str | None) -> dict[str, Any]:
        """Get another token for who has signed in. Raises SignInRefused."""
        answer = await self._ask(
            "acquire_token_silent_with_error",
            self._settings.scopes,
            self.account(),
            force_refresh=True,
            claims_challenge=claims,
        )
        return _granting(answer)

    def account(self) -> dict[str, Any]:
        return dict(self._app.get_accounts()[0])

    async def _ask(self, what: str, *args: object, **given: object) -> dict[str, Any]:
        return await asyncio.to_thread(self._asked, what, *args, **given)

    def _asked(self, what: str, *args: object, **given: object) -> dict[str, Any]:
        with translated(self._settings):
            if self._app is None:
                self._app = public_app(self._settings, self._http, self.cache)
            return dict(getattr(self._app, what)(*args, **given) or {})


class SigningIn:
    """Signs one account in, and keeps it in the file. `async with signing_in(…)` makes one."""

    def __init__(self, settings: LoginSettings, clock: Clock, http: MsalHttp) -> None:
        self._settings = settings
        self._clock = clock
        self._file = LoginFile(settings.file, settings.key)
        self._asking = Asking(settings, http)

    async def by_browser(self, show: Callable[[str], bool]) -> SignedIn | None:
        """`show` opens an address in a browser; None where it says that there is none."""
        answer = await self._asking.by_browser(show)
        return None if answer is None else await self._keep(answer)

    async def by_device(
        self, tell: Callable[[str, str], None], pause: Pause = asyncio.sleep
    ) -> SignedIn:
        """`tell` shows an address and the code to type there."""
        return await self._keep(await self._asking.by_device(tell, pause))

    async def _keep(self, answer: Mapping[str, Any]) -> SignedIn:
        account = self._asking.account()
        login = Login(
            account=account["username"],
            account_id=account["home_account_id"],
            name=answer.get("id_token_claims", {}).get("name", ""),
            permissions=_granted(answer, self._settings.permissions),
            used=self._clock.now(),
        )
        return await asyncio.to_thread(self._kept, login)

    def _kept(self, login: Login) -> SignedIn:
        with self._file.locked():
            before = self._file.read()
            self._file.write(Kept(login=login, tokens=self._asking.cache.serialize()))
        is_other = before is not None and before.login.account_id != login.account_id
        return SignedIn(login=login, before=before.login if before and is_other else None)


@asynccontextmanager
async def signing_in(
    settings: LoginSettings, clock: Clock, ca_file: Path | None
) -> AsyncIterator[SigningIn]:
    """Raises SettingsError, before anybody is asked, where key or file cannot be used."""
    LoginFile(settings.file, settings.key).read()
    http = MsalHttp(trust(ca_file))
    try:
        yield SigningIn(settings, clock, http)
    finally:
        http.close()


def _granting(answer: dict[str, Any]) -> dict[str, Any]:
    if "access_token" not in answer:
        raise refusal(_SUBJECT, answer)
    return answer


def _granted(answer: Mapping[str, Any], asked: tuple[str, ...]) -> tuple[str, ...]:
    has = {word.rpartition("/")[2] for word in str(answer.get("scope", "")).split()}
    return tuple(name for name in asked if name in has)
