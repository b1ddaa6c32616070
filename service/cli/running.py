"""Commands that do the work once: once, plan, import."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from service import ports
from service.cli.app import app, chosen, until_done
from service.cli.progress import watching
from service.cli.words import DONE, FAILED, IN_PART, WRONG_USE, tell
from service.domain.actions import Leave, sentence
from service.domain.survey.rules import ONE_TO_SIX
from service.errors import NatverketError, UnreadableFile
from service.jobs import JOBS
from service.jobs.engine import Outcome, preview
from service.jobs.said import How, said
from service.jobs.spec import Job
from service.parse.history import read_history
from service.settings import Mode, Settings, describe
from service.store import open_store
from service.wiring import Office, open_office


@app.command()
def once(
    context: typer.Context,
    job: Annotated[str, typer.Argument(help="`natverket jobs` lists them.")],
    *,
    anyway: Annotated[
        bool,
        typer.Option("--anyway", help="Also where a source is empty or the changes are many."),
    ] = False,
) -> None:
    """Run one job now."""
    until_done(_once(chosen(context).settings(), job, anyway=anyway))


@app.command()
def plan(
    context: typer.Context,
    job: Annotated[str | None, typer.Argument(help="Without: every job.")] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Show what is left alone, too.")
    ] = False,
    cards: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the coming weeks' cards there, as they will look."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=53, help="With --cards: how many.")] = 4,
) -> None:
    """Show what a run would do, and do none of it."""
    if cards is not None:
        from service.cli.cards import write_cards  # noqa: PLC0415 - no other command draws

        until_done(write_cards(chosen(context).settings(), cards, weeks))
    until_done(_plan(chosen(context).settings(), job, everything=everything))


importing = typer.Typer(help="Take in figures of earlier years.", no_args_is_help=True)
app.add_typer(importing, name="import")


@importing.command()
def history(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV: year;question;mean;n")],
    network: Annotated[str | None, typer.Option(help="Its id, where there are several.")] = None,
) -> None:
    """Import the yearly survey's figures of earlier years, for the report's trend."""
    settings = chosen(context).settings()
    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableFile(str(file), error.strerror or "it cannot be read") from error
    until_done(_import_history(settings, content, file.name, network))


# ---------------------------------------------------------------- the work


async def _once(settings: Settings, name: str, *, anyway: bool) -> int:
    job = _job(name)
    if job is None:
        return _no_such(name)
    with watching() as watch:
        async with open_office(settings, watch) as office:
            if settings.mode is Mode.OBSERVE:
                await _show(office, (job,), everything=False)
                return DONE
            timetable = await office.timetable()
            outcomes = [
                await office.run(entry, office.clock.now(), anyway=anyway)
                for entry in timetable.entries
                if entry.job is job
            ]
            await _show_waiting(office)
        _show_notes(office)
    return _told(outcomes)


async def _show_waiting(office: Office) -> None:
    """Say that posts wait for a tick: a run that posts nothing would look as if none were due."""
    for at in office.workplaces:
        waiting = [one for one in await said(at) if one.how is How.AWAITS_APPROVAL]
        if waiting:
            print(f"{at.network.id}: {len(waiting)} wait for approval: natverket posts")


def _show_notes(office: Office) -> None:
    for note in office.notes:
        print(f"note: {note}")


def _told(outcomes: list[Outcome]) -> int:
    """Print how each run went; the exit code is that of the worst."""
    code = DONE
    for outcome in outcomes:
        run = outcome.run
        print(f"{run.scope}: {run.job} {run.outcome}, {run.did} done")
        for error in outcome.errors:
            tell(error)
        code = max(code, {ports.DONE: DONE, ports.IN_PART: IN_PART}.get(run.outcome, FAILED))
    return code


async def _plan(settings: Settings, name: str | None, *, everything: bool) -> int:
    jobs = JOBS if name is None else tuple(job for job in [_job(name)] if job is not None)
    if not jobs:
        return _no_such(name or "")
    async with open_office(settings) as office:
        await _show(office, jobs, everything=everything)
    return DONE


async def _show(office: Office, jobs: tuple[Job[Any], ...], *, everything: bool) -> None:
    for at in (replace(each, rehearsal=True) for each in office.workplaces):
        for job in jobs:
            lines = list(_sentences(await preview(job, at), everything=everything))
            print(f"{at.network.id}: {job.name}: {f'{len(lines)} to do' if lines else 'nothing'}")
            for line in lines:
                print(f"  {line}")
    _show_notes(office)


def _sentences(actions: tuple[Any, ...], *, everything: bool) -> Iterator[str]:
    return (sentence(each) for each in actions if everything or not isinstance(each, Leave))


async def _import_history(
    settings: Settings, content: bytes, name: str, network: str | None
) -> int:
    there = {(own := describe(each)).id: own for each in settings.networks}
    if network is None and len(there) > 1:
        print(f"natverket: name the network with --network: {', '.join(there)}")
        return WRONG_USE
    chosen_id = network or next(iter(there))
    known_scale = there[chosen_id].survey.scale if chosen_id in there else ONE_TO_SIX
    points = read_history(content, name, known_scale)
    store = open_store(settings.state_url.get_secret_value())
    try:
        news = await store.journal(chosen_id).import_history(points)
    finally:
        store.close()
    print(f"{len(points)} figures read, {news} of them new or changed")
    return DONE


def _job(name: str) -> Job[Any] | None:
    return next((job for job in JOBS if job.name == name), None)


def _no_such(name: str) -> int:
    error = NatverketError(
        f"job {name}",
        "there is none of this name",
        remedy=f"Jobs: {', '.join(job.name for job in JOBS)}.",
    )
    tell(error)
    return WRONG_USE
