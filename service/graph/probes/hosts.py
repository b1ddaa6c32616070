"""Names of hosts to addresses, as this machine finds them."""

import asyncio
import socket
from urllib.parse import urlsplit

from service.errors import Unreachable
from service.graph.transport import is_loopback, proxy_for


async def resolve(url: str) -> str:
    """
    Resolve a URL's host; return how it is reached: by address, or by a proxy that resolves it.

    Raises Unreachable.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = proxy_for(f"{parts.scheme}://{host}")
    asked = urlsplit(proxy).hostname or "" if proxy else host
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            asked, parts.port or 443, type=socket.SOCK_STREAM
        )
    except OSError as error:
        said = error.strerror or "no such name"
        raise Unreachable(f"name {asked}", f"{asked} is not resolved: {said}") from error
    if proxy:
        return f"by the proxy {asked}"
    return "this machine" if is_loopback(host) else str(found[0][4][0])
