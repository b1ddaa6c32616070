"""
Administrators are told what needs them: by card, by mail, else by the log alone.

Each telling is claimed before it is sent and recorded after, as posts are: a restart does not
tell again, and of two processes one tells. What every way refused is tried again; what may have
been told is not.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime

import structlog

from service.domain.alarm import Alarm, Telling, all_told, decide
from service.domain.post import COMMON, Card, Key
from service.domain.redaction import redacted
from service.domain.standing import Need, Standing
from service.effects.alarms import JOB, Book, Kept, Unkept
from service.errors import NatverketError, StateError
from service.jobs.failing import impersonal
from service.ports import Clock, Delivery, Message, Poster, Receipt
from service.settings import Mode, Settings
from service.signing import gateway_of
from service.store import Store

log = structlog.get_logger()

INSTALLATION = "*"
"""Whose ledger it is kept in: no network's, and no network can be called so."""

Doors = Mapping[str, Poster]
"""Ways to administrators by name: `card`, `mail`."""
Open = Callable[[Settings, Clock], AbstractAsyncContextManager[Doors]]


@asynccontextmanager
async def doors_of(settings: Settings, clock: Clock) -> AsyncIterator[Doors]:
    """Open the ways that are set; nobody signs in before something is sent."""
    async with gateway_of(settings, clock) as gateway:
        doors: dict[str, Poster] = {}
        if settings.admin_url is not None:
            doors["card"] = gateway.workflow(settings.admin_url.get_secret_value())
        if settings.admin_mail:
            mailbox = settings.networks[0].mailbox
            doors["mail"] = gateway.mailing(mailbox, {COMMON: settings.admin_mail})
        yield doors


class Teller:
    """Tells each need once. One a daemon; what a state that fails cannot keep, it keeps itself."""

    def __init__(self, settings: Settings, clock: Clock, *, doors: Open = doors_of) -> None:
        self._settings = settings
        self._clock = clock
        self._doors = doors
        self._unkept = Unkept()
        named = settings.admin_url is not None or bool(settings.admin_mail)
        self._is_heard = named and settings.mode is Mode.ACT

    async def tell(self, standing: Standing, store: Store | None) -> tuple[str, ...]:
        """
        Tell what is due of a standing; return the ids of the needs told just now.

        Where there is no state, or it fails, that alone is told, once a process: what else was
        told before is not known then.
        """
        try:
            if store is not None:
                return await self._tell_by(standing.needs, store)
        except StateError as error:
            log.warning("alarms_not_kept", why=error.reason)
        of_state = [need for need in standing.needs if need.kind == "state"]
        return await self._tell(of_state, self._unkept)

    async def _tell_by(self, needs: Sequence[Need], store: Store) -> tuple[str, ...]:
        ledger = store.ledger(INSTALLATION)
        if decide(needs, await self._book(ledger).alarms(), self._clock.now()).is_idle:
            return ()
        with store.exclusive(f"{INSTALLATION}/{JOB}") as free:
            return await self._tell(needs, ledger) if free else ()

    def _book(self, kept: Kept) -> Book:
        # Whoever is to be told from now on has not been by what stood in the log alone.
        return Book(kept, "told" if self._is_heard else "logged", self._clock)

    async def _tell(self, needs: Iterable[Need], kept: Kept) -> tuple[str, ...]:
        book = self._book(kept)
        decision = decide(needs, await book.alarms(), self._clock.now())
        await book.note(decision)
        tell = [one for one in decision.tell if await book.claim(one)]
        clear = [one for one in decision.clear if await book.claim_end(one)]
        if not tell and not clear:
            return ()
        receipt = await self._send(tell, clear)
        _log(tell, clear)
        try:
            for one in tell:
                await book.record(one, receipt)
            for over in clear:
                await book.record_end(over, receipt)
        except StateError as error:
            # It stays claimed, which is as good as told.
            log.warning("alarms_not_kept", why=error.reason)
        refused = receipt is not None and receipt.delivery is Delivery.REFUSED
        return () if refused else tuple(one.need.id for one in tell)

    async def _send(self, tell: Sequence[Telling], clear: Sequence[Alarm]) -> Receipt | None:
        """Send by every way that is set; None where none is."""
        if not self._is_heard:
            return None
        now, page = self._clock.now(), self._settings.web_url
        several = len(self._settings.networks) > 1
        message = _message(all_told(tell, clear, now=now, page=page, several=several), now)
        receipts: list[Receipt] = []
        async with self._doors(self._settings, self._clock) as doors:
            for name, poster in doors.items():
                receipt = await _post(poster, message)
                receipts.append(receipt)
                if receipt.delivery is Delivery.REFUSED:
                    log.warning("admins_not_told", via=name, why=_why(receipt.reason))
        return _best(receipts)


async def _post(poster: Poster, message: Message) -> Receipt:
    try:
        return await poster.post(message)
    except NatverketError as error:
        return Receipt(delivery=Delivery.REFUSED, reason=impersonal(error))


def _why(reason: str) -> str:
    """Of an answer its status alone: what else it says is Microsoft's, and may name people."""
    status = _STATUS.match(reason)
    return f"answered {status.group()}" if status else redacted(reason)


_STATUS = re.compile(r"\d{3}\b")


def _best(receipts: Sequence[Receipt]) -> Receipt:
    """Whoever was told by one way has been told; what may have arrived counts as that."""
    order = (Delivery.PROVED, Delivery.QUEUED, Delivery.UNKNOWN, Delivery.REFUSED)
    return min(receipts, key=lambda receipt: order.index(receipt.delivery))


def _message(card: Card, now: datetime) -> Message:
    key = Key(
        network="all",
        channel="admins",
        subject=f"{now:%Y-%m-%d}",
        kind=JOB,
        occurrence=f"{now:%H%M%S}",
    )
    return Message(key=str(key), card=card)


def _log(tell: Sequence[Telling], clear: Sequence[Alarm]) -> None:
    for one in tell:
        need = one.need
        log.warning(
            "admin_needed",
            need=need.id,
            kind=str(need.kind),
            network=need.network_id,
            why=need.said,
            remedy=need.remedy,
        )
    for over in clear:
        log.info("admin_need_ended", need=over.thing, network=over.network_id)
