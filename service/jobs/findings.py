"""What the service has found out about each meeting, as columns of the register."""

from collections.abc import Sequence

from service.domain.attendance import Attendance
from service.domain.dates import date_value
from service.domain.gaps import Row, Thing
from service.domain.gaps_in_words import in_short
from service.domain.marks import DONE, written
from service.domain.meeting import Meeting
from service.domain.survey.figures import Figures, rounded
from service.domain.survey.rules import SurveyRules
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import ATTENDANCE, FROM_ROW, Known
from service.jobs.lasting import done_for
from service.jobs.overview import overview, thing_of
from service.observe import Fields
from service.ports import Effect
from service.workplace import Workplace


async def findings(at: Workplace, facts: Known) -> dict[str, Fields]:
    """By meeting id; what is not known (yet) is None."""
    answered = await evaluations(at)
    counted = await at.ledger.seen(ATTENDANCE, Attendance)
    folders = await at.ledger.effects("folder/documentation/")
    now = await overview(at, facts)
    rows = {row.meeting.id: row for row in now.rows}
    done = await done_for(at)
    removed = {file.key for file in now.removed}
    return {
        meeting.id: {
            "NvFolder": _url(folders.get(f"folder/documentation/{meeting.id}")),
            **_organisations(counted.get(meeting.id), at.labels.attendees.unknown),
            **_files(
                rows[meeting.id], [e for e in facts.files_of(meeting.id) if e.key not in removed]
            ),
            **_answers(answered.get(meeting.id), meeting, at.network.survey),
            "NvMissing": in_short(rows[meeting.id], at.texts) or None,
            DONE: written(done.get(meeting.id, ()), _before(meeting.id, facts)),
        }
        for meeting in facts.meetings
    }


def _before(meeting_id: str, facts: Known) -> object:
    row = facts.rows.get(meeting_id)
    return row.fields.get(DONE) if row else None


def _files(row: Row, there: Sequence[Effect]) -> Fields:
    recording = next((effect for effect in there if thing_of(effect) is Thing.RECORDING), None)
    return {
        "NvFileCount": row.held.materials or None,
        "NvRecording": _url(recording),
        "NvSourceExpires": date_value(row.held.recording.expires),
    }


def _answers(evaluation: Evaluation | None, meeting: Meeting, rules: SurveyRules) -> Fields:
    """Of a meeting that was left behind in another tenant, its row is all that tells."""
    if evaluation is None and (meeting.event_id or "").startswith(FROM_ROW):
        return {}
    if evaluation is None:
        return {"NvAnswers": None, "NvSatisfaction": None, "NvUsefulness": None}
    return {
        "NvAnswers": evaluation.n,
        "NvSatisfaction": _mean(evaluation.satisfaction, rules),
        "NvUsefulness": _mean(evaluation.usefulness, rules),
    }


def _mean(figures: Figures | None, rules: SurveyRules) -> float | None:
    """To the network's decimals, rounded half up here, since the list would not."""
    if figures is None or figures.mean is None:
        return None
    return float(rounded(figures.mean, rules.decimals, "."))


def _organisations(attendance: Attendance | None, unknown: str) -> Fields:
    """As "Ale 2, okänd 3"; what stands in the row stays where the ledger does not know it."""
    if attendance is None or not attendance.is_told:
        return {}
    counted = (f"{name or unknown} {count}" for name, count in attendance.organisations)
    return {"NvTeamsOrgs": ", ".join(counted) or None}


def _url(effect: Effect | None) -> str | None:
    return str(effect.baseline["web_url"]) if effect and "web_url" in effect.baseline else None
