"""The network mailbox's calendar."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.checking.events import read_events
from service.domain.check import Finding, failed, mailbox, ok, warning
from service.domain.check.sites import named
from service.domain.meeting import groups_of
from service.errors import Forbidden, NotFound

NAME = "calendar"


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    address = at.network.mailbox
    try:
        events = await read_events(at)
    except Forbidden as error:
        remedy = mailbox.role(at.settings.client_id, address, mailbox.CALENDAR)
        return [failed(NAME, f"{address}: {error.reason}", remedy)]
    except NotFound as error:
        remedy = named("NATVERKET_NETWORK_MAILBOX")
        return [failed(NAME, f"{address}: {error.reason}", remedy)]
    ours = sum(1 for one in events if groups_of(one, at.network))
    said = f"{address}: {len(events)} events of six months, {ours} of them the network's"
    if events and not ours:
        return [warning(NAME, f"{said}: none names a focus group")]
    return [ok(NAME, said)]


CHECK = Check(
    name=NAME,
    does="Reads the calendar of the network mailbox.",
    run=run,
    needs=("sign-in",),
)
