"""
Recordings of meetings: whose each is, and which of what was seen is the same one.

The meeting API tells of a recording by the meeting's identity; what it does not list lies
as a file in a folder that is watched; most do both. Whatever way a recording was seen
first, it is one take from then on: its id and its part never change.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.likeness import likeness
from service.domain.meeting import Meeting, Status
from service.observe import SeenItem, SeenRecording, SeenTranscript

EARLY, LATE = timedelta(hours=2), timedelta(hours=12)
"""Around a meeting: what is recorded by its link then is its own."""
JUST_BEFORE, JUST_AFTER = timedelta(minutes=30), timedelta(hours=1)
"""The same for files, which only a name ties to the meeting."""
APART = timedelta(minutes=2)
"""Two sights of recordings that began closer to each other are of one."""
_CALLED_SO = 0.6

_TEAMS_NAME = re.compile(
    r"^(?P<subject>.+)-(?P<moment>\d{8}_\d{6})(?P<utc>UTC)?-\D.*\.mp4$", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Take:
    """One recording of a meeting, as it is kept from its first sight on."""

    id: str
    """Of the first sight: the API's id, else the file's."""
    meeting_id: str
    part: int
    """From 1, in the order of seeing, then of recording."""
    created: datetime
    moments: tuple[datetime, ...]
    """When it may have begun: the name of a file does not always tell in which zone."""
    seen: datetime
    expires: datetime
    organizer: str
    recording: SeenRecording | None = None
    item_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A recording as it was seen in one place, and the meeting that it is of."""

    meeting: Meeting
    id: str
    moments: tuple[datetime, ...]
    recording: SeenRecording | None = None
    """Where the API told of it; else it is a file."""


def told(meeting: Meeting, recording: SeenRecording) -> Sight:
    return Sight(
        meeting=meeting, id=recording.id, moments=(recording.created,), recording=recording
    )


def filmed(meeting: Meeting, item: SeenItem, time_zone: str) -> Sight:
    return Sight(meeting=meeting, id=item.id, moments=moments_in(item.name, time_zone))


# ---------------------------------------------------------------- whose it is


def occurrence(
    moment: datetime,
    meetings: Iterable[Meeting],
    *,
    before: timedelta = EARLY,
    after: timedelta = LATE,
) -> Meeting | None:
    """Of the meetings that share a link or a name, the one that was on then, or nearest to it."""
    around = [m for m in meetings if m.start - before <= moment <= m.end + after]
    return min(around, key=lambda m: (_distance(moment, m), m.start), default=None)


def _distance(moment: datetime, meeting: Meeting) -> timedelta:
    return max(meeting.start - moment, moment - meeting.end, timedelta())


def meeting_of_video(
    item: SeenItem, meetings: Iterable[Meeting], *, time_zone: str
) -> Meeting | None:
    """
    Tell of which meeting a file is the recording, by the name that Teams gives: subject and time.

    Where it lies does not matter. None: no recording of these meetings, and material like
    any other; each file is either.
    """
    named = _TEAMS_NAME.match(item.name)
    if named is None or item.folder:
        return None
    alike = [m for m in meetings if m.status is not Status.CANCELLED and _is_called(named[1], m)]
    for moment in moments_in(item.name, time_zone):
        found = occurrence(moment, alike, before=JUST_BEFORE, after=JUST_AFTER)
        if found is not None:
            return found
    return None


def is_recording(
    item: SeenItem, meetings: Iterable[Meeting], takes: Iterable[Take], *, time_zone: str
) -> bool:
    """
    Tell whether a file in a watched folder is filed as a recording, and so by nobody else.

    One that was taken for one stays one, whatever its meeting or the file is called later.
    """
    if any(take.item_id == item.id for take in takes):
        return True
    return meeting_of_video(item, meetings, time_zone=time_zone) is not None


