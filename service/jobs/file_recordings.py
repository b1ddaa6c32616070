"""
Files recordings with captions for members, and transcripts for coordinators.

A recording is filed as soon as it is seen, long before it expires at its source, and never
again: not when Teams lists it anew, nor when a person has deleted the copy. Where the
coordinator's word on showing it changes, what is filed follows, unless a person moved it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actions import (
    Action,
    AsCaptions,
    AsDocument,
    Folder,
    FromItem,
    FromRecording,
    FromTranscript,
    Leave,
    RelocateFile,
    Source,
    StoreFile,
    Unread,
    file_key,
    item_id_of,
    origin_of,
)
from service.domain.meeting import Meeting, Status
from service.domain.recording import Take, part_of, recording_name
from service.jobs.captures import (
    FINISHED,
    NAME,
    filed_of,
    read_captures,
    takes,
    transcripts,
    watched_files,
)
from service.jobs.known import (
    Known,
    columns_of,
    items,
    known,
    meeting_folder,
    read_register,
    underlag_folder,
)
from service.jobs.spec import Job, Poll
from service.observe import Fields, SeenItem, SeenTranscript
from service.ports import Effect
from service.ports import Status as EffectStatus
from service.workplace import Workplace

ORIGINS = ("recording", "captions", "transcript")
NO_SOURCE = "the file that it was seen as is gone"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was seen of one meeting."""

    meeting: Meeting
    takes: tuple[Take, ...]
    transcripts: tuple[SeenTranscript, ...]


@dataclass(frozen=True, kw_only=True)
class Homes:
    """The two folders of a meeting, and their ids, where they are there."""

    shown: Folder
    kept: Folder
    shown_id: str | None = None
    kept_id: str | None = None

    def folder(self, *, published: bool) -> Folder:
        return self.shown if published else self.kept

    def lies_wrong(self, item: SeenItem, *, published: bool) -> bool:
        """Whether it lies where we put it, and no longer belongs there."""
        return item.parent_id is not None and item.parent_id == (
            self.kept_id if published else self.shown_id
        )


@dataclass(frozen=True, kw_only=True)
class Observed:
    known: Known
    found: tuple[Found, ...]
    homes: Mapping[str, Homes]
    """By meeting id."""
    videos: Mapping[str, SeenItem]
    """Files in watched folders, by id."""
    filed: Mapping[str, SeenItem]
    """What lies in the two libraries, by id."""
    group_names: Mapping[str, str]
    labels: Mapping[str, str]
    """`recording`, `transcript`, and with `_part` and `{part}`, in the network's language."""
    unread: tuple[Unread, ...] = ()


