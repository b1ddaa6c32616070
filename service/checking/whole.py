"""The whole check: of the installation, then of each network."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from service.checking import OF_A_NETWORK, OF_ALL
from service.checking.asked import asking
from service.checking.running import PATIENCE, Task, begin, with_needs
from service.domain.check import Finding
from service.graph.clock import SystemClock
from service.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Part:
    """What is told together: the installation's findings, or a network's."""

    network: str
    """The network's name; empty for the installation."""
    findings: tuple[Finding, ...]


Tell = Callable[[str, Finding], None]
"""Is told of each finding as it comes, after the network's name (empty: the installation)."""


def names() -> tuple[str, ...]:
    return (*(one.name for one in OF_ALL), *(one.name for one in OF_A_NETWORK))


async def patient() -> None:
    """Wait as long as a check may take, by the machine's clock."""
    await SystemClock().sleep(PATIENCE)


async def check(
    settings: Settings,
    wanted: Collection[str],
    tell: Tell,
    patience: Callable[[], Awaitable[None]] = patient,
) -> tuple[Part, ...]:
    """Carry out the checks that are named, side by side, and tell of them in their order."""
    of_networks = with_needs(OF_A_NETWORK, wanted)
    needed = {need for one in of_networks for need in one.needs}
    of_all = with_needs(OF_ALL, {*wanted, *needed})
    parts = list[Part]()
    async with asking(settings) as at:
        general = begin(of_all, at, {}, patience)
        several = [at.of(chosen) for chosen in settings.networks]
        own = [begin(of_networks, each, general, patience) for each in several]
        shown = [one.name for one in of_all if one.name in wanted]
        parts.append(await _told("", shown, general, tell))
        shown = [one.name for one in of_networks if one.name in wanted]
        for each, tasks in zip(several, own, strict=True):
            parts.append(await _told(each.network.name, shown, tasks, tell))
        # What was only needed has ended too, or nobody asks for it.
        for task in {*general.values(), *(task for tasks in own for task in tasks.values())}:
            task.cancel()
    return tuple(parts)


async def _told(network: str, shown: Iterable[str], tasks: Mapping[str, Task], tell: Tell) -> Part:
    found = list[Finding]()
    for name in shown:
        for finding in await tasks[name]:
            tell(network, finding)
            found.append(finding)
    return Part(network=network, findings=tuple(found))
