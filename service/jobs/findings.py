"""What the service has found out about each meeting, as columns of the register."""

from datetime import timedelta

from service.domain.actions import origin_of
from service.domain.attendance import Attendance
from service.domain.dates import date_value
from service.domain.gaps import Thing, missing
from service.domain.meeting import Meeting
from service.domain.survey import Figures, rounded
from service.jobs.evaluations import Evaluation, evaluations
from service.jobs.known import ATTENDANCE, Known
from service.observe import Fields
from service.ports import Effect
from service.workplace import Workplace


async def findings(at: Workplace, facts: Known) -> dict[str, Fields]:
    """By meeting id; what is not known (yet) is None."""
    answered = await evaluations(at)
    counted = await at.ledger.seen(ATTENDANCE, Attendance)
    folders = await at.ledger.effects("folder/documentation/")
    return {
        meeting.id: {
            "NvFolder": _url(folders.get(f"folder/documentation/{meeting.id}")),
            **_organisations(counted.get(meeting.id), at.labels.attendees.unknown),
            **_files(meeting, facts, at.rules.recording_life),
            **_answers(answered.get(meeting.id)),
            "NvMissing": _missing(meeting, facts, answered.get(meeting.id)),
        }
        for meeting in facts.meetings
    }


def _files(meeting: Meeting, facts: Known, life: timedelta) -> Fields:
    recording = facts.recording_of(meeting.id)
    return {
        "NvFileCount": len(facts.materials_of(meeting.id)) or None,
        "NvRecording": _url(recording),
        # The API tells no expiry date: the tenant's policy counts from the recording.
        "NvSourceExpires": date_value(meeting.last_day + life) if recording else None,
    }


def _answers(evaluation: Evaluation | None) -> Fields:
    if evaluation is None:
        return {"NvAnswers": None, "NvSatisfaction": None, "NvUsefulness": None}
    return {
        "NvAnswers": evaluation.n,
        "NvSatisfaction": _mean(evaluation.satisfaction),
        "NvUsefulness": _mean(evaluation.usefulness),
    }


def _mean(figures: Figures | None) -> float | None:
    """A number column with two decimals: rounded half up here, since the list would not."""
    if figures is None or figures.mean is None:
        return None
    return float(rounded(figures.mean, 2, "."))


def _organisations(attendance: Attendance | None, unknown: str) -> Fields:
    """As "Ale 2, okänd 3"; what stands in the row stays where the ledger does not know it."""
    if attendance is None or not attendance.is_told:
        return {}
    counted = (f"{name or unknown} {count}" for name, count in attendance.organisations)
    return {"NvTeamsOrgs": ", ".join(counted) or None}


def _missing(meeting: Meeting, facts: Known, evaluation: Evaluation | None) -> str | None:
    present = set()
    materials = facts.materials_of(meeting.id)
    if materials:
        present.add(Thing.MATERIAL)
    if any(str(each.baseline.get("kind")) == "Program" for each in materials):
        present.add(Thing.PROGRAMME)
    if evaluation is not None and evaluation.n:
        present.add(Thing.EVALUATION)
    if any(origin_of(each.key) == "recording" for each in facts.files_of(meeting.id)):
        present.add(Thing.RECORDING)
    return ", ".join(missing(meeting, present)) or None


def _url(effect: Effect | None) -> str | None:
    return str(effect.baseline["web_url"]) if effect and "web_url" in effect.baseline else None
