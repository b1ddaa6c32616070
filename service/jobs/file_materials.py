"""
Files what belongs to a meeting into its folder: attachments, mails, links, watched folders,
the inbox, and what people put there themselves.

What others keep is copied, files in the inbox are moved (their id stays), and a file that a
coordinator put straight into a meeting's folder only gets its columns.
"""

from datetime import datetime

from service.domain.actions import Action
from service.effects.placements import PLACEMENTS, Placement
from service.jobs.known import JUDGED, Judged, is_waiting, items, known
from service.jobs.materials.dropped import dropped
from service.jobs.materials.folders import marked_folder, standing_folders
from service.jobs.materials.named import named
from service.jobs.materials.offered import offered
from service.jobs.materials.pictures import gathered
from service.jobs.materials.seen import Observed
from service.jobs.materials.shelved import shelved
from service.jobs.reading import read_drive
from service.jobs.sources import SOURCES
from service.jobs.spec import Job, Poll
from service.workplace import Workplace

BESIDE = ("unplaced/", "renew/")


async def observe(at: Workplace) -> Observed:
    await read_drive(at, at.places.coordination)
    await read_drive(at, at.places.documentation)
    facts = await known(at)
    found = [await gather(at, facts) for gather in SOURCES]
    documentation = await items(at, at.places.documentation)
    coordination = await items(at, at.places.coordination)
    standing = await standing_folders(at, facts, {**documentation, **coordination})
    return Observed(
        known=facts,
        folders={meeting.id: marked_folder(meeting, at) for meeting in facts.meetings},
        standing=standing,
        folder_ids={
            folder.item.id: folder.meeting_id
            for folder in standing
            if folder.key.startswith("folder/documentation/")
        },
        offers=tuple(offer for source in found for offer in source.offers),
        notes=tuple(note for source in found for note in source.notes),
        inbox=tuple(item for item in coordination.values() if is_waiting(item)),
        shelved=documentation,
        others={
            key: effect
            for prefix in BESIDE
            for key, effect in (await at.ledger.effects(prefix)).items()
        },
        judged=await at.ledger.seen(JUDGED, Judged),
        placements=await at.ledger.seen(PLACEMENTS, Placement),
        group_names={group.id: group.name for group in at.network.groups},
        words=at.texts,
        client_id=at.places.client_id,
        settle=at.rules.settle,
        time_zone=at.network.time_zone,
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    files = (*offered(seen, now), *dropped(seen, now), *shelved(seen, now))
    return (*seen.notes, *named(seen), *gathered(files, seen))


JOB = Job(
    name="file_materials",
    does="Files attachments, mails, links and what lies in the inbox into the meetings' folders.",
    wakes=Poll(setting="drives"),
    observe=observe,
    plan=plan,
)
