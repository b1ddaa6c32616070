"""The bytes of what is filed: where they come from, and whether they are filed already."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import quote

from service.domain.actions import (
    AsCaptions,
    AsDocument,
    FromEvent,
    FromItem,
    FromMail,
    FromRecording,
    FromTranscript,
    Made,
    Source,
)
from service.effects.steps import filed_item
from service.errors import NotFound
from service.graph.quickxor import QuickXor
from service.observe import SeenItem
from service.parse.office import is_office, parts_digest
from service.parse.transcript import captions, turns
from service.ports import Content, Effect, Status
from service.render.transcript import Occasion, transcript_document
from service.workplace import Workplace

PARTS = "source_parts"
"""In the baseline of an Office file: `parts_digest`."""
PROMOTED = 64 * 1024
"""Bytes that a library's columns add to an Office file, at the very most."""
MOST_COMPARED = 50 * 2**20
"""Bytes of an Office file that is read to compare it."""


class Bytes:
    """Content that is in memory already."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size: int | None = len(data)

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        yield self.data[offset:]


async def opened(source: Source, at: Workplace) -> Content:
    match source:
        case FromEvent(attachment=attachment):
            return Bytes(await _whole(at.calendar.attachment(attachment)))
        case FromMail(attachment=attachment):
            if at.mail is None:
                raise NotFound("mail folder", "no folder of the mailbox is watched any more")
            return Bytes(await _whole(at.mail.attachment(attachment)))
        case FromItem(item=item):
            return at.drives.content(item.drive_id, item.id)
        case FromRecording(organizer=organizer, recording=recording):
            return at.meetings.recording(organizer, recording)
        case FromTranscript(organizer=organizer, transcript=transcript):
            vtt = await at.meetings.transcript(organizer, transcript)
            return Bytes(_readable(vtt, source.form, at))
        case Made(make=make):
            return Bytes(make())


def _readable(vtt: bytes, form: AsCaptions | AsDocument, at: Workplace) -> bytes:
    match form:
        case AsCaptions():
            return captions(vtt)
        case AsDocument(title=title, held=held, part=part):
            of = Occasion(title=title, held=held, network=at.network.name, part=part)
            return transcript_document(turns(vtt), of, at.labels)


async def check_not_blocked(source: Source, content: Content, at: Workplace) -> None:
    """
    Ask for the bytes of a recording before the service copies it.

    A download block is not walked round by a copy unless IT has approved it (settled 26).
    Raises DownloadBlocked.
    """
    match source:
        case FromRecording(lies_as=SeenItem()):
            pass
        case FromItem(item=item) if item.content_type.startswith("video/"):
            pass
        case _:
            return
    if not at.rules.copy_blocked:
        pieces = content.read()
        await anext(pieces, None)
        if isinstance(pieces, AsyncGenerator):
            await pieces.aclose()


def digests(source: Source, content: Content) -> dict[str, object]:
    """
    What tells these bytes from others: kept, so that the same are filed once.

    `source_hash` is the quickXorHash, which the service keeps of its files; `source_sha256`
    is there only where the bytes are in memory.
    """
    if isinstance(content, Bytes):
        hash_ = QuickXor()
        hash_.update(content.data)
        sha256 = hashlib.sha256(content.data).hexdigest()
        return {
            "source_sha256": sha256,
            "source_hash": hash_.digest(),
            "source_size": content.size,
            PARTS: parts_digest(content.data),
        }
    if isinstance(source, FromItem):
        return {"source_hash": source.item.quick_xor_hash, "source_size": source.item.size}
    return {}


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """A file that is about to be filed, and what is known of its bytes."""

    name: str
    content: Content
    digests: Mapping[str, object]


async def twin(key: str, meeting_id: str, newcomer: Newcomer, at: Workplace) -> Effect | None:
    """Another filing of the same meeting that is the same bytes."""
    if not meeting_id:
        return None
    effects = await at.ledger.effects(f"file/{quote(meeting_id, safe='')}/")
    siblings = [
        effect
        for effect in effects.values()
        if effect.key != key and effect.phase and effect.status in (Status.DONE, Status.CLAIMED)
    ]
    same = next((effect for effect in siblings if _same(newcomer.digests, effect.baseline)), None)
    return same or await _office_twin(newcomer, siblings, at)


def _same(own: Mapping[str, object], theirs: Mapping[str, object]) -> bool:
    """By the source's own digest; else by what the service shows of a file that it left as sent."""
    if own.get("source_sha256") and theirs.get("source_sha256"):
        return own["source_sha256"] == theirs["source_sha256"]
    mine = (own.get("source_hash"), own.get("source_size"))
    sent = (theirs.get("source_hash"), theirs.get("source_size"))
    there = (theirs.get("hash"), theirs.get("size"))
    return mine[0] is not None and mine in (sent, there)


async def _office_twin(
    newcomer: Newcomer, siblings: Sequence[Effect], at: Workplace
) -> Effect | None:
    """
    An Office file is another in every library: compared by the parts that people wrote.

    Files have to be read for that, each once; so only those that can be the same are.
    """
    size = newcomer.digests.get("source_size")
    if not is_office(newcomer.name) or not isinstance(size, int) or size > MOST_COMPARED:
        return None
    likely = [effect for effect in siblings if _may_be(newcomer.name, size, effect.baseline)]
    if not likely:
        return None
    parts = newcomer.digests.get(PARTS) or parts_digest(await _whole(newcomer.content))
    for effect in likely:
        if parts and parts == await _parts_of(effect, at):
            return effect
    return None


def _may_be(name: str, size: int, theirs: Mapping[str, object]) -> bool:
    other = theirs.get("source_size") or theirs.get("size")
    alike = PurePosixPath(str(theirs.get("name"))).suffix.casefold() == (
        PurePosixPath(name).suffix.casefold()
    )
    return alike and isinstance(other, int) and abs(other - size) <= PROMOTED


async def _parts_of(effect: Effect, at: Workplace) -> object:
    """As they were at the source; else as they are now, and kept for the next time."""
    known = effect.baseline.get(PARTS)
    item = None if known is not None else await filed_item(effect, at)
    if item is None:
        return known
    parts = parts_digest(await _whole(at.drives.content(item.drive_id, item.id)))
    await at.ledger.keep(replace(effect, baseline={**effect.baseline, PARTS: parts}))
    return parts


async def _whole(content: Content) -> bytes:
    """An attachment in memory: Exchange takes none above 150 MB, and serves no ranges."""
    return b"".join([piece async for piece in content.read()])
