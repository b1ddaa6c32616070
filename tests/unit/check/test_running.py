"""Checks side by side: what depends on a failure is not tried, and nothing hangs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import cast

from service.checking import OF_A_NETWORK, OF_ALL
from service.checking.asked import Asked
from service.checking.check import Check, NotTriedError
from service.checking.running import begin, with_needs
from service.domain.check import Finding, Verdict, ok
from service.errors import NotFound

Run = Callable[[Asked], Awaitable[Iterable[Finding]]]


class Known:
    """Nothing but the roles in a token."""

    async def roles(self) -> frozenset[str]:
        return frozenset({"Sites.Selected"})


def fine(name: str) -> Run:
    async def run(_: Asked) -> Iterable[Finding]:
        return [ok(name, "fine")]

    return run


async def fails(_: Asked) -> Iterable[Finding]:
    raise NotFound("thing", "It is not there.")


async def elsewhere(_: Asked) -> Iterable[Finding]:
    raise NotTriedError("something else failed")


async def hangs(_: Asked) -> Iterable[Finding]:
    await asyncio.Event().wait()
    return ()


async def for_ever() -> None:
    await asyncio.Event().wait()


async def not_at_all() -> None:
    """Patience ends at once, but after everything that is ready has run."""
    for _ in range(10):
        await asyncio.sleep(0)


def check(name: str, run: Run, *needs: str, roles: tuple[str, ...] = ()) -> Check[Asked]:
    return Check(name=name, does="Tries.", run=run, needs=needs, roles=roles)


async def found(
    *checks: Check[Asked], patience: Callable[[], Awaitable[None]] = for_ever
) -> list[tuple[str, Verdict]]:
    tasks = begin(checks, cast(Asked, Known()), {}, patience)
    return [(one.name, one.verdict) for each in checks for one in await tasks[each.name]]


async def test_what_depends_on_a_failure_is_not_tried() -> None:
    """The failure is told once; what needs it, and what needs that, says why it was not tried."""
    assert await found(
        check("a", fails),
        check("b", fine("b"), "a"),
        check("c", fine("c"), "b"),
        check("d", fine("d")),
        check("e", elsewhere),
    ) == [
        ("a", Verdict.FAILED),
        ("b", Verdict.UNTRIED),
        ("c", Verdict.UNTRIED),
        ("d", Verdict.OK),
        ("e", Verdict.UNTRIED),
    ]


async def test_without_its_role_a_check_is_not_tried() -> None:
    """The check of the roles has told of it."""
    there = check("a", fine("a"), roles=("Sites.Selected",))
    absent = check("b", fine("b"), roles=("OnlineMeetings.Read.All",))

    assert await found(there, absent) == [("a", Verdict.OK), ("b", Verdict.UNTRIED)]


async def test_a_service_that_hangs_fails() -> None:
    """Patience ends it with an error; the others have their findings."""
    assert await found(check("a", hangs), check("b", fine("b")), patience=not_at_all) == [
        ("a", Verdict.FAILED),
        ("b", Verdict.OK),
    ]


def test_every_need_stands_before_what_needs_it() -> None:
    """The lists are in the order in which an admin would mend, and each name is there once."""
    seen = set[str]()
    for one in (*OF_ALL, *OF_A_NETWORK):
        assert set(one.needs) <= seen, one.name
        assert one.name not in seen
        assert one.does.endswith(".")
        seen.add(one.name)


def test_what_is_named_brings_what_it_needs() -> None:
    """And nothing else."""
    assert [one.name for one in with_needs(OF_ALL, {"roles"})] == ["names", "sign-in", "roles"]
