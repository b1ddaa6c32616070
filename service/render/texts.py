"""
The words of one network: its language, its formats for days and numbers, its local time.

A text is a template such as "Svara senast {survey_closes}."; which names it may use is
fixed here, so that a misspelt one is found at the start and not on the day of the post.
"""

import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from service.domain.gaps import Reason, Remedy, Thing
from service.domain.period import local_day
from service.errors import SettingsError

_LONGEST = 200
_SECTIONS = (
    *("posts", "digest", "words", "buttons", "files", "placing"),
    *("gaps", "remedy", "why", "notices", "overview", "ahead", "waiting", "posted"),
)

_MEETING = "title place date time start_when where programme "
_REGISTRATION = _MEETING + "deadline deadline_when terms"
_SURVEY = _MEETING + "survey_closes n answered thanks "

_NOTICES = """
expiring missing hindered unplaced removed filed place download unblock credentials
certificate_remedy sign_in_remedy posts via_workflow via_bot via_graph via_mail
via_dry approve doubtful_note app_tagline app_posts app_is_silent app_reads
"""
"""Of coordinators' notices: texts that use no name."""

_ALLOWED = {
    "posts.plan_ready": "year count",
    "posts.registration_open": _REGISTRATION,
    "posts.registration_closing": _REGISTRATION,
    "posts.registration_last_day": _REGISTRATION,
    "posts.questions": _MEETING + "questions_by",
    "posts.soon": _MEETING,
    "posts.one_hour": _MEETING,
    "posts.documentation": _MEETING + "what",
    "posts.survey_open": _SURVEY,
    "posts.survey_nudge": _SURVEY,
    "posts.survey_result": _SURVEY + "satisfaction usefulness",
    "posts.yearly_open": "deadline answered n",
    "posts.yearly_nudge": "deadline answered n",
    "posts.moved": _MEETING + "old new",
    "posts.cancelled": _MEETING,
    "posts.withdrawn": "date",
    "digest.title": "week",
    "digest.coming": "",
    "digest.filed": "",
    "digest.questions": "",
    "digest.tips": "",
    "digest.results": "",
    "digest.coming_line": "day time title place",
    "digest.coming_note": "deadline",
    "digest.filed_line": "title what",
    "digest.question_line": "question age",
    "digest.tip_line": "title domain",
    "digest.result_line": "title satisfaction usefulness n",
    "digest.more": "n",
    "digest.footer": "date mailbox",
    "words.joint": "",
    "words.binding": "",
    "words.fee": "fee",
    "words.digital": "",
    "words.physical": "place",
    "words.hybrid": "place",
    "words.online": "",
    "words.place_to_come": "",
    "words.no_place": "",
    "words.programme": "",
    "words.today": "",
    "words.tomorrow": "",
    "words.on_weekday": "weekday",
    "words.to": "start end",
    "words.thanks_today": "",
    "words.thanks_later": "",
    "words.answered_none": "",
    "words.answered_one": "",
    "words.answered_many": "n",
    "words.file": "",
    "words.files": "n",
    "words.recording": "",
    "words.and": "first last",
    "words.title_plan": "year",
    "words.title_yearly": "year",
    "words.title_moved": "title",
    "words.title_cancelled": "title",
    "words.title_withdrawn": "title",
    "words.dropped_pause": "",
    "words.dropped_passed": "",
    "words.dropped_before": "",
    "words.dropped_same_day": "",
    "words.dropped_meeting_full": "",
    "words.dropped_week_full": "",
    "buttons.register": "",
    "buttons.programme": "",
    "buttons.join": "",
    "buttons.documentation": "",
    "buttons.survey": "",
    "buttons.result": "",
    "buttons.plan": "",
    "buttons.page": "",
    "buttons.unfold": "",
    "buttons.register_list": "",
    "buttons.inbox": "",
    "files.joint": "",
    "files.recording": "",
    "files.recording_part": "part",
    "files.transcript": "",
    "files.transcript_part": "part",
    "files.evaluation": "",
    "files.attendees": "",
    "files.annual_report": "year",
    "files.new_version": "",
    "files.cancelled": "name",
    "files.pictures": "",
    "placing.settled": "",
    "placing.settled_gone": "",
    "placing.taken_back": "",
    "placing.unplanned": "",
    "placing.event": "",
    "placing.event_gone": "",
    "placing.inbox_folder": "folder",
    "placing.name_date": "date",
    "placing.former_date": "date",
    "placing.subject_date": "date",
    "placing.folder_date": "folder",
    "placing.name_words": "",
    "placing.subject_words": "",
    "placing.folder_words": "folder",
    "placing.survey_link": "",
    "placing.survey_copy": "",
    "placing.several": "",
    "placing.contradiction": "",
    "placing.cancelled": "",
    "placing.other_date": "date",
    "placing.alike": "",
    "placing.nothing": "",
    **dict.fromkeys((f"gaps.{thing}" for thing in Thing), ""),
    "gaps.participants_of": "day",
    "gaps.expires": "thing day",
    "gaps.expiring": "day left",
    "gaps.one_day": "",
    "gaps.days": "n",
    "gaps.missing": "what",
    "gaps.with_remedy": "what remedy",
    "gaps.cannot": "thing why",
    "gaps.waits": "name why",
    "gaps.waiting_one": "",
    "gaps.waiting": "n",
    "gaps.kept": "day",
    "gaps.or": "first last",
    **dict.fromkeys((f"remedy.{remedy}" for remedy in Remedy), ""),
    **dict.fromkeys((f"why.{reason}" for reason in Reason), ""),
    **dict.fromkeys((f"notices.{key}" for key in _NOTICES.split()), ""),
    "notices.title": "week",
    "notices.meeting": "day title",
    "notices.file": "name",
    "notices.removed_note": "name",
    "notices.footer": "date",
    "notices.expiry_title": "left",
    "notices.expiry": "day reason remedy",
    "notices.because": "why",
    "notices.certificate": "day",
    "notices.sign_in": "name day",
    "notices.refused": "via",
    "notices.refused_note": "why",
    "notices.awaiting": "n",
    "notices.approve_until": "day time",
    "notices.doubtful": "title day",
    "notices.app_purpose": "network",
    **dict.fromkeys((f"overview.{thing}" for thing in Thing), ""),
    "overview.date": "",
    "overview.meeting": "",
    "overview.legend": "",
    "overview.unplaced_one": "",
    "overview.unplaced": "n",
    "overview.removed": "name",
    "overview.cancelled": "title",
    "overview.none": "",
    "overview.nothing_missing": "",
    "ahead.title": "",
    "ahead.lead": "first last",
    "ahead.none": "first last",
    "waiting.unplaced": "",
    "waiting.waiting": "",
    "waiting.removed": "",
    "waiting.nothing": "",
    "waiting.since": "date",
    "waiting.lost_meeting": "",
    "waiting.still_warm": "",
    "waiting.moved_back": "",
    "waiting.same_bytes": "name",
    "waiting.is_filed": "name where",
    "waiting.is_held": "name where",
    "waiting.is_waiting": "name where",
    "waiting.is_gone": "name",
    "waiting.is_back": "name where",
    **dict.fromkeys(
        (
            f"posted.{name}"
            for name in (
                *("nothing", "given", "seen", "accepted", "doubtful"),
                *(
                    "under_way",
                    "awaits_approval",
                    "expired",
                    "waits",
                    "refused",
                    "dropped",
                    "taken_back",
                ),
                *("written", "nothing_waits"),
            )
        ),
        "",
    ),
    **dict.fromkeys(
        (f"posted.is_{name}" for name in ("approved", "taken_back", "corrected")), "title"
    ),
    **dict.fromkeys((f"posted.is_{name}" for name in ("held", "released")), "what"),
}


