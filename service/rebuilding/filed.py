"""Filed files, folders and rows, as the tenant's columns tell of them. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.actions import Folder, file_key
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.register import Columns, Owner, fields_of
from service.effects.steps import EDITED, STORED, shown
from service.observe import Fields, FileColumns, SeenItem, SeenRow
from service.ports import Effect, Status
from service.rebuilding.found import Findings

AT_ONCE = timedelta(minutes=15)
"""From a file's making to the writing of its columns. Written later, it may be a person's work."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A file of the members' library, with its columns."""

    item: SeenItem
    fields: Fields


def with_columns(items: Iterable[SeenItem], rows: Sequence[FileColumns]) -> Iterator[Known]:
    """Bring files and their columns together: both tell the path."""
    by_path = {(row.path, row.name): row.fields for row in rows}
    for item in items:
        fields = by_path.get((item.path, item.name))
        if not item.folder and fields is not None:
            yield Known(item=item, fields=fields)


def files(known: Iterable[Known], found: Findings, meeting_ids: Iterable[str]) -> Iterator[Effect]:
    """
    Everything that our columns say was filed, each once.

    Of two with the same source a person has copied one, with its columns: the first is ours.
    """
    everyone = tuple(meeting_ids)
    taken = set[str]()
    for one in sorted(known, key=lambda one: (one.item.created, one.item.id)):
        owner, source = one.fields.get("NvMeetingId"), str(one.fields.get("NvSource") or "")
        origin, _, source_id = source.partition(":")
        if not owner or not source_id:
            continue
        key = _key(str(owner), origin, source_id, found, everyone)
        if key not in taken:
            taken.add(key)
            yield _effect(key, one, str(owner), found.at.places.client_id)


def _key(owner: str, origin: str, source_id: str, found: Findings, everyone: Sequence[str]) -> str:
    """Its key names the meeting for which it was filed first; a person may have moved it since."""
    key = file_key(owner, origin, source_id)
    if found.was_done(key):
        return key
    others = (file_key(each, origin, source_id) for each in everyone)
    return next((other for other in others if found.was_done(other)), key)


def _effect(key: str, one: Known, owner: str, client_id: str) -> Effect:
    item = one.item
    columns = {
        name: value
        for name, value in one.fields.items()
        if name.startswith("Nv") and name not in ("NvDisposeAfter", "NvRegistryNo")
    }
    baseline: dict[str, object] = {
        **shown(item),
        "columns": columns,
        "source_name": item.name,
        "meeting": owner,
    }
    if kind := one.fields.get("NvType"):
        baseline["kind"] = kind
    if item.modified_by_app != client_id or item.modified - item.created > AT_ONCE:
        baseline[EDITED] = True
    return done(key, "filing", item, baseline)


def done(key: str, job: str, item: SeenItem, baseline: Mapping[str, object]) -> Effect:
    """An effect that was over when its file came."""
    return Effect(
        key=key,
        job=job,
        status=Status.DONE,
        phase=STORED,
        remote_id=item.id,
        etag=item.etag,
        baseline=dict(baseline),
        created=item.created,
        updated=item.created,
    )


def folder(wanted: Folder, item: SeenItem, url: str = "") -> Effect:
    """A folder; called otherwise than we would call it, it is a person's, and stays so."""
    above, _, name = wanted.path.rpartition("/")
    baseline = {**shown(item), "path": above, "name": name, **({"web_url": url} if url else {})}
    return replace(done(wanted.key, "folders", item, baseline), phase="")


def home(meeting_id: str, filed: Iterable[Effect], items: Mapping[str, SeenItem]) -> str | None:
    """The folder `{year}/{name}` in which most of a meeting's files lie, however deep."""
    votes: dict[str, int] = {}
    for effect in filed:
        item = items.get(effect.remote_id or "")
        if item is None or effect.baseline.get("meeting") != meeting_id:
            continue
        path = "/".join(item.path.split("/")[:2])
        if "/" in path:
            votes[path] = votes.get(path, 0) + 1
    return max(votes, key=lambda path: (votes[path], path), default=None)


def row(
    meeting: Meeting, there: SeenRow, columns: Columns, network: Network, now: datetime
) -> Effect:
    """
    What we wrote last: of our own columns what stands there; else what the invitation says.

    So what differs from the invitation is a person's, and stays; `meeting` is the invitation's.
    """
    desired = fields_of(meeting, network=network)
    base = {
        name: there.fields.get(name) if owner is Owner.SERVICE else desired.get(name)
        for name, owner in columns.owners.items()
        if owner is not Owner.COORDINATOR
    }
    return Effect(
        key=f"row/{meeting.id}",
        job="register",
        status=Status.DONE,
        remote_id=there.id,
        etag=there.etag,
        baseline=base,
        created=now,
        updated=now,
    )
