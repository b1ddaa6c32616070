"""Waiting between tries of one long operation, where the transport must not repeat them."""

import random
from collections.abc import Awaitable

import httpx
from kiota_abstractions.request_information import RequestInformation

from service.errors import TenantFailed
from service.graph.client import Graph
from service.graph.policy import PASSING, Attempt, Failure, GiveUp, Repeat, backoff, decide
from service.graph.translate import About, translate, unreachable
from service.graph.transport import Call, failure_of


class Patience:
    """
    Sends, remembers how it failed and waits by the policy.

    `doubtful` tells that an answer was lost or was a failure of the service's: what was
    sent may have been done.
    """

    def __init__(self, graph: Graph, about: About) -> None:
        self._graph = graph
        self._about = about
        self._error: httpx.TransportError | None = None
        self.doubtful = False
        self.reset()

    def reset(self) -> None:
        """Begin to count anew, after a success."""
        self._number = 0
        self._began = self._graph.clock.now()

    async def carry(self, info: RequestInformation, call: Call) -> httpx.Response | None:
        """Send with the token; None where there was no answer."""
        return await self._outcome(self._graph.exchange(info, call))

    async def carry_bare(self, request: httpx.Request, call: Call) -> httpx.Response | None:
        """Send without token; None where there was no answer."""
        return await self._outcome(self._graph.exchange_bare(request, call))

    async def wait(self, outcome: httpx.Response | None) -> None:
        """Wait before the next try, or raise what the last one meant."""
        now = self._graph.clock.now()
        attempt = Attempt(
            method="PUT",
            number=self._number,
            elapsed=(now - self._began).total_seconds(),
            status=outcome.status_code if outcome is not None else None,
            failure=failure_of(self._error) if self._error is not None else None,
            headers=outcome.headers if outcome is not None else None,
            repeat=Repeat.YES,
        )
        verdict = decide(attempt, now, random.random(), self._graph.limits)  # noqa: S311  no secret
        if isinstance(verdict, GiveUp):
            raise self._meaning(outcome) from self._error
        await self._graph.clock.sleep(verdict.seconds)

    async def wait_to_ask(self, outcome: httpx.Response | None) -> None:
        """Wait before it is asked how far a long operation is, which is not done for ever."""
        if outcome is None or outcome.status_code in PASSING:
            await self.wait(outcome)
            return
        limits = self._graph.limits
        if self._number >= limits.attempts:
            raise TenantFailed(self._about.subject, "The upload session makes no headway.")
        if outcome.status_code == 409:
            # The range before it is still on its way, from a connection that broke.
            await self._graph.clock.sleep(backoff(self._number, 1.0, limits))

    async def _outcome(self, sending: Awaitable[httpx.Response]) -> httpx.Response | None:
        self._number += 1
        self._error = None
        try:
            response = await sending
        except httpx.TransportError as error:
            self._error = error
            self.doubtful |= failure_of(error) is Failure.LOST
            return None
        self.doubtful |= response.status_code in PASSING - {423, 429}
        return response

    def _meaning(self, outcome: httpx.Response | None) -> Exception:
        if outcome is not None:
            return translate(outcome, self._about, self._graph.clock.now())
        assert self._error is not None
        return unreachable(self._error, self._about, self._error.request.url.host)
