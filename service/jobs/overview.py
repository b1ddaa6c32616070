"""
What each meeting has and lacks, and which files need a person, as the ledger knows it.

Nothing here asks the tenant: it is as true as the last reading of each source.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.actions import file_key, item_id_of, origin_of
from service.domain.expected import row_of
from service.domain.gaps import Held, Reason, RecordingState, Row, Thing, Waiting, reason_of
from service.domain.meeting import Meeting
from service.domain.notice import Removed, Unplaced
from service.domain.period import local_day
from service.domain.placement import Placed
from service.domain.placing import place
from service.domain.plan.binding import Asked, uninvited
from service.domain.recording import Reason as Hindered
from service.domain.recording import RecordingState as Standing
from service.domain.recording import Take
from service.effects.placements import UNPLACED_FOLDER
from service.effects.steps import ERROR
from service.errors import Forbidden
from service.jobs.captures import FINISHED, takes
from service.jobs.evaluations import evaluations
from service.jobs.known import FORMS, Known, KnownForm, items, removed
from service.jobs.materials.dropped import candidate_of
from service.jobs.recording_states import recording_states
from service.jobs.survey_state import SurveyState, survey_state
from service.jobs.troubles import Trouble, troubles
from service.observe import SeenItem
from service.ports import Effect
from service.ports import Status as EffectStatus
from service.workplace import Workplace

READING_JOB = "file_materials"
"""It reads both libraries before it files anything."""
COUNTING_JOB = "collect_attendance"
LAG = timedelta(hours=1)
"""A library's changes may be listed so much later than they were made."""
PATIENCE = timedelta(hours=4)
"""Somebody closes a file, a service recovers: nobody need hear of it before."""

_THINGS = {
    "recording": Thing.RECORDING,
    "captions": Thing.CAPTIONS,
    "transcript": Thing.TRANSCRIPT,
}
_KINDS = {
    "Program": Thing.PROGRAMME,
    "Inspelning": Thing.RECORDING,
    "Textning": Thing.CAPTIONS,
}


@dataclass(frozen=True, kw_only=True)
class Overview:
    rows: tuple[Row, ...]
    """A row a meeting, by start."""
    removed: tuple[Removed, ...]
    unplaced: tuple[Unplaced, ...]
    surveys: SurveyState
    inbox_url: str
    """Of the folder of what could not be placed; empty while there is none."""
    planned: tuple[Asked, ...] = ()
    """What is asked about planned rows."""

    def row(self, meeting_id: str) -> Row:
        return next(row for row in self.rows if row.meeting.id == meeting_id)


async def overview(at: Workplace, facts: Known) -> Overview:
    shelved = await items(at, at.places.documentation) | await items(at, at.places.coordination)
    gone = await _gone(at, facts.filed.values(), shelved)
    states = await recording_states(at, facts)
    in_the_way = await troubles(at)
    answered = {key: each.n for key, each in (await evaluations(at)).items()}
    now = at.clock.now()
    rows = tuple(
        row_of(
            meeting,
            replace(
                _held(meeting, facts, gone, now),
                recording=_recording(states[meeting.id], at.network.time_zone),
                answers=answered.get(meeting.id, 0),
                uncounted=_uncounted(in_the_way.get(meeting.id, ())),
            ),
            at.rules.expected,
            today=local_day(now, at.network.time_zone),
            holidays=at.network.holidays,
        )
        for meeting in facts.meetings
    )
    # Exports of answers are asked about as forms.
    sheets = (await at.ledger.seen(FORMS, KnownForm)).keys()
    folder = (await at.ledger.effects(UNPLACED_FOLDER.key)).get(UNPLACED_FOLDER.key)
    return Overview(
        rows=rows,
        removed=tuple(
            Removed(key=effect.key, name=str(effect.baseline.get("name", "")), meeting=meeting)
            for meeting in facts.meetings
            for effect in facts.files_of(meeting.id)
            if effect.key in gone
        ),
        unplaced=_unplaced(
            folder, {id_: shelved[id_] for id_ in shelved.keys() - sheets}, facts.meetings, at
        ),
        surveys=await survey_state(at, facts),
        inbox_url=str(folder.baseline.get("web_url", "")) if folder else "",
        planned=_asked(facts, at),
    )


async def recordings_wait(at: Workplace) -> bool:
    """Tell, without looking at any meeting, whether a recording is known that is not filed."""
    seen = [take for of_meeting in (await takes(at)).values() for take in of_meeting]
    effects = await at.ledger.effects("file/")
    return any(not _is_over(take, effects) for take in seen)


def _is_over(take: Take, effects: Mapping[str, Effect]) -> bool:
    effect = effects.get(file_key(take.meeting_id, "recording", take.id))
    return effect is not None and effect.status in FINISHED


