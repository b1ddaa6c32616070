"""
What Teams holds of the network's meetings: recordings and transcripts.

Two sources. What an organiser's meetings have come to hold is one request for all of them;
it leaves out meetings in channels and, at times, those without transcription (known issue
22933). So each meeting is asked for by itself too, ever more seldom. Of an organiser's
other meetings nothing is kept.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from service.domain.actions import Unread, file_key
from service.domain.meeting import Meeting
from service.domain.recording import (
    EARLY,
    SECOND_PART,
    Take,
    filmed,
    is_due,
    is_waited_for,
    meeting_of_video,
    occurrence,
    taken,
    told,
)
from service.errors import (
    BadRequest,
    CursorExpired,
    Forbidden,
    NotFound,
    TenantFailed,
)
from service.jobs.known import Known, items
from service.jobs.reading import lies_in
from service.jobs.troubles import look_at_each
from service.observe import Change, Page, SeenItem, SeenRecording, SeenTranscript
from service.ports import Effect, Status
from service.workplace import Workplace

T = TypeVar("T", SeenRecording, SeenTranscript)

TAKES, LOOKS = "takes", "looks"
NAME = "file_recordings"
"""Of the job: under it stands what was in its way."""
FINISHED = (Status.DONE, Status.DROPPED)
NOT_TO_BE_HAD = (Forbidden, NotFound, BadRequest, TenantFailed)
"""Of all of an organiser's meetings; then each is asked for by itself alone, and tells why."""

Changes = Callable[..., AsyncIterator[Page[T]]]


@dataclass(frozen=True, kw_only=True)
class Look:
    """The last time that one meeting was asked for."""

    meeting_id: str
    at: datetime
    online: str | None
    """Id of the online meeting; None: there is none behind the link."""
    transcripts_refused: bool = False


async def read_captures(at: Workplace, facts: Known) -> tuple[Unread, ...]:
    """Take in what has come; tell what could not be read. Raises what concerns the whole run."""
    waited = await _waited_for(at, facts)
    looks = await at.ledger.seen(LOOKS, Look)
    now = at.clock.now()
    due = [one for one in waited if is_due(one, _last(looks.get(one.id)), now)]
    looked = await look_at_each(NAME, due, partial(_look, looks=looks, at=at), at)
    await _read_organizers(waited, at)
    await _keep_takes(at, facts)
    return looked.unread


async def takes(at: Workplace) -> dict[str, tuple[Take, ...]]:
    """Recordings by meeting id, in the order of their parts."""
    found: dict[str, tuple[Take, ...]] = {}
    for take in sorted((await at.ledger.seen(TAKES, Take)).values(), key=lambda take: take.part):
        found[take.meeting_id] = (*found.get(take.meeting_id, ()), take)
    return found


async def transcripts(at: Workplace, facts: Known) -> dict[str, tuple[SeenTranscript, ...]]:
    """Transcripts by meeting id, in the order in which they were begun."""
    found = await _by_occurrence("transcripts", SeenTranscript, at, facts)
    ordered = sorted(found, key=lambda pair: (pair[1].created, pair[1].id))
    return {
        meeting.id: tuple(one for other, one in ordered if other.id == meeting.id)
        for meeting, _ in ordered
    }


async def watched_files(at: Workplace) -> dict[str, SeenItem]:
    """What the job of the materials last saw in the folders that are watched, by id."""
    found: dict[str, SeenItem] = {}
    for watched in at.places.watched:
        sights = await items(at, watched.drive_id)
        found |= {id_: item for id_, item in sights.items() if lies_in(item, watched)}
    return found


def filed_of(seen: Iterable[Take], facts: Known) -> frozenset[str]:
    """Ids of the takes that are filed, or that will not be."""
    return frozenset(
        take.id for take in seen if (found := effect_of(take, facts)) and found.status in FINISHED
    )


def effect_of(take: Take, facts: Known) -> Effect | None:
    return facts.filed.get(file_key(take.meeting_id, "recording", take.id))


# ---------------------------------------------------------------- reading


async def _waited_for(at: Workplace, facts: Known) -> list[Meeting]:
    seen, now, life = await takes(at), at.clock.now(), at.rules.recording_life
    return [
        meeting
        for meeting in facts.meetings
        if is_waited_for(
            meeting,
            (mine := seen.get(meeting.id, ())),
            filed_of(mine, facts),
            now=now,
            life=life,
        )
    ]


def _last(look: Look | None) -> datetime | None:
    return look.at if look else None


