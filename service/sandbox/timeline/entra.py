"""Acts in the directory: what administrators decide, and what becomes of people's sign-ins."""

from dataclasses import dataclass
from datetime import datetime

from service.sandbox.timeline.act import Act


@dataclass(frozen=True, kw_only=True)
class RevokeSignIns(Act):
    """A password is changed, or an administrator revokes: she has to sign in anew."""

    person: str


@dataclass(frozen=True, kw_only=True)
class IdleSignIns(Act):
    """As if nobody had used her sign-ins for longer than they live."""

    person: str


@dataclass(frozen=True, kw_only=True)
class BlockAccount(Act):
    """Her account may not sign in; everything else of hers is as it was."""

    person: str
    blocked: bool = True


@dataclass(frozen=True, kw_only=True)
class Leave(Act):
    """She leaves the organisation: her account goes, what she wrote stays."""

    person: str


@dataclass(frozen=True, kw_only=True)
class ConditionalAccess(Act):
    """A policy that blocks sign-ins or demands a second factor."""

    name: str
    control: str
    """`block`, `mfa`, or empty to take the policy away."""
    person: str | None = None
    """Id of whom it is about; None for everybody."""
    app: str | None = None
    """Client id of the app that it is about; None for all."""
    workload: bool = False
    """Whether it is about apps that act by themselves, and not about people."""


@dataclass(frozen=True, kw_only=True)
class DisableApp(Act):
    """An administrator disables the enterprise application, or enables it again."""

    app: str
    disabled: bool = True


@dataclass(frozen=True, kw_only=True)
class SecretExpires(Act):
    """The app's secrets, or one of them, are past their last day."""

    app: str
    secret: str | None = None


@dataclass(frozen=True, kw_only=True)
class RemoveCertificates(Act):
    """The app's certificates are taken away."""

    app: str


@dataclass(frozen=True, kw_only=True)
class NewSecret(Act):
    """The app gets another secret; those it has are good until they are taken away."""

    app: str
    secret: str
    expires: datetime | None = None
    remove_others: bool = False


@dataclass(frozen=True, kw_only=True)
class GrantRole(Act):
    """An administrator consents to an application permission, or withdraws it."""

    app: str
    role: str
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class GrantSite(Act):
    """The app's grant on a site under Sites.Selected."""

    app: str
    role: str
    """`read`, `write`, `manage`, `fullcontrol`; empty withdraws."""
    site: str = ""
    """Display name of the site; empty for the network's own."""


@dataclass(frozen=True, kw_only=True)
class GrantMailbox(Act):
    """Exchange RBAC for Applications on one mailbox."""

    app: str
    mailbox: str
    role: str = "Calendars.Read"
    """`Calendars.Read`, `Mail.Read` or `Mail.Send`."""
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class GrantOrganizer(Act):
    """An application access policy for online meetings, granted to an organiser."""

    app: str
    person: str
    withdrawn: bool = False
