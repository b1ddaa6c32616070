"""The daemon's web listener: calendars to subscribe to, and the status page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Protocol

import structlog
from starlette.routing import Route

from service.cli import probing
from service.jobs.plans import subscribed
from service.settings import Settings, describe
from service.web import page
from service.web.app import application
from service.web.calendars import Feed, Read, calendar_route
from service.web.serving import listening

log = structlog.get_logger()


class House(page.House, probing.House, Protocol):
    """The running service, with its settings."""

    @property
    def stopping(self) -> bool: ...

    @property
    def settings(self) -> Settings: ...


@asynccontextmanager
async def serving(house: House) -> AsyncIterator[None]:
    """Listen while the block runs. Raises PortTaken."""
    settings = house.settings
    app = application(routes_of(house, settings))
    async with listening(app, settings.web_host, settings.web_port) as address:
        log.info("listening", address=address)
        yield


def routes_of(house: House, settings: Settings) -> list[Route]:
    """Everything that is served; the page comes last, for it answers whatever nobody else does."""
    entrance = entrance_of(settings)
    may_read = page.admits(house, entrance)
    return [
        calendar_route(_calendars(house, settings)),
        *probing.probes(house, is_stopping=lambda: house.stopping, may_read=may_read),
        *page.page_routes(house, entrance),
    ]


def entrance_of(settings: Settings) -> page.Entrance:
    """Who may come in, as the settings say."""
    token = settings.web_token
    return page.Entrance(
        listens_at=settings.web_host,
        url=settings.web_url or "",
        token=token.get_secret_value() if token else "",
        user_header=settings.web_user_header or "",
        proxies=tuple(ip_network(one, strict=False) for one in settings.web_proxies or ()),
    )


def _calendars(house: page.House, settings: Settings) -> dict[str, Read]:
    """By their tokens; whoever has one reads the plan of its network."""
    found = dict[str, Read]()
    for chosen in settings.networks:
        token = chosen.calendar_token and chosen.calendar_token.get_secret_value()
        if token:
            found[token] = _reader(house, describe(chosen).id)
    return found


def _reader(house: page.House, network_id: str) -> Read:
    """The network is looked up for every request: settings may be read anew."""

    async def read() -> Feed | None:
        there = (at for at in house.workplaces() if at.network.id == network_id)
        at = next(there, None)
        found = await subscribed(at) if at is not None else None
        return Feed(content=found[0], changed=found[1]) if found else None

    return read
