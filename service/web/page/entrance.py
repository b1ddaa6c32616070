"""
Who may come in: pure rules over what a request says of itself.

On this machine alone everybody may read and press. Beyond it a token or a proxy that signs
people in is needed; where either is set, or an address beyond this machine, loopback is no
longer enough, because a proxy in front comes from there as well.
"""

import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

LOOPBACK, TOKEN = "loopback", "token"
_LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """What the settings say of it."""

    listens_at: str = "127.0.0.1"
    url: str = ""
    """The address by which people come, where it is another."""
    token: str = field(default="", repr=False)
    user_header: str = ""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()

    @property
    def guarded(self) -> bool:
        return bool(self.url or self.token or self.user_header)

    @property
    def root(self) -> str:
        """The path below which a proxy shows the page; empty where that is the whole host."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def secure(self) -> bool:
        return self.url.startswith("https:")


@dataclass(frozen=True, kw_only=True)
class Came:
    """What a request says of itself."""

    host: str
    """Its Host header."""
    peer: str
    """The address that it came from, as the socket tells."""
    arrived_at: str = ""
    """Our address that it came to."""
    forwarded: bool = False
    """A proxy says that it comes for somebody else."""
    user: str = ""
    """In the header that a proxy sets."""
    bearer: str = ""
    signed_in: bool = False
    """It has a session that holds."""


class Refusal(StrEnum):
    WRONG_HOST = "wrong_host"
    """Another page may have led a browser here under a name of its own (DNS rebinding)."""
    CLOSED = "closed"
    """No token and no proxy is set."""
    PROXY_ONLY = "proxy_only"
    SIGN_IN = "sign_in"
    WRONG_TOKEN = "wrong_token"  # noqa: S105


def admitted(came: Came, entrance: Entrance) -> str | Refusal:
    """Tell who it is: a person's name as the proxy tells it, `token` or `loopback`."""
    if not is_ours(came, entrance):
        return Refusal.WRONG_HOST
    if not entrance.guarded and _is_at_home(came):
        return LOOPBACK
    name = _name(came.user) if is_proxy(came.peer, entrance) else ""
    if name:
        return name
    if not entrance.token:
        return Refusal.PROXY_ONLY if entrance.user_header else Refusal.CLOSED
    if came.bearer:
        return TOKEN if is_token(came.bearer, entrance) else Refusal.WRONG_TOKEN
    return TOKEN if came.signed_in else Refusal.SIGN_IN


def is_token(text: str, entrance: Entrance) -> bool:
    """Compare without telling by time how much of it was right."""
    wanted = entrance.token
    return bool(wanted) and hmac.compare_digest(text.encode(), wanted.encode())


def is_ours(came: Came, entrance: Entrance) -> bool:
    """Tell whether the host asked for is a name of ours."""
    host = host_of(came.host)
    names = {urlsplit(entrance.url).hostname, entrance.listens_at.lower()}
    # An address cannot be bound to somebody else's name.
    return bool(host) and (is_loopback(host) or host in names or _are_one(host, came.arrived_at))


def host_of(header: str) -> str:
    """Return the name in a Host header, without port; empty where it is none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _are_one(host: str, address: str) -> bool:
    try:
        return ip_address(host) == ip_address(address)
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_proxy(peer: str, entrance: Entrance) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in entrance.proxies)


def same_origin(site: str, origin: str, host: str, entrance: Entrance) -> bool:
    """
    Tell whether a form was sent from our own page.

    By `Sec-Fetch-Site` and `Origin` (Fetch standard); a program that sends neither is left
    to the form's token.
    """
    if site and site != "same-origin":
        return False
    if not origin:
        return True
    ours = {host.lower(), urlsplit(entrance.url).netloc.lower()} - {""}
    return urlsplit(origin).netloc.lower() in ours


def _is_at_home(came: Came) -> bool:
    here = is_loopback(came.peer) and is_loopback(host_of(came.host))
    return here and not came.forwarded


def _name(text: str) -> str:
    """What a log may hold: one short line."""
    return "".join(filter(str.isprintable, text)).strip()[:_LONGEST_NAME]
