"""
Writes the annual report: a draft for the coordinators, kept up to date through the year.

Beside it lie the same figures as a workbook and as JSON, and a list of what is missing. Each
is written anew at the end of a month if what it says has changed, until March of the next
year, and never over one that a person has edited.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from service.domain.actions import Action, Folder, Made, RefreshFile, Shelf
from service.domain.annual import fingerprint
from service.domain.annual.lacking import ToComplete, to_complete
from service.domain.names import safe_name
from service.domain.period import local_day
from service.jobs.annual import Compiled, compiled
from service.jobs.known import written
from service.jobs.spec import Job, LastOfMonth
from service.render.annual_json import annual_json
from service.render.annual_sheets import annual_workbook
from service.render.documents import Labels, Template, annual_report_docx
from service.render.documents.annual import NAME
from service.render.documents.missing import missing_docx, sections
from service.workplace import Workplace

DRAFTS = "Rapportutkast"
_STILL_WRITTEN_IN = 3
"""The last month in which late answers still change the draft of the year before."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    years: tuple[Compiled, ...]
    labels: Labels
    template: Template
    today: date
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each document that was written, by key."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """One of a year's documents."""

    part: str
    """What its key ends with; the report's own with nothing."""
    name: str
    says: str
    """Its fingerprint."""
    make: Callable[[], bytes]


async def observe(at: Workplace) -> Observed:
    today = local_day(at.clock.now(), at.network.time_zone)
    late = (today.year - 1,) if today.month <= _STILL_WRITTEN_IN else ()
    return Observed(
        years=tuple([await compiled(at, year) for year in (*late, today.year)]),
        labels=at.labels,
        template=at.template(NAME),
        today=today,
        written=await written(at, "report/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    actions = (
        action
        for one in seen.years
        if one.report.entries
        for action in filings(one, seen.labels, seen.template, seen.today)
    )
    return tuple(one for one in actions if seen.written.get(one.key) != one.source.fingerprint)


def filings(
    one: Compiled, labels: Labels, template: Template, today: date, edition: str = ""
) -> tuple[RefreshFile, ...]:
    """Put a year's documents among the drafts; `edition` keeps another language's apart."""
    year = f"{one.report.year}/{edition}" if edition else str(one.report.year)
    return tuple(_action(each, year, today) for each in documents(one, labels, template))


def documents(one: Compiled, labels: Labels, template: Template) -> tuple[Document, ...]:
    """Every document of a year, as the job files them and the command writes them."""
    report, missing = one.report, lacks(one, labels)
    name = labels.frame.title.format(year=report.year)
    says = fingerprint(report)
    return (
        Document(
            part="",
            name=f"{name}.docx",
            says=f"{says}/{template.fingerprint}",
            make=partial(annual_report_docx, report, labels, template=template),
        ),
        Document(
            part="/xlsx",
            name=f"{name}.xlsx",
            says=says,
            make=partial(annual_workbook, report, labels),
        ),
        Document(part="/json", name=f"{name}.json", says=says, make=partial(annual_json, report)),
        Document(
            part="/missing",
            name=f"{labels.missing.name.format(year=report.year)}.docx",
            says=_says(missing, labels),
            make=partial(missing_docx, missing, labels),
        ),
    )


def lacks(one: Compiled, labels: Labels) -> ToComplete:
    return to_complete(one.report, one.beside, labels.decimal_mark)


def _says(missing: ToComplete, labels: Labels) -> str:
    text = json.dumps(sections(missing, labels), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _action(document: Document, year: str, today: date) -> RefreshFile:
    stem, _, ending = document.name.rpartition(".")
    return RefreshFile(
        key=f"report/annual/{year}{document.part}",
        folder=Folder(key="folder/drafts", shelf=Shelf.COORDINATION, path=DRAFTS),
        name=safe_name(document.name),
        name_beside=safe_name(f"{stem} ({today.isoformat()}).{ending}"),
        source=Made(make=document.make, fingerprint=document.says),
    )


JOB = Job(
    name="publish_reports",
    does="Writes the annual report as a draft for the coordinators, its figures and what it lacks.",
    wakes=LastOfMonth(at="18:00"),
    observe=observe,
    plan=plan,
)
