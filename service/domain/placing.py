"""
Whose a file is: a pure function, with a reason for every answer.

Everything that is known of a file tells of some meetings. What all of it leaves is the
meeting; where it leaves several, or contradicts itself, a person has to say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.candidate import Candidate
from service.domain.dates import MONTHS, dates_in
from service.domain.kinds import words_of
from service.domain.likeness import clear_winners, likeness, title_key
from service.domain.meeting import Meeting, Status
from service.domain.placement import Placed, Reason, Unsure, Why


@dataclass(frozen=True)
class _Hint:
    """Something known of a file, and the meetings that it leaves possible."""

    meetings: tuple[Meeting, ...]
    reason: Reason
    by_words: bool = False

    @property
    def beside(self) -> bool:
        """It was not said of the file itself, but of the mail or the folder that it is in."""
        return self.reason.kind not in (Why.INBOX_FOLDER, Why.NAME_DATE, Why.NAME_WORDS)


_BEFORE, _AFTER = timedelta(days=60), timedelta(days=90)
"""How long before and after a meeting words may mean it."""
_STRAY = timedelta(days=30)
"""A date further from the meeting than this is not of its papers."""
_CLEARLY_FURTHER = 1.5
_SHOWN, _SHOWN_OF_NOTHING = 3, 2
_WEEKDAYS = (
    "måndag mandag monday", "tisdag tirsdag tuesday", "onsdag wednesday",
    "torsdag thursday", "fredag friday", "lördag lørdag saturday", "söndag søndag sunday",
)  # fmt: skip


def place(candidate: Candidate, meetings: Sequence[Meeting], *, time_zone: str) -> Placed | Unsure:
    """
    Find the meeting that a file belongs to.

    What a person settled is first, then the event it hangs on, then the subfolder of the
    inbox: a file in one is that meeting's whatever date its name has (settled 24 wins over
    the order of the issue). Else the dates and words of name, subject and folder.
    """
    asked = _Asked(candidate, tuple(meetings), ZoneInfo(time_zone))
    return (
        _told(asked, candidate.settled, Why.SETTLED, Why.SETTLED_GONE)
        or _told(asked, candidate.hangs_on, Why.EVENT, Why.EVENT_GONE)
        or _by_inbox_folder(asked)
        or _by_hints(asked)
    )


@dataclass(frozen=True)
class _Asked:
    """The question: a file, and the meetings there are."""

    candidate: Candidate
    meetings: tuple[Meeting, ...]
    zone: ZoneInfo

    @property
    def day(self) -> date:
        return self.candidate.modified.astimezone(self.zone).date()

    @property
    def open(self) -> tuple[Meeting, ...]:
        return tuple(one for one in self.meetings if one.status is not Status.CANCELLED)

    def near(self, among: Iterable[Meeting]) -> tuple[Meeting, ...]:
        """Those near enough in time for words to mean them, the nearest first."""
        when = self.candidate.modified
        near = (one for one in among if one.start - _BEFORE <= when <= one.end + _AFTER)
        return tuple(sorted(near, key=lambda one: (_away(one, when), one.start, one.id)))


# ---------------------------------------------------------------- what is told outright


def _told(asked: _Asked, ical_uid: str, why: Why, gone: Why) -> Placed | Unsure | None:
    if not ical_uid:
        return None
    meeting = next((one for one in asked.meetings if one.id == ical_uid), None)
    return Placed(meeting, Reason(why)) if meeting else Unsure((), Reason(gone))


def _by_inbox_folder(asked: _Asked) -> Placed | Unsure | None:
    """The outermost folder that tells; a cancelled meeting's still is that meeting's."""
    if asked.candidate.origin != "inbox":
        return None
    for segment in _segments(asked.candidate.folder):
        why = Reason(Why.INBOX_FOLDER, {"folder": segment})
        hints = [
            *_dated(segment, asked, asked.meetings, why),
            *_worded(segment, asked, asked.near(asked.meetings), why),
        ]
        if hints:
            return _joined(hints, asked)
    return None


# ---------------------------------------------------------------- what is to be concluded


def _by_hints(asked: _Asked) -> Placed | Unsure:
    hints = list(_hints(asked))
    if hints:
        answer = _joined(hints, asked)
        return _unless_stray(answer, hints[0], asked) if isinstance(answer, Placed) else answer
    return _without_hint(asked)


def _hints(asked: _Asked) -> Iterator[_Hint]:
    """
    The surest first. Folders of other sources than the inbox are people's own: they count
    beside the name and not before it.
    """
    file, near = asked.candidate, asked.near(asked.open)
    dated = [
        *_dated(file.name, asked, asked.open, Reason(Why.NAME_DATE)),
        *_dated(file.words, asked, asked.open, Reason(Why.SUBJECT_DATE)),
        *_by_folders(asked, near),
    ]
    among = [*near, *(one for hint in dated for one in hint.meetings)]
    yield from dated
    why = Reason(Why.NAME_WORDS)
    by_name = [*_worded(file.name, asked, among, why)]
    yield from by_name or _worded(file.name, asked, _of_month(near, asked), why)
    yield from _worded(file.words, asked, among, Reason(Why.SUBJECT_WORDS))


def _by_folders(asked: _Asked, near: Sequence[Meeting]) -> Iterator[_Hint]:
    """Folders within folders: what any of them tells by date or title is possible."""
    found: list[_Hint] = []
    for segment in reversed(_segments(asked.candidate.folder)):
        facts = {"folder": segment}
        dated = [*_dated(segment, asked, asked.open, Reason(Why.FOLDER_DATE, facts))]
        among = [*near, *(one for hint in dated for one in hint.meetings)]
        worded = [*_worded(segment, asked, among, Reason(Why.FOLDER_WORDS, facts))]
        both = [hint for hint in worded if dated and set(hint.meetings) <= set(dated[0].meetings)]
        found += both or dated or worded
    if found:
        meetings = {one.id: one for hint in found for one in hint.meetings}
        by_words = all(hint.by_words for hint in found)
        yield _Hint(tuple(meetings.values()), found[0].reason, by_words=by_words)


def _joined(hints: Sequence[_Hint], asked: _Asked) -> Placed | Unsure:
    """What every hint leaves. The date of a name wins over what was said beside it."""
    left = hints[0].meetings
    for hint in hints[1:]:
        common = tuple(one for one in left if one in hint.meetings)
        if not common and hint.beside and hints[0].reason.kind is Why.NAME_DATE:
            continue
        if not common:
            return _shown((*left, *hint.meetings), Reason(Why.CONTRADICTION))
        left = common
    if len(left) > 1:
        left = _of_month(left, asked)
    if len(left) > 1 and any(hint.by_words for hint in hints):
        left = _nearest(left, asked)
    if len(left) > 1:
        return _shown(left, Reason(Why.SEVERAL))
    return Placed(left[0], _of_day(hints[0].reason, left[0], asked))


def _unless_stray(answer: Placed, first: _Hint, asked: _Asked) -> Placed | Unsure:
    """Words do not place what bears the date of another time."""
    year = answer.meeting.first_day.year
    days = dates_in(_capitalised(asked.candidate.name), default_year=year)
    if not first.by_words or not days:
        return answer
    if any(_between(day, answer.meeting) <= _STRAY for day in days):
        return answer
    return Unsure((answer.meeting,), Reason(Why.OTHER_DATE, {"date": days[0].isoformat()}))


def _without_hint(asked: _Asked) -> Unsure:
    name = asked.candidate.name
    off = [one for one in asked.meetings if one.status is Status.CANCELLED]
    for hint in _dated(name, asked, off, Reason(Why.CANCELLED)):
        return _shown(hint.meetings, hint.reason)
    near = asked.near(asked.open)
    for text in (name, asked.candidate.words):
        alike = [one for one in near if likeness(text, one).degree > 0]
        if alike:
            alike.sort(key=lambda one: -likeness(text, one).degree)
            return _shown(alike, Reason(Why.ALIKE))
    return Unsure(_of_month(near, asked)[:_SHOWN_OF_NOTHING], Reason(Why.NOTHING))


def _shown(meetings: Iterable[Meeting], reason: Reason) -> Unsure:
    different = {one.id: one for one in meetings}
    return Unsure(tuple(different.values())[:_SHOWN], reason)


# ---------------------------------------------------------------- dates


def _dated(text: str, asked: _Asked, among: Sequence[Meeting], reason: Reason) -> Iterator[_Hint]:
    """Meetings on a day that is written; one that was moved from that day is as possible."""
    plain = _capitalised(text)
    found = []
    for year in (asked.day.year, asked.day.year - 1, asked.day.year + 1):
        days = dates_in(plain, default_year=year)
        that_day = [one for one in among if _is_on(one, days)]
        if that_day:
            found.append((that_day, _weekday_fits(plain, days)))
    fitting = [group for group, fits in found if fits] or [group for group, _ in found]
    meetings = _of_nearest_year(fitting, asked)
    if meetings:
        yield _Hint(meetings, reason)


def _of_nearest_year(groups: Sequence[Sequence[Meeting]], asked: _Asked) -> tuple[Meeting, ...]:
    """A day without a year is that of the nearest year, where one is clearly nearer."""
    if not groups:
        return ()
    when = asked.candidate.modified
    aways = [min(_away(one, when) for one in group) for group in groups]
    kept = [
        g for g, away in zip(groups, aways, strict=True) if away <= min(aways) * _CLEARLY_FURTHER
    ]
    return tuple({one.id: one for group in kept for one in group}.values())


def _is_on(meeting: Meeting, days: Iterable[date]) -> bool:
    return any(
        meeting.first_day <= day <= meeting.last_day or day in meeting.former_days for day in days
    )


def _weekday_fits(text: str, days: Sequence[date]) -> bool:
    """A weekday beside a day without a year tells the year."""
    said = set(words_of(text))
    named = {number for number, words in enumerate(_WEEKDAYS) if said & set(words.split())}
    return not named or any(day.weekday() in named for day in days)


def _of_day(reason: Reason, meeting: Meeting, asked: _Asked) -> Reason:
    """Name the day that was written, and whether the meeting still is on it."""
    text = {Why.NAME_DATE: asked.candidate.name, Why.SUBJECT_DATE: asked.candidate.words}
    if reason.kind not in text:
        return reason
    year = meeting.first_day.year
    days = dates_in(_capitalised(text[reason.kind]), default_year=year)
    day = next((day for day in days if _is_on(meeting, [day])), meeting.first_day)
    former = not meeting.first_day <= day <= meeting.last_day
    return Reason(Why.FORMER_DATE if former else reason.kind, {"date": day.isoformat()})


def _capitalised(text: str) -> str:
    """
    "march 8" is a date in a name, however it is written; in prose it has its capital. The
    ending is a word by itself, so that no number is taken to go on.
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    ended = re.sub(r"\.(?=[^\W\d]\w{0,4}$)", " ", plain)
    return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), ended)


