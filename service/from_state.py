"""What the state tells by itself: no tenant is asked, and nobody signs in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NoReturn

from service.domain.login import Login
from service.graph.clock import SandboxClock
from service.graph.login_file import LoginFile
from service.memory import Memory
from service.own_files import series_of
from service.remembered import remembered, since
from service.settings import NetworkSettings, Settings, describe
from service.signing import credentials_of, login_of
from service.store import Store, open_store
from service.wiring import (
    AnyClock,
    clock_of,
    columns,
    labels_in,
    rules_of,
    texts_of,
    vocabulary,
)
from service.workplace import Workplace


@asynccontextmanager
async def from_state(settings: Settings) -> AsyncIterator[tuple[Workplace, ...]]:
    """Open every network's state. Raises StateError."""
    clock = clock_of(settings)
    store = open_store(settings.state_url.get_secret_value())
    try:
        if isinstance(clock, SandboxClock):
            await clock.refresh()
        yield tuple(
            [await known_workplace(each, settings, store, clock) for each in settings.networks]
        )
    finally:
        store.close()
        if isinstance(clock, SandboxClock):
            await clock.close()


class _Nobody:
    """Stands where a way to the tenant would be."""

    def __getattr__(self, name: str) -> NoReturn:
        raise LookupError(f"the state alone is open: {name} would ask the tenant")


class _KeptLogin:
    """The account's sign-in as its file tells, without using it."""

    def __init__(self, settings: Settings) -> None:
        self._at = login_of(settings)

    def login(self) -> Login | None:
        kept = LoginFile(self._at.file, self._at.key).read()
        return kept.login if kept else None


async def known_workplace(
    chosen: NetworkSettings, settings: Settings, store: Store, clock: AnyClock
) -> Workplace:
    """
    Put a network's workplace together from settings and state alone.

    Whatever would ask the tenant raises LookupError. Raises SettingsError, StateError.
    """
    network, nobody = describe(chosen), _nobody()
    ledger = store.ledger(network.id)
    started = await since(ledger) or clock.now()
    return Workplace(
        network=network,
        places=await remembered(chosen, settings.client_id, ledger),
        rules=rules_of(settings, chosen),
        texts=texts_of(network, chosen),
        series=series_of(chosen.series or (), network),
        labels=labels_in(network.language),
        columns=columns(),
        vocabulary=vocabulary(network.survey),
        memory=Memory(),
        clock=clock,
        ledger=ledger,
        journal=store.journal(network.id),
        calendar=nobody,
        drives=nobody,
        register=nobody,
        meetings=nobody,
        messages={},
        posts_wait_until=started + timedelta(weeks=chosen.approve_first_weeks),
        outlets=(),
        credentials=credentials_of(settings, chosen, _KeptLogin(settings), network.time_zone),
    )


def _nobody() -> Any:
    return _Nobody()