@dataclass(frozen=True, kw_only=True)
class Formats:
    """How a language writes days and hours, in Babel's patterns."""

    locale: str
    day: str
    month_day: str
    short_day: str
    short_month_day: str
    joined: str
    """A range of days within a month: pattern of its first day."""
    between: str
    """Between two days of different months."""
    time: str
    at: str
    """Before a time of day."""


_FORMATS = {
    "sv": Formats(
        locale="sv_SE",
        day="EEEE d MMMM",
        month_day="d MMMM",
        short_day="EEE d MMM",
        short_month_day="d MMM",
        joined="d",
        between="–",
        time="H.mm",
        at=" kl. ",
    ),
    "nb": Formats(
        locale="nb_NO",
        day="EEEE d. MMMM",
        month_day="d. MMMM",
        short_day="EEE d. MMM",
        short_month_day="d. MMM",
        joined="d.",
        between="–",
        time="HH.mm",
        at=" kl. ",
    ),
    "en": Formats(
        locale="en_GB",
        day="EEEE d MMMM",
        month_day="d MMMM",
        short_day="EEE d MMM",
        short_month_day="d MMM",
        joined="d",
        between=" – ",
        time="HH:mm",
        at=", ",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Says things in one language, at one place's local time."""

    language: str
    time_zone: str
    templates: Mapping[str, str]
    formats: Formats

    def say(self, key: str, **values: str) -> str:
        """Fill a text, named as in "posts.soon". Raises KeyError for one that is not there."""
        return self.templates[key].format_map(values)

    def day(self, day: date) -> str:
        """Write as in "onsdag 8 mars"."""
        return self._date(day, self.formats.day)

    def short_day(self, day: date) -> str:
        """Write as in "ons 8 mars"."""
        return self._short(day, self.formats.short_day)

    def days(self, first: date, last: date) -> str:
        """Write as in "10–11 maj"; a single day as `day` does."""
        if first == last:
            return self.day(first)
        end = self._date(last, self.formats.month_day)
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._date(first, self.formats.joined)}–{end}"
        return f"{self._date(first, self.formats.month_day)}{self.formats.between}{end}"

    def short_days(self, first: date, last: date) -> str:
        """Write as in "11 maj" or "10–11 maj"."""
        end = self._short(last, self.formats.short_month_day)
        if first == last:
            return end
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._date(first, self.formats.joined)}–{end}"
        begin = self._short(first, self.formats.short_month_day)
        return f"{begin}{self.formats.between}{end}"

    def time(self, moment: datetime) -> str:
        """Write the local time as in "9.30"."""
        local = moment.astimezone(ZoneInfo(self.time_zone))
        return format_time(local.time(), self.formats.time, locale=self._locale)

    def span(self, start: datetime, end: datetime) -> str:
        """Write as in "onsdag 8 mars kl. 9.30–15.30"."""
        begins = f"{self._day_of(start)}{self.formats.at}{self.time(start)}"
        if local_day(start, self.time_zone) == local_day(end, self.time_zone):
            return f"{begins}–{self.time(end)}"
        ends = f"{self._day_of(end)}{self.formats.at}{self.time(end)}"
        return self.say("words.to", start=begins, end=ends)

    def when(self, day: date, today: date) -> str:
        """Begin a sentence as in "I morgon" or "På måndag"; further away with the date."""
        away = (day - today).days
        if away in (0, 1):
            return self.say("words.tomorrow" if away else "words.today")
        weekday = self._date(day, "EEEE") if 1 < away < 7 else self.day(day)
        return self.say("words.on_weekday", weekday=weekday)

    def number(self, value: Fraction | str) -> str:
        """Write with two decimals, rounded half up, as in "4,60"."""
        exact = value if isinstance(value, Fraction) else Fraction(value.replace(",", "."))
        hundredths = (exact * 200 + 1) // 2
        return format_decimal(Decimal(hundredths) / 100, format="0.00", locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """Join as in "a, b och c"."""
        if len(items) < 2:
            return "".join(items)
        return self.say("words.and", first=", ".join(items[:-1]), last=items[-1])

    def _day_of(self, moment: datetime) -> str:
        return self.day(local_day(moment, self.time_zone))

    def _short(self, day: date, pattern: str) -> str:
        short = self._date(day, pattern)
        # Swedish abbreviations of days have no full stop; with one on the month it looks odd.
        return short.replace(".", "") if self.language == "sv" else short

    def _date(self, day: date, pattern: str) -> str:
        return format_date(day, pattern, locale=self._locale)

    @property
    def _locale(self) -> Locale:
        return Locale.parse(self.formats.locale)


def texts_from(parsed: Mapping[str, object], *, language: str, time_zone: str) -> Texts:
    """Make the words of a network from a parsed texts file. Raises SettingsError."""
    if language not in _FORMATS:
        raise SettingsError((f"language {language!r} is none of {', '.join(_FORMATS)}",))
    templates = dict(_flat(parsed))
    problems = tuple(_problems(templates))
    if problems:
        raise SettingsError(tuple(f"texts {language}: {problem}" for problem in problems))
    return Texts(
        language=language,
        time_zone=time_zone,
        templates={key: str(text) for key, text in templates.items()},
        formats=_FORMATS[language],
    )


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces. Raises ValueError for braces that do not match."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def _flat(parsed: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for section in _SECTIONS:
        table = parsed.get(section, {})
        if isinstance(table, Mapping):
            yield from ((f"{section}.{key}", text) for key, text in table.items())


def _problems(templates: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{key} is missing" for key in _ALLOWED if key not in templates)
    for key, text in templates.items():
        if key not in _ALLOWED:
            yield f"{key} is not known"
        elif not isinstance(text, str):
            yield f"{key} is not a text"
        elif len(text) > _LONGEST:
            yield f"{key} is longer than {_LONGEST} characters"
        else:
            yield from _unknown_names(key, text)


def _unknown_names(key: str, text: str) -> Iterator[str]:
    try:
        unknown = placeholders(text) - set(_ALLOWED[key].split())
    except ValueError as problem:
        yield f"{key}: {problem}"
        return
    yield from (f"{key} must not use {{{name}}}" for name in sorted(unknown))
