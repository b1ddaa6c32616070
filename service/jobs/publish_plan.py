"""
Writes the operations plan: a draft for coordinators, and what follows once it is published.

Then the calendar lies beside it for members. The document is kept up to date where it
lies, unless a person has edited it; that one stands, and a new draft is written instead.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from service.domain.actions import Action, Folder, Made, PrepareFolder, RefreshFile, Shelf
from service.domain.names import safe_name
from service.domain.period import local_day
from service.domain.plan.plan import OperationsPlan, fingerprint
from service.effects.steps import EDITED
from service.jobs.known import items, written
from service.jobs.plans import PLANS, Plans, calendar_of, document_key, keep, lines_of, plans_of
from service.jobs.spec import Job, Poll
from service.observe import SeenItem
from service.ports import Effect
from service.render.documents import Template
from service.render.documents.plan import TEMPLATE, plan_docx
from service.render.documents.plan_lines import Lines
from service.render.documents.plan_words import PlanWords
from service.render.plan_text import plan_text
from service.workplace import Workplace

DRAFTS = Folder(key="folder/drafts", shelf=Shelf.COORDINATION, path="Rapportutkast")


@dataclass(frozen=True, kw_only=True)
class Work:
    """One year's plan."""

    plan: OperationsPlan
    calendar: bytes | None
    """None: not published."""
    in_place: bool = False
    """The published document is the service's own, and nobody has edited it."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    work: tuple[Work, ...]
    lines: Lines
    template: Template
    language: str
    """BCP 47."""
    prepared: bool = True
    """The folder for published plans is there."""
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each file that was written, by key."""


async def observe(at: Workplace) -> Observed:
    plans = await plans_of(at)
    if not at.rehearsal:
        await keep(plans, at)
    effects = await at.ledger.effects("plan/")
    shelved = await items(at, at.places.documentation)
    return Observed(
        work=tuple(_work(year, plans, effects, shelved, at) for year in plans.years),
        lines=lines_of(at),
        template=at.template(TEMPLATE),
        language=at.labels.language,
        prepared=PLANS.key in await written(at, PLANS.key),
        written=await written(at, "plan/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    if not seen.work:
        return ()
    folder = () if seen.prepared else (PrepareFolder(folder=PLANS),)
    files = (file for work in seen.work for file in _files(work, seen, now))
    return (*folder, *(one for one in files if seen.written.get(one.key) != one.source.fingerprint))


def _work(
    year: int,
    plans: Plans,
    effects: Mapping[str, Effect],
    shelved: Mapping[str, SeenItem],
    at: Workplace,
) -> Work:
    published = plans.published.get(year)
    if published is None:
        return Work(plan=plans.years[year], calendar=None)
    effect, item = effects.get(document_key(year)), shelved.get(published.item_id)
    return Work(
        plan=plans.years[year],
        calendar=calendar_of(plans.listing.values(), (year,), at),
        in_place=effect is not None and item is not None and _is_ours(item, effect, year, at),
    )


def _is_ours(item: SeenItem, effect: Effect, year: int, at: Workplace) -> bool:
    """
    Tell whether it is our own document, that nobody has edited, as far as the last reading tells.

    Moved in a browser it may have got another id: then our app wrote it last, under its name.
    """
    by_our_app = item.modified_by_app == at.places.client_id
    if effect.baseline.get(EDITED):
        return False
    if item.id == effect.remote_id:
        return by_our_app or item.ctag == effect.baseline.get("ctag")
    return by_our_app and item.name == _name(at.labels.plan, year)


def _name(words: PlanWords, year: int) -> str:
    return safe_name(f"{words.file.format(year=year)}.docx")


def _files(work: Work, seen: Observed, now: datetime) -> Iterator[RefreshFile]:
    plan, lines = work.plan, seen.lines
    words, year = lines.words, plan.year
    name = words.file.format(year=year)
    text = plan_text(plan, lines)
    yield _file(
        document_key(year),
        PLANS if work.in_place else DRAFTS,
        _name(words, year),
        Made(
            make=partial(plan_docx, plan, lines, seen.template, made=now, language=seen.language),
            fingerprint=fingerprint(plan, repr(words), seen.template.fingerprint),
        ),
        (now, lines),
    )
    yield _file(
        f"plan/{year}/text",
        DRAFTS,
        f"{words.text_file.format(year=year)}.txt",
        _as_it_is(text),
        (now, lines),
    )
    if work.calendar is not None:
        yield _file(
            f"plan/{year}/calendar",
            PLANS,
            f"{name}.ics",
            _as_it_is(work.calendar),
            (now, lines),
        )


def _as_it_is(content: bytes) -> Made:
    return Made(make=partial(bytes, content), fingerprint=hashlib.sha256(content).hexdigest())


def _file(
    key: str, folder: Folder, name: str, source: Made, when: tuple[datetime, Lines]
) -> RefreshFile:
    now, lines = when
    today = local_day(now, lines.network.time_zone)
    stem, dot, ending = name.rpartition(".")
    return RefreshFile(
        key=key,
        folder=folder,
        name=safe_name(name),
        name_beside=safe_name(f"{stem} ({today}){dot}{ending}"),
        source=source,
    )


JOB = Job(
    name="publish_plan",
    does="Writes the operations plan as a draft, and its calendar once the plan is published.",
    wakes=Poll(setting="calendar"),
    observe=observe,
    plan=plan,
)