async def observe(at: Workplace) -> Observed:
    facts = await known(at)
    unread = await read_captures(at, facts)
    if not await _all_filed(at, facts):
        await read_register(at)
        facts = await known(at)
    seen, said = await takes(at), await transcripts(at, facts)
    found = tuple(
        Found(
            meeting=meeting,
            takes=seen.get(meeting.id, ()),
            transcripts=said.get(meeting.id, ()),
        )
        for meeting in facts.meetings
        if meeting.status is not Status.CANCELLED and (meeting.id in seen or meeting.id in said)
    )
    folders = await at.ledger.effects("folder/")
    return Observed(
        known=facts,
        found=found,
        homes={one.meeting.id: _homes(one.meeting, folders, at) for one in found},
        videos=await watched_files(at),
        filed={
            **await items(at, at.places.documentation),
            **await items(at, at.places.coordination),
        },
        group_names={group.id: group.name for group in at.network.groups},
        labels={
            name: at.texts.say(f"files.{name}", part="{part}" if name.endswith("part") else "")
            for name in ("recording", "recording_part", "transcript", "transcript_part")
        },
        unread=unread,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:  # noqa: ARG001 - every plan takes it
    stores = [
        action
        for found in seen.found
        for action in (*_recordings(found, seen), *_transcripts(found, seen))
    ]
    moves = [move for found in seen.found for move in _moves(found, seen)]
    return (*seen.unread, *stores, *moves)


# ---------------------------------------------------------------- what is to be filed


def _recordings(found: Found, seen: Observed) -> Iterator[Action]:
    meeting = found.meeting
    for take in found.takes:
        key = file_key(meeting.id, "recording", take.id)
        if _finished(key, seen):
            continue
        name = _name(meeting, "recording", take.part, "mp4", seen)
        source = _source(take, seen)
        if source is None:
            yield Leave(subject=name, why=NO_SOURCE)
            continue
        yield StoreFile(
            key=key,
            folder=seen.homes[meeting.id].folder(published=meeting.publish_recording),
            name=name,
            source=source,
            columns=_columns(found, key, seen, shown=meeting.publish_recording),
            meeting_id=meeting.id,
        )


def _source(take: Take, seen: Observed) -> Source | None:
    item = seen.videos.get(take.item_id)
    if take.recording is not None:
        return FromRecording(organizer=take.organizer, recording=take.recording, lies_as=item)
    return FromItem(item=item) if item else None


def _transcripts(found: Found, seen: Observed) -> Iterator[StoreFile]:
    """Captions beside a published recording; a document to read, with its names, elsewhere."""
    meeting = found.meeting
    for place, transcript in enumerate(found.transcripts, start=1):
        part = part_of(transcript, found.takes, place)
        film = next((take for take in found.takes if take.part == part), None)
        if meeting.publish_recording and film is not None:
            name = f"{_stem(meeting, film, seen)}.vtt"
            captions = _transcript(found, transcript, name, AsCaptions(), seen)
            beside = file_key(meeting.id, "recording", film.id)
            yield from (replace(each, beside=beside) for each in captions)
        name = _name(meeting, "transcript", part, "docx", seen)
        form = AsDocument(
            title=meeting.title, held=meeting.first_day, part=part if part > 1 else None
        )
        yield from _transcript(found, transcript, name, form, seen)


def _transcript(
    found: Found,
    transcript: SeenTranscript,
    name: str,
    form: AsCaptions | AsDocument,
    seen: Observed,
) -> Iterator[StoreFile]:
    meeting = found.meeting
    origin = "captions" if isinstance(form, AsCaptions) else "transcript"
    key = file_key(meeting.id, origin, transcript.id)
    if _finished(key, seen):
        return
    shown = _is_shown(origin, meeting)
    yield StoreFile(
        key=key,
        folder=seen.homes[meeting.id].folder(published=shown),
        name=name,
        source=FromTranscript(organizer=meeting.organizer, transcript=transcript, form=form),
        columns=_columns(found, key, seen, shown=shown),
        meeting_id=meeting.id,
    )


def _is_shown(origin: str, meeting: Meeting) -> bool:
    return meeting.publish_transcript if origin == "transcript" else meeting.publish_recording


def _columns(found: Found, key: str, seen: Observed, *, shown: bool) -> Fields:
    """The coordinators' library has no such columns."""
    if not shown:
        return {}
    origin = origin_of(key)
    return columns_of(
        found.meeting,
        seen.group_names,
        kind="Inspelning" if origin == "recording" else "Textning",
        source=f"{origin}:{item_id_of(key)}",
    )


def _name(meeting: Meeting, what: str, part: int, extension: str, seen: Observed) -> str:
    label = seen.labels[what if part == 1 else f"{what}_part"].replace("{part}", str(part))
    return recording_name(meeting, label, extension)


def _stem(meeting: Meeting, film: Take, seen: Observed) -> str:
    """That of the recording as it is called now: a player looks for captions by it."""
    effect = seen.known.filed.get(file_key(meeting.id, "recording", film.id))
    item = seen.filed.get(effect.remote_id or "") if effect else None
    name = item.name if item else _name(meeting, "recording", film.part, "mp4", seen)
    return name.rpartition(".")[0]


def _finished(key: str, seen: Observed) -> bool:
    effect = seen.known.filed.get(key)
    return effect is not None and effect.status in FINISHED


async def _all_filed(at: Workplace, facts: Known) -> bool:
    """Whoever is about to show something reads the register first."""
    seen, said = await takes(at), await transcripts(at, facts)
    filed = all(filed_of(mine, facts) >= {take.id for take in mine} for mine in seen.values())
    return filed and all(
        (effect := facts.filed.get(file_key(meeting_id, "transcript", one.id))) is not None
        and effect.status in FINISHED
        for meeting_id, mine in said.items()
        for one in mine
    )


# ---------------------------------------------------------------- what belongs elsewhere now


def _moves(found: Found, seen: Observed) -> Iterator[RelocateFile]:
    """What we put where the coordinator's word no longer has it."""
    meeting, homes = found.meeting, seen.homes[found.meeting.id]
    for effect in seen.known.effects_of(meeting.id):
        origin = origin_of(effect.key)
        if origin not in ORIGINS or effect.status is not EffectStatus.DONE:
            continue
        item = seen.filed.get(effect.remote_id or "")
        shown = _is_shown(origin, meeting)
        if item is None or not homes.lies_wrong(item, published=shown):
            continue
        yield RelocateFile(
            key=f"shown/{effect.key}",
            of=effect.key,
            item=item,
            folder=homes.folder(published=shown),
            name=item.name,
            columns=_columns(found, effect.key, seen, shown=shown),
        )


def _homes(meeting: Meeting, folders: Mapping[str, Effect], at: Workplace) -> Homes:
    shown, kept = meeting_folder(meeting, at), underlag_folder(meeting)
    return Homes(
        shown=shown,
        kept=kept,
        shown_id=_id(folders.get(shown.key)),
        kept_id=_id(folders.get(kept.key)),
    )


def _id(effect: Effect | None) -> str | None:
    return effect.remote_id if effect else None


JOB = Job(
    name=NAME,
    does="Files recordings, captions and transcripts of online meetings.",
    wakes=Poll(setting="meetings"),
    observe=observe,
    plan=plan,
)
