"""What was read of a form is taken in: its responses first, then the form."""

import hashlib
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import Action
from service.domain.survey.keeping import succeed
from service.domain.survey.responses import Question, Response
from service.errors import SignInRefused, Unreachable
from service.jobs.known import FORMS, Known, KnownForm
from service.jobs.surveys.placed import hand_on
from service.observe import Change
from service.parse.workbook import Sheet
from service.workplace import Workplace

NOWHERE = (Unreachable, SignInRefused)
"""Nothing can be read in such a run: it fails as a whole."""

_ENOUGH = 500


@dataclass(frozen=True, kw_only=True)
class Gathered:
    notes: tuple[Action, ...] = ()
    """What could not be read, and why; files that are to be put in their place."""


Gather = Callable[[Workplace, Known], Awaitable[Gathered]]
"""Reads one way; what it reads, it keeps in ledger and journal."""


async def known_forms(at: Workplace) -> dict[str, KnownForm]:
    return await at.ledger.seen(FORMS, KnownForm)


async def keep(form: KnownForm, at: Workplace) -> None:
    await at.ledger.absorb(FORMS, [Change(id=form.item_id, value=form)])


def renewed(before: KnownForm | None, first: KnownForm, at: Workplace) -> KnownForm:
    """What is known from before, else a form that is seen for the first time."""
    return before if before is not None else replace(first, since=at.clock.now())


async def take_in(form: KnownForm, sheet: Sheet, at: Workplace) -> None:
    """
    Put what a source shows now in the place of what it showed before.

    A crash in between leaves the form's old version: it is read once more.
    """
    before = await at.journal.responses(form.item_id)
    after = succeed(before, sheet.responses, held=form.held, anyway=at.anyway)
    if after.ended:
        await _end(form.item_id, after.ended, at)
    if after.responses != before:
        await at.journal.replace_responses(form.item_id, after.responses)
    kept = len(after.held)
    await keep(
        replace(
            form,
            questions=_questions(form, sheet) if kept else sheet.questions,
            raw_rows=sheet.raw_rows + kept,
            submitted=_submitted(after.responses),
            warnings=sheet.warnings,
            held=tuple(sorted(after.held)),
            problem=told_of_held(kept, at) or form.problem,
        ),
        at,
    )


def told_of_held(n: int, at: Workplace) -> str:
    """Say how many responses are kept that the source no longer shows; empty: none."""
    return at.texts.say("survey.held", n=n) if n else ""


def _questions(form: KnownForm, sheet: Sheet) -> tuple[Question, ...]:
    """With those that the responses kept have answered."""
    keys = {question.key for question in sheet.questions}
    return (*sheet.questions, *(one for one in form.questions if one.key not in keys))


async def _end(form_id: str, responses: tuple[Response, ...], at: Workplace) -> None:
    """What a form had before it was started afresh stays by itself, with what was said of it."""
    forms = await known_forms(at)
    ended_id = await _ended_id(form_id, responses, forms, at)
    ended = replace(
        forms[form_id],
        item_id=ended_id,
        ended=True,
        raw_rows=len(responses),
        submitted=_submitted(responses),
        held=(),
        problem=at.texts.say("survey.ended"),
    )
    await at.journal.replace_responses(ended.item_id, responses)
    await keep(ended, at)
    await hand_on(form_id, ended.item_id, at)


async def _ended_id(
    form_id: str, responses: tuple[Response, ...], forms: Collection[str], at: Workplace
) -> str:
    """The next free one; after a crash the one under which they lie already."""
    number = 1
    while (id_ := f"{form_id}@{number}") in forms and await at.journal.responses(id_) != responses:
        number += 1
    return id_


def _submitted(responses: tuple[Response, ...]) -> tuple[datetime, ...]:
    """In order, the last one among them; of very many a part tells the days as well."""
    moments = sorted(one.submitted for one in responses if one.submitted)
    step = len(moments) // _ENOUGH + 1
    return tuple(reversed(moments[::-1][::step]))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
