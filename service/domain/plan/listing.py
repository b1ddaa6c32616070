"""
What the plan's calendar says of each meeting, and how it came to say it.

An entry keeps its UID for good: when the planned row gets its event, when it is moved, and
when it is cancelled, so that a calendar that imported it follows. Its sequence grows with
each change (RFC 5545, 3.8.7.4); it counts in minutes, so that it grows on even where the
state was lost.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from service.domain.plan.plan import Entry

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """An entry of the calendar, as it was said last."""

    uid: str
    meeting_id: str
    row_id: str
    entry: Entry
    """Without ids, and without what no calendar shows."""
    sequence: int
    changed: datetime
    years: tuple[int, ...]
    """In whose files it stands: those of the years for which it was ever published."""
    public: bool = False
    """It has stood in a calendar that people may have imported."""


def listed(  # noqa: PLR0913 - what was said, what is so, and for whom; keywords only
    before: Mapping[str, Listed],
    entries: Iterable[Entry],
    *,
    drafted: Collection[int],
    published: Collection[int],
    network_id: str,
    now: datetime,
) -> dict[str, Listed]:
    """
    Return what the calendar says from now on, by UID.

    `drafted` are the years that have a plan, `published` those whose calendar people have.
    What is gone stays as cancelled if it was ever public.
    """
    known = _Known(before.values())
    after: dict[str, Listed] = {}
    for entry in entries:
        old = known.take(entry)
        if old is None and (entry.cancelled or _year(entry) not in drafted):
            continue
        if old is None:
            uid = _uid(entry, network_id, after.keys() | before.keys())
            new = _first(uid, entry, now)
        else:
            new = _again(old, entry, now)
        after[new.uid] = _published(new, published)
    for old in known.left:
        if old.public:
            after[old.uid] = _changed(old, replace(old.entry, cancelled=True), now)
    return {uid: one for uid, one in after.items() if one.public or not one.entry.cancelled}


class _Known:
    """Who said what: found by the event, and by the row that stood before it."""

    def __init__(self, before: Iterable[Listed]) -> None:
        self._left = {one.uid: one for one in before}

    def take(self, entry: Entry) -> Listed | None:
        """The one that people have, where row and event were two before they were one."""
        found = [
            one
            for one in self._left.values()
            if (entry.meeting_id and one.meeting_id == entry.meeting_id)
            or (entry.row_id and one.row_id == entry.row_id)
        ]
        if not found:
            return None
        best = max(found, key=lambda one: (one.public, one.row_id == entry.row_id, one.uid))
        return self._left.pop(best.uid)

    @property
    def left(self) -> Sequence[Listed]:
        return tuple(self._left.values())


def _uid(entry: Entry, network_id: str, taken: Collection[str]) -> str:
    """By the row where there is one: a state made anew comes to the same."""
    for source in (entry.row_id or entry.meeting_id, f"{entry.row_id} {entry.meeting_id}"):
        uid = str(uuid5(NAMESPACE_URL, f"natverket:{network_id}/{source}"))
        if uid not in taken:
            break
    return uid


def _first(uid: str, entry: Entry, now: datetime) -> Listed:
    return Listed(
        uid=uid,
        meeting_id=entry.meeting_id,
        row_id=entry.row_id,
        entry=_shown(entry),
        sequence=_minutes(now),
        changed=now,
        years=(_year(entry),),
    )


def _again(old: Listed, entry: Entry, now: datetime) -> Listed:
    """An event that has lost its row is still the row's: nothing else may take its UID."""
    ids = replace(
        old,
        meeting_id=entry.meeting_id or old.meeting_id,
        row_id=entry.row_id or old.row_id,
    )
    if entry.first_day is None:
        # Its date was taken back: what stands in calendars is no longer so.
        return _changed(ids, replace(old.entry, cancelled=True), now)
    years = old.years if old.public else ()
    with_year = replace(ids, years=tuple(sorted({*years, _year(entry)})))
    return _changed(with_year, _shown(entry), now)


def _changed(old: Listed, entry: Entry, now: datetime) -> Listed:
    if entry == old.entry:
        return old
    sequence = max(old.sequence + 1, _minutes(now))
    return replace(old, entry=entry, sequence=sequence, changed=max(now, old.changed))


def _published(one: Listed, published: Collection[int]) -> Listed:
    public = one.public or not set(published).isdisjoint(one.years)
    return one if public == one.public else replace(one, public=public)


def _shown(entry: Entry) -> Entry:
    return replace(entry, meeting_id="", row_id="", speakers="", summary="", when="")


def _year(entry: Entry) -> int:
    return entry.first_day.year if entry.first_day else 0


def _minutes(now: datetime) -> int:
    return int((now - _EPOCH).total_seconds()) // 60
