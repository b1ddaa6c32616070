"""
The weekly letter: what is coming, what was filed, which questions wait, which links were shared.

One a week at most, on Monday morning, and none where nothing is new. What it tells of lies
between the time at which the last one was due and the time at which this one is, whenever
either was really posted: nothing is told twice, and nothing falls between two letters.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit

from service.domain.meeting import Meeting, Status
from service.domain.period import (
    add_workdays,
    at,
    in_pause,
    iso_week,
    local_day,
    monday_of,
    parse_clock,
    week_number,
    workday_on_or_after,
)
from service.domain.post import (
    COMMON,
    Button,
    Card,
    Key,
    Line,
    Post,
    Section,
    Words,
    is_https,
    parse_key,
    unwrapped,
)
from service.domain.reminder.facts import Mean, MeetingFacts, Situation
from service.domain.reminder.reading import Table, member, text, whole
from service.domain.reminder.rules import Already, Limits
from service.domain.reminder.timing import local_of
from service.domain.reminder.wording import filed as said_files
from service.domain.reminder.wording import group_label, place
from service.observe import SeenLink, SeenMessage

KIND = "digest"

_WEEK = timedelta(days=7)
_QUOTED = 80

_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_GREETING = re.compile(
    r"^(hej|hei|hallå|hallo|hello|hi|dear all|god (morgon|dag)|god (morgen|dag)|good morning)\b"
    r"( (alla|alle|all|everyone|på er|sammen))*[\s!,.:–-]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(vad|vem|vilka|vilken|vilket|hur|varför|varifrån|finns det|någon som|"
    r"(har|kan|vet|känner|finns|är|var|ska|får) (det |ni|någon|nån|du|man|vi)|"
    r"när (är|ska|blir|börjar|kommer|går)|"
    r"hva|hvem|hvilke[nt]?|hvordan|hvorfor|hvor|finnes det|noen som|"
    r"(har|kan|vet|kjenner|er|skal|får) (det|dere|noen|du|man|vi)|når (er|skal|blir|kommer)|"
    r"what|who|whom|whose|which|how|why|where|when (is|are|will|does|do)|"
    r"(is|are|does|do|did|has|have|can|could|would|will|should) "
    r"(there|anyone|anybody|someone|somebody|you|we|it|any))\b",
    re.IGNORECASE,
)

_INSIDE = ("sharepoint.com", "teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft")
"""Where links lead that are no tips: the network's own files, messages and meetings."""

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|nv", re.IGNORECASE)


class SectionKind(StrEnum):
    COMING = "coming"
    FILED = "filed"
    QUESTIONS = "questions"
    TIPS = "tips"
    RESULTS = "results"


@dataclass(frozen=True, kw_only=True)
class DigestRules:
    """What `config/posts.toml` says of the letter."""

    at: str
    useful_days: int
    visible_lines: int
    folded_lines: int
    question_after_workdays: int
    question_until_days: int
    sections: tuple[tuple[SectionKind, int], ...]
    """In order, with the most lines that each shows unfolded."""
    limits: Limits


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A file that members can open, since a moment."""

    meeting_id: str
    at: datetime
    recording: bool = False


@dataclass(frozen=True, kw_only=True)
class Result:
    """The figures of an evaluation that a coordinator has released, and when they were."""

    meeting_id: str
    at: datetime
    satisfaction: Mean
    usefulness: Mean
    answers: int


@dataclass(frozen=True, kw_only=True)
class DigestFacts:
    situation: Situation
    filed: tuple[Filed, ...] = ()
    results: tuple[Result, ...] = ()
    messages: tuple[SeenMessage, ...] = ()
    internal_hosts: frozenset[str] = frozenset()
    """Hosts of the tenant; links to them are no tips."""


def digest_rules_from(parsed: Mapping[str, object], limits: Limits) -> DigestRules:
    """Read the digest's part of the parsed `config/posts.toml`. Raises SettingsError."""
    table = Table(parsed, "posts").table(KIND)
    rules = DigestRules(
        at=table.take("at", lambda one: parse_clock(text(one)).isoformat("minutes"), "08:30"),
        useful_days=table.take("useful_days", whole(1, 7), 1),
        visible_lines=table.take("visible_lines", whole(1), 1),
        folded_lines=table.take("folded_lines", whole(), 0),
        question_after_workdays=table.take("question_after_workdays", whole(), 0),
        question_until_days=table.take("question_until_days", whole(), 0),
        sections=tuple(_section_rule(one) for one in table.tables("sections")),
        limits=limits,
    )
    table.finish()
    return rules


def _section_rule(table: Table) -> tuple[SectionKind, int]:
    kind = table.take("kind", member(SectionKind), SectionKind.COMING)
    most = table.take("most", whole(1), 1)
    table.close()
    return kind, most


