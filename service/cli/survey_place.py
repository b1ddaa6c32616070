"""`natverket survey list` and `place`: what answers there are, and whose they are."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from service.cli.app import chosen, until_done
from service.cli.surveys import AsJson, survey
from service.cli.words import DONE, FAILED, WRONG_USE, tell
from service.domain.dates import dates_in
from service.domain.gaps_in_words import which
from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.retention import Frozen
from service.domain.survey.responses import SourceRead
from service.errors import Ambiguous, NatverketError, NotFound
from service.jobs import collect_surveys
from service.jobs.evaluations import evaluations, yearly_surveys
from service.jobs.frozen import closed_on, frozen
from service.jobs.known import Known, KnownForm, known
from service.jobs.lookup import meeting_named
from service.jobs.survey_state import asked
from service.jobs.surveys.placed import Said, say
from service.jobs.surveys.taking import known_forms
from service.settings import Settings
from service.wiring import Office, open_office
from service.workplace import Workplace

_LIST = "`natverket survey list` lists them."


@dataclass(frozen=True, kw_only=True)
class _State:
    facts: Known
    counts: Mapping[str, SourceRead]
    """By form, what of it counts."""
    closed: Mapping[str, Frozen]
    """By survey."""


@survey.command(name="list")
def list_(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Every form whose answers were collected: whose it is, why, and what of it counts."""
    until_done(_list(chosen(context).settings(), as_json=as_json))


