"""
Deletes single answers that have fallen due, where a person has given the command.

What is to be done is written down first. Then, for each survey: its figures are frozen, from
which moment on everybody reads those; its answers are deleted from the state; our result file
is written anew without them. Last comes the receipt. Cut off anywhere, it goes on from there
when it is run again, and ends the same. In the tenant nothing is deleted.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC
from functools import partial
from zoneinfo import ZoneInfo

from service.domain.actions import Made, RefreshFile
from service.domain.names import free_name, safe_name
from service.domain.period import local_day
from service.domain.retention import (
    Disposal,
    Due,
    Frozen,
    by_survey,
    chosen_by_several,
    meeting_of_survey,
    year_of_survey,
)
from service.domain.survey.responses import Meaning, Question, Response
from service.effects.perform import perform
from service.effects.steps import is_edited
from service.errors import NatverketError, SettingsError, Verdict
from service.jobs import publish_results
from service.jobs.evaluations import evaluations, yearly_surveys
from service.jobs.frozen import FROZEN, frozen, let_go
from service.jobs.holding_words import words
from service.jobs.known import FORMS, KnownForm, items
from service.jobs.reading import read_drive
from service.jobs.retention import (
    DISPOSALS,
    FOLDER,
    disposal_folder,
    sheet_key,
    surveys_due,
    traces,
    unfinished,
)
from service.observe import Change
from service.ports import Effect, Status
from service.render.holdings.disposal import ByHand, Receipt, by_hand, everywhere, receipt
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Given:
    """The command, as it was given."""

    by: str
    command: str
    surveys: Collection[str] = ()
    """Those alone; empty: everything that is due."""


async def carry_out(given: Given, at: Workplace) -> tuple[Disposal, ...]:
    """
    Finish a disposal that was cut off, then do what else is due; return what was done.

    Raises SettingsError without a rule, TenantError where a file cannot be written now: the
    same command goes on from there.
    """
    if at.rules.retention is None:
        raise SettingsError((NO_RULE,))
    done = []
    if (cut_off := await unfinished(at)) is not None:
        done.append(await _carried_out(cut_off, at))
    wanted = [one for one in await surveys_due(at) if _is_wanted(one, given)]
    if wanted:
        done.append(await _carried_out(await _begun(wanted, given, at), at))
    return tuple(done)


NO_RULE = (
    "NATVERKET_NETWORK_RETENTION and NATVERKET_NETWORK_RETENTION_DECISION: are not set; nothing "
    "is deleted without a rule and the decision that it rests on"
)


def _is_wanted(one: Due, given: Given) -> bool:
    return not given.surveys or one.survey in given.surveys


async def _begun(surveys: Iterable[Due], given: Given, at: Workplace) -> Disposal:
    """Write down what will be done, with everything that must be the same after a crash."""
    assert at.rules.retention is not None
    now = at.clock.now()
    chosen = tuple(one.survey for one in surveys)
    disposal = Disposal(
        id=now.astimezone(UTC).isoformat(),
        begun=now,
        by=given.by,
        command=given.command,
        rule=at.rules.retention,
        surveys=chosen,
        receipt=await _free_receipt(at),
        edited=tuple([one for survey in chosen if (one := await _edited(survey, at)) is not None]),
    )
    await _keep(disposal, at)
    return disposal


async def _free_receipt(at: Workplace) -> str:
    """A name that no earlier receipt has, though the state may have forgotten that one."""
    await read_drive(at, at.places.coordination)
    there = (await items(at, at.places.coordination)).values()
    today = local_day(at.clock.now(), at.network.time_zone)
    name = safe_name(f"{words(at).say('disposal.receipt_name', day=today.isoformat())}.xlsx")
    return free_name(name, [item.name for item in there if item.path == FOLDER])


async def _edited(survey: str, at: Workplace) -> tuple[str, str] | None:
    """The survey with its result file's address, where a person has edited that."""
    effect = await _sheet(survey, at)
    if effect is None or effect.remote_id is None:
        return None
    item = await at.drives.item(at.places.coordination, effect.remote_id)
    return (survey, item.web_url) if item and is_edited(item, effect, at) else None


async def _sheet(survey: str, at: Workplace) -> Effect | None:
    key = sheet_key(survey)
    return (await at.ledger.effects(key)).get(key)


async def _keep(disposal: Disposal, at: Workplace) -> None:
    await at.ledger.absorb(DISPOSALS, [Change(id=disposal.id, value=disposal)])


# ---------------------------------------------------------------- the steps


async def _carried_out(disposal: Disposal, at: Workplace) -> Disposal:
    for survey in disposal.surveys:
        left = await _frozen(survey, disposal, at)
        for form in left.forms if left else ():
            await let_go(form, at)
    disposal = await _rewritten(disposal, at)
    return await _receipted(disposal, at)