def plan_digest(
    facts: DigestFacts, rules: DigestRules, already: Already, *, now: datetime, words: Words
) -> Post | None:
    """Return this week's letter if it is to be posted now, and there is anything new."""
    network = facts.situation.network
    due = _due(local_day(now, network.time_zone), facts, rules)
    if due is None or not due <= now < due + timedelta(days=rules.useful_days):
        return None
    key = _key(facts, local_day(due, network.time_zone))
    if str(key) in already or not local_of(network, rules.limits).open_at(now):
        return None
    letter = _Letter(
        facts=facts, rules=rules, since=_since(key, already, facts, rules), due=due, words=words
    )
    contents = [(kind, most, _CONTENTS[kind](letter)) for kind, most in rules.sections]
    if not any(item.new for _, _, items in contents for item in items):
        return None
    return Post(
        key=str(key),
        kind=KIND,
        channel=key.channel,
        meeting_id=None,
        due=due,
        useful_until=due + timedelta(days=rules.useful_days),
        card=_card(letter, contents),
    )


def _due(today: date, facts: DigestFacts, rules: DigestRules) -> datetime | None:
    """Return when the letter of the day's week is due; None in a pause or a week of holidays."""
    network = facts.situation.network
    day = workday_on_or_after(monday_of(today), network.holidays)
    if iso_week(day) != iso_week(today) or in_pause(day, rules.limits.pauses):
        return None
    return at(day, rules.at, network.time_zone)


def _key(facts: DigestFacts, day: date) -> Key:
    week = iso_week(day)
    return Key(
        network=facts.situation.network.id,
        channel=facts.situation.channels[COMMON],
        subject=week[:4],
        kind=KIND,
        occurrence=week,
    )


def _since(key: Key, already: Already, facts: DigestFacts, rules: DigestRules) -> datetime:
    """Return when the last letter that was posted was due; a week ago if there is none."""
    posted = (parse_key(text) for text, day in already.items() if day is not None)
    weeks = [
        one.occurrence
        for one in posted
        if one is not None
        and (one.network, one.channel, one.kind) == (key.network, key.channel, key.kind)
        and one.occurrence < key.occurrence
    ]
    monday = _monday(max(weeks)) if weeks else _monday(key.occurrence) - _WEEK
    network = facts.situation.network
    return at(workday_on_or_after(monday, network.holidays), rules.at, network.time_zone)


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


# ---------------------------------------------------------------- contents


@dataclass(frozen=True, kw_only=True)
class _Letter:
    facts: DigestFacts
    rules: DigestRules
    since: datetime
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
class _Item:
    line: Line
    new: bool = True
    """Reason enough for a letter."""


def _coming(letter: _Letter) -> list[_Item]:
    return [_coming_item(one, letter) for one in letter.meetings() if one.start > letter.due]


def _coming_item(meeting: Meeting, letter: _Letter) -> _Item:
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
    soon = meeting.first_day <= week or (deadline is not None and letter.today <= deadline <= week)
    url = link if is_https(link) else letter.folder(meeting)
    return _Item(Line(text=line, url=url, note=" · ".join(notes)), new=soon)


def _filed(letter: _Letter) -> list[_Item]:
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
            items.append(_Item(Line(text=line, url=letter.folder(meeting))))
    return items


def _results(letter: _Letter) -> list[_Item]:
    meetings = {one.id: one for one in letter.meetings() if one.publish_result}
    items = []
    for result in sorted(letter.facts.results, key=lambda one: one.at):
        meeting = meetings.get(result.meeting_id)
        if meeting is None or not letter.tells_of(result.at):
            continue
        line = letter.words.say(
            "digest.result_line",
            title=meeting.title,
            satisfaction=letter.words.number(result.satisfaction),
            usefulness=letter.words.number(result.usefulness),
            n=str(result.answers),
        )
        items.append(_Item(Line(text=line, url=letter.folder(meeting))))
    return items


# ---------------------------------------------------------------- questions


def waits_for_answer(message: SeenMessage) -> bool:
    """Tell whether a person asks something to which no other person has replied."""
    answered = any(reply.author not in ("", message.author) for reply in message.replies)
    return bool(message.author) and not answered and _is_question(message.text)


def _is_question(text: str) -> bool:
    said = _without_links(text)
    return "?" in said or _ASKS.match(_GREETING.sub("", said)) is not None


def _without_links(text: str) -> str:
    return " ".join(_URL.sub(" ", text).split())


def _questions(letter: _Letter) -> list[_Item]:
    waiting = [one for one in letter.facts.messages if waits_for_answer(one)]
    items = (_question_item(one, letter) for one in sorted(waiting, key=lambda one: one.created))
    return [item for item in items if item is not None]


