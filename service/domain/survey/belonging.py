"""Whose a form is: a meeting's, the whole year's, or a person's to tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from service.domain.candidate import Candidate
from service.domain.meeting import Meeting, Status
from service.domain.placement import Placed, Reason, Unsure, Why
from service.domain.placing import place


@dataclass(frozen=True)
class Yearly:
    """The survey of the whole year."""

    year: int


@dataclass(frozen=True, kw_only=True)
class SeenForm:
    """What is known of a form's answers, whichever way they came."""

    name: str
    """Of the workbook or the export, or what the list says."""
    created: datetime
    """When it came to be, UTC: it dates a name without a year."""
    folder: str = ""
    """Where it lies, below the folder of workbooks or the inbox, without slashes at the ends."""
    in_inbox: bool = False
    within: str = ""
    """iCalUId of the meeting in whose own folder it lies: somebody has put it there."""
    addresses: tuple[str, ...] = ()
    """The workbook's own, and the form's where a list tells it."""
    linked: frozenset[str] = frozenset()
    """iCalUIds of meetings whose row holds a sharing link to this very file."""
    submitted: tuple[datetime, ...] = ()
    rates: bool = True
    """It asks something on a scale, as an evaluation does and a registration does not."""


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
_LEAST = 3
"""Answers from which on their days tell anything."""
_OPEN_QUESTION = {Why.NOTHING, Why.ALIKE, Why.SEVERAL, Why.SURVEY_COPY}
_SHOWN = 3


def form_belongs_to(
    form: SeenForm,
    meetings: Sequence[Meeting],
    *,
    time_zone: str,
    open_for: timedelta = timedelta(days=7),
) -> Placed | Yearly | Unsure:
    """
    Find what a form is about.

    A link in the register and a meeting's own folder are a person's word. Else the name and
    the folder tell, and the days on which it was answered must not contradict them: most
    people answer within `open_for` of the meeting.
    """
    linked = _linked(form, meetings)
    if len(linked) == 1:
        return Placed(linked[0], Reason(Why.SURVEY_LINK))
    home = next((one for one in meetings if one.id == form.within), None)
    if home is not None:
        return Placed(home, Reason(Why.OWN_FOLDER))
    plain, _ = bare_form_name(form.name)
    if _YEARLY.search(plain):
        return Yearly(_year_of(plain, form.created.astimezone(ZoneInfo(time_zone))))
    found = _by_name(form, linked or meetings, time_zone)
    if isinstance(found, Placed) and found.reason.kind is Why.INBOX_FOLDER:
        return found
    return _with_answers(found, form, linked or meetings, _Days(time_zone, open_for))


def bare_form_name(name: str) -> tuple[str, bool]:
    """The name without "(kopia)" and "(1-25)", and whether it is that of a copy."""
    plain = _COUNTED.sub("", name)
    bare = _COPY.sub(" ", plain)
    return re.sub(r"\s+(?=\.\w+$)", "", " ".join(bare.split())), bare != plain


# ---------------------------------------------------------------- name and folder


def _by_name(form: SeenForm, meetings: Sequence[Meeting], time_zone: str) -> Placed | Unsure:
    """
    A form copied from another meeting's often keeps that one's name: a copy that only words
    tie to a meeting is believed only if that meeting is the latest that was held.
    """
    plain, copied = bare_form_name(form.name)
    candidate = Candidate(
        origin="inbox" if form.in_inbox else "form",
        id="",
        version="",
        name=plain,
        modified=form.created,
        folder=form.folder,
    )
    found = place(candidate, meetings, time_zone=time_zone)
    if isinstance(found, Placed) and copied and found.reason.kind is Why.NAME_WORDS:
        return _copy_of(found, meetings, form.created)
    return found


def _copy_of(found: Placed, meetings: Sequence[Meeting], created: datetime) -> Placed | Unsure:
    held = [one for one in meetings if one.start <= created and one.status is not Status.CANCELLED]
    latest = max(held, key=lambda one: one.start, default=found.meeting)
    if latest.id == found.meeting.id:
        return found
    return Unsure((found.meeting, latest), Reason(Why.SURVEY_COPY))


