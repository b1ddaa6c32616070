"""Files that an invitation links to instead of carrying them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actions import FromItem, Leave
from service.domain.candidate import Candidate
from service.domain.meeting import Meeting, Status
from service.errors import Forbidden, TenantError, Verdict
from service.jobs.known import CALENDAR, Known
from service.jobs.sources.offer import Gathered, Offer
from service.observe import Change, SeenEvent, SeenItem
from service.workplace import Workplace

ORIGIN = "link"
LINKS = "links"
LOOKED_AGAIN = timedelta(days=1)
"""Links have no delta: what one leads to, or why it leads nowhere, is looked at so seldom."""
EDITED_FOR = timedelta(days=14)
"""So long after a meeting what was linked to it may still be worked on."""


@dataclass(frozen=True, kw_only=True)
class Lead:
    """What the links of one invitation led to, when it was last changed."""

    modified: datetime
    looked: datetime
    items: tuple[SeenItem, ...]
    refused: tuple[tuple[str, str], ...] = ()
    """Address and reason."""


async def gather(at: Workplace, facts: Known) -> Gathered:
    """Follow the links of an invitation when it has changed, and once a day while they may."""
    events = {event.ical_uid: event for event in (await _events(at)).values()}
    leads = await at.ledger.seen(LINKS, Lead)
    offers: list[Offer] = []
    notes: list[Leave] = []
    for meeting in facts.meetings:
        event = events.get(meeting.id)
        if event is None or not meeting.invitation.cloud_links:
            continue
        if meeting.status is Status.CANCELLED:
            continue
        lead = leads.get(event.id)
        if lead is None or _is_stale(lead, event, meeting, at.clock.now()):
            lead = await _followed(meeting, event, at)
            await at.ledger.absorb(LINKS, [Change(id=event.id, value=lead)])
        offers += [_offer(meeting.id, item) for item in lead.items]
        notes += [Leave(subject=address, why=why) for address, why in lead.refused]
    return Gathered(offers=tuple(offers), notes=tuple(notes))


async def _events(at: Workplace) -> dict[str, SeenEvent]:
    return await at.ledger.seen(CALENDAR, SeenEvent)


def _is_stale(lead: Lead, event: SeenEvent, meeting: Meeting, now: datetime) -> bool:
    may_change = bool(lead.refused) or now < meeting.end + EDITED_FOR
    return lead.modified != event.modified or (may_change and now - lead.looked >= LOOKED_AGAIN)


async def _followed(meeting: Meeting, event: SeenEvent, at: Workplace) -> Lead:
    own = {at.places.documentation, at.places.coordination}
    items: list[SeenItem] = []
    refused: list[tuple[str, str]] = []
    for address in meeting.invitation.cloud_links:
        try:
            item = await at.drives.shared(address)
        except TenantError as error:
            if error.verdict is not Verdict.NOT_THIS_ITEM and not isinstance(error, Forbidden):
                raise
            refused.append((address, str(error)))
            continue
        if item is not None and not item.folder and item.drive_id not in own:
            items.append(item)
    now = at.clock.now()
    return Lead(modified=event.modified, looked=now, items=tuple(items), refused=tuple(refused))


def _offer(meeting_id: str, item: SeenItem) -> Offer:
    return Offer(
        candidate=Candidate(
            origin=ORIGIN,
            id=item.id,
            version=item.ctag,
            name=item.name,
            modified=item.modified,
            content_type=item.content_type,
            size=item.size,
            hangs_on=meeting_id,
        ),
        source=FromItem(item=item),
    )