def moments_in(name: str, time_zone: str) -> tuple[datetime, ...]:
    """When a recording of that name began: told in UTC or, without saying so, local or UTC."""
    named = _TEAMS_NAME.match(name)
    if named is None:
        return ()
    try:
        told = datetime.strptime(named["moment"], "%Y%m%d_%H%M%S")  # noqa: DTZ007 - zones follow
    except ValueError:
        return ()
    utc = told.replace(tzinfo=UTC)
    return (utc,) if named["utc"] else (_utc(told, time_zone), utc)


def _utc(told: datetime, time_zone: str) -> datetime:
    return told.replace(tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def _is_called(subject: str, meeting: Meeting) -> bool:
    """The subject may begin with the group's name, and lacks what files may not be called."""
    said, title = _folded(subject), _folded(meeting.title)
    if title and title in said:
        return True
    alike = likeness(subject, meeting)
    return alike.degree >= _CALLED_SO and not (alike.by_place or alike.by_part)


def _folded(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if letter.isalnum()
    )


# ---------------------------------------------------------------- one of what was seen


def taken(
    before: Iterable[Take], sights: Iterable[Sight], *, now: datetime, life: timedelta
) -> tuple[Take, ...]:
    """
    The takes that are new, or of which more is known than before.

    A recording that the API lists again, under its id or another, is no new one; nor is the
    file of one that the API has told of. `life` is how long the tenant keeps recordings:
    neither the API nor the file tells a date.
    """
    kept = {take.id: take for take in before}
    found = dict(kept)
    # The API first: its identity is the better one. Then by time, which is the order of parts.
    for sight in sorted(sights, key=lambda one: (one.recording is None, one.moments, one.id)):
        take = _same(found.values(), sight)
        if take is None:
            take = _new(sight, found.values(), now, life)
        found[take.id] = _richer(take, sight)
    return tuple(take for take in found.values() if take != kept.get(take.id))


def _same(takes: Iterable[Take], sight: Sight) -> Take | None:
    """By the id, else by the time; of two of about that time the first not seen this way yet."""
    near = []
    for take in sorted(takes, key=lambda one: one.created):
        if sight.id in (take.item_id, take.recording.id if take.recording else None):
            return take
        if take.meeting_id == sight.meeting.id and _may_be(take, sight):
            near.append(take)
    return min(near, key=lambda take: _is_seen_so(take, sight), default=None)


def _may_be(take: Take, sight: Sight) -> bool:
    if not any(abs(one - other) <= APART for one in take.moments for other in sight.moments):
        return False
    ends = [one.ended for one in (take.recording, sight.recording) if one and one.ended]
    # A short part and the next may begin within minutes; they do not end together.
    return len(ends) < 2 or abs(ends[0] - ends[1]) <= APART


def _is_seen_so(take: Take, sight: Sight) -> bool:
    return take.recording is not None if sight.recording else bool(take.item_id)


def _richer(take: Take, sight: Sight) -> Take:
    """What one way of seeing tells beside the other; nothing that is known changes."""
    if _is_seen_so(take, sight):
        return take
    if sight.recording is None:
        return replace(take, item_id=sight.id)
    return replace(
        take,
        recording=sight.recording,
        created=sight.recording.created,
        moments=sight.moments,
    )


def _new(sight: Sight, takes: Iterable[Take], now: datetime, life: timedelta) -> Take:
    parts = [take.part for take in takes if take.meeting_id == sight.meeting.id]
    return Take(
        id=sight.id,
        meeting_id=sight.meeting.id,
        part=max(parts, default=0) + 1,
        created=sight.moments[0],
        moments=sight.moments,
        seen=now,
        expires=min(sight.moments) + life,
        organizer=sight.meeting.organizer,
    )


def part_of(transcript: SeenTranscript, takes: Sequence[Take], place: int) -> int:
    """Which part a transcript is of: by the call, else by the time, else its own place."""
    for take in takes:
        call = take.recording.correlation_id if take.recording else None
        if call is not None and call == transcript.correlation_id:
            return take.part
    before = [take for take in takes if take.created <= transcript.created + APART]
    return max(before, key=lambda take: take.created).part if before else place