def _year_of(name: str, created: datetime) -> int:
    """The year in the name; a December survey without one may still be open in January."""
    named = re.search(r"(?<!\d)20\d\d(?!\d)", name)
    if named:
        return int(named[0])
    return created.year - 1 if created.month == _JANUARY else created.year


# ---------------------------------------------------------------- the days of the answers


@dataclass(frozen=True)
class _Days:
    time_zone: str
    open_for: timedelta

    def most(self, meeting: Meeting, submitted: Sequence[datetime], until: timedelta) -> bool:
        """More than half were sent in from the meeting's first day on, and before that time."""
        zone = ZoneInfo(self.time_zone)
        begin = datetime.combine(meeting.first_day, time(), zone)
        return 2 * sum(begin <= one < meeting.end + until for one in submitted) > len(submitted)

    def fitting(self, form: SeenForm, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
        """The meetings that most answers follow; of several, those that they follow at once."""
        open_ = [one for one in meetings if one.status is not Status.CANCELLED]
        found = tuple(one for one in open_ if self.most(one, form.submitted, self.open_for))
        at_once = tuple(one for one in found if self.most(one, form.submitted, timedelta(days=1)))
        return at_once if len(found) > 1 and at_once else found

    def before(self, form: SeenForm, meeting: Meeting) -> bool:
        zone = ZoneInfo(self.time_zone)
        begin = datetime.combine(meeting.first_day, time(), zone)
        return 2 * sum(one < begin for one in form.submitted) > len(form.submitted)


def _with_answers(
    found: Placed | Unsure, form: SeenForm, meetings: Sequence[Meeting], days: _Days
) -> Placed | Unsure:
    if form.submitted and not form.rates:
        return _doubted(found, (), Why.NO_RATING)
    if len(form.submitted) < _LEAST:
        return found
    fitting = days.fitting(form, meetings)
    if isinstance(found, Unsure):
        return _settled(found, fitting)
    if found.meeting in fitting:
        return found
    if fitting:
        return _doubted(found, fitting, Why.ANSWERS_ELSEWHERE)
    return _doubted(found, (), Why.ANSWERS_BEFORE) if days.before(form, found.meeting) else found


def _settled(found: Unsure, fitting: tuple[Meeting, ...]) -> Placed | Unsure:
    """What name and folder left open, where one meeting only fits the days."""
    likely = tuple(one for one in fitting if one in found.candidates)
    left = likely or (fitting if found.reason.kind is Why.NOTHING else ())
    if found.reason.kind in _OPEN_QUESTION and len(left) == 1:
        return Placed(left[0], Reason(Why.ANSWER_DATES))
    different = {one.id: one for one in (*fitting, *found.candidates)}
    return replace(found, candidates=tuple(different.values())[:_SHOWN])


def _doubted(found: Placed | Unsure, others: tuple[Meeting, ...], why: Why) -> Unsure:
    named = (found.meeting,) if isinstance(found, Placed) else found.candidates
    return Unsure((*named, *others)[:_SHOWN], Reason(why))


# ---------------------------------------------------------------- links


def _linked(form: SeenForm, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """Those whose row holds the form's link, or the workbook's address."""
    return tuple(
        one
        for one in meetings
        if one.id in form.linked
        or any(same_address(address, one.survey_link) for address in form.addresses)
    )


def same_address(one: str, other: str) -> bool:
    """Tell whether two addresses lead to one form or one workbook."""
    return bool(one and other) and not _ids(one).isdisjoint(_ids(other))


def _ids(address: str) -> set[str]:
    """What tells an address from others: an id among its parameters, else its whole path."""
    parts = urlsplit(address.strip())
    ids = re.findall(r"(?:^|&)(?:id|formid|sourcedoc)=([^&]+)", parts.query, re.IGNORECASE)
    path = unquote(parts.path).rstrip("/").casefold()
    if not parts.netloc:
        return {unquote(address.strip()).casefold()} - {""}
    if ids:
        return {unquote(id_).strip("{}").casefold() for id_ in ids}
    if "forms." in parts.netloc:
        # forms.office.com/e/abc is forms.office.com/r/abc.
        return {path.rpartition("/")[2]} - {""}
    return {f"{parts.netloc.casefold()}{path}"} if path else set()
