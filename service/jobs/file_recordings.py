"""
Files recordings with captions for members, and transcripts for coordinators.

The bytes come from the meeting API, which every tenant allows. A recording is looked for
from the meeting's end until it is there or its time has passed; it is copied long before
it expires at its source.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from service.domain.actions import (
    Action,
    Folder,
    FromRecording,
    FromTranscript,
    StoreFile,
    file_key,
)
from service.domain.meeting import Meeting, Status
from service.domain.names import safe_name
from service.jobs.known import (
    Known,
    columns_of,
    known,
    meeting_folder,
    read_register,
    underlag_folder,
)
from service.jobs.spec import Job, Poll
from service.observe import SeenRecording, SeenTranscript
from service.ports import Status as EffectStatus
from service.workplace import Workplace

Capture = TypeVar("Capture", SeenRecording, SeenTranscript)

LOOKED_FOR = timedelta(days=21)
"""Teams has a recording ready within hours; a coordinator may stop and start for days."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What Teams holds of one meeting."""

    meeting: Meeting
    recordings: tuple[SeenRecording, ...]
    transcripts: tuple[SeenTranscript, ...]


@dataclass(frozen=True, kw_only=True)
class Observed:
    known: Known
    found: tuple[Found, ...]
    shown: Mapping[str, Folder]
    """Members' folder by meeting id."""
    kept: Mapping[str, Folder]
    """Coordinators' folder by meeting id."""
    group_names: Mapping[str, str]
    labels: Mapping[str, str]
    """`recording`, `captions`, `transcript` in the network's language."""


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    now = at.clock.now()
    if any(_is_looked_for(meeting, facts, now) for meeting in facts.meetings):
        await read_register(at)
        facts = await known(at)
    wanted = [meeting for meeting in facts.meetings if _is_looked_for(meeting, facts, now)]
    found = [await _look(meeting, at) for meeting in wanted]
    return Observed(
        known=facts,
        found=tuple(each for each in found if each is not None),
        shown={meeting.id: meeting_folder(meeting, at) for meeting in wanted},
        kept={meeting.id: underlag_folder(meeting) for meeting in wanted},
        group_names={group.id: group.name for group in at.network.groups},
        labels={name: at.texts.say(f"files.{name}") for name in ("recording", "transcript")},
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    return tuple(
        action
        for found in seen.found
        for action in (*_recordings(found, seen), *_transcripts(found, seen))
        if not _finished(action.key, seen)
    )


def _recordings(found: Found, seen: Observed) -> Iterator[StoreFile]:
    meeting = found.meeting
    for number, recording in enumerate(_in_turn(found.recordings), start=1):
        yield StoreFile(
            key=file_key(meeting.id, "recording", recording.id),
            folder=_folder(meeting, seen, published=meeting.publish_recording),
            name=_name(meeting, seen.labels["recording"], number, "mp4"),
            source=FromRecording(organizer=meeting.organizer, recording=recording),
            columns=columns_of(
                meeting, seen.group_names, kind="Inspelning", source=f"recording:{recording.id}"
            )
            if meeting.publish_recording
            else {},
            meeting_id=meeting.id,
        )


def _transcripts(found: Found, seen: Observed) -> Iterator[StoreFile]:
    """Captions beside a published recording; the transcript, with its names, to coordinators."""
    meeting = found.meeting
    parts = enumerate(_in_turn(found.recordings), start=1)
    numbers = {one.correlation_id: number for number, one in parts if one.correlation_id}
    for place, transcript in enumerate(_in_turn(found.transcripts), start=1):
        # Named as the part that it belongs to: an earlier part may have no transcript.
        number = numbers.get(transcript.correlation_id or "", place)
        if meeting.publish_recording:
            yield _transcript(found, transcript, number, seen, captions=True)
        yield _transcript(found, transcript, number, seen, captions=False)


def _transcript(
    found: Found, transcript: SeenTranscript, number: int, seen: Observed, *, captions: bool
) -> StoreFile:
    meeting = found.meeting
    shown = captions or meeting.publish_transcript
    origin = "captions" if captions else "transcript"
    label = seen.labels["recording" if captions else "transcript"]
    return StoreFile(
        key=file_key(meeting.id, origin, transcript.id),
        folder=_folder(meeting, seen, published=shown),
        name=_name(meeting, label, number, "vtt"),
        source=FromTranscript(
            organizer=meeting.organizer, transcript=transcript, captions=captions
        ),
        columns=columns_of(
            meeting, seen.group_names, kind="Textning", source=f"{origin}:{transcript.id}"
        )
        if shown
        else {},
        meeting_id=meeting.id,
    )


def _folder(meeting: Meeting, seen: Observed, *, published: bool) -> Folder:
    return (seen.shown if published else seen.kept)[meeting.id]


def _name(meeting: Meeting, label: str, number: int, extension: str) -> str:
    part = "" if number == 1 else f" ({number})"
    return safe_name(f"{label} {meeting.first_day.isoformat()} {meeting.title}{part}.{extension}")


def _in_turn(captures: tuple[Capture, ...]) -> list[Capture]:
    """Teams promises no order; part two is what was begun later."""
    return sorted(captures, key=lambda capture: (capture.created, capture.id))


def _finished(key: str, seen: Observed) -> bool:
    effect = seen.known.filed.get(key)
    return effect is not None and effect.status in (EffectStatus.DONE, EffectStatus.DROPPED)


def _is_looked_for(meeting: Meeting, facts: Known, now: datetime) -> bool:
    ended = meeting.end <= now < meeting.end + LOOKED_FOR
    if meeting.join_url is None or meeting.status is Status.CANCELLED or not ended:
        return False
    # Once filed, a recording is looked for again for two days only: a second part may come.
    return facts.recording_of(meeting.id) is None or now < meeting.end + timedelta(days=2)


async def _look(meeting: Meeting, at: Workplace) -> Found | None:
    online = await at.meetings.find(meeting.organizer, meeting.join_url or "")
    if online is None:
        return None
    recordings = await at.meetings.recordings(meeting.organizer, online)
    transcripts = await at.meetings.transcripts(meeting.organizer, online)
    return Found(
        meeting=meeting,
        recordings=tuple(r for r in recordings if _is_of(r.created, meeting)),
        transcripts=tuple(t for t in transcripts if _is_of(t.created, meeting)),
    )


def _is_of(created: datetime, meeting: Meeting) -> bool:
    """A series shares one online meeting: only what was made around this occurrence is its."""
    return meeting.start - timedelta(hours=2) <= created <= meeting.end + timedelta(hours=12)


JOB = Job(
    name="file_recordings",
    does="Files recordings, captions and transcripts of online meetings.",
    wakes=Poll(setting="meetings"),
    observe=observe,
    plan=plan,
)
