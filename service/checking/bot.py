"""Posting as a bot."""

import re
from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.channels import named_channels
from service.checking.check import Check, NotTriedError
from service.domain.check import Finding, channels, failed, ok, unused
from service.domain.routes import Transport
from service.errors import SignInRefused
from service.ports import Delivery, Receipt

NAME = "posts by bot"
PATIENCE = 30.0
"""Seconds that are waited where the connector names a pause."""


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    if Transport.BOT not in at.chosen.routes.used:
        return [unused(NAME, "nothing is posted by bot")]
    try:
        await at.probes.channels.prove_bot()
    except SignInRefused as error:
        return [failed(NAME, f"the bot's sign-in: {error.reason}", channels.bot_app(error.remedy))]
    found = list[Finding]()
    for setting, id_ in named_channels(at.chosen):
        seen = await _asked(at, id_)
        if seen.delivery is Delivery.PROVED:
            continue
        if "ConversationNotFound" in seen.reason and at.chosen.read_channel:
            raise NotTriedError("channel read failed")
        if "ConversationNotFound" in seen.reason:
            said = f"{setting}: {id_}: {_short(seen.reason)}"
            found.append(failed(NAME, said, channels.channel_id(setting)))
        else:
            return [failed(NAME, _short(seen.reason), channels.bot())]
    return found or [ok(NAME, "the bot signs in and is in the team; who may be there was asked")]


def _short(reason: str) -> str:
    """Status and code of a refusal that repeats its JSON; anything else as it is."""
    code = re.search(r'"code":\s*"([^"]+)"', reason)
    return f"{reason.partition(' ')[0]} {code.group(1)}" if code else reason


async def _asked(at: AskedOfNetwork, channel: str) -> Receipt:
    """Once more where the connector asks for a moment's patience: rosters are told slowly."""
    seen = await at.probes.channels.bot_is_in(channel)
    wait = (seen.retry_at - at.now).total_seconds() if seen.retry_at else 0.0
    if not 0 < wait <= PATIENCE:
        return seen
    await at.clock.sleep(wait)
    return await at.probes.channels.bot_is_in(channel)


CHECK = Check(
    name=NAME,
    does="Asks, as the bot, who is in each channel: only one that is there may.",
    run=run,
    needs=("sign-in",),
)
