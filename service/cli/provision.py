"""`natverket provision`: what is to be made in the network's site, and the making of it."""

import json
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from service.cli.app import app, chosen, until_done
from service.cli.browser import open_page
from service.cli.words import DONE, IN_PART, WRONG_USE
from service.domain.closing import ByHand, by_hand, closing, contents, removal
from service.domain.provision import AddColumn, MakeFolder, MakePlace, Making
from service.graph.lent import LentSignIn, lent
from service.provisioning import NetworkPlan, provisioner
from service.settings import Mode, Settings
from service.signing import lender_of


@dataclass(frozen=True, kw_only=True)
class How:
    yes: bool
    plan: bool
    as_person: bool
    device: bool
    as_json: bool


@app.command()
def provision(  # noqa: PLR0913  what can be said of it
    context: typer.Context,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, for machines.")] = False,
    plan: Annotated[
        bool, typer.Option("--plan", "--dry-run", help="Show what would be made; make nothing.")
    ] = False,
    as_person: Annotated[
        bool,
        typer.Option("--as-person", help="With the rights of who signs in; nothing is kept."),
    ] = False,
    device: Annotated[
        bool,
        typer.Option("--device", help="With --as-person: by a code typed in a browser elsewhere."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Make the libraries, the register, their columns and folders, where they are absent."""
    settings = chosen(context).settings()
    how = How(yes=yes, plan=plan, as_person=as_person, device=device, as_json=as_json)
    if device and not as_person:
        print("natverket: --device is for --as-person", file=sys.stderr)
        raise typer.Exit(WRONG_USE)
    until_done(_provision(settings, how))


async def _provision(settings: Settings, how: How) -> int:
    async with _person(settings, how) as person, provisioner(settings, person) as making:
        plans = await making.plans()
        if not how.as_json:
            _show(plans)
        made = list[Making]()
        wants = any(each.plan.make for each in plans)
        if wants and _may(settings, how):
            for each in plans:
                async for one in making.make(each):
                    made.append(one)
                    if not how.as_json and _is_shown(one, each):
                        print(f"made    {words(one)}", flush=True)
            plans = await making.plans()
    if how.as_json:
        told = {"made": [words(one) for one in made], "networks": [_as_json(one) for one in plans]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    elif not any(each.plan.make for each in plans):
        _tell_end(settings, plans, how)
    return _code(plans, how)


def _code(plans: Sequence[NetworkPlan], how: How) -> int:
    """What hinders the service, or waits for a yes that nobody gave, is a thing done in part."""
    hindered = any(one.hinders for each in plans for one in each.plan.differs)
    waits = not how.plan and any(each.plan.make for each in plans)
    return IN_PART if hindered or waits else DONE


def _may(settings: Settings, how: How) -> bool:
    if how.plan:
        return False
    if settings.mode is Mode.OBSERVE:
        print("Nothing is made: NATVERKET_MODE is observe.", file=sys.stderr)
        return False
    if how.yes:
        return True
    if how.as_json or not _is_terminal():
        print("Nothing is made without a yes: use a terminal, or --yes.", file=sys.stderr)
        return False
    return typer.confirm("Make this?", default=False)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


@asynccontextmanager
async def _person(settings: Settings, how: How) -> AsyncIterator[LentSignIn | None]:
    if not how.as_person:
        yield None
        return
    async with lent(lender_of(settings), settings.ca_file) as sign_in:
        answer = None if how.device else await sign_in.asking.by_browser(_open)
        name = sign_in.take(answer or await sign_in.asking.by_device(_ask))
        print(f"With the rights of {name}, who must own the site.", file=sys.stderr)
        yield sign_in


def _open(address: str) -> bool:
    if not open_page(address):
        return False
    print("Sign in as an owner of the site, in the browser that has opened.", file=sys.stderr)
    return True


def _ask(address: str, code: str) -> None:
    print(f"In any browser, open {address}", file=sys.stderr)
    print(f"and type the code {code}", file=sys.stderr, flush=True)


# ---------------------------------------------------------------- in words


def words(making: Making) -> str:
    """Name what is made, as a line of the plan."""
    place = f"{making.place.kind} {making.place.name}"
    match making:
        case MakePlace():
            return f"{place} with {len(making.place.columns)} columns"
        case AddColumn(column=column):
            return f"column {column.name} ({column.display_name}) in {place}"
        case MakeFolder(path=path):
            return f"folder {making.place.name}/{path}"


def _show(plans: Iterable[NetworkPlan]) -> None:
    for each in plans:
        print(f"{each.network.id}: {each.site.name}, {each.site.url}")
        for place in each.plan.there:
            print(f"  there   {place.kind} {place.name}")
        for one in each.plan.make:
            if _is_shown(one, each):
                print(f"  make    {words(one)}")
        for other in each.plan.differs:
            print(f"  differs {other.place}: {other.subject}. {other.reason}")
            print(f"          {other.remedy}")


def _is_shown(one: Making, of: NetworkPlan) -> bool:
    """A new place's columns are a number; those that an old one lacks are named."""
    return not isinstance(one, AddColumn) or MakePlace(place=one.place) not in of.plan.make


def _tell_end(settings: Settings, plans: Sequence[NetworkPlan], how: How) -> None:
    for each in plans:
        for place in each.plan.there:
            print(f"{place.kind:7} {place.name}: {place.url}")
        print("Left to an owner of the site, since Graph gives no app the means:")
        print(f"  {_script(each)}")
        print(f"or by hand, from {contents(each.site.url)}:")
        for one in _by_hand(each):
            print(f"  · {one.what}:")
            for number, click in enumerate(one.clicks, 1):
                print(f"      {number}. {click}")
    if settings.provisioning is not None and not how.as_person:
        print("The temporary app is needed no more. Take its rights away:")
        client_id = settings.provisioning.client_id
        print(f"  {removal(site_url=plans[0].site.url, client_id=client_id)}")
    print("Then run `natverket check`: it proves who opens which library.")


def _by_hand(each: NetworkPlan) -> tuple[ByHand, ...]:
    return by_hand(documentation=each.library, coordination=each.coordination)


def _script(each: NetworkPlan) -> str:
    return closing(
        site_url=each.site.url, documentation=each.library, coordination=each.coordination
    )


def _as_json(each: NetworkPlan) -> dict[str, Any]:
    return {
        "network": each.network.id,
        "site": each.site.url,
        "there": [
            {"kind": one.kind, "name": one.name, "url": one.url, "list_id": one.list_id}
            for one in each.plan.there
        ],
        "to_make": [words(one) for one in each.plan.make],
        "differs": [
            {
                "place": one.place,
                "subject": one.subject,
                "reason": one.reason,
                "remedy": one.remedy,
                "hinders": one.hinders,
            }
            for one in each.plan.differs
        ],
        "by_hand": [{"what": one.what, "clicks": one.clicks} for one in _by_hand(each)],
        "by_hand_command": _script(each),
    }
