"""
The operations plans that there are: this year's and the next, as the ledger knows them.

A plan is published when its document lies among the members' files, in the folder of plans:
a coordinator has moved or copied it there, or said `natverket report plan YEAR --publish`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from service.domain.actions import Folder, Shelf
from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.plan.listing import Listed, listed
from service.domain.plan.plan import Entry, OperationsPlan, entries_of, plan_of, undated_years
from service.jobs.known import Known, items, known
from service.observe import Change, SeenItem
from service.ports import Effect
from service.render.documents.plan_lines import Lines
from service.workplace import Workplace

T = TypeVar("T", "PublishedPlan", Listed)

PUBLISHED, LISTING = "plan/published", "plan/listing"
"""Sources in the ledger."""
PLANS = Folder(
    key="folder/plans",
    shelf=Shelf.DOCUMENTATION,
    path="Gemensamt/Verksamhetsplaner",
    lasting=True,
)
DOCUMENTS = (".docx", ".pdf")
"""What a published plan may be: as it was made, or as somebody has made it ready to print."""
_OPEN = "~$"
"""So begins what Word lays beside a document that somebody has open."""


@dataclass(frozen=True, kw_only=True)
class PublishedPlan:
    """A year's plan that members can read."""

    year: int
    seen: datetime
    """When it was first seen there."""
    item_id: str
    name: str
    folder_url: str
    meetings: int
    """With a date."""


@dataclass(frozen=True, kw_only=True)
class Plans:
    facts: Known
    entries: tuple[Entry, ...]
    years: Mapping[int, OperationsPlan]
    """Those that are drafted or published."""
    published: Mapping[int, PublishedPlan]
    listing: Mapping[str, Listed]
    """What the calendar says, by UID."""
    undated: Mapping[str, int]
    """By row id, to which year a row without a date belongs."""


def document_key(year: int) -> str:
    return f"plan/{year}/document"


def lines_of(at: Workplace) -> Lines:
    return Lines(at.network, at.labels.plan, at.texts)


async def plans_of(at: Workplace) -> Plans:
    """
    Put together what is planned, and how it was told so far.

    A year is drafted as soon as a meeting of it has a date that is still to come.
    """
    facts = await known(at)
    now = at.clock.now()
    today = local_day(now, at.network.time_zone)
    entries = entries_of(_with_rows(facts), facts.planned, facts.questions, at.network)
    there = await _published(at)
    coming = {
        entry.first_day.year
        for entry in entries
        if entry.first_day and entry.last_day and entry.last_day >= today and not entry.cancelled
    }
    drafted = {year for year in (today.year, today.year + 1) if year in coming | there.keys()}
    undated = undated_years(facts.planned, entries, today.year)
    years = {year: plan_of(year, entries, undated, at.network) for year in sorted(drafted)}
    return Plans(
        facts=facts,
        entries=entries,
        years=years,
        published={
            year: replace(one, meetings=len(years[year].dated)) if year in years else one
            for year, one in there.items()
        },
        listing=listed(
            await at.ledger.seen(LISTING, Listed),
            entries,
            drafted=drafted,
            published=there.keys(),
            network_id=at.network.id,
            now=now,
        ),
        undated=undated,
    )


def _with_rows(facts: Known) -> tuple[Meeting, ...]:
    """With the id of the row, also of one that gets it only now."""
    return tuple(
        replace(meeting, row_id=facts.rows[meeting.id].id) if meeting.id in facts.rows else meeting
        for meeting in facts.meetings
    )


async def keep(plans: Plans, at: Workplace) -> None:
    """Write down what is published, and what the calendar says from now on."""
    await _keep(PUBLISHED, {str(y): one for y, one in plans.published.items()}, PublishedPlan, at)
    await _keep(LISTING, plans.listing, Listed, at)


async def _keep(source: str, after: Mapping[str, T], kind: type[T], at: Workplace) -> None:
    before = await at.ledger.seen(source, kind)
    changes = [Change(id=key, value=one) for key, one in after.items() if before.get(key) != one]
    changes += [Change[T](id=key, value=None) for key in before if key not in after]
    if changes:
        await at.ledger.absorb(source, changes)


