"""
What happens in the tenant, and when: the language in which a seed is written.

A seed is a `World` (who and what is there on the first day) and a sequence of acts in
time order. The sandbox performs each act when its clock passes `at`. An act whose object
is not there yet (a folder or a list row that the service is to make) waits for it, and is
tried again at every later step of the clock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

Content = Callable[[], bytes]
"""Makes the bytes of a file when they are needed, so that a seed costs nothing until then."""

FieldValue = str | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account in the tenant; `guest` where the home is another municipality."""

    id: str
    name: str
    mail: str
    guest: bool = False


@dataclass(frozen=True, kw_only=True)
class App:
    """An app registration and what it was granted. Roles as in the token's `roles` claim."""

    client_id: str
    secret: str
    name: str
    roles: tuple[str, ...]
    site_role: str | None = None
    """`read`, `write`, `manage` or `fullcontrol`: the grant on the site under Sites.Selected."""
    calendars: tuple[str, ...] = ()
    """Mailboxes whose calendar Exchange lets it read (RBAC for Applications)."""
    organizers: tuple[str, ...] = ()
    """Ids of people to whom an application access policy for online meetings is granted."""
    reads_channels: bool = False
    """ChannelMessage.Read.Group by resource-specific consent in the team."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    id: str
    name: str
    workflow: str | None = None
    """Id of the Workflows flow that posts to this channel, where there is one."""


@dataclass(frozen=True, kw_only=True)
class World:
    """The tenant on its first day."""

    tenant_id: str
    domain: str
    start: datetime
    time_zone: str
    people: tuple[Person, ...]
    apps: tuple[App, ...]
    """The daemon's first, the one that provisions second."""
    mailbox: str
    """Address of the network mailbox, one of `people`."""
    site: str
    """Display name of the network's site."""
    team: str
    channels: tuple[Channel, ...]
    """The network's common channel first."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the seed adds to the environment file, such as the network's name and groups."""


@dataclass(frozen=True, kw_only=True)
class Act:
    at: datetime


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


@dataclass(frozen=True, kw_only=True)
class Upload(Act):
    """A person puts a file, or a new version of it, into a library."""

    drive: str
    """Display name of the library, such as `Dokument` or `Samordning`."""
    folder: str
    """Path below the library's root; made if `make_folder`, else waited for."""
    name: str
    content: Content
    by: str
    make_folder: bool = False


@dataclass(frozen=True, kw_only=True)
class Record(Act):
    """A recording of an online meeting is ready, and its transcript where one was made."""

    key: str
    """Of the invitation."""
    start: datetime
    end: datetime
    content: Content
    transcript: str | None = None
    """WebVTT with speakers, as Teams makes it."""


@dataclass(frozen=True, kw_only=True)
class Presence:
    name: str
    mail: str | None
    """None for somebody who joined without signing in."""
    role: str
    """`Organizer`, `Presenter` or `Attendee`."""
    joined: datetime
    left: datetime


@dataclass(frozen=True, kw_only=True)
class Attend(Act):
    """An attendance report of an online meeting is ready."""

    key: str
    start: datetime
    end: datetime
    records: tuple[Presence, ...]


@dataclass(frozen=True, kw_only=True)
class Say(Act):
    """A person writes in a channel."""

    key: str
    channel: str
    """Id of the channel."""
    author: str
    html: str
    reply_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class EditRow(Act):
    """A coordinator types into a list row; waits until a row matches."""

    list_name: str
    where: Mapping[str, str]
    """Internal column name to value, compared as text; dates by their day (YYYY-MM-DD)."""
    fields: Mapping[str, FieldValue]
    by: str


@dataclass(frozen=True, kw_only=True)
class Seed:
    world: World
    acts: tuple[Act, ...]
    """In time order."""
