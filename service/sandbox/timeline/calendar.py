"""Acts in calendars."""

from dataclasses import dataclass
from datetime import date, datetime

from service.sandbox.timeline.act import Act, Content


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """How an event comes again, in Graph's words (recurrencePattern and recurrenceRange)."""

    type: str
    """`daily`, `weekly`, `absoluteMonthly`, `relativeMonthly`, `absoluteYearly` or
    `relativeYearly`."""
    interval: int = 1
    days: tuple[str, ...] = ()
    """Days of the week, such as `tuesday`; for weekly and relative patterns."""
    index: str = "first"
    """`first` to `fourth` or `last`, for relative patterns."""
    day_of_month: int = 1
    month: int = 1
    first_day: str = "monday"
    count: int | None = None
    """How many times; without it and without `until`, for ever."""
    until: date | None = None
    """The last day."""


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
    optional: tuple[str, ...] = ()
    """Addresses that need not come."""
    rooms: tuple[str, ...] = ()
    """Addresses of rooms; the attendees of kind `resource`."""
    categories: tuple[str, ...] = ()
    online: bool = False
    private: bool = False
    recurrence: Recurrence | None = None
    """A series: `start` and `end` are those of the first time."""
    zone: str | None = None
    """IANA name of the event's own time zone, by which a series comes again; else the world's."""
    all_day: bool = False
    """From midnight to midnight in the event's zone."""
    importance: str = "normal"
    join_of: str | None = None
    """Key of another invitation whose join link this one uses again."""
    channel: str | None = None
    """Id of a channel: the meeting is held in it."""
    response: str = "accepted"
    """What the network mailbox answers where somebody else invites."""


@dataclass(frozen=True, kw_only=True)
class Reinvite(Act):
    """The organiser changes an event: only what is given changes."""

    key: str
    subject: str | None = None
    body_html: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    location: str | None = None
    occurrence: date | None = None
    """Only the one of this day, by its original start; without it a whole series."""
    attendees: tuple[str, ...] | None = None
    categories: tuple[str, ...] | None = None
    private: bool | None = None


@dataclass(frozen=True, kw_only=True)
class CancelInvite(Act):
    key: str
    occurrence: date | None = None
    """Only the one of this day; without it all of a series."""


@dataclass(frozen=True, kw_only=True)
class HandOver(Act):
    """
    Somebody else becomes the organiser. An event's organiser cannot be changed, so the old one
    is cancelled and a new one sent, with an id and a join link of its own.
    """

    key: str
    new_key: str
    organizer: str
    """Id of the new organiser."""


@dataclass(frozen=True, kw_only=True)
class Respond(Act):
    """Somebody who is invited answers."""

    key: str
    by: str
    """Address."""
    response: str
    """`accepted`, `tentativelyAccepted` or `declined`."""
    occurrence: date | None = None


@dataclass(frozen=True, kw_only=True)
class Forward(Act):
    """Somebody forwards an invitation: one more is invited."""

    key: str
    to: str
    """Address."""


@dataclass(frozen=True, kw_only=True)
class MoveEvent(Act):
    """Somebody moves an event to another calendar of the mailbox; it is made if it is not there."""

    key: str
    calendar: str
    """Name of the calendar."""


@dataclass(frozen=True, kw_only=True)
class DeleteEvent(Act):
    """Somebody removes an event from the network mailbox's own calendar. Nothing is cancelled."""

    key: str
    occurrence: date | None = None


@dataclass(frozen=True, kw_only=True)
class MoveMailbox(Act):
    """The mailbox is moved to another server: no link of any delta is good after it."""

    mailbox: str
    """Address."""


@dataclass(frozen=True, kw_only=True)
class Attach(Act):
    key: str
    name: str
    content_type: str
    content: Content
    inline: bool = False
    occurrence: date | None = None


@dataclass(frozen=True, kw_only=True)
class AttachItem(Act):
    """Another mail lies in the invitation."""

    key: str
    subject: str
    body_html: str
    sender: str
    """Address."""


@dataclass(frozen=True, kw_only=True)
class AttachLink(Act):
    """A file in the cloud is linked from the invitation."""

    key: str
    name: str
    url: str
