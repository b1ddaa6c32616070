"""Carries checks out side by side, and tells of them in their order."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from service.checking.asked import Asked
from service.checking.check import Check, NotTriedError
from service.domain.check import Finding, Remedy, Verdict, consent, failed
from service.errors import NatverketError

A = TypeVar("A", bound=Asked)
PATIENCE = 60.0
"""Seconds, by the machine's clock, after which a check that hangs has failed."""
Findings = tuple[Finding, ...]
Task = asyncio.Task[Findings]


def with_needs(checks: Sequence[Check[A]], names: Collection[str]) -> tuple[Check[A], ...]:
    """Return the checks that are named and all that they need, in their order."""
    wanted = set(names)
    for check in reversed(checks):
        if check.name in wanted:
            wanted |= set(check.needs)
    return tuple(check for check in checks if check.name in wanted)


def begin(
    checks: Sequence[Check[A]],
    at: A,
    before: Mapping[str, Task],
    patience: Callable[[], Awaitable[None]],
) -> dict[str, Task]:
    """
    Begin every check at once; return each under its name, with those of `before`.

    Each waits for what it needs, which stands before it.
    """
    tasks = dict(before)
    for check in checks:
        tasks[check.name] = asyncio.ensure_future(_carried(check, at, dict(tasks), patience))
    return tasks


async def _carried(
    check: Check[A],
    at: A,
    before: Mapping[str, Task],
    patience: Callable[[], Awaitable[None]],
) -> Findings:
    for name in check.needs:
        verdicts = {one.verdict: one.said for one in await before[name]}
        if Verdict.FAILED in verdicts:
            return (_untried(check.name, f"{name} failed"),)
        if Verdict.UNTRIED in verdicts:
            return (replace(_untried(check.name, ""), said=verdicts[Verdict.UNTRIED]),)
    work = asyncio.ensure_future(_run(check, at))
    limit = asyncio.ensure_future(patience())
    try:
        await asyncio.wait((work, limit), return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else (_hangs(check.name),)
    finally:
        for task in (work, limit):
            task.cancel()


async def _run(check: Check[A], at: A) -> Findings:
    try:
        roles = await at.roles() if check.roles else frozenset()
        for role in check.roles:
            if not consent.has(role, roles):
                return (_untried(check.name, f"the role {role} is missing"),)
        return tuple(await check.run(at))
    except NotTriedError as error:
        return (_untried(check.name, str(error)),)
    except NatverketError as error:
        remedy = Remedy(who="whoever runs the service", steps=(error.remedy,))
        return (failed(check.name, str(error), remedy),)


def _untried(name: str, why: str) -> Finding:
    return Finding(name=name, verdict=Verdict.UNTRIED, said=f"not tried because {why}")


def _hangs(name: str) -> Finding:
    remedy = Remedy(
        who="administrator of this machine's network",
        steps=(
            "see whether a proxy or firewall swallows what is asked, and run it again: "
            f"natverket check {name!r} with NATVERKET_LOG_LEVEL=debug",
        ),
    )
    return failed(name, f"no answer within {PATIENCE:.0f} seconds", remedy)
