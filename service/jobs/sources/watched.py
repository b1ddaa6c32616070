"""Files in folders elsewhere in the tenant: a channel's Files, a coordinator's OneDrive."""

from service.domain.actions import FromItem, Leave
from service.domain.candidate import Candidate
from service.jobs.known import Known, items
from service.jobs.reading import read_drive
from service.jobs.sources.offer import Gathered, Offer
from service.observe import SeenItem
from service.workplace import Watched, Workplace

ORIGIN = "watched"


async def gather(at: Workplace, facts: Known) -> Gathered:  # noqa: ARG001 - as every source
    """Read each library once, however many of its folders are watched."""
    own = {at.places.documentation, at.places.coordination}
    folders = [watched for watched in at.places.watched if watched.drive_id not in own]
    for drive_id in dict.fromkeys(watched.drive_id for watched in folders):
        await read_drive(at, drive_id)
    offers = [
        _offer(item, watched)
        for watched in folders
        for item in (await items(at, watched.drive_id)).values()
        if lies_in(item, watched) and not item.content_type.startswith("video/")
    ]
    return Gathered(
        offers=tuple({offer.candidate.id: offer for offer in offers}.values()),
        notes=tuple(Leave(subject=one.address, why=one.why) for one in at.places.unwatched),
    )


def lies_in(item: SeenItem, watched: Watched) -> bool:
    inside = f"{item.path}/".startswith(f"{watched.path}/") if watched.path else True
    return inside and not item.folder


def _offer(item: SeenItem, watched: Watched) -> Offer:
    return Offer(
        candidate=Candidate(
            origin=ORIGIN,
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
