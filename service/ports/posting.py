"""How a post leaves the house: what is handed over, and what comes back."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from service.domain.post import Appointment, Card


@dataclass(frozen=True, kw_only=True)
class Message:
    """One post to one channel; every transport draws it in its own way."""

    key: str
    """To be carried inside, in the link of the main button (`service.domain.post.with_key`)."""
    card: Card
    groups: tuple[str, ...] = ()
    """Ids of the focus groups that it concerns; empty: all."""
    appointment: Appointment | None = None
    """Set where it is about a date that readers may want in their calendars."""


class Delivery(StrEnum):
    PROVED = "proved"
    """It is there: the service gave its id."""
    QUEUED = "queued"
    """Accepted; whether it arrived must be read where it should be."""
    REFUSED = "refused"
    """It was not posted and will not be."""
    UNKNOWN = "unknown"
    """The answer was lost: it may have been posted."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    delivery: Delivery
    message_id: str | None = None
    reason: str = ""
    retry_at: datetime | None = None
    """Set where a refusal passes or can be mended: when another try is worth it."""


class Poster(Protocol):
    """A way to one channel. Never raises for an answer: the receipt tells."""

    async def post(self, message: Message) -> Receipt:
        """Send it, once: nothing is repeated from here."""


@runtime_checkable
class Changeable(Poster, Protocol):
    """A way by which a message can be changed, too, by the id that its receipt gave."""

    async def update(self, message_id: str, message: Message) -> Receipt:
        """Put another card in its place."""

    async def withdraw(self, message_id: str) -> Receipt:
        """Take it back. One that is gone already is PROVED."""
