"""`natverket file`: what a coordinator says of single files."""

import json
from collections.abc import Iterator
from typing import Annotated

import typer

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, FAILED, WRONG_USE, tell
from service.domain.actions import begun_for
from service.domain.post import Words
from service.effects import placements
from service.errors import NatverketError
from service.jobs import file_materials, file_recordings
from service.jobs.known import Known, items, known, meeting_folder
from service.jobs.lookup import Named, file_named, meeting_named
from service.jobs.waiting import Listed, Lists, lists
from service.ports import Status
from service.rebuilding.posts import HELD
from service.rebuilding.rest import held_files
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

JOBS = (file_materials.JOB, file_recordings.JOB)


@app.command(name="file")
def file_(  # noqa: PLR0913  what can be said of a file
    context: typer.Context,
    item: Annotated[
        str | None, typer.Argument(help="Name or id of a file; without: what waits.")
    ] = None,
    *,
    meeting: Annotated[
        str | None, typer.Option(help="Whose it is: a day, with words of the title if need be.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back to Oplacerat.")] = False,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="File anew what was removed or is parked; `held`: all a rebuild held."
        ),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Say whose a file is, take a filing back, or file again; alone, list what waits."""
    settings = chosen(context).settings()
    said = sum((meeting is not None, undo, again))
    if item is None and not said:
        until_done(_list(settings, as_json=as_json))
    elif item is None or said != 1:
        print("natverket: name one file, and one of --meeting DATE, --undo and --again")
        raise typer.Exit(WRONG_USE)
    elif again and item == HELD:
        until_done(_let_go(settings))
    else:
        until_done(_say(settings, item, meeting, undo=undo))


async def _let_go(settings: Settings) -> int:
    """File everything that a rebuild held."""
    async with open_office(settings) as office:
        code = DONE
        for at in office.workplaces:
            facts = await known(at)
            for effect in held_files(facts.filed.values()):
                name = str(effect.baseline.get("name"))
                await _again(Named(key=effect.key, name=name, where="", effect=effect), at, facts)
            code = max(code, await _run(office, at))
    return code


async def _say(settings: Settings, item: str, meeting: str | None, *, undo: bool) -> int:
    async with open_office(settings) as office:
        at, facts, named = await _found(office, item)
        if undo:
            await _undo(named, at)
            print(at.texts.say("waiting.is_back", name=named.name, where=placements.UNPLACED))
            return DONE
        if meeting is not None:
            await _place(named, meeting, at, facts)
        else:
            await _again(named, at, facts)
        code = await _run(office, at)
        print(await _stands(named, at))
        return code


async def _found(office: Office, item: str) -> tuple[Workplace, Known, Named]:
    """The file, in the one network that has it."""
    problem: NatverketError | None = None
    for at in office.workplaces:
        facts = await known(at)
        try:
            return at, facts, await file_named(item, at, facts)
        except NatverketError as error:
            problem = error
    assert problem is not None
    raise problem


async def _place(named: Named, day: str, at: Workplace, facts: Known) -> None:
    meeting = meeting_named(day, facts.meetings)
    if named.effect is not None and named.effect.phase:
        folder = meeting_folder(meeting, at)
        await placements.carry_over(named.effect, meeting.id, folder, at)
    else:
        await placements.settle_on(named.key, meeting.id, at)


async def _undo(named: Named, at: Workplace) -> None:
    if named.effect is None:
        raise NatverketError(named.name, "It is not filed.", remedy="Nothing is to be taken back.")
    await placements.take_back(named.effect, at)


async def _again(named: Named, at: Workplace, facts: Known) -> None:
    if named.effect is None:
        raise NatverketError(
            named.name, "It was never filed.", remedy="Say whose it is with --meeting."
        )
    meeting = facts.meeting(begun_for(named.effect.key))
    if meeting is None:
        raise NatverketError(
            named.name, "Its meeting is gone.", remedy="Say whose it is with --meeting."
        )
    await placements.file_again(named.effect, meeting.id, meeting_folder(meeting, at), at)


async def _run(office: Office, at: Workplace) -> int:
    """What was said is done at once, and not only when the jobs wake next."""
    code = DONE
    for entry in (await office.timetable()).entries:
        if entry.job in JOBS and entry.network_id == at.network.id:
            outcome = await office.run(entry, office.clock.now())
            for error in outcome.errors:
                tell(error)
                code = FAILED
    return code


async def _stands(named: Named, at: Workplace) -> str:
    """What has become of the file, in the network's language."""
    try:
        now = await file_named(named.key, at, await known(at))
    except NatverketError:
        return at.texts.say("waiting.is_gone", name=named.name)
    if now.effect is None:
        return at.texts.say("waiting.is_waiting", name=now.name, where=now.where)
    state = "is_filed" if now.effect.status is Status.DONE else "is_held"
    said = at.texts.say(f"waiting.{state}", name=now.name, where=now.where)
    return f"{said} ({now.effect.reason})" if now.effect.reason else said


async def _list(settings: Settings, *, as_json: bool) -> int:
    async with open_office(settings) as office:
        found = [(at.texts, await _lists(at)) for at in office.workplaces]
    if as_json:
        kinds = ("unplaced", "waiting", "removed")
        told = {
            kind: [_as_json(one) for _, each in found for one in getattr(each, kind)]
            for kind in kinds
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for words, each in found:
            print("\n".join(_lines(each, words)))
    return DONE


async def _lists(at: Workplace) -> Lists:
    seen = await file_materials.observe(at)
    there = {*seen.shelved, *await items(at, at.places.coordination)}
    return lists(seen, there, at.clock.now())


def _lines(found: Lists, words: Words) -> Iterator[str]:
    groups = {"unplaced": found.unplaced, "waiting": found.waiting, "removed": found.removed}
    for kind, listed in groups.items():
        if listed:
            yield f"{words.say(f'waiting.{kind}')} ({len(listed)})"
        for one in listed:
            where = f" [{one.where}]" if one.where else ""
            yield f"  {one.name}{where}: {one.why}"
            yield from (f"      {each.first_day} {each.title}?" for each in one.candidates)
    if not any(groups.values()):
        yield words.say("waiting.nothing")


def _as_json(one: Listed) -> dict[str, object]:
    candidates = [
        {"id": meeting.id, "date": meeting.first_day.isoformat(), "title": meeting.title}
        for meeting in one.candidates
    ]
    return {"name": one.name, "where": one.where, "why": one.why, "candidates": candidates}
