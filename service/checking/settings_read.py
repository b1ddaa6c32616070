"""Settings: that they could be read was seen before anything else."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, ok, warning
from service.settings import Mode, NetworkSettings

NAME = "settings"

UNTOLD = (
    "coordinators get no notices: set NATVERKET_NETWORK_COORDINATOR_CHANNEL and "
    "NATVERKET_NETWORK_COORDINATOR_URL, or NATVERKET_NETWORK_COORDINATOR_MAIL"
)


def _tells(chosen: NetworkSettings) -> bool:
    """Whether coordinators get notices by channel or by mail."""
    return bool(chosen.coordinator_channel or chosen.coordinator_url or chosen.coordinator_mail)


async def run(at: Asked) -> Iterable[Finding]:
    settings = at.settings
    networks = ", ".join(at.of(each).network.id for each in settings.networks)
    mode = "plans and writes nothing" if settings.mode is Mode.OBSERVE else "acts"
    return [
        ok(NAME, f"read; network {networks}; the service {mode}"),
        *(warning(NAME, note) for note in settings.notes),
        *(warning(NAME, UNTOLD) for each in settings.networks if not _tells(each)),
    ]


CHECK = Check(name=NAME, does="Reads every setting, and tells what was ignored.", run=run)