async def _look(meeting: Meeting, *, looks: Mapping[str, Look], at: Workplace) -> Look:
    """Ask for one meeting; what it holds is kept beside what its organiser's delta told."""
    before = looks.get(meeting.id)
    organizer, refused = meeting.organizer, False
    online = before.online if before else None
    online = online or await at.meetings.find(organizer, meeting.join_url or "")
    if online is not None:
        recordings = await at.meetings.recordings(organizer, online)
        await _absorb(f"recordings/{organizer}", recordings, at)
        try:
            said = await at.meetings.transcripts(organizer, online)
            await _absorb(f"transcripts/{organizer}", said, at)
        except Forbidden:
            # The recordings were shown by the same policy: transcription itself is off.
            refused = True
    look = Look(
        meeting_id=meeting.id, at=at.clock.now(), online=online, transcripts_refused=refused
    )
    await at.ledger.absorb(LOOKS, [Change(id=meeting.id, value=look)])
    return look


async def _absorb(source: str, found: Iterable[T], at: Workplace) -> None:
    await at.ledger.absorb(source, [Change(id=one.id, value=one) for one in found])


async def _read_organizers(waited: Iterable[Meeting], at: Workplace) -> None:
    """What is new of each organiser of whom an online meeting is known."""
    looks, seen = await at.ledger.seen(LOOKS, Look), await takes(at)
    ours = frozenset(look.online for look in looks.values() if look.online)
    organizers: dict[str, list[Meeting]] = {}
    for meeting in waited:
        if (look := looks.get(meeting.id)) and look.online:
            organizers.setdefault(meeting.organizer, []).append(meeting)
    for meetings in organizers.values():
        await _read_organizer("recordings", at.meetings.new_recordings, meetings, ours, at)
        if any(_may_be_written(one, seen.get(one.id, ()), at.clock.now()) for one in meetings):
            await _read_organizer("transcripts", at.meetings.new_transcripts, meetings, ours, at)


def _may_be_written(meeting: Meeting, seen: Iterable[Take], now: datetime) -> bool:
    """A transcript comes with its recording, or soon after the meeting; later ones by the look."""
    return now < max([meeting.end, *(take.seen for take in seen)]) + SECOND_PART


async def _read_organizer(
    what: str,
    changes: "Changes[T]",
    meetings: list[Meeting],
    ours: frozenset[str],
    at: Workplace,
) -> None:
    source = f"{what}/{meetings[0].organizer}"
    since = min(meeting.start for meeting in meetings) - EARLY - timedelta(days=1)

    async def read(cursor: str | None) -> None:
        link = meetings[0].join_url or ""
        async for page in changes(meetings[0].organizer, link, since=since, cursor=cursor):
            told = [c for c in page.changes if c.value and c.value.meeting_id in ours]
            await at.ledger.absorb(source, told, cursor=page.cursor)

    cursor = await at.ledger.cursor(source)
    try:
        await read(cursor)
    except CursorExpired:
        await at.ledger.forget(source)
        await read(None)
    except NOT_TO_BE_HAD:
        if cursor is not None:
            # A link that is no longer understood must not be asked for ever.
            await at.ledger.forget(source)


# ---------------------------------------------------------------- whose each is


async def _keep_takes(at: Workplace, facts: Known) -> None:
    zone = at.network.time_zone
    told_of = await _by_occurrence("recordings", SeenRecording, at, facts)
    files = (await watched_files(at)).values()
    sights = [
        *(told(meeting, recording) for meeting, recording in told_of),
        *(
            filmed(meeting, item, zone)
            for item in files
            if (meeting := meeting_of_video(item, facts.meetings, time_zone=zone))
        ),
    ]
    before = (await at.ledger.seen(TAKES, Take)).values()
    news = taken(before, sights, now=at.clock.now(), life=at.rules.recording_life)
    if news:
        await at.ledger.absorb(TAKES, [Change(id=take.id, value=take) for take in news])


async def _by_occurrence(
    what: str, kind: type[T], at: Workplace, facts: Known
) -> list[tuple[Meeting, T]]:
    """A series shares one online meeting: what was made around an occurrence is its own."""
    looks = await at.ledger.seen(LOOKS, Look)
    sharing: dict[str, list[Meeting]] = {}
    for meeting in facts.meetings:
        if (look := looks.get(meeting.id)) and look.online:
            sharing.setdefault(look.online, []).append(meeting)
    found = []
    for organizer in sorted({meeting.organizer for meeting in facts.meetings}):
        for one in (await at.ledger.seen(f"{what}/{organizer}", kind)).values():
            of = occurrence(one.created, sharing.get(one.meeting_id, ()))
            if of is not None:
                found.append((of, one))
    return found
