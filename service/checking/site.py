"""The network's site: read, and written."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.checking.names import resolved
from service.domain.check import Finding, Verdict, failed, ok
from service.domain.check.consent import SITES
from service.domain.check.sites import grant, named
from service.errors import BadRequest, Forbidden, NotFound

NAME = "site"


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    client, chosen = at.settings.client_id, at.chosen.site
    try:
        site = await at.site()
        libraries = await at.libraries()
    except Forbidden as error:
        said = f"{chosen}: {error.reason}: the app is not let onto it"
        return [failed(NAME, said, grant(client, chosen))]
    except (BadRequest, NotFound) as error:
        there = " to the site's address, as the browser shows it"
        return [failed(NAME, f"{chosen}: {error.reason}", named("NATVERKET_NETWORK_SITE", there))]
    own = next((one for one in libraries if one.default), libraries[0])
    try:
        host = await at.probes.lists.prove_writing(own.drive_id)
    except Forbidden as error:
        said = f"{site.name} is read; writing is refused: {error.reason}"
        return [failed(NAME, said, grant(client, site.url))]
    files = await resolved(NAME, host)
    if files.verdict is not Verdict.OK:
        return [files]
    return [ok(NAME, f"{site.name}: read; written (an upload was begun and given up)")]


CHECK = Check(
    name=NAME,
    does="Opens the site, and begins an upload there and gives it up: no file is made.",
    run=run,
    needs=("sign-in",),
    roles=(SITES,),
)
