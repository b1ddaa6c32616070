"""What plans are made from, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from service.domain.actions import Folder, Shelf
from service.domain.kinds import is_material
from service.domain.meeting import Meeting
from service.domain.meeting import Status as MeetingStatus
from service.domain.names import folder_path
from service.effects.placements import Placement
from service.jobs import file_recordings
from service.jobs.known import Known, underlag_folder
from service.jobs.materials.seen import Observed, Standing
from service.jobs.sources import Offer
from service.jobs.sources.event import offers_of
from service.observe import Fields, SeenAttachment, SeenItem, SeenRow
from service.ports import Effect, Status
from tests.unit.effects.fate import CLIENT_ID, START
from tests.unit.effects.world import KEPT, ZONE, network, texts

LONG_AGO = START - timedelta(days=2)
GROUP_NAMES = {group.id: group.name for group in network().groups}


def effect(key: str, status: Status = Status.DONE, **other: object) -> Effect:
    plain = Effect(key=key, job="filing", status=status, created=LONG_AGO, updated=LONG_AGO)
    return replace(plain, **other)


def known(
    *meetings: Meeting,
    filed: Sequence[Effect] = (),
    rows: Mapping[str, Fields] | None = None,
    bases: Mapping[str, Fields] | None = None,
) -> Known:
    return Known(
        meetings=tuple(sorted(meetings, key=lambda one: one.start)),
        rows={
            meeting_id: SeenRow(id="1", etag="e1", fields=fields)
            for meeting_id, fields in (rows or {}).items()
        },
        bases=bases or {},
        filed={one.key: one for one in filed},
    )


def item(item_id: str, name: str, path: str = "Inkorg", **other: object) -> SeenItem:
    """A file that a person put there two days ago."""
    plain = SeenItem(
        drive_id=KEPT,
        id=item_id,
        name=name,
        folder=False,
        parent_id="parent",
        path=path,
        size=1000,
        etag="e1",
        ctag="c1",
        created=LONG_AGO,
        modified=LONG_AGO,
        modified_by_app=None,
        web_url="https://exempel.sharepoint.com/x",
        quick_xor_hash=f"hash of {item_id}",
    )
    return replace(plain, **other)


def home(meeting: Meeting) -> Folder:
    """The members' folder of a meeting."""
    path = folder_path(meeting, network(), joint_label="Gemensam")
    return Folder(key=f"folder/documentation/{meeting.id}", shelf=Shelf.DOCUMENTATION, path=path)


def materials(
    facts: Known,
    *,
    attached: Mapping[str, tuple[SeenAttachment, ...]] | None = None,
    offers: tuple[Offer, ...] = (),
    inbox: tuple[SeenItem, ...] = (),
    shelved: tuple[SeenItem, ...] = (),
    others: Sequence[Effect] = (),
    placements: Mapping[str, Placement] | None = None,
    standing: tuple[Standing, ...] = (),
) -> Observed:
    """The item id of a meeting's folder is `folder of <id>`."""
    events = [
        offer
        for meeting in facts.meetings
        if meeting.status is not MeetingStatus.CANCELLED
        for offer in offers_of(
            meeting.id,
            tuple(filter(is_material, (attached or {}).get(meeting.id, ()))),
            facts.filed,
        )
    ]
    return Observed(
        known=facts,
        folders={meeting.id: home(meeting) for meeting in facts.meetings},
        folder_ids={f"folder of {meeting.id}": meeting.id for meeting in facts.meetings},
        standing=standing,
        offers=(*events, *offers),
        notes=(),
        inbox=inbox,
        shelved={one.id: one for one in shelved},
        others={one.key: one for one in others},
        placements=placements or {},
        group_names=GROUP_NAMES,
        words=texts(),
        client_id=CLIENT_ID,
        settle=timedelta(minutes=30),
        time_zone=ZONE,
    )


def recordings(
    facts: Known,
    *found: file_recordings.Found,
    videos: Sequence[SeenItem] = (),
    filed: Sequence[SeenItem] = (),
) -> file_recordings.Observed:
    """Item ids of a meeting's folders are `shown <id>` and `kept <id>`."""
    texts_ = texts()
    return file_recordings.Observed(
        known=facts,
        found=found,
        homes={
            one.meeting.id: file_recordings.Homes(
                shown=home(one.meeting),
                kept=underlag_folder(one.meeting),
                shown_id=f"shown {one.meeting.id}",
                kept_id=f"kept {one.meeting.id}",
            )
            for one in found
        },
        videos={item.id: item for item in videos},
        filed={item.id: item for item in filed},
        group_names=GROUP_NAMES,
        labels={
            name: texts_.templates[f"files.{name}"]
            for name in ("recording", "recording_part", "transcript", "transcript_part")
        },
    )
