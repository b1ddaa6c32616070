"""Acts in channels."""

from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content


@dataclass(frozen=True, kw_only=True)
class Say(Act):
    """A person writes in a channel."""

    key: str
    channel: str
    """Id of the channel."""
    author: str
    html: str
    reply_to: str | None = None
    subject: str | None = None
    importance: str = "normal"
    """`normal`, `high` or `urgent`."""
    mentions: tuple[str, ...] = ()
    """Ids or addresses; `<at id="0">…</at>` in the text is the first, or goes before it."""
    files: tuple[str, ...] = ()
    """Addresses of files that are shared with it."""


@dataclass(frozen=True, kw_only=True)
class EditMessage(Act):
    """The author writes something else in its place."""

    key: str
    html: str


@dataclass(frozen=True, kw_only=True)
class DeleteMessage(Act):
    """The author takes it back; its place stays."""

    key: str


@dataclass(frozen=True, kw_only=True)
class React(Act):
    key: str
    """Of the message."""
    by: str
    reaction: str = "👍"
    away: bool = False
    """Takes the reaction back."""


@dataclass(frozen=True, kw_only=True)
class ViolatePolicy(Act):
    """Data loss prevention marks a message."""

    key: str
    tip: str
    blocked: bool = True


@dataclass(frozen=True, kw_only=True)
class AddMember(Act):
    person: str
    by: str
    channel: str | None = None
    """A private or shared channel; None: the team."""
    owner: bool = False


@dataclass(frozen=True, kw_only=True)
class RemoveMember(Act):
    person: str
    by: str
    channel: str | None = None


@dataclass(frozen=True, kw_only=True)
class RenameChannel(Act):
    channel: str
    name: str
    by: str


@dataclass(frozen=True, kw_only=True)
class StartCall(Act):
    """A meeting begins in a channel."""

    key: str
    channel: str
    by: str


@dataclass(frozen=True, kw_only=True)
class EndCall(Act):
    key: str
    """Of the call's start."""
    took: int
    """Seconds."""


@dataclass(frozen=True, kw_only=True)
class SwitchFlow(Act):
    """Somebody turns a flow on or off, or it is suspended or deleted."""

    flow: str
    state: str
    """`Enabled`, `Disabled`, `Suspended` or `Deleted`."""


@dataclass(frozen=True, kw_only=True)
class BreakFlow(Act):
    """A flow goes on taking cards and posts none of them."""

    flow: str
    why: str
    """`owner left`, `connection expired` or `throttled`."""


@dataclass(frozen=True, kw_only=True)
class MendFlow(Act):
    """Its owner signs in again, or a co-owner takes it over."""

    flow: str


@dataclass(frozen=True, kw_only=True)
class RenewFlowAddress(Act):
    """The address gets another signature; the one handed out before is dead."""

    flow: str


@dataclass(frozen=True, kw_only=True)
class InstallApp(Act):
    app: str
    """Client id; its bot is in the team from now on."""


@dataclass(frozen=True, kw_only=True)
class AddTeamsApp(Act):
    """An owner adds a Teams app from its package. One that Teams would refuse is refused."""

    content: Content
    """The zip. Its bot is in the team from now on, and its consents in the team are given."""


@dataclass(frozen=True, kw_only=True)
class UninstallApp(Act):
    app: str
    """Client id; its consent to read the team's channels goes with it."""


@dataclass(frozen=True, kw_only=True)
class ConsentInTeam(Act):
    """An owner consents to the app's reading the team's channels, or takes the consent back."""

    app: str
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class BlockApp(Act):
    """The team's owners let the bot write no more."""

    app: str
