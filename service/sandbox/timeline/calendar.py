"""Acts in calendars."""

from dataclasses import dataclass
from datetime import datetime

from service.sandbox.timeline.act import Act, Content


@dataclass(frozen=True, kw_only=True)
class Invite(Act):
    """An organiser invites; the event is in the network mailbox's calendar from then on."""

    key: str
    organizer: str
    """Id of the person."""
    subject: str
    body_html: str
    start: datetime
    end: datetime
    location: str = ""
    attendees: tuple[str, ...] = ()
    """Addresses, the groups' among them."""
    categories: tuple[str, ...] = ()
    online: bool = False
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class Reinvite(Act):
    """The organiser changes an event: only what is given changes."""

    key: str
    subject: str | None = None
    body_html: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    location: str | None = None


@dataclass(frozen=True, kw_only=True)
class CancelInvite(Act):
    key: str


@dataclass(frozen=True, kw_only=True)
class Attach(Act):
    key: str
    name: str
    content_type: str
    content: Content
    inline: bool = False
