"""The items of each section of the letter, and which of them are new."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.digest.facts import DigestFacts, DigestRules, Registered, SectionKind
from service.domain.digest.talk import Tip, channel_link, quoted, tips, waits_for_answer
from service.domain.meeting import Meeting, Status
from service.domain.period import add_workdays, local_day
from service.domain.post import Line, Words, is_https
from service.domain.reminder.facts import MeetingFacts
from service.domain.reminder.wording import filed as said_files
from service.domain.reminder.wording import group_label, place
from service.domain.survey.in_words import sentence
from service.domain.survey.publication import Published
from service.observe import SeenMessage

_WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Letter:
    facts: DigestFacts
    rules: DigestRules
    since: datetime
    first: bool
    """None has been posted before."""
    due: datetime
    words: Words

    @property
    def today(self) -> date:
        return self.day(self.due)

    def day(self, moment: datetime) -> date:
        return local_day(moment, self.facts.situation.network.time_zone)

    def tells_of(self, moment: datetime) -> bool:
        return self.since < moment <= self.due

    def meetings(self) -> Iterator[Meeting]:
        """Yield those that may be spoken of, in order of time."""
        silent = {Status.PLANNED, Status.CANCELLED}
        for meeting in sorted(self.facts.situation.meetings, key=lambda one: one.start):
            if not meeting.hold and meeting.groups and meeting.status not in silent:
                yield meeting

    def folder(self, meeting: Meeting) -> str:
        return self.facts.situation.facts.get(meeting.id, MeetingFacts()).links.folder


@dataclass(frozen=True)
class Item:
    line: Line
    new: bool = True
    """Reason enough for a letter."""
    told: tuple[tuple[str, Published], ...] = ()
    """Figures that it tells, with their meeting's id."""


def _coming(letter: Letter) -> list[Item]:
    return [_coming_item(one, letter) for one in letter.meetings() if one.start > letter.due]


def _coming_item(meeting: Meeting, letter: Letter) -> Item:
    words, week = letter.words, (letter.today + _WEEK)
    line = words.say(
        "digest.coming_line",
        day=words.short_day(meeting.first_day),
        time=words.time(meeting.start),
        title=meeting.title,
        place=place(meeting, words),
    )
    notes = [group_label(meeting, letter.facts.situation, words)]
    deadline, link = meeting.register_by, ""
    if deadline is not None and deadline >= letter.today:
        notes.append(words.say("digest.coming_note", deadline=words.short_day(deadline)))
        link = meeting.registration_link
    if said := _registered(meeting, letter):
        notes.append(said)
    soon = meeting.first_day <= week or (deadline is not None and letter.today <= deadline <= week)
    url = link if is_https(link) else letter.folder(meeting)
    return Item(Line(text=line, url=url, note=" · ".join(notes)), new=soon)


def _registered(meeting: Meeting, letter: Letter) -> str:
    """The register knows best; where one registers elsewhere, to accept is not to register."""
    known = letter.facts.registered.get(meeting.id, Registered())
    if known.people:
        return letter.words.say("digest.registered", n=known.people)
    if known.members:
        elsewhere = is_https(meeting.registration_link)
        said = "members_accepted" if elsewhere else "members_registered"
        return letter.words.say(f"digest.{said}", n=known.members)
    return ""


def _filed(letter: Letter) -> list[Item]:
    items = []
    for meeting in letter.meetings():
        new = [
            one
            for one in letter.facts.filed
            if one.meeting_id == meeting.id and letter.tells_of(one.at)
        ]
        if new:
            files = sum(not one.recording for one in new)
            what = said_files(files, letter.words, recording=files < len(new))
            line = letter.words.say("digest.filed_line", title=meeting.title, what=what)
            items.append(Item(Line(text=line, url=letter.folder(meeting))))
    return items


def _results(letter: Letter) -> list[Item]:
    meetings = {one.id: one for one in letter.meetings() if one.publish_result}
    words, rules = letter.words, letter.facts.situation.network.survey
    items = []
    for result in sorted(letter.facts.results, key=lambda one: one.at):
        meeting = meetings.get(result.meeting_id)
        if meeting is None or not (result.moved or letter.tells_of(result.at)):
            continue
        line = words.say(
            "digest.result_moved" if result.moved else "digest.result_line",
            title=meeting.title,
            figures=sentence(result.figures, rules, words, "results.told_briefly"),
        )
        told = tuple((meeting.id, one) for one in result.figures)
        items.append(Item(Line(text=line, url=letter.folder(meeting)), told=told))
    return items


def _questions(letter: Letter) -> list[Item]:
    waiting = [one for one in letter.facts.messages if waits_for_answer(one)]
    items = (_question_item(one, letter) for one in sorted(waiting, key=lambda one: one.created))
    return [item for item in items if item is not None]


def _question_item(message: SeenMessage, letter: Letter) -> Item | None:
    asked = letter.day(message.created)
    holidays = letter.facts.situation.network.holidays
    listed = add_workdays(asked, letter.rules.question_after_workdays, holidays)
    age = (letter.today - asked).days
    if listed > letter.today or age > letter.rules.question_until_days:
        return None
    line = letter.words.say("digest.question_line", question=quoted(message.text), age=age)
    return Item(
        Line(text=line, url=message.url), new=letter.first or listed > letter.day(letter.since)
    )


def _tips(letter: Letter) -> list[Item]:
    new = (one for one in letter.facts.messages if letter.tells_of(one.created))
    return [_tip_item(one, letter.words) for one in tips(new, letter.facts.internal_hosts)]


def _tip_item(tip: Tip, words: Words) -> Item:
    line = tip.domain
    if tip.title:
        line = words.say("digest.tip_line", title=tip.title, domain=tip.domain)
    if tip.name:
        line = words.say("digest.tip_from", tip=line, name=tip.name)
    return Item(Line(text=line, url=tip.url))


def source(kind: SectionKind, letter: Letter) -> str:
    """Where there is more of a section: the channel of what was said, else the network's page."""
    page = letter.facts.situation.page
    if kind not in {SectionKind.QUESTIONS, SectionKind.TIPS}:
        return page
    links = (channel_link(message.url) for message in letter.facts.messages)
    return next((link for link in links if is_https(link)), page)


CONTENTS: Mapping[SectionKind, Callable[[Letter], list[Item]]] = {
    SectionKind.COMING: _coming,
    SectionKind.FILED: _filed,
    SectionKind.QUESTIONS: _questions,
    SectionKind.TIPS: _tips,
    SectionKind.RESULTS: _results,
}
