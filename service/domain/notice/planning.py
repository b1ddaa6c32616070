"""
Decide what coordinators are told now.

On Fridays one summary, if it says anything that the last one did not; at once only what will
be lost: a recording that its source deletes before it is filed, a sign-in that ends; and the
result of an evaluation when it has closed. What is due follows from what was told, so that a
run that comes late or twice tells nothing twice.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from service.domain.gaps import Expiring, Reason, Thing
from service.domain.gaps_in_words import days_left, why
from service.domain.meeting import Meeting
from service.domain.network import Network
from service.domain.notice.contents import card, credential, filed, listed
from service.domain.notice.facts import (
    Credential,
    Notice,
    NoticeFacts,
    NoticeRules,
    Told,
    buttons,
)
from service.domain.notice.results import NEWS_FOR, card_day, result_card
from service.domain.period import (
    at,
    end_of,
    is_workday,
    iso_week,
    local_day,
    monday_of,
    workday_on_or_before,
)
from service.domain.post import Button, Card, Key, Post, Words
from service.domain.reminder.rules import Already

SUMMARY, EXPIRY, LAPSE, RESULT = "summary", "expiry", "lapse", "result"
"""Kinds of notices."""
USEFUL_AFTER = timedelta(weeks=1)
"""So long a credential that has ended is worth telling of."""


def summary_day(today: date, rules: NoticeRules, network: Network) -> date:
    """Return the day of this week's summary: the workday before, where its own is a holiday."""
    day = monday_of(today) + timedelta(days=rules.weekday - 1)
    return workday_on_or_before(day, network.holidays)


def is_summary_due(rules: NoticeRules, network: Network, now: datetime) -> bool:
    """Tell whether it is the day of the summary, and late enough."""
    today = local_day(now, network.time_zone)
    return today == summary_day(today, rules, network) and now >= at(
        today, rules.at, network.time_zone
    )


def plan_notices(
    facts: NoticeFacts, rules: NoticeRules, already: Already, *, now: datetime, words: Words
) -> tuple[Notice, ...]:
    """Return what is to be told now and is not in `already`."""
    today = local_day(now, facts.network.time_zone)
    if not is_workday(today, facts.network.holidays):
        return ()
    due = [
        *_expiries(facts, rules, today, words),
        *_lapses(facts, rules, today, words),
        *_results(facts, now, words),
    ]
    if is_summary_due(rules, facts.network, now):
        due += _summary(facts, rules, now, words)
    return tuple(notice for notice in due if notice.post.key not in already)


# ---------------------------------------------------------------- what will be lost


def _expiries(
    facts: NoticeFacts, rules: NoticeRules, today: date, words: Words
) -> Iterator[Notice]:
    """Tell of a recording when it is first seen to expire, and once more shortly before."""
    zone, holidays = facts.network.time_zone, facts.network.holidays
    for row in facts.rows:
        state = row.states[Thing.RECORDING]
        if not isinstance(state, Expiring):
            continue
        again = workday_on_or_before(state.on - timedelta(days=rules.again_days), holidays)
        last = today >= again
        key = _key(facts, row.meeting.id, EXPIRY, f"{state.on}-{'last' if last else 'first'}")
        yield Notice(
            post=Post(
                key=str(key),
                kind=EXPIRY,
                channel=facts.channel,
                meeting_id=row.meeting.id,
                due=at(again if last else today, "08:00", zone),
                useful_until=at(state.on if last else again, "00:00", zone),
                card=_expiry_card(row.meeting, state, facts, words),
            )
        )


def _expiry_card(meeting: Meeting, state: Expiring, facts: NoticeFacts, words: Words) -> Card:
    reason = words.say("notices.because", why=why(state.reason, words)) if state.reason else ""
    blocked = state.reason is Reason.DOWNLOAD_BLOCKED
    return Card(
        language=words.language,
        label=facts.network.name,
        title=words.say("notices.expiry_title", left=days_left(state.days, words)),
        when_where=f"{meeting.title}, {words.days(meeting.first_day, meeting.last_day)}",
        text=words.say(
            "notices.expiry",
            day=words.day(state.on),
            reason=reason,
            remedy=words.say("notices.unblock" if blocked else "notices.download"),
        ),
        buttons=(*buttons(facts, words)[:1], *_folder(meeting, facts, words)),
    )


