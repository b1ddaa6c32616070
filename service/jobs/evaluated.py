"""The evaluations of late as coordinators are told of them."""

from datetime import timedelta

from service.domain.indicators import response_rate
from service.domain.meeting import Meeting, Status
from service.domain.notice import Evaluated
from service.domain.survey.closing import closes
from service.domain.survey.responses import Meaning
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import Known
from service.jobs.publications import publications, standing_of
from service.workplace import Workplace

OF_LATE = timedelta(days=90)


async def evaluated(at: Workplace, facts: Known) -> tuple[Evaluated, ...]:
    """Return every meeting of late that has been answered something about."""
    now, before = at.clock.now(), await publications(at)
    answered, written = await evaluations(at), await at.ledger.effects("sheet/")
    return tuple(
        Evaluated(
            meeting=meeting,
            closes=closes(meeting, at.network),
            n=evaluation.n,
            rate=response_rate(evaluation.n, meeting),
            standing=standing_of(meeting, evaluation, before, at.network, now),
            own_words=_own_words(evaluation),
            workbook=str(sheet.baseline.get("web_url", "")) if sheet else "",
        )
        for meeting in facts.meetings
        if _is_of_late(meeting, at) and (evaluation := answered.get(meeting.id)) is not None
        for sheet in (written.get(f"sheet/{meeting.id}"),)
    )


def _is_of_late(meeting: Meeting, at: Workplace) -> bool:
    return meeting.status is Status.HELD and meeting.end > at.clock.now() - OF_LATE


def _own_words(evaluation: Evaluation) -> int:
    asked = [one.key for one in evaluation.questions if one.meaning is Meaning.TEXT]
    return sum(any(key in one.answers for key in asked) for one in evaluation.responses)
