"""The daemon's web listener: there only where the settings ask for something that it serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from service.jobs.plans import subscribed
from service.web.app import application
from service.web.calendars import Feed, Read
from service.web.serving import listening
from service.wiring import Office
from service.workplace import Workplace

log = structlog.get_logger()


@asynccontextmanager
async def serving(office: Office) -> AsyncIterator[None]:
    """Listen while the block runs, if there is a calendar to subscribe to. Raises PortTaken."""
    calendars = dict[str, Read]()
    for at, chosen in zip(office.workplaces, office.settings.networks, strict=True):
        token = chosen.calendar_token and chosen.calendar_token.get_secret_value()
        if token:
            calendars[token] = _reader(at)
    if not calendars:
        yield
        return
    settings = office.settings
    async with listening(application(calendars), settings.web_host, settings.web_port) as address:
        log.info("listening", address=address)
        yield


def _reader(at: Workplace) -> Read:
    async def read() -> Feed | None:
        found = await subscribed(at)
        return Feed(content=found[0], changed=found[1]) if found else None

    return read
