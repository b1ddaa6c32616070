"""The machine's clock beside Microsoft's."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, clocks, warning


async def run(at: Asked) -> Iterable[Finding]:
    there = await at.probes.entrance.time()
    if there is None:
        return [warning(clocks.NAME, "Microsoft Graph did not tell the time: a proxy in between?")]
    return [clocks.judged(at.now, there)]


CHECK = Check(
    name=clocks.NAME,
    does="Holds the machine's clock against the time that Graph's answers tell.",
    run=run,
    needs=("names",),
)
