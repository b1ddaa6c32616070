"""Whose a form is: a meeting's, the whole year's, or a person's to tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from service.domain.candidate import Candidate
from service.domain.meeting import Meeting, Status
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.placing import place


@dataclass(frozen=True)
class Yearly:
    """The survey of the whole year."""

    year: int


_YEARLY = re.compile(
    r"årsenkät|årlig\w* enkät|årsundersök|årsundersøk|årlig\w* undersøk|årsevaluering|"
    r"(?:yearly|annual) survey",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"\s*[-–(\[]*\b(?:kopia|kopi|copy)\b(?: av| of)?\s*\d*[)\]]*[-–:]?\s*", re.IGNORECASE
)
_COUNTED = re.compile(r"\s*\(\d+\s*[-–]\s*\d+\)|\s*\(\d{1,3}\)(?=\.\w+$|$)")
_JANUARY = 1


def form_belongs_to(
    name: str,
    meetings: Sequence[Meeting],
    *,
    modified: datetime,
    time_zone: str,
    link: str = "",
) -> Placed | Yearly | Unsure:
    """
    Find what a form's workbook is about: by its link, a date or words in its name.

    A form copied from another meeting's often keeps that one's name: a copy that only
    words tie to a meeting is believed only if that meeting is the latest that was held.
    """
    by_link = [one for one in meetings if link and _same_form(link, one.survey_link)]
    if len(by_link) == 1:
        return Placed(by_link[0], Reason(Why.SURVEY_LINK))
    plain, copied = bare_form_name(name)
    if _YEARLY.search(plain):
        return Yearly(_year_of(plain, modified.astimezone(ZoneInfo(time_zone))))
    form = Candidate(origin="form", id="", version="", name=plain, modified=modified)
    found = place(form, meetings, time_zone=time_zone)
    if isinstance(found, Placed) and copied and found.reason.kind is Why.NAME_WORDS:
        return _copy_of(found, meetings, modified)
    return found


def bare_form_name(name: str) -> tuple[str, bool]:
    """The name without "(kopia)" and "(1-25)", and whether it is that of a copy."""
    plain = _COUNTED.sub("", name)
    bare = _COPY.sub(" ", plain)
    return re.sub(r"\s+(?=\.\w+$)", "", " ".join(bare.split())), bare != plain


def _copy_of(found: Placed, meetings: Sequence[Meeting], modified: datetime) -> Placed | Unsure:
    held = [one for one in meetings if one.start <= modified and one.status is not Status.CANCELLED]
    latest = max(held, key=lambda one: one.start, default=found.meeting)
    if latest.id == found.meeting.id:
        return found
    return Unsure((found.meeting, latest), Reason(Why.SURVEY_COPY))


def _same_form(link: str, other: str) -> bool:
    return bool(_form_id(other)) and _form_id(link) == _form_id(other)


def _form_id(link: str) -> str:
    """What tells one form's link from another's: the last part of it."""
    long = re.search(r"[?&](?:id|FormId)=([^&#]+)", link, re.IGNORECASE)
    return long[1] if long else link.partition("?")[0].rstrip("/").rpartition("/")[2]


def _year_of(name: str, modified: datetime) -> int:
    """The year in the name; a December survey without one may still be open in January."""
    named = re.search(r"(?<!\d)20\d\d(?!\d)", name)
    if named:
        return int(named[0])
    return modified.year - 1 if modified.month == _JANUARY else modified.year
