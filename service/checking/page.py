"""Where the daemon listens, the dead-man's switch, and what makes PDFs."""

import shutil
from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.checking.names import resolved
from service.domain.check import Finding, ok, unused
from service.graph.transport import is_loopback

WEB, PING, PDF = "page", "ping", "pdf"


async def listens(at: Asked) -> Iterable[Finding]:
    settings = at.settings
    where = f"{settings.web_host}:{settings.web_port or 'any port'}"
    if is_loopback(settings.web_host):
        return [ok(WEB, f"listens at {where}: this machine alone")]
    # Without either the settings would have been refused.
    header = f"the header {settings.web_user_header}" if settings.web_user_header else ""
    guards = [guard for guard in ("a token" if settings.web_token else "", header) if guard]
    return [ok(WEB, f"listens at {where}, opened by {' or '.join(guards)}")]


async def ping(at: Asked) -> Iterable[Finding]:
    """Its address is a secret: the host alone is told of, and it is not called."""
    url = at.settings.ping_url
    if url is None:
        return [unused(PING, "nobody is told when the service falls silent: NATVERKET_PING_URL")]
    return [await resolved(PING, url.get_secret_value())]


async def pdf(_: Asked) -> Iterable[Finding]:
    program = next((one for one in map(shutil.which, ("soffice", "libreoffice")) if one), None)
    if program is None:
        return [unused(PDF, "no LibreOffice here: annual reports come as docx alone")]
    return [ok(PDF, f"{program} makes PDF/A of annual reports")]


CHECKS = (
    Check(name=WEB, does="Tells who may open the page.", run=listens),
    Check(name=PING, does="Resolves the host of the dead-man's switch.", run=ping),
    Check(name=PDF, does="Looks for LibreOffice.", run=pdf),
)
