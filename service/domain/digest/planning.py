"""
Decide whether this week's letter is posted now, and write it.

What it tells of lies between the time at which the last one was due and the time at which
this one is, whenever either was really posted: nothing is told twice, and nothing falls
between two letters.
"""

from datetime import date, datetime, timedelta

from service.domain.digest.contents import CONTENTS, Item, Letter, source
from service.domain.digest.facts import DigestFacts, DigestRules, SectionKind
from service.domain.period import (
    at,
    in_pause,
    iso_week,
    local_day,
    monday_of,
    week_number,
    workday_on_or_after,
)
from service.domain.post import COMMON, Button, Card, Key, Post, Section, Words, parse_key
from service.domain.reminder.rules import Already
from service.domain.reminder.timing import local_of
from service.domain.routes import DIGEST

_WEEK = timedelta(days=7)


def plan_digest(
    facts: DigestFacts, rules: DigestRules, already: Already, *, now: datetime, words: Words
) -> Post | None:
    """Return this week's letter if it is to be posted now, and there is anything new."""
    network = facts.situation.network
    if DIGEST in facts.situation.held:
        return None
    due = _due(local_day(now, network.time_zone), facts, rules)
    if due is None or not due <= now < due + timedelta(days=rules.useful_days):
        return None
    key = _key(facts, local_day(due, network.time_zone))
    if str(key) in already or not local_of(network, rules.limits).open_at(now):
        return None
    last = _last(key, already)
    since = _due_in(last or _monday(key.occurrence) - _WEEK, facts, rules)
    letter = Letter(facts=facts, rules=rules, since=since, first=last is None, due=due, words=words)
    contents = [(kind, most, CONTENTS[kind](letter)) for kind, most in rules.sections]
    if not any(item.new for _, _, items in contents for item in items):
        return None
    return Post(
        key=str(key),
        kind=DIGEST,
        channel=key.channel,
        meeting_id=None,
        due=due,
        useful_until=due + timedelta(days=rules.useful_days),
        card=_card(letter, contents),
        publishes=tuple(each for _, _, items in contents for item in items for each in item.told),
    )


def _due(today: date, facts: DigestFacts, rules: DigestRules) -> datetime | None:
    """Return when the letter of the day's week is due; None in a pause or a week of holidays."""
    network = facts.situation.network
    day = workday_on_or_after(monday_of(today), network.holidays)
    if iso_week(day) != iso_week(today) or in_pause(day, rules.limits.pauses):
        return None
    return at(day, rules.at, network.time_zone)


def _due_in(monday: date, facts: DigestFacts, rules: DigestRules) -> datetime:
    """Return when a letter of the week is or would have been due."""
    network = facts.situation.network
    return at(workday_on_or_after(monday, network.holidays), rules.at, network.time_zone)


def _key(facts: DigestFacts, day: date) -> Key:
    week = iso_week(day)
    return Key(
        network=facts.situation.network.id,
        channel=facts.situation.channels[COMMON],
        subject=week[:4],
        kind=DIGEST,
        occurrence=week,
    )


def _last(key: Key, already: Already) -> date | None:
    """Return the Monday of the week of the last letter that was posted."""
    posted = (parse_key(text) for text, day in already.items() if day is not None)
    weeks = [
        one.occurrence
        for one in posted
        if one is not None
        and (one.network, one.channel, one.kind) == (key.network, key.channel, key.kind)
        and one.occurrence < key.occurrence
    ]
    return _monday(max(weeks)) if weeks else None


def _monday(week: str) -> date:
    return date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


def _card(letter: Letter, contents: list[tuple[SectionKind, int, list[Item]]]) -> Card:
    words, situation = letter.words, letter.facts.situation
    filled = [(kind, most, items) for kind, most, items in contents if items]
    shown = _shares([min(most, len(items)) for _, most, items in filled], letter.rules)
    sections = []
    for (kind, _, items), count in zip(filled, shown, strict=True):
        lines = tuple(item.line for item in items)
        last = count + letter.rules.folded_lines
        sections.append(
            Section(
                heading=words.say(f"digest.{kind}"),
                lines=lines[:count],
                folded=lines[count:last],
                more=len(lines[last:]),
                url=source(kind, letter),
            )
        )
    return Card(
        language=words.language,
        label=situation.network.name,
        title=words.say("digest.title", week=str(week_number(letter.today))),
        sections=tuple(sections),
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
