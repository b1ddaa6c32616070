"""
Planned meetings: rows of the register that have no event (yet).

Such a row is wholly the coordinator's: nothing is written to it until its event comes.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TypeVar

from service.domain.dates import day
from service.domain.meeting import Form, Kind
from service.domain.network import Network
from service.domain.register import FORMS, KINDS, flag, text
from service.domain.titles import groups_named, is_online, kind_named_by
from service.observe import Fields, FieldValue, SeenRow

T = TypeVar("T", Form, Kind)

_HOURS = re.compile(
    r"(?:kl\.?\s*)?(\d{1,2})(?:[.:](\d\d))?\s*(?:[-–—]|till?|to)\s*(\d{1,2})(?:[.:](\d\d))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


@dataclass(frozen=True, kw_only=True)
class PlannedRow:
    """A planned meeting as a coordinator has typed it."""

    row_id: str
    title: str
    """Empty: its theme is not set."""
    groups: tuple[str, ...]
    """Ids of focus groups; empty: the whole network's."""
    first_day: date | None
    """None: the date is not set."""
    last_day: date | None
    hours: tuple[time, time] | None
    """Local."""
    when: str
    """What stands in the column of times and is no hours: "oktober", "hösten 2024"."""
    form: Form | None
    kind: Kind | None
    place: str
    register_by: date | None
    registration_link: str
    speakers: str
    summary: str
    cancelled: bool

    @property
    def year(self) -> int | None:
        """Its year, as far as its date or its words tell."""
        if self.first_day is not None:
            return self.first_day.year
        named = _YEAR.search(self.when)
        return int(named.group()) if named else None


def planned_rows(rows: Iterable[SeenRow], network: Network) -> tuple[PlannedRow, ...]:
    """Return the rows that are planned meetings, by date; an empty row is none."""
    found = (_planned(row, network) for row in rows if not text(row.fields.get("NvMeetingId")))
    return tuple(
        sorted(
            (row for row in found if row.title or row.first_day),
            key=lambda row: (row.first_day or date.max, row.title, row.row_id),
        )
    )


def _planned(row: SeenRow, network: Network) -> PlannedRow:
    fields = row.fields
    title, place = text(fields.get("Title")), text(fields.get("NvPlace"))
    first, last = day(fields.get("NvStart")), day(fields.get("NvEnd"))
    hours = hours_of(text(fields.get("NvTime")))
    return PlannedRow(
        row_id=row.id,
        title=title,
        groups=groups_named(text(fields.get("NvGroups")), network),
        first_day=first,
        last_day=max(first, last) if first and last else first,
        hours=hours,
        when="" if hours else text(fields.get("NvTime")),
        form=_form(fields, place),
        kind=_shown(KINDS, fields.get("NvKind")) or kind_named_by(title),
        place="" if is_online(place) else place,
        register_by=day(fields.get("NvRegBy")),
        registration_link=text(fields.get("NvRegLink")),
        speakers=text(fields.get("NvSpeakers")),
        summary=text(fields.get("NvSummary")),
        cancelled=flag(fields.get("NvCancelled")) is True
        or text(fields.get("NvStatus")).casefold() == "inställt",
    )


def _form(fields: Fields, place: str) -> Form | None:
    if is_online(place):
        return Form.DIGITAL
    return _shown(FORMS, fields.get("NvForm")) or (Form.PHYSICAL if place else None)


def _shown(labels: Mapping[T, str], value: FieldValue) -> T | None:
    """The choice that a column shows."""
    shown = text(value).casefold()
    return next((one for one, label in labels.items() if label.casefold() == shown), None)


def hours_of(written: str) -> tuple[time, time] | None:
    """Read "9.30–15.30" or "kl. 9-12"; None where it is no hours of one day."""
    match = _HOURS.fullmatch(written.strip())
    if match is None:
        return None
    hour, minute, last_hour, last_minute = (int(number or 0) for number in match.groups())
    try:
        start, end = time(hour, minute), time(last_hour, last_minute)
    except ValueError:
        return None
    return (start, end) if start < end else None
