"""Finds the file and the meeting that a coordinator names."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from service.domain.actions import item_id_of, origin_of
from service.domain.dates import dates_in
from service.domain.meeting import Meeting
from service.errors import Ambiguous, NotFound
from service.jobs.known import Known, is_waiting, items, owner_of
from service.jobs.reading import lies_in
from service.ports import Effect
from service.workplace import Workplace


@dataclass(frozen=True, kw_only=True)
class Named:
    """A file that was named, where it is and what has been done with it."""

    key: str
    """`{origin}/{id}` of the file at its source."""
    name: str
    where: str
    effect: Effect | None = None
    """Its filing, if it was filed."""


async def file_named(text: str, at: Workplace, facts: Known) -> Named:
    """The one file of that id or name. Raises NotFound, Ambiguous."""
    everything = [one async for one in _files(at, facts)]
    wanted = text.casefold()
    for fits in (
        lambda one: one.key.split("/", 1)[1] == text or one.key == text,
        lambda one: one.name.casefold() == wanted,
        lambda one: wanted in one.name.casefold(),
    ):
        found = [one for one in everything if fits(one)]
        if len(found) == 1:
            return found[0]
        if found:
            told = "; ".join(f"{one.name} in {one.where}: {one.key}" for one in found[:8])
            raise Ambiguous(text, f"{len(found)} files are called so ({told}).")
    raise NotFound(text, "No file of this name waits or was filed.", remedy=_LOOK)


def meeting_named(text: str, meetings: Sequence[Meeting]) -> Meeting:
    """The one meeting of that day, by words of its title where there are several."""
    days = dates_in(text, default_year=None)
    if not days:
        raise NotFound(f"meeting {text}", "No day can be read in it.", remedy=_MEETINGS)
    that_day = [one for one in meetings if any(one.first_day <= d <= one.last_day for d in days)]
    if not that_day:
        raise NotFound(f"meeting {text}", "There is none on that day.", remedy=_MEETINGS)
    words = {word for word in text.casefold().split() if not any(c.isdigit() for c in word)}
    fitting = [one for one in that_day if words <= set(one.title.casefold().split())]
    if len(that_day) == 1 or len(fitting) == 1:
        return (fitting or that_day)[0]
    told = "; ".join(one.title for one in that_day)
    raise Ambiguous(f"meeting {text}", f"There are {len(that_day)} on that day ({told}).")


_LOOK = "`natverket file` lists what waits."
_MEETINGS = "`natverket meetings` lists them; write the day as 2023-03-08."


async def _files(at: Workplace, facts: Known) -> AsyncIterator[Named]:
    placed = {effect.remote_id for effect in facts.filed.values()}
    for item in (await items(at, at.places.coordination)).values():
        if is_waiting(item) and item.id not in placed:
            yield Named(key=f"inbox/{item.id}", name=item.name, where=item.path)
    filed = {f"{origin_of(key)}/{item_id_of(key)}": effect for key, effect in facts.filed.items()}
    for key, effect in filed.items():
        yield _filed(key, effect, facts)
    for watched in at.places.watched:
        for item in (await items(at, watched.drive_id)).values():
            key = f"watched/{item.id}"
            if lies_in(item, watched) and key not in filed:
                yield Named(key=key, name=item.name, where=f"{watched.address}/{item.path}")


def _filed(key: str, effect: Effect, facts: Known) -> Named:
    meeting = facts.meeting(owner_of(effect))
    day = f"{meeting.first_day} {meeting.title}" if meeting else "a meeting that is gone"
    name = effect.baseline.get("name") or effect.baseline.get("source_name") or key
    return Named(key=key, name=str(name), where=day, effect=effect)
