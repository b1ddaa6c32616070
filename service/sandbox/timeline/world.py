"""Who and what is there on the first day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account in the tenant; `guest` where the home is another municipality."""

    id: str
    name: str
    mail: str
    guest: bool = False


@dataclass(frozen=True, kw_only=True)
class Federated:
    """A federated credential: whose word is taken that a workload is the app."""

    subject: str
    issuer: str | None = None
    """None for the issuer that the sandbox plays itself."""
    audience: str = "api://AzureADTokenExchange"


@dataclass(frozen=True, kw_only=True)
class App:
    """An app registration and what it was granted. Roles as in the token's `roles` claim."""

    client_id: str
    secret: str
    name: str
    roles: tuple[str, ...]
    site_role: str | None = None
    """`read`, `write`, `manage` or `fullcontrol`: the grant on the site under Sites.Selected."""
    site_grants: Mapping[str, str] = field(default_factory=dict)
    """Keys of the world's further sites to the same."""
    calendars: tuple[str, ...] = ()
    """Mailboxes whose calendar Exchange lets it read (RBAC for Applications)."""
    sends_as: tuple[str, ...] = ()
    """Mailboxes from which Exchange lets it send (`Application Mail.Send`)."""
    reads_mail: tuple[str, ...] = ()
    """Mailboxes whose mail Exchange lets it read (`Application Mail.Read`)."""
    writes_mail: tuple[str, ...] = ()
    """Mailboxes whose mail Exchange lets it read and change (`Application Mail.ReadWrite`)."""
    organizers: tuple[str, ...] = ()
    """Ids of people to whom an application access policy for online meetings is granted."""
    reads_channels: bool = False
    """ChannelMessage.Read.Group by resource-specific consent in the team."""
    installed: bool = False
    """Its Teams app, with a bot, is installed in the team on the first day."""
    activity_types: tuple[str, ...] = ()
    """Types of activity notification that its Teams app declares."""
    scopes: tuple[str, ...] = ()
    """Delegated permissions to which an administrator has consented for everybody."""
    public: bool = False
    """Whether it may sign people in without proving itself (public client flows)."""
    redirects: tuple[str, ...] = ()
    """Where the browser may go back to without a secret; on loopback any port will do."""
    web_redirects: tuple[str, ...] = ()
    """The same where the app has to prove itself."""
    multi_tenant: bool = False
    """Whether `common` and `organizations` will do in place of the tenant's name."""
    federated: tuple[Federated, ...] = ()
    managed: bool = False
    """Whether the host that it runs on signs it in (managed identity)."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """A site beside the network's own: another team's, a private channel's, or a OneDrive."""

    key: str
    """How the seed names it."""
    name: str
    owner: str | None = None
    """Id of the person whose OneDrive it is."""
    libraries: tuple[str, ...] = ("Dokument",)


@dataclass(frozen=True, kw_only=True)
class Channel:
    id: str
    name: str
    membership: str = "standard"
    """`standard`, `private` or `shared`."""
    site: str | None = None
    """Key of the channel's own site, where it is private or shared."""
    workflow: str | None = None
    """Id of the Workflows flow that posts to this channel, where there is one."""
    connector: str | None = None
    """Key of an Incoming Webhook connector of the older kind, where there is one."""
    members: tuple[str, ...] = ()
    """Ids of those in a private or shared channel, the owner first; a standard one is open."""


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
    team_members: tuple[str, ...] = ()
    """Ids of those in the team, the owner first; where none is named, all `people`."""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Tags of the team by name, with the ids of those who have each."""
    sites: tuple[Site, ...] = ()
    """Sites beside the network's own."""
    recording_days: int | None = 120
    """Days until a recording expires (MeetingRecordingExpirationDays); None for never."""
    transcription: bool = True
    """Whether the tenant's meeting policy allows transcription."""
    levels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """
    Keys of further sites, or empty for the network's own, to ids of people to `none`, `read`,
    `write`, `manage` or `fullcontrol`. Where nothing is said the coordinators own a site, others
    write, and a OneDrive is its owner's alone.
    """
    other_teams: tuple[str, ...] = ()
    """Teams that are there too, in which no app is installed."""
    owners: tuple[str, ...] = ()
    """Ids of the coordinators, who own the team and its site; without any, whoever is no guest."""
    libraries: Mapping[str, str] = field(
        default_factory=lambda: {"Dokumentation": "read", "Samordning": "owners"}
    )
    """
    Display names of libraries that inherit nothing: `read` lets the owners write and the others
    read, `owners` lets nobody else in. All others inherit: whoever is in the team may write.
    """
    labels: Mapping[str, str] = field(default_factory=dict)
    """Retention labels by name: `retain`, `retainAsRecord`, `retainAsRegulatoryRecord`."""
    anonymous_links: bool = False
    """Whether the tenant lets anybody with a link in."""
    switches: Mapping[str, str] = field(default_factory=dict)
    """Answers to open questions about the real service that differ from the defaults."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What the seed adds to the environment file, such as the network's name and groups."""
