"""What coordinators are to know of the collecting of answers, as the ledger knows it."""

from dataclasses import dataclass

from service.domain.notice import FormNote, Unplaced
from service.domain.survey.silence import Silence, silence
from service.jobs.evaluations import evaluations
from service.jobs.known import FORMS, Known, KnownForm
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class SurveyState:
    asked: tuple[Unplaced, ...]
    """Forms that have answers, and of which nobody knows whose they are."""
    notes: tuple[FormNote, ...]
    """What is odd about the others."""
    silence: Silence | None


async def survey_state(at: Workplace, facts: Known) -> SurveyState:
    forms = (await at.ledger.seen(FORMS, KnownForm)).values()
    return SurveyState(
        asked=tuple(asked(form, facts) for form in forms if form.is_asked),
        notes=(
            *(
                FormNote(id=form.item_id, name=form.name, said=form.problem, url=form.url)
                for form in forms
                if form.problem
            ),
            *await _several(at, facts),
        ),
        silence=silence(
            facts.meetings,
            (moment for form in forms for moment in form.submitted),
            at.clock.now(),
        ),
    )


def asked(form: KnownForm, facts: Known) -> Unplaced:
    candidates = (facts.meeting(id_) for id_ in form.candidates)
    return Unplaced(
        id=form.item_id,
        name=form.name,
        candidates=tuple(meeting for meeting in candidates if meeting is not None),
        url=form.url,
        since=form.since,
    )


async def _several(at: Workplace, facts: Known) -> list[FormNote]:
    """Meetings with more than one form."""
    return [
        FormNote(
            id=f"forms {meeting_id}",
            name=meeting.title,
            said=at.texts.say("survey.several", n=str(found.forms)),
        )
        for meeting_id, found in (await evaluations(at)).items()
        if found.forms > 1 and (meeting := facts.meeting(meeting_id)) is not None
    ]
