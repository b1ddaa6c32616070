"""Channels: that each is there and can be read."""

from collections.abc import Iterable, Iterator

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, channels, failed, ok, unused
from service.errors import Forbidden, NotFound
from service.settings import NetworkSettings

NAME = "channel read"


def named_channels(chosen: NetworkSettings) -> Iterator[tuple[str, str]]:
    """Yield each channel that is named, after the setting that names it."""
    named = (("CHANNEL", chosen.channel), ("COORDINATOR_CHANNEL", chosen.coordinator_channel))
    groups = (("GROUP_CHANNELS", id_) for id_ in (chosen.group_channels or {}).values())
    yield from ((f"NATVERKET_NETWORK_{key}", id_) for key, id_ in (*named, *groups) if id_)


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    there = tuple(named_channels(at.chosen))
    if not at.chosen.read_channel or at.chosen.team is None or not there:
        said = "not used: posts are sent at most once and not proved; the letter has no questions"
        return [unused(NAME, said, channels.consent())]
    found = list[Finding]()
    for setting, id_ in there:
        try:
            await at.probes.channels.prove_reading(at.chosen.team, id_)
        except Forbidden as error:
            # It holds for the whole team: the next channel would say the same.
            return [failed(NAME, f"refused: {error.reason}", channels.consent())]
        except NotFound as error:
            said = f"{setting}: {id_} is not there: {error.reason}"
            found.append(failed(NAME, said, channels.channel_id(setting)))
    each = "1 channel" if len(there) == 1 else f"{len(there)} channels"
    return found or [ok(NAME, f"{each} read: posts are proved")]


CHECK = Check(
    name=NAME,
    does="Reads a page of one message from each channel.",
    run=run,
    needs=("sign-in",),
)
