"""The figures that stand in for answers that were deleted, and the surveys closed for good."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from service.domain.retention import Frozen, survey_of_meeting, survey_of_year
from service.jobs.known import FORMS, KnownForm
from service.observe import Change
from service.workplace import Workplace

FROZEN = "frozen"
"""Source of `Frozen` in the ledger, by survey."""


async def frozen(at: Workplace) -> dict[str, Frozen]:
    """By survey (`service.domain.retention.survey_of_meeting`, `survey_of_year`)."""
    return await at.ledger.seen(FROZEN, Frozen)


async def let_go_again(at: Workplace) -> None:
    """
    Delete what was collected since of surveys whose answers were deleted.

    Their sources lie where they lay. What was deleted must not come back from there, nor by
    another way, nor may late answers: one person's, beside figures that stay, would show.
    """
    closed = await frozen(at)
    forms = await at.ledger.seen(FORMS, KnownForm) if closed else {}
    for form in forms.values():
        # A workbook that is now another meeting's holds that one's answers.
        nobodys = not _survey_of(form) and any(form.item_id in one.forms for one in closed.values())
        if (nobodys or _survey_of(form) in closed) and await at.journal.responses(form.item_id):
            await let_go(form.item_id, at)


async def let_go(form_id: str, at: Workplace) -> None:
    """Delete what the state holds of a form's single answers; warnings quote them."""
    await at.journal.replace_responses(form_id, ())
    form = (await at.ledger.seen(FORMS, KnownForm)).get(form_id)
    if form is not None:
        bare = replace(form, submitted=(), held=(), warnings=())
        await at.ledger.absorb(FORMS, [Change(id=form_id, value=bare)])


def closed_on(form: KnownForm, closed: Mapping[str, Frozen]) -> date | None:
    """Tell on which day a form was closed for good by the disposal of its answers."""
    days = (
        one.closed
        for survey, one in closed.items()
        if survey == _survey_of(form) or form.item_id in one.forms
    )
    return max(days, default=None)


def _survey_of(form: KnownForm) -> str:
    if form.meeting_id:
        return survey_of_meeting(form.meeting_id)
    return survey_of_year(form.year) if form.year is not None else ""