def _folder(meeting: Meeting, facts: NoticeFacts, words: Words) -> Iterator[Button]:
    if url := facts.links.folders.get(meeting.id):
        yield Button(words.say("buttons.documentation"), url)


def lapses_soon(one: Credential, rules: NoticeRules, network: Network, today: date) -> bool:
    """Tell whether its end is to be told at once: in time before a weekend rather than after."""
    if today > one.expires + USEFUL_AFTER:
        return False
    return today >= _last_call(one, rules, network)


def _last_call(one: Credential, rules: NoticeRules, network: Network) -> date:
    day = one.expires - timedelta(days=rules.lapse_days)
    return workday_on_or_before(day, network.holidays)


def _lapses(facts: NoticeFacts, rules: NoticeRules, today: date, words: Words) -> Iterator[Notice]:
    network = facts.network
    for one in facts.credentials:
        if not lapses_soon(one, rules, network, today):
            continue
        yield Notice(
            post=Post(
                key=str(_key(facts, one.kind, LAPSE, one.expires.isoformat())),
                kind=LAPSE,
                channel=facts.channel,
                meeting_id=None,
                due=at(_last_call(one, rules, network), "08:00", network.time_zone),
                useful_until=end_of(one.expires + USEFUL_AFTER, network.time_zone),
                card=Card(
                    language=words.language,
                    label=network.name,
                    title=credential(one, words.day(one.expires), words),
                    text=words.say(f"notices.{one.kind}_remedy"),
                    buttons=buttons(facts, words)[:1],
                ),
            )
        )


# ---------------------------------------------------------------- results


def _results(facts: NoticeFacts, now: datetime, words: Words) -> Iterator[Notice]:
    for one in facts.evaluated:
        due = at(card_day(one, facts), "08:00", facts.network.time_zone)
        until = one.closes + NEWS_FOR
        if one.n and due <= now < until:
            yield Notice(
                post=Post(
                    key=str(_key(facts, one.meeting.id, RESULT, "1")),
                    kind=RESULT,
                    channel=facts.channel,
                    meeting_id=one.meeting.id,
                    due=due,
                    useful_until=until,
                    card=result_card(one, facts, words),
                )
            )


# ---------------------------------------------------------------- the week


def _summary(
    facts: NoticeFacts, rules: NoticeRules, now: datetime, words: Words
) -> Iterator[Notice]:
    network = facts.network
    today = local_day(now, network.time_zone)
    last = facts.told[-1] if facts.told else None
    news = list(filed(facts, last.at if last else now - timedelta(weeks=1), words))
    items = listed(facts, rules, today, words)
    says = frozenset(each for section in items.values() for item in section for each in item.ids)
    if not news and says <= _still_known(last, today, rules, network):
        return
    end = end_of(today, network.time_zone)
    yield Notice(
        post=Post(
            key=str(_key(facts, str(today.year), SUMMARY, iso_week(today))),
            kind=SUMMARY,
            channel=facts.channel,
            meeting_id=None,
            due=at(today, rules.at, network.time_zone),
            useful_until=end,
            card=card({**items, "filed": news}, facts, rules, today, words),
        ),
        says=says,
    )


def _still_known(
    last: Told | None, today: date, rules: NoticeRules, network: Network
) -> frozenset[str]:
    """What need not be said again: by days, since an hour of summer time is no hour."""
    if last is None:
        return frozenset()
    told = local_day(last.at, network.time_zone)
    return last.says if today - told < timedelta(weeks=rules.repeat_weeks) else frozenset()


def _key(facts: NoticeFacts, subject: str, kind: str, occurrence: str) -> Key:
    return Key(
        network=facts.network.id,
        channel=facts.channel,
        subject=subject,
        kind=kind,
        occurrence=occurrence,
    )
