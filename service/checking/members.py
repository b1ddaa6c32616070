"""Who is let into the libraries."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check, NotTriedError
from service.domain.check import Finding, members
from service.domain.check.members import Doors
from service.errors import NotFound


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    site = await at.site()
    try:
        both = [await at.library(name) for name in (at.chosen.library, at.chosen.coordination)]
    except NotFound as error:
        raise NotTriedError(f"{error.subject} is not there") from error
    grants = [await at.probes.lists.grants(library.drive_id) for library in both]
    return members.judged(
        Doors(
            site=site.url,
            documentation=grants[0],
            coordination=grants[1],
            names=(both[0].name, both[1].name),
        )
    )


CHECK = Check(
    name=members.NAME,
    does="Sees that members only read the one library and do not open the other.",
    run=run,
    needs=("site",),
)
