"""Files in folders elsewhere in the tenant: a channel's Files, a coordinator's OneDrive."""

from service.domain.actions import FromItem, Leave, Unread
from service.domain.candidate import Candidate
from service.domain.recording import Take, is_recording, moments_in
from service.errors import Forbidden, NotFound, SourceEmptied
from service.jobs.captures import TAKES
from service.jobs.known import Known, items
from service.jobs.reading import lies_in, read_drive
from service.jobs.sources.offer import Gathered, Offer
from service.observe import SeenItem
from service.workplace import Watched, Workplace

ORIGIN = "watched"
UNPLANNED = "unplanned"
"""Of recordings that belong to no meeting of the network, as far as anybody has said."""


async def gather(at: Workplace, facts: Known) -> Gathered:
    """Read each library once, however many of its folders are watched."""
    own = {at.places.documentation, at.places.coordination}
    folders = [watched for watched in at.places.watched if watched.drive_id not in own]
    drives = dict.fromkeys(watched.drive_id for watched in folders)
    unread = [note for drive_id in drives if (note := await _unread(drive_id, at))]
    seen = (await at.ledger.seen(TAKES, Take)).values()
    zone = at.network.time_zone
    offers = [
        _offer(item, watched, zone)
        for watched in folders
        for item in (await items(at, watched.drive_id)).values()
        if lies_in(item, watched) and not is_recording(item, facts.meetings, seen, time_zone=zone)
    ]
    closed = (Leave(subject=one.address, why=one.why) for one in at.places.unwatched)
    return Gathered(
        offers=tuple({offer.candidate.id: offer for offer in offers}.values()),
        notes=(*closed, *unread),
    )


async def _unread(drive_id: str, at: Workplace) -> Unread | None:
    """Read a library; where that fails, only what lies there has to wait."""
    try:
        await read_drive(at, drive_id)
    except (Forbidden, NotFound, SourceEmptied) as error:
        address = next(one.address for one in at.places.watched if one.drive_id == drive_id)
        return Unread(subject=address, error=error)
    return None


def _offer(item: SeenItem, watched: Watched, time_zone: str) -> Offer:
    # A recording of no meeting of ours: the day in its name must not bring it to members.
    unplanned = bool(moments_in(item.name, time_zone))
    return Offer(
        candidate=Candidate(
            origin=UNPLANNED if unplanned else ORIGIN,
            id=item.id,
            version=item.ctag,
            name=item.name,
            modified=item.modified,
            content_type=item.content_type,
            size=item.size,
            folder=item.path.removeprefix(watched.path).strip("/"),
        ),
        source=FromItem(item=item),
    )
