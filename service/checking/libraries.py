"""Both libraries and the register, with their columns."""

from collections.abc import Iterable

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, failed, ok
from service.domain.check.columns import Compared, compare, retyped
from service.domain.check.sites import provisioning
from service.domain.register import Column
from service.errors import NotFound
from service.wiring import columns

LIBRARIES, REGISTER = "libraries", "register"


async def libraries(at: AskedOfNetwork) -> Iterable[Finding]:
    found = list[Finding]()
    for name in (at.chosen.library, at.chosen.coordination):
        try:
            library = await at.library(name)
        except NotFound as error:
            found.append(failed(LIBRARIES, f"{name}: {error.reason}", provisioning()))
            continue
        found += await _columns(at, LIBRARIES, library.list_id, library.name, columns().library)
    return found


async def register(at: AskedOfNetwork) -> Iterable[Finding]:
    try:
        there = await at.list(at.chosen.register_list)
    except NotFound as error:
        said = f"{at.chosen.register_list}: {error.reason}"
        return [failed(REGISTER, said, provisioning())]
    return await _columns(at, REGISTER, there.list_id, there.name, columns().register)


async def _columns(
    at: AskedOfNetwork, check: str, list_id: str, name: str, wanted: tuple[Column, ...]
) -> list[Finding]:
    site = await at.site()
    seen = await at.probes.lists.columns(site.id, list_id)
    found = list(_problems(check, compare(wanted, seen), name, site.url))
    return found or [ok(check, f"{name}: all {len(wanted)} columns")]


def _problems(check: str, compared: Compared, name: str, site: str) -> Iterable[Finding]:
    if compared.missing:
        said = f"{name} lacks the columns {', '.join(compared.missing)}"
        yield failed(check, said, provisioning())
    if compared.mistyped:
        said = f"{name}: {'; '.join(compared.mistyped)}"
        yield failed(check, said, retyped(site, name))
    if compared.renamed:
        said = f"{name} has lost choices: {'; '.join(compared.renamed)}"
        yield failed(check, said, retyped(site, name))


CHECKS = (
    Check(
        name=LIBRARIES,
        does="Looks for both libraries and their columns.",
        run=libraries,
        needs=("site",),
    ),
    Check(
        name=REGISTER,
        does="Looks for the list of meetings and its columns.",
        run=register,
        needs=("site",),
    ),
)
