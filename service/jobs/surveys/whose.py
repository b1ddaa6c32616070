"""Tells of every form whose it is: by a coordinator's word, else by everything known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.meeting import Meeting, leads_to_workbook
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.survey.belonging import SeenForm, Yearly, form_belongs_to
from service.domain.survey.responses import SourceKind
from service.effects.placements import NOBODYS, PLACEMENTS, Placement
from service.errors import TenantError, Verdict
from service.jobs.known import INBOX, Known, KnownForm
from service.jobs.surveys.placed import Said, said_of_forms
from service.jobs.surveys.taking import NOWHERE, keep, known_forms
from service.observe import Change
from service.workplace import Workplace

LEADS = "survey-links"
LOOKED_AGAIN = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Lead:
    """The file behind a link in the register; empty where there is none."""

    item_id: str
    looked: datetime


@dataclass(frozen=True, kw_only=True)
class _Facts:
    said: Mapping[str, Said]
    homes: Mapping[str, str]
    """Meeting id by item id of its folders."""
    linked: Mapping[str, frozenset[str]]
    """Meeting ids by the item id that their rows link to."""


async def tell_whose(at: Workplace, known: Known) -> None:
    """Anew every time: a meeting may have come or been moved, a row may hold a link by now."""
    forms = tuple((await known_forms(at)).values())
    facts = _Facts(
        said=await _words(at, forms),
        homes={
            effect.remote_id: key.split("/", 2)[2]
            for key, effect in (await at.ledger.effects("folder/")).items()
            if effect.remote_id and key.split("/")[1] in ("coordination", "documentation", "inbox")
        },
        linked=await _links(at, known.meetings),
    )
    for form in forms:
        placed = _placed(form, known.meetings, facts, at)
        if placed != form:
            await keep(placed, at)


async def _words(at: Workplace, forms: Sequence[KnownForm]) -> dict[str, Said]:
    """Of an exported file `natverket file` may have said it, before anybody knew what it is."""
    words = dict(await said_of_forms(at))
    files = await at.ledger.seen(PLACEMENTS, Placement)
    for form in forms:
        word = files.get(f"inbox/{form.item_id}")
        if word is not None and word.meeting_id != NOBODYS and form.item_id not in words:
            words[form.item_id] = Said(said=word.said, meeting_id=word.meeting_id)
    return words


def _placed(
    form: KnownForm, meetings: Sequence[Meeting], facts: _Facts, at: Workplace
) -> KnownForm:
    unknown = replace(form, meeting_id="", year=None, nobodys=False, candidates=())
    word = facts.said.get(form.item_id)
    if word is not None:
        kind = Why.SETTLED if word.meeting_id or word.year is not None else Why.NOBODYS
        there = not word.meeting_id or any(one.id == word.meeting_id for one in meetings)
        why = Reason(kind if there else Why.SETTLED_GONE).said(at.texts)
        if not there:
            return replace(unknown, why=why)
        return replace(
            unknown,
            meeting_id=word.meeting_id,
            year=word.year,
            nobodys=kind is Why.NOBODYS,
            why=why,
        )
    match form_belongs_to(
        _seen(form, facts, at),
        meetings,
        time_zone=at.network.time_zone,
        open_for=at.network.survey.open_for,
    ):
        case Placed(meeting=meeting, reason=reason):
            return replace(unknown, meeting_id=meeting.id, why=reason.said(at.texts))
        case Yearly(year=year):
            return replace(unknown, year=year, why=at.texts.say("survey.yearly"))
        case Unsure(candidates=candidates, reason=reason):
            ids = tuple(one.id for one in candidates)
            return replace(unknown, candidates=ids, why=reason.said(at.texts))


def _seen(form: KnownForm, facts: _Facts, at: Workplace) -> SeenForm:
    in_inbox = f"{form.folder}/".startswith(f"{INBOX}/")
    root = at.places.survey_folder if form.kind is SourceKind.WORKBOOK else INBOX
    inside = f"{form.folder}/".startswith(f"{root}/")
    return SeenForm(
        name=form.name,
        created=form.created,
        folder=(form.folder.removeprefix(root) if inside else form.folder).strip("/"),
        in_inbox=in_inbox,
        within=facts.homes.get(form.parent_id or "", ""),
        addresses=(form.url, form.name) if form.kind is SourceKind.LIST else (form.url,),
        linked=facts.linked.get(form.item_id, frozenset()),
        submitted=form.submitted,
        rates=any(question.meaning.is_rating for question in form.questions),
    )


# ---------------------------------------------------------------- links in the register


async def _links(at: Workplace, meetings: Sequence[Meeting]) -> dict[str, frozenset[str]]:
    """A row may hold the address of a workbook, or a sharing link to it, in place of the form's."""
    leads = await at.ledger.seen(LEADS, Lead)
    found: dict[str, frozenset[str]] = {}
    for meeting in meetings:
        link = meeting.survey_link
        lead = leads.get(link)
        if leads_to_workbook(link) and _is_due(lead, at):
            lead = await _followed(link, at)
        if lead is not None and lead.item_id:
            found[lead.item_id] = found.get(lead.item_id, frozenset()) | {meeting.id}
    return found


def _is_due(lead: Lead | None, at: Workplace) -> bool:
    is_old = lead is not None and at.clock.now() - lead.looked >= LOOKED_AGAIN
    return lead is None or (is_old and not lead.item_id)


async def _followed(link: str, at: Workplace) -> Lead | None:
    """What cannot be seen now is looked for again: soon, or in a day where it is refused."""
    try:
        item = await at.drives.shared(link)
    except NOWHERE:
        raise
    except TenantError as error:
        if error.verdict is Verdict.AGAIN:
            return None
        item = None
    lead = Lead(item_id=item.id if item else "", looked=at.clock.now())
    await at.ledger.absorb(LEADS, [Change(id=link, value=lead)])
    return lead
