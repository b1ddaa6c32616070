"""What is read besides: answers of surveys, and watched folders."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, failed, ok, unused, warning
from service.domain.check.sites import grant, named
from service.errors import Forbidden, NotFound

SURVEYS, WATCHED = "surveys", "watched folders"
_LIST, _FOLDER = "NATVERKET_NETWORK_SURVEY_LIST", "NATVERKET_NETWORK_SURVEY_FOLDER"
_WATCHED = "NATVERKET_NETWORK_WATCHED_FOLDERS"


async def surveys(at: AskedOfNetwork) -> Iterable[Finding]:
    found = list[Finding]()
    if at.chosen.survey_folder:
        found.append(await _folder(at, at.chosen.survey_folder))
    if at.chosen.survey_list:
        found.append(await _list(at, at.chosen.survey_list))
    said = f"no answers are read: neither {_FOLDER} nor {_LIST} is set"
    return found or [unused(SURVEYS, said)]


async def _folder(at: AskedOfNetwork, place: str) -> Finding:
    name, _, path = place.partition("/")
    try:
        library = await at.library(name)
    except NotFound as error:
        return failed(SURVEYS, f"{place}: {error.reason}", named(_FOLDER))
    if path and await at.gateway.drives().find(library.drive_id, path) is None:
        said = f"{place} is not there yet: workbooks are looked for once it is"
        return warning(SURVEYS, said, named(_FOLDER, ", or make the folder"))
    return ok(SURVEYS, f"workbooks are looked for in {place}")


async def _list(at: AskedOfNetwork, name: str) -> Finding:
    site = await at.site()
    try:
        there = await at.list(name)
    except NotFound as error:
        return failed(SURVEYS, f"{name}: {error.reason}", named(_LIST, ", or make the list"))
    columns = await at.probes.lists.columns(site.id, there.list_id)
    own = [one.title for one in columns if not one.read_only]
    return ok(SURVEYS, f"the list {there.name} is read; its columns: {', '.join(own)}")


async def watched(at: AskedOfNetwork) -> Iterable[Finding]:
    addresses = at.chosen.watched_folders or ()
    if not addresses:
        return [unused(WATCHED, f"none: {_WATCHED}")]
    await at.site()  # whose host tells which addresses are the tenant's own
    return [await _watched(at, address) for address in addresses]


async def _watched(at: AskedOfNetwork, address: str) -> Finding:
    parts = urlsplit(address)
    site = "/".join(parts.path.split("/")[:3])
    try:
        item = await at.gateway.drives().shared(address)
    except Forbidden as error:
        remedy = grant(at.settings.client_id, f"https://{parts.netloc}{site}", "Read")
        return failed(WATCHED, f"{address}: {error.reason}", remedy)
    if item is None:
        said = f"{address}: nothing is there yet, or it is not this tenant's"
        return warning(WATCHED, said, named(_WATCHED))
    if not item.folder:
        return failed(WATCHED, f"{address} is a file", named(_WATCHED, ": name its folder"))
    return ok(WATCHED, f"{address}: read")


CHECKS = (
    Check(
        name=SURVEYS,
        does="Looks for the folder and the list of answers.",
        run=surveys,
        needs=("site",),
    ),
    Check(name=WATCHED, does="Opens each watched folder.", run=watched, needs=("site",)),
)
