"""Name resolution of what everything else stands on."""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, Remedy, failed, ok
from service.errors import Unreachable
from service.graph.probes.hosts import resolve

NAME = "names"


async def run(at: Asked) -> Iterable[Finding]:
    settings = at.settings
    urls = dict.fromkeys((settings.authority_url, settings.graph_url))
    return await asyncio.gather(*(resolved(NAME, url) for url in urls))


async def resolved(name: str, url: str) -> Finding:
    """Tell whether a host has an address, for any check."""
    host = urlsplit(url).hostname or ""
    try:
        return ok(name, f"{host}: {await resolve(url)}")
    except Unreachable as error:
        return failed(name, error.reason, remedy(host))


def remedy(host: str) -> Remedy:
    return Remedy(
        who="administrator of this machine or of its network",
        steps=(
            f"getent hosts {host}",
            "mend the name servers in /etc/resolv.conf, or set HTTPS_PROXY to the proxy that "
            "resolves names here",
        ),
    )


CHECK = Check(name=NAME, does="Resolves the hosts of Entra ID and Microsoft Graph.", run=run)
