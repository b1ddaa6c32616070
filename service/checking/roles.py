"""Application permissions in the token."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, consent


async def run(at: Asked) -> Iterable[Finding]:
    return consent.judged(await at.roles(), at.settings.client_id)


CHECK = Check(
    name=consent.NAME,
    does="Holds the application permissions in the token against those wanted.",
    run=run,
    needs=("sign-in",),
)
