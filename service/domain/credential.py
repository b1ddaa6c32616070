"""What an app proves itself by. A closed set: whoever signs in knows each of them."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ClientSecret:
    """A secret of an app registration."""

    value: str = field(repr=False)
    file: Path | None = None
    """Where it lies, if in a file: read anew for each sign-in, so that another needs no restart."""


@dataclass(frozen=True, kw_only=True)
class ClientCertificate:
    """A certificate of an app registration: a PFX file, or a PEM file with its key."""

    file: Path
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ManagedIdentity:
    """The identity that Azure gives to the machine, or lends to it."""

    client_id: str | None = None
    """Of a user-assigned identity; None: the machine's own."""


@dataclass(frozen=True, kw_only=True)
class FederatedToken:
    """A token of another issuer (Kubernetes, GitHub) that Entra ID trusts for the app."""

    file: Path
    """Read anew for each sign-in: such files are replaced within the hour."""


Proof = ClientSecret | ClientCertificate | ManagedIdentity | FederatedToken
