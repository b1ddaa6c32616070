"""Before anything is asked of the tenant: the clock, and what the token says."""

import base64
import binascii
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec

from service.errors import TenantFailed
from service.graph.client import Graph
from service.graph.translate import About


class _Claims(msgspec.Struct):
    roles: tuple[str, ...] = ()


_claims = msgspec.json.Decoder(_Claims)


class EntranceProbes:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def time(self) -> datetime | None:
        """
        Tell what time Graph has, UTC, to the second; None where it does not say.

        Asked without a token: the refusal has the time too. Raises Unreachable.
        """
        about = About(subject="clock of Microsoft Graph")
        answer = await self._graph.send_bare(self._graph.bare("GET", f"{self._graph.base}/"), about)
        try:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
        except ValueError:
            return None
        return told.astimezone(UTC)

    async def roles(self) -> frozenset[str]:
        """
        Read the application permissions in the token, unverified: it is Graph's to judge.

        Raises SignInRefused, Unreachable, TenantFailed.
        """
        return roles_in(await self._graph.token())


def roles_in(token: str) -> frozenset[str]:
    """Raises TenantFailed for what is no token with claims."""
    payload = f"{token}..".split(".")[1]
    try:
        claims = _claims.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (msgspec.DecodeError, binascii.Error) as error:
        raise TenantFailed("token", "Its claims cannot be read.") from error
    return frozenset(claims.roles)
