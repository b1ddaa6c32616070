"""Values in words, as the templates want them: times, states, needs, names."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from service.domain.gaps import (
    Cannot,
    Expiring,
    Missing,
    NotExpected,
    NotYet,
    Row,
    State,
    There,
    Thing,
    Waits,
)
from service.domain.gaps_in_words import date_of, mark, sentences
from service.domain.meeting import Status
from service.domain.period import local_day
from service.domain.post import COMMON, COORDINATORS, is_https
from service.domain.routes import Transport
from service.domain.standing import JobStanding, Need, NeedKind, Who
from service.jobs.deciding import Foreseen
from service.render.texts import Texts
from service.workplace import Workplace

_HERE = {"posts_approval": "#posts", NeedKind.RECORDING: "#year", "files_parked": "#year"}
"""Where on the page a need is met."""


class Tone(StrEnum):
    """How loud a thing is: one colour says that somebody is needed, and nothing else has one."""

    FINE = "fine"
    NEEDS = "needs"
    QUIET = "quiet"


@dataclass(frozen=True, kw_only=True)
class Cell:
    head: str
    """Name of its column."""
    sign: str
    """What is seen; empty: only what is said."""
    said: str
    """What is read aloud in place of the sign."""
    tone: Tone = Tone.FINE


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    date: str
    title: str
    place: str
    cells: tuple[Cell, ...]
    to_do: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownNeed:
    title: str
    said: str
    remedy: str
    link: str
    """Where on this page it is done; empty: elsewhere."""
    language: str
    since: datetime


class Saying:
    """The words of one page: in the reader's language, at the network's local time."""

    def __init__(self, words: Texts, at: Workplace, now: datetime) -> None:
        self.words, self._at, self._now = words, at, now
        self._zone = at.network.time_zone

    def __call__(self, key: str, **values: str | int) -> str:
        return self.words.say(f"page.{key}", **values)

    def time(self, moment: datetime) -> str:
        """Write as in "ons 8 mars kl. 9.30"; today without the day, another year with it."""
        day, today = local_day(moment, self._zone), local_day(self._now, self._zone)
        said = f"{self.words.formats.at}{self.words.time(moment)}"
        if day == today:
            return f"{self.words.say('words.today').lower()}{said}"
        year = "" if day.year == today.year else f" {day.year}"
        return f"{self.words.short_day(day)}{year}{said}"

    # ------------------------------------------------------------ meetings

    def heads(self) -> tuple[str, ...]:
        return tuple(self.words.say(f"gaps.{thing}").capitalize() for thing in Thing)

    def row(self, row: Row) -> ShownRow:
        meeting = row.meeting
        cancelled = meeting.status is Status.CANCELLED
        return ShownRow(
            date=date_of(meeting, self.words),
            title=self.words.say("overview.cancelled", title=meeting.title)
            if cancelled
            else meeting.title,
            place=meeting.place,
            cells=tuple(self._cell(thing, row.states[thing]) for thing in Thing),
            to_do=tuple(one[:1].upper() + one[1:] for one in sentences(row, self.words)),
        )

    def _cell(self, thing: Thing, state: State) -> Cell:
        head = self.words.say(f"gaps.{thing}").capitalize()
        match state:
            case There(count=count):
                sign = mark(thing, state)
                said = self("counted", n=str(count)) if sign != "✓" else self("there")
                return Cell(head=head, sign=sign, said=said)
            case Missing():
                return Cell(head=head, sign="", said=self("missing"), tone=Tone.NEEDS)
            case Expiring(on=on):
                said = self("until", day=self.words.short_days(on, on))
                return Cell(head=head, sign="", said=said, tone=Tone.NEEDS)
            case Waits():
                return Cell(head=head, sign="", said=self("waits"))
            case Cannot():
                return Cell(head=head, sign="", said=self("cannot"))
            case NotYet():
                return Cell(head=head, sign="·", said=self("not_yet"), tone=Tone.QUIET)
            case NotExpected():
                return Cell(head=head, sign="–", said=self("not_expected"), tone=Tone.QUIET)
            case _:
                assert_never(state)

    # ------------------------------------------------------------ needs

    def needs(self, needs: Sequence[Need], who: Who, rows: Sequence[Row]) -> Iterator[ShownNeed]:
        titles = {row.meeting.id: row.meeting.title for row in rows}
        return (self._need(need, titles) for need in needs if need.who == who)

    def _need(self, need: Need, titles: Mapping[str, str]) -> ShownNeed:
        """Coordinators' needs are said in the page's language; administrators read English."""
        *_, subject = need.id.split("/", 2)
        key = NeedKind.RECORDING if need.kind == NeedKind.RECORDING else f"{need.kind}_{subject}"
        if need.who is not Who.COORDINATOR or f"page.need_{key}" not in self.words.templates:
            return ShownNeed(
                title=need.subject,
                said=need.said,
                remedy=need.remedy,
                link="",
                language="en",
                since=need.since,
            )
        named = {"title": titles.get(subject, need.subject)} if key == NeedKind.RECORDING else {}
        return ShownNeed(
            title=self(f"need_{key}", **named),
            said="",
            remedy=self(f"do_{key}"),
            link=_HERE.get(key, ""),
            language=self.words.language,
            since=need.since,
        )

    # ------------------------------------------------------------ posts

    def kind(self, kind: str) -> str:
        return self._named(f"kind_{kind}", kind)

    def where(self, one: Foreseen) -> str:
        """Name the channel, and other ways where there are any."""
        said = [self.role(one.post.channel)]
        if Transport.MAIL in one.ways:
            said = [*(said if len(one.ways) > 1 else ()), self("by_mail")]
        if one.ways == (Transport.DRY,):
            said.append(self("to_file"))
        return ", ".join(said)

    def role(self, channel: str) -> str:
        """Name a channel by its role, or by what keys call it."""
        roles = {key: role for role, key in self._at.places.channels.items()}
        role = roles.get(channel, channel)
        if role in (COMMON, COORDINATORS):
            return self(role)
        groups = {group.id: group.name for group in self._at.network.groups}
        return groups.get(role, role)

    def when(self, one: Foreseen) -> str:
        """Tell when it goes out, if nobody has to say so first."""
        if one.post.due <= self._now:
            return self("next_run")
        return self("goes_out", time=self.time(one.post.due))

    def hold(self, one: Foreseen) -> str:
        if one.held_by == one.post.meeting_id:
            return self("hold_meeting")
        return self("hold_kind" if one.held_by == one.post.kind else "hold_series")

    # ------------------------------------------------------------ runs

    def job(self, name: str) -> str:
        return self._named(f"job_{name}", name)

    def outcome(self, job: JobStanding) -> str:
        if job.last is None:
            return self("never")
        return self._named(f"outcome_{job.last.outcome.replace(' ', '_')}", job.last.outcome)

    def _named(self, key: str, plain: str) -> str:
        return self(key) if f"page.{key}" in self.words.templates else plain


def safe(url: str) -> str:
    """Only addresses that a reader may be sent to."""
    return url if is_https(url) else ""
