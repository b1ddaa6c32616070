"""Before anything is asked of the tenant: the clock, and what the token says."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from service.graph.client import Graph
from service.graph.token import Claims, claims_of
from service.graph.translate import About


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

    async def claims(self) -> Claims:
        """
        Read the app's token: its application permissions, and whose it is.

        Raises SignInRefused, Unreachable, TenantFailed.
        """
        return claims_of(await self._graph.token())
