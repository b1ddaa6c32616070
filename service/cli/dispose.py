"""`natverket dispose`: what has fallen due to be deleted, and the command that deletes it."""

import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, FAILED, WRONG_USE, tell
from service.domain.meeting import Meeting
from service.domain.retention import Disposal, Due, survey_of_meeting, survey_of_year
from service.errors import AlreadyRunning, NatverketError, NotFound, SettingsError, StateError
from service.jobs.disposing import NO_RULE, Given, carry_out, left_by_hand
from service.jobs.holding_words import words
from service.jobs.known import known
from service.jobs.lookup import meeting_named
from service.jobs.retention import DisposalDue, due, unfinished
from service.render.holdings.disposal import ByHand
from service.settings import Mode, Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

COMMAND = "natverket dispose --carry-out"


@app.command()
def dispose(  # noqa: PLR0913  what can be said of a disposal
    context: typer.Context,
    *,
    really: Annotated[
        bool, typer.Option("--carry-out", help="Delete the answers that are due; asks first.")
    ] = False,
    meeting: Annotated[
        list[str] | None,
        typer.Option(
            help="Only of this one: a day (2023-03-08), or a year (2023) for its yearly survey."
        ),
    ] = None,
    by: Annotated[
        str, typer.Option(help="Whose command it is, for the receipt; without: the account's name.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing, for machines.")] = False,
    network: Annotated[str | None, typer.Option(help="Its id, where there are several.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Show which single answers and documents are due to be deleted; delete the answers."""
    settings = chosen(context).settings()
    if really:
        until_done(_carry_out(settings, meeting or (), by, network, yes=yes))
    else:
        until_done(_show(settings, network, as_json=as_json))


def _meant(office: Office, network: str | None) -> tuple[Workplace, ...]:
    found = tuple(at for at in office.workplaces if network in (None, at.network.id))
    if not found:
        ids = ", ".join(at.network.id for at in office.workplaces)
        raise NotFound(f"network {network}", "There is none of this id.", remedy=f"Ids: {ids}.")
    return found


# ---------------------------------------------------------------- shown


async def _show(settings: Settings, network: str | None, *, as_json: bool) -> int:
    async with open_office(settings) as office:
        found = [(at, await due(at), await unfinished(at)) for at in _meant(office, network)]
    if as_json:
        told = [_as_json(at, one, cut_off) for at, one, cut_off in found]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return DONE
    for at, one, cut_off in found:
        _tell(at, one, cut_off)
    return DONE


def _tell(at: Workplace, found: DisposalDue, cut_off: Disposal | None) -> None:
    said, console = words(at).table("disposal"), Console()
    if found.rule is None:
        print(f"{at.network.id}: {NO_RULE}")
    if cut_off is not None:
        print(words(at).say("dispose.unfinished", day=f"{cut_off.begun:%Y-%m-%d}"))
    if found.surveys:
        names = ("survey", "meeting_day", "closed", "due_since", "responses")
        table = Table(*(said[name] for name in names), title=said["answers"], title_justify="left")
        for one in found.surveys:
            table.add_row(*_row(one))
        console.print(table)
    if found.documents:
        shown = (said[name] for name in ("document", "folder", "after"))
        table = Table(*shown, title=said["documents"], title_justify="left")
        for document in found.documents:
            table.add_row(document.name, document.folder, document.after.isoformat())
        console.print(table)
        print(said["who_people"])
    if not found.anything:
        print(said["nothing"])


def _row(one: Due) -> tuple[str, ...]:
    held = one.held.isoformat() if one.held else ""
    return (one.title, held, one.closed.isoformat(), one.since.isoformat(), str(one.responses))


def _as_json(at: Workplace, found: DisposalDue, cut_off: Disposal | None) -> dict[str, Any]:
    rule = found.rule
    return {
        "network": at.network.id,
        "rule": {"months": rule.months, "decision": rule.decision} if rule else None,
        "unfinished": cut_off.id if cut_off else None,
        "surveys": [
            {
                "survey": one.survey,
                "title": one.title,
                "date": one.held.isoformat() if one.held else None,
                "closed": one.closed.isoformat(),
                "due": one.since.isoformat(),
                "responses": one.responses,
            }
            for one in found.surveys
        ],
        "documents": [
            {
                "name": one.name,
                "folder": one.folder,
                "after": one.after.isoformat(),
                "registry_no": one.registry_no,
                "url": one.url,
            }
            for one in found.documents
        ],
    }


# ---------------------------------------------------------------- carried out


async def _carry_out(
    settings: Settings, named: Sequence[str], by: str, network: str | None, *, yes: bool
) -> int:
    async with open_office(settings) as office:
        meant = _meant(office, network)
        if len(meant) > 1:
            print("natverket: name the network with --network", file=sys.stderr)
            return WRONG_USE
        at = meant[0]
        if at.rules.retention is None:
            raise SettingsError((NO_RULE,))
        surveys = await _surveys(named, at)
        found, cut_off = _only(surveys, await due(at)), await unfinished(at)
        _tell(at, found, cut_off)
        if not found.surveys and cut_off is None:
            return DONE
        if settings.mode is Mode.OBSERVE:
            print(words(at).say("dispose.observes"))
            return DONE
        if not yes and not _confirmed(at):
            print(words(at).say("dispose.not_confirmed"), file=sys.stderr)
            return FAILED
        command = " ".join((COMMAND, *(f"--meeting {one}" for one in named)))
        given = Given(by=by or getpass.getuser(), command=command, surveys=surveys)
        done = await _alone(office, given, at)
        for disposal in done:
            for line in _told(disposal, await left_by_hand(disposal, at), at):
                print(line)
    return DONE


def _only(surveys: Sequence[str], found: DisposalDue) -> DisposalDue:
    """What the command is about: the surveys named, else all; documents are people's."""
    wanted = tuple(one for one in found.surveys if not surveys or one.survey in surveys)
    return replace(found, surveys=wanted, documents=())


async def _alone(office: Office, given: Given, at: Workplace) -> tuple[Disposal, ...]:
    """While nobody reads answers or writes results: what was deleted would be there again."""
    locks = [f"{at.network.id}/{job}" for job in ("collect_surveys", "publish_results")]
    with office.store.exclusive(locks[0]) as first, office.store.exclusive(locks[1]) as second:
        if not (first and second):
            raise AlreadyRunning(
                "natverket dispose",
                "the daemon is reading answers at this moment",
                remedy="Run the command again in a minute.",
            )
        done = await carry_out(given, at)
        try:
            office.store.scrub()
        except StateError as error:
            tell(error)
        return done


async def _surveys(named: Sequence[str], at: Workplace) -> tuple[str, ...]:
    meetings = (await known(at)).meetings
    return tuple(_survey(text, meetings) for text in named)


def _survey(text: str, meetings: Sequence[Meeting]) -> str:
    if text.isdigit() and len(text) == 4:
        return survey_of_year(int(text))
    return survey_of_meeting(meeting_named(text, meetings).id)


def _confirmed(at: Workplace) -> bool:
    """The decision's reference, typed: whoever types it has it at hand."""
    assert at.rules.retention is not None
    decision = at.rules.retention.decision
    if not sys.stdin.isatty():
        raise NatverketError(
            "natverket dispose",
            "It asks before it deletes, and nobody is there to answer.",
            remedy="Run it in a terminal, or with --yes.",
        )
    print(words(at).say("dispose.confirm", decision=decision))
    return " ".join(input("> ").split()) == " ".join(decision.split())


def _told(disposal: Disposal, hand: Sequence[ByHand], at: Workplace) -> Iterator[str]:
    said = words(at)
    yield said.say("dispose.done", n=len(disposal.surveys), receipt=disposal.receipt)
    if disposal.url:
        yield f"  {disposal.url}"
    yield said.say("disposal.by_hand")
    for one in hand:
        of = f"{one.of}: " if one.of else ""
        yield f"  {of}{one.what}"
        if one.address:
            yield f"      {one.address}"
