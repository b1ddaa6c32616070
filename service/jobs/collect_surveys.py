"""
Collects what was answered: from workbooks, from a list that a flow fills, from exported files.

A form is read only when it has changed. The answers stay in the coordinators' library and in
the state; members get figures only. An export that somebody has dropped in the inbox is moved
to the coordinators' folder of its meeting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actions import Action, Folder, Leave, MoveFile, Shelf
from service.domain.names import safe_name
from service.domain.survey.responses import SourceKind
from service.jobs.frozen import let_go_again
from service.jobs.known import KnownForm, is_waiting, items, known, underlag_folder
from service.jobs.spec import Job, Poll
from service.jobs.surveys import WAYS
from service.jobs.surveys.taking import known_forms
from service.jobs.surveys.whose import tell_whose
from service.observe import SeenItem
from service.ports import Effect, Status
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Observed:
    forms: tuple[KnownForm, ...]
    notes: tuple[Action, ...] = ()
    inbox: tuple[SeenItem, ...] = ()
    """Exports that lie there."""
    homes: Mapping[str, Folder]
    """By form id, of those in the inbox that have one."""
    moved: Mapping[str, Effect]
    settle: timedelta
    client_id: str


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    notes = [note for gather in WAYS for note in (await gather(at, facts)).notes]
    await tell_whose(at, facts)
    await let_go_again(at)
    forms = await known_forms(at)
    exports = {id_: form for id_, form in forms.items() if form.kind is SourceKind.EXPORT}
    there = (await items(at, at.places.coordination)).values()
    meetings = {meeting.id: meeting for meeting in facts.meetings}
    return Observed(
        forms=tuple(forms.values()),
        notes=tuple(notes),
        inbox=tuple(item for item in there if item.id in exports and is_waiting(item)),
        homes={
            id_: underlag_folder(meetings[form.meeting_id])
            if form.meeting_id
            else _of_year(form.year or 0, at)
            for id_, form in exports.items()
            # What could not be read may be anything: it stays where the person sees it.
            if form.sha256 and (form.meeting_id or form.year is not None)
        },
        moved=await at.ledger.effects("export/"),
        settle=at.rules.settle,
        client_id=at.places.client_id,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    """Move exports out of the inbox, and say of which forms nobody knows whose they are."""
    asked = (Leave(subject=form.name, why=form.why) for form in seen.forms if form.is_asked)
    told = (Leave(subject=form.name, why=form.problem) for form in seen.forms if form.problem)
    return (*seen.notes, *_moves(seen, now), *asked, *told)


def _moves(seen: Observed, now: datetime) -> Iterator[MoveFile]:
    """Once: one that a person has put back into the inbox stays there."""
    forms = {form.item_id: form for form in seen.forms}
    for item in seen.inbox:
        form, folder = forms[item.id], seen.homes.get(item.id)
        key = f"export/{item.id}"
        before = seen.moved.get(key)
        is_over = before is not None and before.status in (Status.DONE, Status.DROPPED)
        ours = item.modified_by_app == seen.client_id
        is_warm = now - (item.created if ours else item.modified) < seen.settle
        if folder is None or is_over or is_warm or _stands(before):
            continue
        yield MoveFile(
            key=key,
            item=item,
            folder=folder,
            name=safe_name(item.name),
            columns={},
            meeting_id=form.meeting_id,
            why=form.why,
        )


def _stands(effect: Effect | None) -> bool:
    """It waits for a person, not for its time."""
    return effect is not None and effect.status is Status.PARKED and effect.not_before is None


def _of_year(year: int, at: Workplace) -> Folder:
    name = at.texts.say("survey.yearly")
    return Folder(
        key=f"folder/coordination/{year}",
        shelf=Shelf.COORDINATION,
        path=f"Underlag/{year}/{safe_name(name)}",
    )


JOB = Job(
    name="collect_surveys",
    does="Collects the answers of surveys from workbooks, a list and exported files.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
