"""What a meeting lacks, as coordinators read it: in the register, in a terminal, on a card."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import assert_never

from service.domain.gaps import (
    Cannot,
    Expiring,
    Missing,
    NotExpected,
    NotYet,
    Reason,
    Row,
    State,
    There,
    Thing,
    Waiting,
    Waits,
)
from service.domain.meeting import Meeting
from service.domain.post import Words

_USUALLY_ONE = frozenset({Thing.PROGRAMME, Thing.RECORDING, Thing.CAPTIONS, Thing.TRANSCRIPT})


def date_of(meeting: Meeting, words: Words) -> str:
    return words.short_days(meeting.first_day, meeting.last_day)


def in_short(row: Row, words: Words) -> str:
    """Write for the register: "program, deltagare dag 2". Dates only, so that it stands still."""
    parts = [
        words.say("gaps.expires", thing=name, day=_day(state.on, words))
        if isinstance(state, Expiring)
        else name
        for thing, state in row.lacks.items()
        for name in _names(thing, state, words)
    ]
    if row.waiting:
        parts.append(words.say("gaps.waiting", n=len(row.waiting)))
    return ", ".join(parts)


def sentences(row: Row, words: Words) -> tuple[str, ...]:
    """Tell everything worth a person's while, what will be lost first, each with what to do."""
    losing = (
        expiring(state, words) for state in row.states.values() if isinstance(state, Expiring)
    )
    what = missing(row, words)
    lacks = (words.say("gaps.missing", what=what),) if what else ()
    return (*losing, *lacks, *_hindrances(row, words), *_kept(row, words))


def missing(row: Row, words: Words) -> str:
    """Write as in "program (lägg i mötets mapp) · deltagare dag 2 (skriv i Möten)"."""
    return " · ".join(_missing(row, words))


def expiring(state: Expiring, words: Words) -> str:
    said = words.say("gaps.expiring", day=_day(state.on, words), left=days_left(state.days, words))
    return f"{said} ({why(state.reason, words)})" if state.reason else said


def days_left(days: int, words: Words) -> str:
    return words.say("gaps.days", n=days)


def cannot(thing: Thing, state: Cannot, words: Words) -> str:
    return words.say("gaps.cannot", thing=words.say(f"gaps.{thing}"), why=why(state.reason, words))


def waits(waiting: Waiting, words: Words) -> str:
    return words.say("gaps.waits", name=waiting.name, why=why(waiting.reason, words))


def why(reason: Reason, words: Words) -> str:
    return words.say(f"why.{reason}")


def which(candidates: Sequence[Meeting], words: Words) -> str:
    """Write as in "13 sep eller 26 okt?"; empty where nothing is likely."""
    days = list(dict.fromkeys(date_of(meeting, words) for meeting in candidates))
    if not days:
        return ""
    *first, last = days
    return (words.say("gaps.or", first=", ".join(first), last=last) if first else last) + "?"


def mark(thing: Thing, state: State) -> str:
    """Write a state in a table's cell: what its sign means is in `[overview] legend`."""
    match state:
        case There(count=count):
            return str(count) if count and (count > 1 or thing not in _USUALLY_ONE) else "✓"
        case Missing() | Expiring():
            return "!"
        case Waits():
            return "…"
        case NotYet():
            return ""
        case Cannot():
            return "×"
        case NotExpected():
            return "–"
        case _:
            assert_never(state)


# ---------------------------------------------------------------- parts of sentences


def _missing(row: Row, words: Words) -> Iterator[str]:
    """What has the same remedy is named together."""
    lacking = [(thing, state) for thing, state in row.states.items() if isinstance(state, Missing)]
    for remedy, group in groupby(lacking, key=lambda one: _to_do(one[1], words)):
        names = [name for thing, state in group for name in _names(thing, state, words)]
        yield words.say("gaps.with_remedy", what=words.listed(names), remedy=remedy)


def _to_do(state: Missing, words: Words) -> str:
    remedy = words.say(f"remedy.{state.remedy}")
    return f"{why(state.reason, words)}: {remedy}" if state.reason else remedy


def _hindrances(row: Row, words: Words) -> Iterator[str]:
    for thing, state in row.states.items():
        if isinstance(state, Cannot):
            yield cannot(thing, state, words)
    yield from (waits(one, words) for one in row.waiting)


def _kept(row: Row, words: Words) -> Iterator[str]:
    """Of a recording with something amiss beside it: that it is safe itself."""
    recording = row.states[Thing.RECORDING]
    if isinstance(recording, There) and recording.source_until and row.needs_somebody:
        yield words.say("gaps.kept", day=_day(recording.source_until, words))


def _names(thing: Thing, state: State, words: Words) -> Iterator[str]:
    days = state.days if isinstance(state, Missing) else ()
    if not days:
        yield words.say(f"gaps.{thing}")
    for day in days:
        yield words.say("gaps.participants_of", day=str(day))


def _day(day: date, words: Words) -> str:
    return words.short_days(day, day)
