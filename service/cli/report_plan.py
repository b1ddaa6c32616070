"""`natverket report plan`: the operations plan, made now from what is known."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from service.cli.app import chosen, until_done
from service.cli.reports import InLanguage, report
from service.cli.words import DONE, FAILED, IN_PART, WRONG_USE, tell
from service.domain.names import safe_name
from service.domain.plan.asking import sentence
from service.domain.plan.binding import Asked
from service.domain.plan.listing import listed
from service.domain.plan.plan import OperationsPlan, plan_of
from service.effects.publishing import release
from service.errors import NotFound, UnreadableFile
from service.jobs.overview import overview
from service.jobs.plans import PLANS, Plans, calendar_of, document_key, lines_of, plans_of
from service.ports import DONE as RAN
from service.render.documents.plan import TEMPLATE, plan_docx
from service.render.plan_text import plan_text
from service.settings import Mode, Settings
from service.wiring import Office, in_language, open_office
from service.workplace import Workplace

JOB = "publish_plan"


@report.command()
def plan(  # noqa: PLR0913 - options, each with its name
    context: typer.Context,
    year: Annotated[int, typer.Argument(min=2000, max=2100, help="Of the plan.")],
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path(),
    language: InLanguage = None,
    network: Annotated[str | None, typer.Option(help="Its id; without: every network.")] = None,
    publish: Annotated[
        bool, typer.Option("--publish", help="Move the draft to the members' files, too.")
    ] = False,
) -> None:
    """The operations plan: as a document, as a calendar, and as text to paste."""
    settings = chosen(context).settings()
    until_done(_plan(settings, year, out, (language, network), publish=publish))


async def _plan(
    settings: Settings, year: int, out: Path, of: tuple[str | None, str | None], *, publish: bool
) -> int:
    language, network = of
    async with open_office(settings) as office:
        places = [at for at in office.workplaces if network in (None, at.network.id)]
        if not places:
            print(f"natverket: --network: {', '.join(a.network.id for a in office.workplaces)}")
            return WRONG_USE
        code = DONE
        for at in places:
            if publish:
                code = max(code, await _publish(year, at, office))
            folder = out if len(places) == 1 else out / safe_name(at.network.id)
            _report(await _made(year, in_language(at, language or at.network.language)), folder, at)
    return code


# ---------------------------------------------------------------- made


@dataclass(frozen=True, kw_only=True)
class _Made:
    """What was made of a year."""

    files: Mapping[str, bytes]
    """By name."""
    told: tuple[str, ...]
    """Lines for whoever asked."""


async def _made(year: int, at: Workplace) -> _Made:
    plans, now, lines = await plans_of(at), at.clock.now(), lines_of(at)
    plan = plans.years.get(year) or plan_of(year, plans.entries, plans.undated, at.network)
    name, text = (
        safe_name(one.format(year=year)) for one in (lines.words.file, lines.words.text_file)
    )
    template, asked = at.template(TEMPLATE), (await overview(at, plans.facts)).planned
    files = {
        f"{name}.docx": plan_docx(plan, lines, template, made=now, language=at.labels.language),
        f"{name}.ics": _calendar(year, plans, now, at),
        f"{text}.txt": plan_text(plan, lines),
    }
    return _Made(files=files, told=tuple(_told(plan, plans, asked, at)))


def _calendar(year: int, plans: Plans, now: datetime, at: Workplace) -> bytes:
    """As it is told, or would be if the year's plan were published now."""
    said = listed(
        plans.listing,
        plans.entries,
        drafted={*plans.years, year},
        published={*plans.published},
        network_id=at.network.id,
        now=now,
    )
    return calendar_of(said.values(), (year,), at)


def _told(
    plan: OperationsPlan, plans: Plans, asked: Sequence[Asked], at: Workplace
) -> Iterator[str]:
    published = plans.published.get(plan.year)
    yield f"dated: {len(plan.dated)}, of them {_planned(plan)} without invitation"
    if published:
        yield f"published: {published.name}, {published.folder_url}"
    else:
        yield f"not published: add --publish, or move the draft to {PLANS.path}"
    for entry in plan.undated:
        yield f"undated: {lines_of(at).title(entry)} ({lines_of(at).groups(entry)})"
    for one in asked:
        if one.row.first_day is None or one.row.first_day.year == plan.year:
            yield f"? {sentence(one, at.texts)}"


def _planned(plan: OperationsPlan) -> int:
    return sum(not entry.booked for entry in plan.dated)


def _report(made: _Made, folder: Path, at: Workplace) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.files.items():
            (folder / name).write_bytes(content)
            print(f"{at.network.id}: wrote {folder / name}")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        remedy = "Name a folder that you may write to, with --out."
        raise UnreadableFile(str(folder), reason, remedy=remedy) from error
    for line in made.told:
        print(f"{at.network.id}: {line}")


# ---------------------------------------------------------------- published


async def _publish(year: int, at: Workplace, office: Office) -> int:
    """Have the draft written, move it, and have what belongs to it written beside it."""
    if office.settings.mode is Mode.OBSERVE:
        print(f"{at.network.id}: NATVERKET_MODE is observe: nothing is published")
        return IN_PART
    if not await _ran(at, office):
        return FAILED
    plans = await plans_of(at)
    if year in plans.published:
        print(f"{at.network.id}: published already: {plans.published[year].name}")
        return DONE
    if year not in plans.years:
        raise NotFound(
            f"plan of {year}",
            "no meeting of that year has a date that is still to come",
            remedy="Type the dates into Möten, or send the invitations, and run sync_calendar.",
        )
    moved = await release(document_key(year), PLANS, at)
    print(f"{at.network.id}: published: {moved.web_url}")
    return DONE if await _ran(at, office) else IN_PART


async def _ran(at: Workplace, office: Office) -> bool:
    timetable = await office.timetable()
    for entry in timetable.entries:
        if entry.job.name == JOB and entry.network_id == at.network.id:
            outcome = await office.run(entry, office.clock.now())
            for error in outcome.errors:
                tell(error)
            return outcome.run.outcome == RAN
    return False
