"""The meetings' folders as they stand, and whether anybody has touched them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from service.domain.actions import Folder
from service.domain.meeting import Meeting, Status
from service.domain.names import inbox_folder, name_key, safe_name
from service.effects.folders import RENAMING
from service.effects.posting import LINKS
from service.jobs.known import Known, meeting_folder, underlag_folder
from service.jobs.materials.seen import Standing
from service.observe import SeenItem
from service.ports import Effect
from service.ports import Status as EffectStatus
from service.workplace import Workplace


async def standing_folders(
    at: Workplace, facts: Known, there: Mapping[str, SeenItem]
) -> tuple[Standing, ...]:
    """Every folder of a meeting that exists, with the path that it should have by now."""
    effects = await at.ledger.effects("folder/")
    taken = {(item.drive_id, name_key(place_of(item))): item.id for item in there.values()}
    linked = _linked((await at.ledger.effects(f"v1/{at.network.id}/")).values())
    found = []
    for meeting in facts.meetings:
        for folder in _folders(meeting, at):
            effect = effects.get(folder.key)
            item = there.get(effect.remote_id or "") if effect else None
            if effect is None or item is None:
                continue
            path = _marked(folder.path, meeting, at)
            found.append(
                Standing(
                    key=folder.key,
                    meeting_id=meeting.id,
                    item=item,
                    untouched=_is_untouched(item, effect)
                    and effect.baseline.get("web_url") not in linked,
                    path=path,
                    free=taken.get((item.drive_id, name_key(path)), item.id) == item.id,
                )
            )
    return tuple(found)


def _folders(meeting: Meeting, at: Workplace) -> Iterator[Folder]:
    plain = inbox_folder(meeting)
    yield meeting_folder(meeting, at)
    yield underlag_folder(meeting)
    yield Folder(key=f"folder/inbox/{meeting.id}", shelf=underlag_folder(meeting).shelf, path=plain)


def _is_untouched(item: SeenItem, effect: Effect) -> bool:
    path, name = effect.baseline.get("path"), effect.baseline.get("name")
    return place_of(item) in (f"{path}/{name}".strip("/"), effect.baseline.get(RENAMING))


def place_of(item: SeenItem) -> str:
    return f"{item.path}/{item.name}".strip("/")


def marked_folder(meeting: Meeting, at: Workplace) -> Folder:
    """The members' folder of a meeting, called so from the first if that is cancelled."""
    folder = meeting_folder(meeting, at)
    return replace(folder, path=_marked(folder.path, meeting, at))


def _marked(path: str, meeting: Meeting, at: Workplace) -> str:
    """A cancelled meeting's folder says so, wherever it is seen."""
    if meeting.status is not Status.CANCELLED:
        return path
    above, _, name = path.rpartition("/")
    return f"{above}/{safe_name(at.texts.say('files.cancelled', name=name), len(name) + 20)}"


def _linked(posts: Iterable[Effect]) -> frozenset[str]:
    """Addresses that members have been given."""
    return frozenset(
        link
        for effect in posts
        if effect.status in (EffectStatus.DONE, EffectStatus.QUEUED, EffectStatus.CLAIMED)
        for link in str(effect.baseline.get(LINKS, "")).splitlines()
    )