def _question_item(message: SeenMessage, letter: _Letter) -> _Item | None:
    asked = letter.day(message.created)
    holidays = letter.facts.situation.network.holidays
    listed = add_workdays(asked, letter.rules.question_after_workdays, holidays)
    age = (letter.today - asked).days
    if listed > letter.today or age > letter.rules.question_until_days:
        return None
    line = letter.words.say(
        "digest.question_line", question=_shortened(_without_links(message.text)), age=str(age)
    )
    return _Item(Line(text=line, url=message.url), new=listed > letter.day(letter.since))


def _shortened(text: str) -> str:
    """Keep the first characters, ending at a word where there is one to end at."""
    if len(text) <= _QUOTED:
        return text
    cut = text[:_QUOTED]
    whole_words, blank, _ = cut.rpartition(" ")
    return (whole_words if blank else cut).rstrip(" ,.;:–-") + "…"


# ---------------------------------------------------------------- tips


def _tips(letter: _Letter) -> list[_Item]:
    shared: dict[str, tuple[str, str]] = {}
    for message in sorted(letter.facts.messages, key=lambda one: one.created):
        if message.author and letter.tells_of(message.created):
            for link in message.links:
                url = unwrapped(link.url)
                if is_tip(url, letter.facts.internal_hosts):
                    shared.setdefault(_same_page(url), (url, _title(link, message)))
    return [_tip_item(url, title, letter.words) for url, title in shared.values()]


def is_tip(url: str, internal_hosts: Iterable[str]) -> bool:
    """Tell whether a link leads out of the tenant, by https, to a host with a real name."""
    if not is_https(url):
        return False
    host = _host(url)
    inside = (*_INSIDE, *(one.lower() for one in internal_hosts))
    named = "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host
    return named and not any(host == one or host.endswith(f".{one}") for one in inside)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def _same_page(url: str) -> str:
    """Return what two links to the same page have in common."""
    parts = urlsplit(url)
    query = [
        (name, value) for name, value in parse_qsl(parts.query) if not _TRACKING.fullmatch(name)
    ]
    return f"{_host(url)}{parts.path.rstrip('/')}?{urlencode(sorted(query))}"


def _title(link: SeenLink, message: SeenMessage) -> str:
    """Take the title from the message, never from the page; an address is no title."""
    for said in (link.title, message.text):
        title = _without_links(said)
        if title and _host(link.url) not in title:
            return _shortened(title)
    return ""


def _tip_item(url: str, title: str, words: Words) -> _Item:
    domain = _host(url)
    line = words.say("digest.tip_line", title=title, domain=domain) if title else domain
    return _Item(Line(text=line, url=url))


_CONTENTS: Mapping[SectionKind, Callable[[_Letter], list[_Item]]] = {
    SectionKind.COMING: _coming,
    SectionKind.FILED: _filed,
    SectionKind.QUESTIONS: _questions,
    SectionKind.TIPS: _tips,
    SectionKind.RESULTS: _results,
}


# ---------------------------------------------------------------- the card


def _card(letter: _Letter, contents: list[tuple[SectionKind, int, list[_Item]]]) -> Card:
    words, situation = letter.words, letter.facts.situation
    filled = [(kind, most, items) for kind, most, items in contents if items]
    shown = _shares([min(most, len(items)) for _, most, items in filled], letter.rules)
    visible, folded = [], []
    for (kind, _, items), count in zip(filled, shown, strict=True):
        lines = tuple(item.line for item in items)
        heading = words.say(f"digest.{kind}")
        rest, most = lines[count:], letter.rules.folded_lines
        visible.append(Section(heading=heading, lines=lines[:count], more=len(rest)))
        if rest and most:
            more = max(0, len(rest) - most)
            folded.append(Section(heading=heading, lines=rest[:most], more=more))
    return Card(
        language=words.language,
        label=situation.network.name,
        title=words.say("digest.title", week=str(week_number(letter.today))),
        sections=tuple(visible),
        folded=tuple(folded),
        buttons=(Button(words.say("buttons.page"), situation.page),),
        footer=words.say(
            "digest.footer", date=words.day(letter.today), mailbox=situation.network.mailbox
        ),
        unfold=words.say("buttons.unfold"),
        more=words.say("digest.more", n="{n}"),
    )


def _shares(wanted: list[int], rules: DigestRules) -> list[int]:
    """Share the visible lines out: one for each section, the rest in the sections' order."""
    shares = [1] * len(wanted)
    left = rules.visible_lines - len(wanted)
    for place_, most in enumerate(wanted):
        extra = max(0, min(left, most - 1))
        shares[place_] += extra
        left -= extra
    return shares
