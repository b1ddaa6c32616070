"""What the filing of materials decides from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.actions import Folder, Leave, Unread
from service.domain.candidate import Candidate
from service.domain.meeting import Meeting
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.placing import place
from service.domain.post import Words
from service.domain.recording import moments_in
from service.effects.placements import NOBODYS, Placement
from service.jobs.known import SHEETS, Judged, Known, columns_of
from service.jobs.sources import UNPLANNED, Offer
from service.observe import Fields, SeenItem
from service.ports import Effect, Status

FINISHED = (Status.DONE, Status.DROPPED)
_UNPLACED = ("", "Oplacerat")
"""Folders of candidates, below the inbox, in which a taking back holds."""


_OPENED_BY_ALL = ("event", "link")
"""Origins of what everybody invited has been sent already."""


class Sheet(StrEnum):
    """What a file is to whoever collects survey answers; the words of the first two are texts."""

    UNJUDGED = "unjudged"
    """Nobody has looked into this version of it."""
    EXPORT = "export"
    """It holds a survey's answers: no material for members."""
    NONE = "none"


def stands(effect: Effect) -> bool:
    """Tell what waits for a person from what waits for its time."""
    return effect.status is Status.PARKED and effect.not_before is None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A meeting's folder as it stands in a library."""

    key: str
    """Of its effect."""
    meeting_id: str
    item: SeenItem
    untouched: bool
    """It is called as we called it, and lies where we made it; no post links to it."""
    path: str
    """Where it belongs by now."""
    free: bool = True
    """Nothing else lies there."""


@dataclass(frozen=True, kw_only=True)
class Observed:
    known: Known
    folders: Mapping[str, Folder]
    """The members' folder of each meeting, by meeting id."""
    standing: tuple[Standing, ...]
    """The folders of meetings that are there, in both libraries."""
    offers: tuple[Offer, ...]
    notes: tuple[Leave | Unread, ...]
    inbox: tuple[SeenItem, ...]
    """Files in the inbox; those that were put aside are left out."""
    shelved: Mapping[str, SeenItem]
    """Everything in the members' library, by id."""
    others: Mapping[str, Effect]
    """Effects beside the filings themselves: of unplaced files, new versions and the like."""
    placements: Mapping[str, Placement]
    """By `{origin}/{id}` of the file at its source."""
    group_names: Mapping[str, str]
    words: Words
    client_id: str
    settle: timedelta
    time_zone: str
    judged: Mapping[str, Judged] = field(default_factory=dict)
    """Sheets that were looked into, by their id at their source."""
    folder_ids: Mapping[str, str] = field(default_factory=dict)
    """Item id of the members' folders, to meeting id."""

    def columns(self, meeting: Meeting, *, kind: str, source: str) -> Fields:
        return columns_of(meeting, self.group_names, kind=kind, source=source)

    def is_warm(self, candidate: Candidate, now: datetime) -> bool:
        """Nobody waits for a file that a coordinator has placed."""
        settled = f"{candidate.origin}/{candidate.id}" in self.placements
        return not settled and now - candidate.modified < self.settle

    def answer(self, candidate: Candidate) -> Placed | Unsure:
        """Whose a file is, by everything that is known of it."""
        said = self.placements.get(f"{candidate.origin}/{candidate.id}")
        # Where a person has carried it on since, that is her word.
        if said and said.meeting_id == NOBODYS and candidate.folder in _UNPLACED:
            return Unsure((), Reason(Why.TAKEN_BACK))
        settled = said.meeting_id if said and said.meeting_id != NOBODYS else ""
        if not settled and self._is_unplanned(candidate):
            return Unsure((), Reason(Why.UNPLANNED))
        asked = replace(candidate, settled=settled)
        return place(asked, self.known.meetings, time_zone=self.time_zone)

    def _is_unplanned(self, candidate: Candidate) -> bool:
        """A recording of no meeting of ours: its name's date must not bring it to members."""
        aside = candidate.origin == UNPLANNED or candidate.folder == "Oplacerat"
        return aside and bool(moments_in(candidate.name, self.time_zone))

    def sheet(self, candidate: Candidate) -> Sheet:
        """Tell what is known of a file that may hold a survey's answers."""
        if candidate.origin in _OPENED_BY_ALL or not candidate.name.lower().endswith(SHEETS):
            return Sheet.NONE
        judged = self.judged.get(candidate.id)
        if judged is None or judged.version != candidate.version:
            return Sheet.UNJUDGED
        if judged.closed and f"{candidate.origin}/{candidate.id}" not in self.placements:
            return Sheet.EXPORT
        return Sheet.EXPORT if judged.export else Sheet.NONE

    def meeting_at(self, item: SeenItem) -> str | None:
        """Id of the meeting in whose folder a file lies, however deep people have put it."""
        parent = item.parent_id
        while parent is not None:
            if parent in self.folder_ids:
                return self.folder_ids[parent]
            above = self.shelved.get(parent)
            parent = above.parent_id if above is not None else None
        return None
