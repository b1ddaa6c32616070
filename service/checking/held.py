"""What holds files and rows back: required columns, approval, check-out."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check, NotTriedError
from service.domain.check import Finding, failed, held
from service.domain.check.columns import compare, optional
from service.errors import NotFound

NAME = held.NAME


async def run(at: AskedOfNetwork) -> Iterable[Finding]:
    site, chosen = await at.site(), at.chosen
    try:
        both = [await at.library(name) for name in (chosen.library, chosen.coordination)]
        register = await at.list(chosen.register_list)
    except NotFound as error:
        raise NotTriedError(f"{error.subject} is not there") from error
    found = list[Finding]()
    lists = {one.list_id: one.name for one in both} | {register.list_id: register.name}
    for list_id, name in lists.items():
        required = compare((), await at.probes.lists.columns(site.id, list_id)).required
        if required:
            said = f"{name} holds back what has no {', '.join(required)}: required columns"
            found.append(failed(NAME, said, optional(site.url, name, required)))
    files = await at.probes.lists.filed(site.id, both[0].list_id)
    return [*found, *held.judged(files, both[0].name, site.url)]


CHECK = Check(
    name=NAME,
    does="Looks for required columns, and for files that wait for approval or check-in.",
    run=run,
    needs=("site",),
)
