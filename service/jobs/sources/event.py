"""Files attached to the invitations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.actions import FromEvent, file_key, item_id_of, origin_of
from service.domain.candidate import Candidate
from service.domain.kinds import is_material
from service.domain.names import safe_name
from service.jobs.known import CALENDAR, Known
from service.jobs.sources.offer import Gathered, Offer
from service.observe import Change, SeenAttachment, SeenEvent
from service.ports import Effect
from service.workplace import Workplace

ORIGIN = "event"
ATTACHMENTS = "attachments"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The attachments of an event as they were when it was last changed."""

    modified: datetime
    attachments: tuple[SeenAttachment, ...]


async def gather(at: Workplace, facts: Known) -> Gathered:
    """List an event's attachments once for every change of the event."""
    events = await at.ledger.seen(CALENDAR, SeenEvent)
    listings = await at.ledger.seen(ATTACHMENTS, Listing)
    meetings = {meeting.id for meeting in facts.meetings}
    offers: list[Offer] = []
    for event in events.values():
        if event.ical_uid not in meetings or not event.has_attachments or event.cancelled:
            continue
        listing = listings.get(event.id)
        if listing is None or listing.modified != event.modified:
            found = await at.calendar.attachments(event.id)
            listing = Listing(modified=event.modified, attachments=found)
            await at.ledger.absorb(ATTACHMENTS, [Change(id=event.id, value=listing)])
        material = tuple(filter(is_material, listing.attachments))
        offers += offers_of(event.ical_uid, material, facts.filed)
    return Gathered(offers=tuple(offers))


def offers_of(
    meeting_id: str, attachments: tuple[SeenAttachment, ...], filed: Mapping[str, Effect]
) -> list[Offer]:
    """
    An offer for each attachment, known by the first one of its line.

    An attachment is never changed: it is taken away, and another of its name is put in its
    place. Then that is a new version of the same file.
    """
    lines = _lines(meeting_id, filed.values())
    here = {attachment.id for attachment in attachments}
    gone = {version: first for version, first in lines.items() if version not in here}
    offers = []
    for attachment in attachments:
        first = lines.get(attachment.id) or _replaced(attachment, meeting_id, gone, filed)
        offers.append(_offer(meeting_id, first or attachment.id, attachment))
    return offers


def _offer(meeting_id: str, first: str, attachment: SeenAttachment) -> Offer:
    return Offer(
        candidate=Candidate(
            origin=ORIGIN,
            id=first,
            version=attachment.id,
            name=attachment.name,
            modified=attachment.modified,
            content_type=attachment.content_type,
            size=attachment.size,
            hangs_on=meeting_id,
        ),
        source=FromEvent(attachment=attachment),
    )


def _lines(meeting_id: str, effects: Iterable[Effect]) -> dict[str, str]:
    """Id of the attachment that was filed last, to the first one of its line."""
    prefix = file_key(meeting_id, ORIGIN, "")
    return {
        str(effect.baseline.get("version") or item_id_of(effect.key)): item_id_of(effect.key)
        for effect in effects
        if effect.key.startswith(prefix) and origin_of(effect.key) == ORIGIN
    }


def _replaced(
    attachment: SeenAttachment, meeting_id: str, gone: dict[str, str], filed: Mapping[str, Effect]
) -> str | None:
    """The line of an attachment of this name that is no longer there; it is used up."""
    name = safe_name(attachment.name).casefold()
    for version, first in gone.items():
        before = filed[file_key(meeting_id, ORIGIN, first)].baseline.get("source_name")
        if before and str(before).casefold() == name:
            del gone[version]
            return first
    return None