# ---------------------------------------------------------------- published


async def _published(at: Workplace) -> dict[int, PublishedPlan]:
    folder = (await at.ledger.effects(PLANS.key)).get(PLANS.key)
    before = await at.ledger.seen(PUBLISHED, PublishedPlan)
    today = local_day(at.clock.now(), at.network.time_zone)
    shelved = await items(at, at.places.documentation)
    here = [item for item in shelved.values() if _is_plan(item, folder, shelved)]
    started = (await at.ledger.effects("started")).get("started")
    found: dict[int, PublishedPlan] = {}
    for year in (today.year - 1, today.year, today.year + 1):
        own = await _own(year, at)
        candidates = [item for item in here if item.id == own or _is_of(year, item)]
        if not candidates:
            continue
        item = min(candidates, key=lambda item: (item.id != own, item.created, item.id))
        old = before.get(str(year))
        # What lay there before the service began is no news.
        is_new = started is None or item.created >= started.created
        found[year] = PublishedPlan(
            year=year,
            seen=old.seen if old else at.clock.now() if is_new else item.created,
            item_id=item.id,
            name=item.name,
            folder_url=_url(folder, item, shelved),
            meetings=old.meetings if old else 0,
        )
    return found


def _is_plan(item: SeenItem, folder: Effect | None, shelved: Mapping[str, SeenItem]) -> bool:
    if item.folder or not item.name.casefold().endswith(DOCUMENTS):
        return False
    if item.name.startswith(_OPEN):
        return False
    by_id = folder is not None and folder.remote_id is not None and folder.remote_id in shelved
    if by_id and folder is not None:
        return item.parent_id == folder.remote_id
    return item.path.casefold() == PLANS.path.casefold()


def _is_of(year: int, item: SeenItem) -> bool:
    return re.search(rf"(?<!\d){year}(?!\d)", item.name) is not None


async def _own(year: int, at: Workplace) -> str | None:
    effect = (await at.ledger.effects(document_key(year))).get(document_key(year))
    return effect.remote_id if effect else None


def _url(folder: Effect | None, item: SeenItem, shelved: Mapping[str, SeenItem]) -> str:
    """Of the folder, where the calendar lies beside the document."""
    above = shelved.get(item.parent_id or "")
    if above is not None:
        return above.web_url
    told = str(folder.baseline.get("web_url", "")) if folder else ""
    return told or item.web_url


# ---------------------------------------------------------------- the calendar


def calendar_of(entries: Iterable[Listed], years: Iterable[int], at: Workplace) -> bytes:
    """Write the calendar of these years: those entries that stand in any of them."""
    wanted = sorted(set(years))
    said, words = "–".join(dict.fromkeys((str(wanted[0]), str(wanted[-1])))), at.labels.plan
    # What writes calendars takes long to load, and is needed when a plan has changed.
    from service.render.calendar_plan import Cover, plan_calendar  # noqa: PLC0415

    cover = Cover(
        name=words.calendar.format(network=at.network.name, year=said),
        about=words.calendar_about.format(year=said),
        key=f"natverket:{at.network.id}/plan/{said}",
        page=at.places.site_url,
    )
    shown = (one for one in entries if not set(one.years).isdisjoint(wanted))
    return plan_calendar(shown, cover, lines_of(at))


async def subscribed(at: Workplace) -> tuple[bytes, datetime] | None:
    """
    Return what a subscriber gets, and since when it says so: every published year in one.

    It is what the job wrote down last; nothing is decided here. None: no plan is published.
    """
    published = [one.year for one in (await at.ledger.seen(PUBLISHED, PublishedPlan)).values()]
    entries = tuple((await at.ledger.seen(LISTING, Listed)).values())
    shown = [one for one in entries if not set(one.years).isdisjoint(published)]
    if not shown:
        return None
    return calendar_of(shown, published, at), max(one.changed for one in shown)
