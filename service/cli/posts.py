"""What was posted, how that is known, and what waits for a coordinator."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, WRONG_USE
from service.effects.posting import PREFIX, approve, waiting_for_approval
from service.ports import Effect, Status
from service.settings import Settings
from service.wiring import open_office

EVERY = "all"

HOW_KNOWN = {
    Status.DONE: "seen in the channel",
    Status.QUEUED: "accepted, not yet seen",
    Status.CLAIMED: "begun, not yet seen",
    Status.DROPPED: "not posted",
    Status.PARKED: "waits",
}


@app.command()
def posts(
    context: typer.Context,
    *,
    approving: Annotated[
        str, typer.Option("--approve", help="A post's key, or `all` that wait.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show what was posted and how that is known; approve what waits."""
    until_done(_posts(chosen(context).settings(), approving, as_json=as_json))


async def _posts(settings: Settings, approving: str, *, as_json: bool) -> int:
    async with open_office(settings) as office:
        found: list[Effect] = []
        approved = 0
        for at in office.workplaces:
            for effect in await waiting_for_approval(at) if approving else []:
                if approving in (EVERY, effect.key):
                    await approve(effect, at)
                    approved += 1
            found += (await at.ledger.effects(PREFIX)).values()
    if approving:
        print(f"{approved} approved; posted at the next run, if still useful then")
        return DONE if approved else WRONG_USE
    if as_json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=1))
    else:
        Console().print(_table(found))
    return DONE


def _table(found: list[Effect]) -> Table:
    table = Table("when", "what", "how known", "key", box=None, header_style="bold")
    for effect in sorted(found, key=lambda one: one.updated):
        known = HOW_KNOWN[effect.status]
        table.add_row(
            f"{effect.updated:%Y-%m-%d %H:%M}",
            str(effect.baseline.get("title", "")),
            f"{known}: {effect.reason}" if effect.reason else known,
            effect.key,
        )
    return table


def _as_json(effect: Effect) -> dict[str, Any]:
    return {
        "key": effect.key,
        "title": effect.baseline.get("title"),
        "status": effect.status.value,
        "reason": effect.reason,
        "message_id": effect.remote_id,
        "updated": effect.updated.isoformat(),
    }
