"""`natverket report annual`: a year's report, its figures and what it lacks, made now."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from service.cli.app import chosen, until_done
from service.cli.pdf import NoPdf, as_pdf
from service.cli.reports import InLanguage, report
from service.cli.words import DONE, WRONG_USE
from service.domain.period import local_day
from service.effects.documents import refresh
from service.errors import AlreadyRunning, NatverketError, UnreadableFile
from service.jobs.annual import Compiled, compiled
from service.jobs.publish_reports import JOB, documents, filings, lacks
from service.own_files import template_at
from service.render.documents import Labels, Template, annual_report_docx
from service.render.documents.annual import NAME
from service.render.documents.missing import sections
from service.settings import Mode, Settings
from service.wiring import Office, labels_in, open_office
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Wanted:
    year: int
    out: Path
    language: str | None
    network: str | None
    template: Path | None
    file: bool


@report.command()
def annual(  # noqa: PLR0913 - what can be said on the command line
    context: typer.Context,
    year: Annotated[int, typer.Argument(help="Such as 2023.", min=2000, max=2100)],
    *,
    out: Annotated[Path, typer.Option(help="The folder to write to; it is made.")] = Path(),
    language: InLanguage = None,
    network: Annotated[str | None, typer.Option(help="Its id, where there are several.")] = None,
    template: Annotated[
        Path | None, typer.Option(help="A docx template to try instead of the network's.")
    ] = None,
    file: Annotated[
        bool, typer.Option("--file", help="Put them among the coordinators' drafts as well.")
    ] = False,
) -> None:
    """The annual report of a year from the state: docx, PDF/A, xlsx, JSON and what is missing."""
    wanted = Wanted(
        year=year, out=out, language=language, network=network, template=template, file=file
    )
    until_done(made(chosen(context).settings(), wanted))


async def made(settings: Settings, wanted: Wanted) -> int:
    own = template_at(wanted.template) if wanted.template else None
    async with open_office(settings) as office:
        ids = [at.network.id for at in office.workplaces]
        if wanted.network not in (ids if len(ids) > 1 else [None, *ids]):
            print(f"natverket: name the network with --network: {', '.join(ids)}")
            return WRONG_USE
        at = office.workplace(wanted.network or ids[0])
        one = await compiled(at, wanted.year)
        if not one.report.entries:
            raise NatverketError(
                f"annual report {wanted.year}",
                "the state knows no meeting that was held in that year",
                remedy="Let `natverket once sync_calendar` read the calendar first.",
            )
        labels = labels_in(wanted.language) if wanted.language else at.labels
        template = own or at.template(NAME)
        _write(one, labels, template, wanted.out)
        if wanted.file:
            await _file(one, labels, template, at, office)
    return DONE


def _write(one: Compiled, labels: Labels, template: Template, out: Path) -> None:
    """Everything is made before anything is written: a template with a fault leaves no half."""
    made = {each.name: each.make() for each in documents(one, labels, template)}
    pdf = as_pdf(annual_report_docx(one.report, labels, template=template, for_pdf=True))
    if not isinstance(pdf, NoPdf):
        made[f"{labels.frame.title.format(year=one.report.year)}.pdf"] = pdf
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (out / name).write_bytes(content)
            print(f"wrote {out / name}")
    except OSError as error:
        reason = error.strerror or "it cannot be written to"
        raise UnreadableFile(str(out), reason, remedy="Name another folder with --out.") from error
    if isinstance(pdf, NoPdf):
        print(f"note  no PDF: {pdf.why}")
    missing = lacks(one, labels)
    print(f"missing: {missing.count}" if missing.count else labels.missing.nothing)
    for _, heading, lines in sections(missing, labels):
        print(f"\n{heading}")
        for line in lines:
            print(f"  · {line}")


async def _file(
    one: Compiled, labels: Labels, template: Template, at: Workplace, office: Office
) -> None:
    """As the job does: anew only if it says something else, and never over an edited one."""
    edition = "" if labels.locale == at.labels.locale else labels.locale
    today = local_day(at.clock.now(), at.network.time_zone)
    print()
    with office.store.exclusive(f"{at.network.id}/{JOB.name}") as free:
        if not free:
            raise AlreadyRunning(f"job {JOB.name}", "another process is running it at this moment")
        for action in filings(one, labels, template, today, edition):
            if office.settings.mode is Mode.OBSERVE:
                print(f"would file {action.folder.path}/{action.name}")
            elif await refresh(action, at):
                print(f"filed {action.folder.path}/{action.name}")
            else:
                print(f"as it was {action.folder.path}/{action.name}")