async def _frozen(survey: str, disposal: Disposal, at: Workplace) -> Frozen | None:
    """
    Freeze the figures, once: after the answers are gone nothing could make them again.

    None where it is due no more: the rule was changed before a disposal was gone on with.
    """
    standing = (await frozen(at)).get(survey)
    if standing is not None:
        return standing
    about = next((one for one in await surveys_due(at) if one.survey == survey), None)
    if about is None:
        return None
    left = replace(await _left(about, at), disposal=disposal.id)
    await at.ledger.absorb(FROZEN, [Change(id=survey, value=left)])
    return left


async def _left(about: Due, at: Workplace) -> Frozen:
    year = year_of_survey(about.survey)
    answered = (
        (await evaluations(at))[meeting_of_survey(about.survey)]
        if year is None
        else (await yearly_surveys(at))[year]
    )
    questions, responses = answered.questions, answered.responses
    least = at.network.survey.least_in_class
    others = [question for question in questions if not question.meaning.is_rating]
    return Frozen(
        survey=about.survey,
        title=about.title,
        held=about.held,
        closed=about.closed,
        n=len(responses),
        sources=about.sources,
        questions=questions,
        rated=answered.rated,
        answered=tuple((question.key, _answered(question, responses)) for question in others),
        chosen=tuple(
            (question.key, chosen_by_several(_given(question, responses), least))
            for question in others
            if question.meaning in (Meaning.CHOICE, Meaning.CHOICES)
        ),
        version=answered.version,
        sha256=digest_of(responses),
        forms=await _forms(about.survey, at),
    )


def _answered(question: Question, responses: Iterable[Response]) -> int:
    return sum(question.key in response.answers for response in responses)


def _given(question: Question, responses: Iterable[Response]) -> list[str]:
    return [one.answers[question.key] for one in responses if question.key in one.answers]


def digest_of(responses: Iterable[Response]) -> str:
    """Tell answers from others without keeping them: SHA-256 of their JSON, ids in order."""
    told = sorted(
        [one.id, one.submitted.isoformat() if one.submitted else "", sorted(one.answers.items())]
        for one in responses
    )
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


async def _forms(survey: str, at: Workplace) -> tuple[str, ...]:
    """Every form of the survey, those whose answers did not count, too."""
    meeting_id, year = meeting_of_survey(survey), year_of_survey(survey)
    forms = (await at.ledger.seen(FORMS, KnownForm)).values()
    return tuple(
        form.item_id
        for form in forms
        if (form.meeting_id == meeting_id if meeting_id else form.year == year)
    )


async def _rewritten(disposal: Disposal, at: Workplace) -> Disposal:
    """
    Write our result files anew, without answers; one that a person has edited stays hers.

    One that a rule of the library holds is told with the edited ones.
    """
    wanted = {sheet_key(survey): survey for survey in disposal.surveys}
    actions = publish_results.plan(await publish_results.observe(at), at.clock.now())
    for action in actions:
        if not isinstance(action, RefreshFile) or action.key not in wanted:
            continue
        try:
            await perform(action, at)
        except NatverketError as error:
            if error.verdict is not Verdict.NOT_THIS_ITEM:
                raise
            disposal = await _left_to_people(wanted[action.key], disposal, at)
    return disposal


async def _left_to_people(survey: str, disposal: Disposal, at: Workplace) -> Disposal:
    effect = await _sheet(survey, at)
    url = str(effect.baseline.get("web_url", "")) if effect else ""
    if survey not in dict(disposal.edited):
        disposal = replace(disposal, edited=(*disposal.edited, (survey, url)))
        await _keep(disposal, at)
    return disposal


# ---------------------------------------------------------------- the receipt


async def _receipted(disposal: Disposal, at: Workplace) -> Disposal:
    key = f"disposal-receipt/{disposal.id}"
    await perform(
        RefreshFile(
            key=key,
            folder=disposal_folder(),
            name=disposal.receipt,
            name_beside=disposal.receipt,
            source=Made(
                make=partial(receipt, await _receipt(disposal, at), words(at)), fingerprint=key
            ),
        ),
        at,
    )
    effect = (await at.ledger.effects(key))[key]
    assert effect.status is Status.DONE
    done = replace(disposal, done=at.clock.now(), url=str(effect.baseline.get("web_url", "")))
    await _keep(done, at)
    return done


async def _receipt(disposal: Disposal, at: Workplace) -> Receipt:
    local = disposal.begun.astimezone(ZoneInfo(at.network.time_zone))
    return Receipt(
        network=at.network.name,
        day=local.date(),
        when=f"{local:%Y-%m-%d %H:%M}",
        disposal=disposal,
        surveys=by_survey(await frozen(at), disposal),
        hand=await left_by_hand(disposal, at),
    )


async def left_by_hand(disposal: Disposal, at: Workplace) -> tuple[ByHand, ...]:
    """What only people can delete of what a disposal was about."""
    said, edited = words(at), dict(disposal.edited)
    found = [
        one
        for survey in by_survey(await frozen(at), disposal)
        for one in by_hand(
            survey, await traces(survey.survey, at, edited=edited.get(survey.survey, "")), said
        )
    ]
    return (*found, *everywhere(said))