# ---------------------------------------------------------------- words, folders, time


def _worded(text: str, asked: _Asked, among: Sequence[Meeting], reason: Reason) -> Iterator[_Hint]:
    different = {one.id: one for one in among}
    meetings = clear_winners(text, tuple(different.values()), asked.candidate.modified)
    if meetings:
        yield _Hint(meetings, reason, by_words=True)


def _of_month(meetings: tuple[Meeting, ...], asked: _Asked) -> tuple[Meeting, ...]:
    """A folder called after a month tells meetings apart; alone it tells nothing."""
    said = {word for segment in _segments(asked.candidate.folder) for word in words_of(segment)}
    months = {month for month, names in MONTHS.items() if said & set(names.split())}
    return tuple(one for one in meetings if one.first_day.month in months) or meetings


def _nearest(meetings: tuple[Meeting, ...], asked: _Asked) -> tuple[Meeting, ...]:
    """Of a series, whose title all of them bear, the meeting that is clearly nearest in time."""
    when = asked.candidate.modified
    ranked = sorted(meetings, key=lambda one: _away(one, when))
    further = _away(ranked[1], when) > _away(ranked[0], when) * _CLEARLY_FURTHER
    same = len({title_key(one) for one in ranked}) == 1
    return (ranked[0],) if same and further else meetings


def _away(meeting: Meeting, when: datetime) -> timedelta:
    if meeting.start <= when <= meeting.end:
        return timedelta()
    return min(abs(meeting.start - when), abs(meeting.end - when))


def _between(day: date, meeting: Meeting) -> timedelta:
    return min(abs(day - meeting.first_day), abs(day - meeting.last_day))


def _segments(folder: str) -> list[str]:
    return [segment for segment in unicodedata.normalize("NFC", folder).split("/") if segment]
