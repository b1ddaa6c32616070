"""What coordinators are told of an evaluation: all of it, and what of it members do not see."""

from collections.abc import Iterator
from datetime import date, timedelta

from service.domain.meeting import Status
from service.domain.notice.facts import Evaluated, NoticeFacts, buttons
from service.domain.period import at, local_day, workday_on_or_after
from service.domain.post import Button, Card, Line, Section, Words
from service.domain.survey.in_words import capital, current, every_count, percent, section, withheld
from service.domain.survey.publication import Why

NEWS_FOR = timedelta(days=14)
"""So long after it has closed an evaluation is worth a card: what is older is in the workbook."""


def result_card(one: Evaluated, facts: NoticeFacts, words: Words) -> Card:
    """Write the card of an evaluation that has closed; free text is counted, never shown."""
    meeting, rules = one.meeting, facts.network.survey
    return Card(
        language=words.language,
        label=facts.network.name,
        title=words.say("results.title", title=meeting.title),
        when_where=words.days(meeting.first_day, meeting.last_day),
        text=f"{' '.join(_text(one, words))}\n\n{_what_next(one, words)}",
        sections=(
            *(
                section(each.question, each.current, every_count(each.current), (rules, words))
                for each in one.standing
                if each.current.n
            ),
            Section(
                heading=words.say("results.withheld"), lines=tuple(_withheld(one, facts, words))
            ),
        ),
        buttons=(*buttons(facts, words)[:1], *_workbook(one, words)),
    )


def _text(one: Evaluated, words: Words) -> Iterator[str]:
    yield _answered(one, words)
    if one.meeting.invited_count:
        yield words.say("results.invited", n=one.meeting.invited_count)
    if one.own_words:
        yield words.say("results.own_words", n=one.own_words)


def _answered(one: Evaluated, words: Words) -> str:
    answers = words.say("results.answers", n=one.n)
    most = one.meeting.largest_day
    if one.rate is None or most is None:
        return words.say("results.no_share", answers=answers)
    return words.say("results.share", answers=answers, percent=percent(one.rate), most=most)


def _withheld(one: Evaluated, facts: NoticeFacts, words: Words) -> Iterator[Line]:
    for each in one.standing:
        yield from (Line(text=text) for text in withheld(each, facts.network.survey, words))
    yield Line(text=words.say("results.always"))


def _workbook(one: Evaluated, words: Words) -> Iterator[Button]:
    if one.workbook:
        yield Button(words.say("buttons.workbook"), one.workbook)


def _what_next(one: Evaluated, words: Words) -> str:
    if all(each.why is Why.FEW for each in one.standing):
        return words.say("results.too_few")
    released = one.meeting.publish_result
    return words.say("results.released" if released else "results.release")


def card_day(one: Evaluated, facts: NoticeFacts) -> date:
    """Return the first workday after the last day for answers."""
    zone, holidays = facts.network.time_zone, facts.network.holidays
    return workday_on_or_after(local_day(one.closes, zone), holidays)


# ---------------------------------------------------------------- in the week's summary


def open_or_waiting(facts: NoticeFacts, today: date, words: Words) -> Iterator[tuple[str, Line]]:
    """Yield what is still being answered, and what waits for a tick: an id, and the line."""
    for one in facts.evaluated:
        if at(today, "12:00", facts.network.time_zone) < one.closes:
            if one.meeting.status is Status.HELD:
                yield f"open {one.meeting.id}", _line(one, _so_far(one, facts, words), words)
        elif any(each.why is Why.UNRELEASED for each in one.standing):
            figures = current(one.standing, facts.network.survey, words)
            note = words.say("results.waits", figures=capital(figures))
            yield f"unreleased {one.meeting.id}", _line(one, note, words)


def _so_far(one: Evaluated, facts: NoticeFacts, words: Words) -> str:
    answers = words.say("results.answers", n=one.n)
    day = words.day(local_day(one.closes - timedelta(seconds=1), facts.network.time_zone))
    if one.rate is None:
        said = words.say("results.so_far", answers=answers, day=day)
    else:
        share = percent(one.rate)
        said = words.say("results.so_far_share", answers=answers, percent=share, day=day)
    figures = current(one.standing, facts.network.survey, words)
    return words.say("results.so_far_figures", so_far=said, figures=figures) if figures else said


def _line(one: Evaluated, note: str, words: Words) -> Line:
    day = words.short_days(one.meeting.first_day, one.meeting.last_day)
    head = words.say("notices.meeting", day=day, title=one.meeting.title)
    return Line(text=head, url=one.workbook, note=note)
