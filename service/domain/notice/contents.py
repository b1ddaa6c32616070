"""What a summary says: its items, each with an id by which it is known to have been told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.domain.gaps import Cannot, Expiring, Thing
from service.domain.gaps_in_words import cannot, date_of, expiring, missing, waits, which
from service.domain.meeting import Meeting
from service.domain.notice.facts import (
    Credential,
    CredentialKind,
    NoticeFacts,
    NoticeRules,
    buttons,
)
from service.domain.notice.results import open_or_waiting
from service.domain.period import local_day, week_number
from service.domain.plan.asking import head, item_id, question
from service.domain.post import Card, Line, Section, Words

_LONGEST_REASON = 120


@dataclass(frozen=True, kw_only=True)
class Item:
    ids: frozenset[str]
    """A lack has one for each thing: that there is less of it is no news."""
    line: Line


def listed(
    facts: NoticeFacts, rules: NoticeRules, today: date, words: Words
) -> dict[str, list[Item]]:
    """By section, what needs somebody; of meetings and posts of late alone."""
    since = today - timedelta(days=rules.listed_days)
    return {
        "expiring": list(_expiring(facts, words)),
        "credentials": list(_ending(facts, rules, today, words)),
        "posts": list(_posts(facts, since, words)),
        "evaluations": [_item(line, id_) for id_, line in open_or_waiting(facts, today, words)],
        "missing": list(_lacking(facts, since, words)),
        "hindered": [*_hindered(facts, words), *_surveys(facts, words)],
        "planned": list(_planned(facts, words)),
        "unplaced": list(_unplaced(facts, words)),
        "removed": list(_removed(facts, words)),
    }


def _expiring(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    for row in facts.rows:
        state = row.states[Thing.RECORDING]
        if isinstance(state, Expiring):
            line = _line(row.meeting, expiring(state, words), facts, words)
            yield _item(line, f"expiring {row.meeting.id}")


def _ending(facts: NoticeFacts, rules: NoticeRules, today: date, words: Words) -> Iterator[Item]:
    for one in facts.credentials:
        if is_ending(one, rules, today):
            said = credential(one, words.short_days(one.expires, one.expires), words)
            line = Line(text=said, note=words.say(f"notices.{one.kind}_remedy"))
            yield _item(line, f"{one.kind} {one.expires}")


def _posts(facts: NoticeFacts, since: date, words: Words) -> Iterator[Item]:
    """Ways that are closed, what waits for a tick, and, once, what may not have arrived."""
    for refusal in facts.refusals:
        said = words.say("notices.refused", via=words.say(f"notices.via_{refusal.via}"))
        note = words.say("notices.refused_note", why=_short(refusal.reason))
        yield _item(Line(text=said, note=note), f"refused {refusal.via}")
    if facts.awaiting:
        said = words.say("notices.awaiting", n=str(len(facts.awaiting)))
        line = Line(text=said, note=_hurry(facts, words))
        yield _item(line, *(f"awaiting {post.key}" for post in facts.awaiting))
    mentioned, zone = _mentioned(facts), facts.network.time_zone
    for post in facts.doubtful:
        day, item = local_day(post.at, zone), f"doubtful {post.key}"
        if day >= since and item not in mentioned:
            said = words.say("notices.doubtful", title=post.title, day=words.short_days(day, day))
            yield _item(Line(text=said, note=words.say("notices.doubtful_note")), item)


def _hurry(facts: NoticeFacts, words: Words) -> str:
    """When the first post that waits is no use any more, where that is known, and what to do."""
    how = words.say("notices.approve")
    ends = [post.until for post in facts.awaiting if post.until]
    if not ends:
        return how
    day = local_day(min(ends), facts.network.time_zone)
    until = words.say("notices.approve_until", day=words.day(day), time=words.time(min(ends)))
    return f"{until} {how}"


def _short(reason: str) -> str:
    """One line of what a machine said."""
    said = " ".join(reason.split())
    return said if len(said) <= _LONGEST_REASON else said[: _LONGEST_REASON - 1] + "…"


def credential(one: Credential, day: str, words: Words) -> str:
    """Write as in "Tjänstens certifikat gäller till och med 8 mars"."""
    return words.say(f"notices.{one.kind}", name=one.name, day=day)


def is_ending(one: Credential, rules: NoticeRules, today: date) -> bool:
    """Tell whether it is time to do something about it."""
    early = {
        CredentialKind.CERTIFICATE: rules.certificate_days,
        CredentialKind.SIGN_IN: rules.sign_in_days,
    }
    return today >= one.expires - timedelta(days=early[one.kind])


def _lacking(facts: NoticeFacts, since: date, words: Words) -> Iterator[Item]:
    """The latest meetings first: what they lack is the easiest to get."""
    for row in reversed(facts.rows):
        said = missing(row, words)
        if said and row.meeting.last_day >= since:
            line = _line(row.meeting, said, facts, words)
            yield _item(line, *(f"missing {row.meeting.id} {thing}" for thing in row.lacks))


def _hindered(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    """Files that wait, and, once, what cannot be had."""
    mentioned = _mentioned(facts)
    for row in facts.rows:
        for file in row.waiting:
            line = _line(row.meeting, waits(file, words), facts, words)
            yield _item(line, f"waits {file.key} {file.reason}")
        for thing, state in row.states.items():
            item = f"cannot {row.meeting.id} {thing}"
            if isinstance(state, Cannot) and item not in mentioned:
                line = _line(row.meeting, cannot(thing, state, words), facts, words)
                yield _item(line, item)


def _unplaced(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    for file in facts.unplaced:
        asked = which(file.candidates, words)
        note = f"{asked} {words.say('notices.place')}".strip()
        line = Line(text=words.say("notices.file", name=file.name), url=file.url, note=note)
        yield _item(line, f"unplaced {file.id}")
    for form in facts.forms:
        note = f"{which(form.candidates, words)} {words.say('notices.place_form')}".strip()
        line = Line(text=words.say("notices.form", name=form.name), url=form.url, note=note)
        yield _item(line, f"form {form.id}")


def _surveys(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    """What is odd about answers, once; and that they have stopped coming."""
    mentioned = _mentioned(facts)
    if facts.silence is not None:
        day = local_day(facts.silence.since, facts.network.time_zone)
        said = words.say("notices.silent", day=words.short_days(day, day))
        note = words.say("notices.silent_note", n=str(facts.silence.meetings))
        yield _item(Line(text=said, note=note), f"silent {day}")
    for one in facts.form_notes:
        item = f"odd {one.id} {one.said}"
        if item not in mentioned:
            text = words.say("notices.form", name=one.name)
            yield _item(Line(text=text, url=one.url, note=one.said), item)


def _planned(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    for one in facts.planned:
        yield _item(Line(text=head(one, words), note=question(one, words)), item_id(one))


def _removed(facts: NoticeFacts, words: Words) -> Iterator[Item]:
    """Once: what a person did stands."""
    mentioned = _mentioned(facts)
    for file in facts.removed:
        item = f"removed {file.key}"
        if item not in mentioned:
            said = words.say("notices.removed_note", name=file.name)
            yield _item(_line(file.meeting, said, facts, words), item)


def filed(facts: NoticeFacts, since: datetime, words: Words) -> Iterator[Item]:
    for row in facts.rows:
        new = [one for one in facts.filed if one.meeting.id == row.meeting.id and one.at > since]
        files = sum(not one.recording for one in new)
        what = []
        if files:
            what.append(words.say("words.files", n=files))
        if files < len(new):
            what.append(words.say("words.recording"))
        if what:
            yield _item(_line(row.meeting, words.listed(what), facts, words))


def _item(line: Line, *ids: str) -> Item:
    return Item(ids=frozenset(ids), line=line)


def _mentioned(facts: NoticeFacts) -> frozenset[str]:
    return frozenset().union(*(told.says for told in facts.told))


def _line(meeting: Meeting, note: str, facts: NoticeFacts, words: Words) -> Line:
    head = words.say("notices.meeting", day=date_of(meeting, words), title=meeting.title)
    return Line(text=head, url=facts.links.folders.get(meeting.id, ""), note=note)


# ---------------------------------------------------------------- cards


def card(
    contents: Mapping[str, Sequence[Item]],
    facts: NoticeFacts,
    rules: NoticeRules,
    today: date,
    words: Words,
) -> Card:
    filled = {name: [one.line for one in items] for name, items in contents.items() if items}
    shares = _shares([len(lines) for lines in filled.values()], rules.visible_lines)
    return Card(
        language=words.language,
        label=facts.network.name,
        title=words.say("notices.title", week=str(week_number(today))),
        sections=tuple(
            Section(
                heading=words.say(f"notices.{name}"),
                lines=tuple(lines[:share]),
                more=len(lines) - share,
                url=facts.links.inbox if name == "unplaced" else facts.links.register,
            )
            for (name, lines), share in zip(filled.items(), shares, strict=True)
        ),
        buttons=buttons(facts, words),
        footer=words.say("notices.footer", date=words.day(today)),
        more=words.say("digest.more", n="{n}"),
    )


def _shares(wanted: Sequence[int], visible: int) -> list[int]:
    """Share the visible lines out: one for each section, the rest in the sections' order."""
    left = max(0, visible - len(wanted))
    shares = []
    for count in wanted:
        extra = min(left, count - 1)
        shares.append(1 + extra)
        left -= extra
    return shares
