"""
A person's rights, lent for one command: she signs in, and nothing of it outlives it.

For what no app should be let to do for good. What the token may is what the app has
consent for **and** she has herself, whichever is less.
https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from service.graph.auth import SPARE_SECONDS
from service.graph.login import LoginSettings
from service.graph.login_ways import Asking
from service.graph.msal_http import MsalHttp
from service.graph.transport import trust

MANAGE_LISTS = "Sites.Manage.All"
"""The least with which lists and columns are made for a person (Graph pages list-create and
list-post-columns); folders need less. She can do no more by it than in a browser."""


class LentSignIn:
    """Implements `TokenSource` once somebody has signed in through `asking`."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self._lock = asyncio.Lock()
        self._value = ""
        self._until = 0.0

    def take(self, answer: dict[str, Any]) -> str:
        """Use what a sign-in gave; return whose it is."""
        self._value = answer["access_token"]
        self._until = time.monotonic() + float(answer.get("expires_in", 0)) - SPARE_SECONDS
        return str(self.asking.account()["username"])

    async def token(self, claims: str | None = None) -> str:
        async with self._lock:
            if claims is not None or time.monotonic() >= self._until:
                self.take(await self.asking.again(claims))
            return self._value

    def forget(self, value: str) -> None:
        """Drop a token that the service refused; the next one is a new one."""
        if value == self._value:
            self._until = 0.0

    def close(self) -> None:
        """Its connection is closed by `lent`."""


@asynccontextmanager
async def lent(settings: LoginSettings, ca_file: Path | None) -> AsyncIterator[LentSignIn]:
    """Hold a sign-in for as long as the block lasts; the file of the settings is not used."""
    http = MsalHttp(trust(ca_file))
    try:
        yield LentSignIn(Asking(settings, http))
    finally:
        http.close()