@survey.command()
def place(
    context: typer.Context,
    form: Annotated[str, typer.Argument(help="Name or id of the form, as `survey list` has it.")],
    *,
    meeting: Annotated[
        str | None, typer.Option(help="Whose it is: a day, or words of the title.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="It is the yearly survey of this year.")] = None,
    none: Annotated[bool, typer.Option("--none", help="It is no evaluation.")] = False,
) -> None:
    """Say whose a form's answers are. It is kept, and wins from then on."""
    settings = chosen(context).settings()
    if sum((meeting is not None, year is not None, none)) != 1:
        print("natverket: say one of --meeting DATE, --year YEAR and --none")
        raise typer.Exit(WRONG_USE)
    until_done(_place(settings, form, meeting, year))


# ---------------------------------------------------------------- saying whose


async def _place(settings: Settings, name: str, meeting: str | None, year: int | None) -> int:
    async with open_office(settings) as office:
        at, form = await _found(office, name)
        facts = await known(at)
        about = _meeting(meeting, facts).id if meeting is not None else ""
        await say(form.item_id, Said(said=at.clock.now(), meeting_id=about, year=year), at)
        code = await _collect(office, at)
        now = (await known_forms(at))[form.item_id]
        state = _State(facts=facts, counts={}, closed=await frozen(at))
        print("\n".join(_lines(now, state, at)))
        return code


async def _found(office: Office, name: str) -> tuple[Workplace, KnownForm]:
    """The one form of that id or name, in whichever network has it."""
    forms = [(at, f) for at in office.workplaces for f in (await known_forms(at)).values()]
    wanted = name.casefold()
    for fits in (
        lambda form: name in (form.item_id, form.url),
        lambda form: form.name.casefold() == wanted,
        lambda form: wanted in form.name.casefold(),
    ):
        found = [one for one in forms if fits(one[1])]
        if len(found) == 1:
            return found[0]
        if found:
            told = "; ".join(f"{form.name}: {form.item_id}" for _, form in found[:8])
            raise Ambiguous(name, f"{len(found)} forms are called so ({told}).")
    raise NotFound(name, "No form of this name has answers.", remedy=_LIST)


def _meeting(text: str, facts: Known) -> Meeting:
    if dates_in(text, default_year=None):
        return meeting_named(text, facts.meetings)
    found = [one for one in facts.meetings if text.casefold() in one.title.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotFound(f"meeting {text}", "None is called so.", remedy="`natverket meetings`")
    told = "; ".join(f"{one.first_day} {one.title}" for one in found[:8])
    raise Ambiguous(f"meeting {text}", f"{len(found)} are called so ({told}).")


async def _collect(office: Office, at: Workplace) -> int:
    """What was said is done at once."""
    code = DONE
    for entry in (await office.timetable()).entries:
        if entry.job is collect_surveys.JOB and entry.network_id == at.network.id:
            for error in (await office.run(entry, office.clock.now())).errors:
                code = _told(error)
    return code


def _told(error: NatverketError) -> int:
    tell(error)
    return FAILED


# ---------------------------------------------------------------- listing


async def _list(settings: Settings, *, as_json: bool) -> int:
    async with open_office(settings) as office:
        shown = [
            (at, await _state(at), tuple((await known_forms(at)).values()))
            for at in office.workplaces
        ]
    if as_json:
        told = [
            {"network": at.network.id, **_as_json(form, state)}
            for at, state, forms in shown
            for form in _in_order(forms, state.facts)
        ]
        print(json.dumps({"forms": told}, ensure_ascii=False, indent=1))
        return DONE
    for at, state, forms in shown:
        for form in _in_order(forms, state.facts):
            print("\n".join(_lines(form, state, at)))
        if not forms:
            print(at.texts.say("survey.none"))
    return DONE


async def _state(at: Workplace) -> _State:
    return _State(facts=await known(at), counts=await _by_form(at), closed=await frozen(at))


async def _by_form(at: Workplace) -> dict[str, SourceRead]:
    """What counts of each form, by its id."""
    meetings = [one.sources for one in (await evaluations(at)).values()]
    years = [one.sources for one in (await yearly_surveys(at)).values()]
    return {source.id: source for sources in (*meetings, *years) for source in sources}


def _in_order(forms: Sequence[KnownForm], facts: Known) -> list[KnownForm]:
    """Those that wait for a word first, then by meeting."""
    days = {meeting.id: meeting.first_day.isoformat() for meeting in facts.meetings}
    return sorted(
        forms,
        key=lambda form: (
            not form.is_asked,
            days.get(form.meeting_id, str(form.year or "")),
            form.name,
            form.item_id,
        ),
    )


def _lines(form: KnownForm, state: _State, at: Workplace) -> Iterator[str]:
    words, facts, counts = at.texts, state.facts, state.counts.get(form.item_id)
    yield f"{form.name} ({words.say(f'survey.{form.kind}')})"
    yield f"    {_whose(form, facts, at)}" + (f" ({form.why})" if form.why else "")
    if form.is_asked and (likely := which(asked(form, facts).candidates, words)):
        yield f"    {likely}"
    facts_of = []
    if counts is not None:
        facts_of.append(words.say("survey.counts", raw=str(counts.raw_rows), used=str(counts.used)))
    if form.submitted:
        day = local_day(max(form.submitted), at.network.time_zone)
        facts_of.append(words.say("survey.last", day=f"{day:%Y-%m-%d}"))
    if facts_of:
        yield f"    {', '.join(facts_of)}"
    if closed := closed_on(form, state.closed):
        yield f"    {words.say('survey.closed', day=closed.isoformat())}"
    yield from (f"  ! {said}" for said in (form.problem, *form.warnings) if said)


def _whose(form: KnownForm, facts: Known, at: Workplace) -> str:
    meeting = facts.meeting(form.meeting_id)
    if meeting is not None:
        return f"{meeting.first_day} {meeting.title}"
    if form.year is not None:
        return f"{at.texts.say('survey.yearly')} {form.year}"
    return at.texts.say("survey.nobodys" if form.nobodys else "survey.asked")


def _as_json(form: KnownForm, state: _State) -> dict[str, Any]:
    facts, counts = state.facts, state.counts.get(form.item_id)
    closed = closed_on(form, state.closed)
    meeting = facts.meeting(form.meeting_id)
    return {
        "id": form.item_id,
        "name": form.name,
        "way": form.kind.value,
        "url": form.url,
        "meeting": {"id": meeting.id, "date": str(meeting.first_day), "title": meeting.title}
        if meeting
        else None,
        "year": form.year,
        "asked": form.is_asked,
        "candidates": [
            {"id": one.id, "date": str(one.first_day), "title": one.title}
            for one in asked(form, facts).candidates
        ],
        "why": form.why,
        "raw_rows": form.raw_rows,
        "used": counts.used if counts else 0,
        "last": max(form.submitted).isoformat() if form.submitted else None,
        "closed": closed.isoformat() if closed else None,
        "problem": form.problem or None,
        "warnings": list(form.warnings),
    }