def _recording(state: Standing, zone: str) -> RecordingState:
    """What a judge of gaps needs of it."""
    return RecordingState(
        seen=state.seen > 0,
        filed=state.filed > 0,
        waits=state.waits,
        expires=local_day(state.expires, zone) if state.expires else None,
        reason=_WHY.get(state.hindrance.reason) if state.hindrance else None,
    )


_WHY = {
    Hindered.BLOCKED: Reason.DOWNLOAD_BLOCKED,
    Hindered.UNREAD: Reason.NO_ACCESS,
    Hindered.NO_MEETING: Reason.NO_MEETING,
    Hindered.NOT_EXPORTED: Reason.TRANSCRIPTION_OFF,
}
"""What failed to be filed waits, and says itself why."""


def _uncounted(in_the_way: Iterable[Trouble]) -> Reason | None:
    """Why Teams has not told who was there."""
    for trouble in in_the_way:
        if trouble.job == COUNTING_JOB:
            forbidden = trouble.error in ("", Forbidden.__name__)
            return Reason.NO_ACCESS if forbidden else reason_of(trouble.error)
    return None


def _asked(facts: Known, at: Workplace) -> tuple[Asked, ...]:
    """Every question about planned rows, those that nobody is invited to among them."""
    today = local_day(at.clock.now(), at.network.time_zone)
    soon = uninvited(facts.planned, facts.questions, today, at.rules.expected.invitation_days)
    return (*facts.questions, *soon)


# ---------------------------------------------------------------- a meeting's files


def _held(meeting: Meeting, facts: Known, gone: frozenset[str], now: datetime) -> Held:
    there = [effect for effect in facts.files_of(meeting.id) if effect.key not in gone]
    things = [thing_of(effect) for effect in there]
    return Held(
        programmes=things.count(Thing.PROGRAMME),
        materials=things.count(Thing.MATERIALS) + things.count(Thing.PROGRAMME),
        recordings=things.count(Thing.RECORDING),
        captions=things.count(Thing.CAPTIONS),
        transcripts=things.count(Thing.TRANSCRIPT),
        waiting=tuple(
            _waiting(effect) for effect in facts.effects_of(meeting.id) if _waits(effect, now)
        ),
    )


def thing_of(effect: Effect) -> Thing:
    """By where it came from; of what people brought, by its kind."""
    own = _THINGS.get(origin_of(effect.key))
    return own or _KINDS.get(str(effect.baseline.get("kind")), Thing.MATERIALS)


def _waits(effect: Effect, now: datetime) -> bool:
    """A person is needed, or it has not come right by itself for hours."""
    if effect.status is EffectStatus.CLAIMED:
        return bool(effect.reason) and now - effect.created >= PATIENCE
    return effect.status is EffectStatus.PARKED


def _waiting(effect: Effect) -> Waiting:
    return Waiting(
        key=effect.key,
        thing=thing_of(effect),
        name=str(effect.baseline.get("name") or item_id_of(effect.key)),
        reason=reason_of(str(effect.baseline.get(ERROR, ""))),
        again=effect.not_before,
    )


# ---------------------------------------------------------------- files that need a person


async def _gone(
    at: Workplace, filed: Iterable[Effect], shelved: Mapping[str, SeenItem]
) -> frozenset[str]:
    """
    Keys of files that were in place when the libraries were last read, and were not there.

    One that was filed since is in no reading yet, and is there all the same.
    """
    read = await at.journal.last_period(READING_JOB, at.network.id)
    if read is None or not at.places.documentation:
        return frozenset()
    return frozenset(
        effect.key for effect in removed(filed, shelved) if effect.updated < read - LAG
    )


def _unplaced(
    folder: Effect | None,
    shelved: Mapping[str, SeenItem],
    meetings: Sequence[Meeting],
    at: Workplace,
) -> tuple[Unplaced, ...]:
    """Known by their folder's id: a person may have renamed it."""
    waiting = (
        item
        for item in shelved.values()
        if folder is not None and folder.remote_id and item.parent_id == folder.remote_id
    )
    return tuple(
        Unplaced(
            id=item.id,
            name=item.name,
            candidates=_candidates(item, meetings, at),
            url=item.web_url,
            since=item.created,
        )
        for item in sorted(waiting, key=lambda item: (item.created, item.id))
        if not item.folder
    )


def _candidates(item: SeenItem, meetings: Sequence[Meeting], at: Workplace) -> tuple[Meeting, ...]:
    candidate = candidate_of(item, at.places.client_id)
    answer = place(candidate, meetings, time_zone=at.network.time_zone)
    return (answer.meeting,) if isinstance(answer, Placed) else answer.candidates
