"""The network's events, from the calendar and from the state: whose meetings there are."""

from collections.abc import Iterable
from datetime import timedelta

from service.checking.asked import AskedOfNetwork
from service.domain.meeting import groups_of
from service.errors import StateError
from service.jobs.known import CALENDAR
from service.observe import SeenEvent
from service.store import look_at, open_store

BACK, AHEAD = timedelta(days=60), timedelta(days=120)


async def read_events(at: AskedOfNetwork) -> tuple[SeenEvent, ...]:
    """Read what the calendar holds of the last two and the next four months."""
    return await at.once.ask(f"{at.network.id}/events", lambda: _read(at))


async def known_events(at: AskedOfNetwork) -> tuple[SeenEvent, ...]:
    """The network's meetings, each once: of the calendar as it is, and as the state knows it."""
    found = {one.id: one for one in (*await _remembered(at), *await read_events(at))}
    return tuple(one for one in found.values() if groups_of(one, at.network))


async def _read(at: AskedOfNetwork) -> tuple[SeenEvent, ...]:
    window = (at.now - BACK, at.now + AHEAD)
    calendar = at.gateway.calendar(at.network.mailbox)
    return tuple(
        [
            change.value
            async for page in calendar.changes(None, window)
            for change in page.changes
            if change.value is not None
        ]
    )


async def _remembered(at: AskedOfNetwork) -> Iterable[SeenEvent]:
    url = at.settings.state_url.get_secret_value()
    try:
        looks = look_at(url)
        if looks.version != looks.newest:
            return ()
        store = open_store(url)
    except StateError:
        # The check of the state tells of it.
        return ()
    try:
        return tuple((await store.ledger(at.network.id).seen(CALENDAR, SeenEvent)).values())
    finally:
        store.close()
