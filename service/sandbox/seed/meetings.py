"""A meeting as the seed sees it: the report's facts and the made-up detail, on moved days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.sandbox.seed import days
from service.sandbox.seed.data import Detail, Fact
from service.sandbox.seed.days import Days

OPEN_DAYS = 7
"""An evaluation is open for a week."""

REFUSED = frozenset('"*:<>?/\\|')
"""Characters that SharePoint takes in no file name; the service leaves them out of its folders'."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    fact: Fact
    detail: Detail
    calendar: Days

    @property
    def key(self) -> str:
        return self.fact.start.isoformat()

    @property
    def first(self) -> date:
        return self.calendar.day(self.fact.start)

    @property
    def last(self) -> date:
        return self.calendar.day(self.fact.end or self.fact.start)

    @property
    def online(self) -> bool:
        return self.fact.form == "digital"

    @property
    def invited_start(self) -> datetime:
        return self.calendar.at(self.first, self.detail.start)

    @property
    def invited_end(self) -> datetime:
        return self.calendar.at(self.last, self.detail.end)

    @property
    def start(self) -> datetime:
        """When it was held, after any change of the hours."""
        moved = self.detail.moved
        return self.calendar.at(self.first, moved.start if moved else self.detail.start)

    @property
    def end(self) -> datetime:
        moved = self.detail.moved
        return self.calendar.at(self.last, moved.end if moved else self.detail.end)

    @property
    def invited(self) -> datetime:
        return self.calendar.moment(self.detail.invited)

    @property
    def closes(self) -> date:
        return self.last + timedelta(days=OPEN_DAYS)

    @property
    def folder(self) -> str:
        """The subfolder of the inbox that the service keeps ready for it."""
        title = "".join(sign for sign in self.fact.title if sign not in REFUSED)
        return f"{self.first.isoformat()} {' '.join(title.split())}"

    @property
    def words(self) -> Mapping[str, str]:
        """What texts and file names may say of the meeting in braces."""
        return {
            "title": self.fact.title,
            "place": self.fact.place,
            "iso": self.first.isoformat(),
            "compact": self.first.strftime("%y%m%d"),
            "year": str(self.first.year),
            "short": days.short(self.first),
            "long": days.long(self.first),
            "abbreviated": days.abbreviated(self.first),
            "last_long": days.long(self.last),
            "span": days.span(self.first, self.last),
            "weekday": days.weekday(self.first),
            "last_weekday": days.weekday(self.last),
        }

    def text(self, template: str) -> str:
        return template.format_map(self.words)


def joined(
    facts: tuple[Fact, ...], details: tuple[Detail, ...], calendar: Days
) -> tuple[Meeting, ...]:
    """Each fact with its detail; a meeting without one is a mistake in the data."""
    by_date = {detail.date: detail for detail in details}
    return tuple(
        Meeting(fact=fact, detail=by_date[fact.start], calendar=calendar) for fact in facts
    )
