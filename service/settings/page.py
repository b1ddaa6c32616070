"""Who may reach the daemon's page: what must be set together for it to be safe."""

import re
from collections.abc import Iterator
from ipaddress import ip_network

from service.settings.installation import Installation
from service.settings.kinds import is_loopback
from service.settings.problems import problem

_TOKEN = re.compile(r"[!-~]{20,}")
"""What a header carries, long enough that nobody guesses it."""
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110, 5.6.2: token."""


def of_page(settings: Installation) -> Iterator[str]:
    """Yield what is wrong with how the page is opened, and to whom."""
    yield from _values(settings)
    header, proxies = settings.web_user_header, settings.web_proxies
    if header and not proxies:
        reason = "is not set but NATVERKET_WEB_USER_HEADER is: anybody could send that header"
        yield problem("NATVERKET_WEB_PROXIES", reason, "the addresses of the proxy")
    if proxies and not header:
        reason = "is not set but NATVERKET_WEB_PROXIES is"
        yield problem("NATVERKET_WEB_USER_HEADER", reason, "the header that the proxy sets")
    is_near = is_loopback(f"//{_bracketed(settings.web_host)}")
    if not is_near and settings.web_token is None and not (header and proxies):
        reason = f"{settings.web_host} is beyond this machine, and nothing asks who comes"
        write = (
            "127.0.0.1, or set NATVERKET_WEB_TOKEN, or NATVERKET_WEB_USER_HEADER with "
            "NATVERKET_WEB_PROXIES"
        )
        yield problem("NATVERKET_WEB_HOST", reason, write)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _values(settings: Installation) -> Iterator[str]:
    token = settings.web_token
    if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
        reason = "is shorter than 20 signs, or has others than letters, digits and signs of ASCII"
        yield problem("NATVERKET_WEB_TOKEN", reason, "what `openssl rand -hex 24` makes")
    header = settings.web_user_header
    if header is not None and not _HEADER.fullmatch(header):
        yield problem(
            "NATVERKET_WEB_USER_HEADER", "is no name of a header", "one such as X-Forwarded-User"
        )
    for proxy in settings.web_proxies or ():
        try:
            ip_network(proxy, strict=False)
        except ValueError:
            reason = f"{proxy} is neither an address nor a network"
            yield problem("NATVERKET_WEB_PROXIES", reason, "such as 10.0.0.5 or 10.0.0.0/8")
