"""What a post says: the words are the network's, what is put into them is decided here."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from service.domain.meeting import Form, Meeting
from service.domain.network import Network
from service.domain.post import Appointment, Button, Card, Section, Words, is_https
from service.domain.reminder.candidates import Candidate
from service.domain.reminder.conditions import OfMeeting
from service.domain.reminder.facts import (
    MeetingFacts,
    PlanFacts,
    Previous,
    Situation,
    YearlyFacts,
)
from service.domain.reminder.rules import Limits, PostKind
from service.domain.survey.closing import closing_day
from service.domain.survey.in_words import merged_counts, section, sentence

_BINDING = re.compile(r"\b(bindande|bindende|binding)\b", re.IGNORECASE)
_NOT_BINDING = re.compile(r"\b(ej|inte|icke|ikke|not|non)\W+b", re.IGNORECASE)
_FEE = re.compile(
    r"\d[\d \u00a0.]*(?:,\d+)?\s*(?::-|(?:kr|kronor|kroner|sek|nok|eur|euro)\b|€)", re.IGNORECASE
)

_TITLED = {PostKind.MOVED: "words.title_moved", PostKind.CANCELLED: "words.title_cancelled"}


@dataclass(frozen=True, kw_only=True)
class Voice:
    """In which words something is said, and on what day."""

    words: Words
    limits: Limits
    today: date


def card_of(one: Candidate, situation: Situation, voice: Voice) -> Card:
    """Write the card of a post, as it is to be read on the day."""
    subject, words = one.subject, voice.words
    if isinstance(subject, OfMeeting):
        return _of_meeting(one.kind, subject, situation, voice)
    card = partial(Card, language=words.language, label=situation.network.name)
    if isinstance(subject, YearlyFacts):
        return card(
            title=words.say("words.title_yearly", year=str(subject.year)),
            text=_yearly_text(one.kind, subject, words),
            buttons=_buttons([("buttons.survey", subject.link)], situation, words),
        )
    return card(
        title=words.say("words.title_plan", year=str(subject.year)),
        text=_plan_text(subject, words),
        buttons=_buttons([("buttons.plan", subject.link)], situation, words),
    )


def _of_meeting(kind: PostKind, subject: OfMeeting, situation: Situation, voice: Voice) -> Card:
    meeting, facts, words = subject.meeting, subject.facts, voice.words
    title, is_result = _TITLED.get(kind), kind is PostKind.SURVEY_RESULT
    values: dict[str, str | int] = {
        **_dates(meeting, situation.network, voice),
        **_figures(subject, situation.network, words),
        **_changes(facts.previous, meeting, words),
        "where": where(subject, words),
        "terms": terms(meeting.terms, words),
        "programme": words.say("words.programme") if is_https(facts.links.folder) else "",
    }
    return Card(
        language=words.language,
        label=group_label(meeting, situation, words),
        title=words.say(title, title=meeting.title) if title else meeting.title,
        when_where=when_and_where(meeting, words),
        text=words.say(f"posts.{kind}", **values),
        sections=tuple(_bars(facts, situation.network, words)) if is_result else (),
        buttons=_buttons(_wanted(kind, subject), situation, words),
    )


def group_label(meeting: Meeting, situation: Situation, words: Words) -> str:
    """Name the group above the title; a joint meeting is called so."""
    if meeting.joint:
        return words.say("words.joint")
    return situation.network.group(meeting.groups[0]).name


def when_and_where(meeting: Meeting, words: Words) -> str:
    return f"{words.span(meeting.start, meeting.end)} · {place(meeting, words)}"


def place(meeting: Meeting, words: Words) -> str:
    """Name the place in a word or two, also where there is none."""
    if meeting.place:
        return meeting.place
    return words.say("words.online" if meeting.form is Form.DIGITAL else "words.place_to_come")


def where(subject: OfMeeting, words: Words) -> str:
    """Say in a sentence where one meets."""
    meeting = subject.meeting
    if meeting.form is Form.DIGITAL:
        return words.say("words.digital")
    key = "words.hybrid" if meeting.form is Form.HYBRID else "words.physical"
    return words.say(key, place=place(meeting, words))


def terms(written: str, words: Words) -> str:
    """Say that registration binds and what it costs; what is neither is said as written."""
    written = " ".join(written.split())
    said = ""
    if _BINDING.search(written) and not _NOT_BINDING.search(written):
        said += words.say("words.binding")
    fee = _FEE.search(written)
    if fee:
        said += words.say("words.fee", fee=" ".join(fee.group().split()))
    if not said and written:
        said = f" {written[0].upper()}{written[1:].rstrip('.')}."
    return said


# ---------------------------------------------------------------- values for the texts


def _dates(meeting: Meeting, network: Network, voice: Voice) -> dict[str, str]:
    words, today = voice.words, voice.today
    closes = closing_day(meeting, network.survey.open_for)
    thanks = "words.thanks_today" if today <= meeting.last_day else "words.thanks_later"
    values = {
        "title": meeting.title,
        "place": place(meeting, words),
        "date": words.days(meeting.first_day, meeting.last_day),
        "time": words.time(meeting.start),
        "start_when": words.when(meeting.first_day, today),
        "survey_closes": words.day(closes),
        "thanks": words.say(thanks),
    }
    if meeting.register_by:
        values["deadline"] = words.day(meeting.register_by)
        values["deadline_when"] = words.when(meeting.register_by, today)
    if meeting.questions_by:
        values["questions_by"] = words.day(meeting.questions_by)
    return values


def _figures(subject: OfMeeting, network: Network, words: Words) -> dict[str, str | int]:
    facts = subject.facts
    return {
        "n": facts.answers,
        "answered": answered(facts.answers, words),
        "what": filed(facts.materials, words, recording=facts.recording),
        "figures": sentence(facts.result, network.survey, words, "results.told"),
    }


def _bars(facts: MeetingFacts, network: Network, words: Words) -> Iterator[Section]:
    """Yield how the answers are distributed, where that may be shown."""
    for one in facts.result:
        if one.classes is not None:
            counts = merged_counts(one.classes, one.figures.scale)
            yield section(one.question, one.figures, counts, (network.survey, words))


def _changes(before: Previous | None, meeting: Meeting, words: Words) -> dict[str, str]:
    """Name what is other than before, the old and the new; what is not is left out."""
    if before is None:
        return {}
    old, new = list[str](), list[str]()
    if (before.start, before.end) != (meeting.start, meeting.end):
        old.append(words.span(before.start, before.end))
        new.append(words.span(meeting.start, meeting.end))
    if before.place != meeting.place:
        old.append(before.place or words.say("words.no_place"))
        new.append(place(meeting, words))
    return {"old": ", ".join(old), "new": ", ".join(new)}


def answered(count: int, words: Words) -> str:
    """Say in a sentence how many have answered so far."""
    return words.say("words.answered", n=count)


def filed(files: int, words: Words, *, recording: bool) -> str:
    """Say what there is, as in "4 files and recording"."""
    said = []
    if files:
        said.append(words.say("words.files", n=files))
    if recording:
        said.append(words.say("words.recording"))
    return words.listed(said)


def _yearly_text(kind: PostKind, yearly: YearlyFacts, words: Words) -> str:
    return words.say(
        f"posts.{kind}",
        deadline=words.day(yearly.closes),
        answered=answered(yearly.answers, words),
        n=yearly.answers,
    )


def _plan_text(plan: PlanFacts, words: Words) -> str:
    return words.say("posts.plan_ready", year=str(plan.year), n=plan.meetings)


# ---------------------------------------------------------------- for calendars

_OF_A_DATE = frozenset(
    {
        PostKind.REGISTRATION_OPEN,
        PostKind.REGISTRATION_CLOSING,
        PostKind.REGISTRATION_LAST_DAY,
        PostKind.QUESTIONS,
        PostKind.SOON,
        PostKind.ONE_HOUR,
        PostKind.MOVED,
        PostKind.CANCELLED,
    }
)


def appointment_of(one: Candidate) -> Appointment | None:
    """Return the meeting as a calendar wants it, where the post is about its date."""
    subject = one.subject
    if not isinstance(subject, OfMeeting) or one.kind not in _OF_A_DATE:
        return None
    meeting, changed = subject.meeting, subject.facts.changed
    if changed is None:
        return None
    return Appointment(
        uid=meeting.id,
        start=meeting.start,
        end=meeting.end,
        title=meeting.title,
        place=meeting.place,
        url=next(filter(is_https, (subject.join_url, subject.facts.links.folder)), ""),
        changed=changed,
        cancelled=one.kind is PostKind.CANCELLED,
    )


# ---------------------------------------------------------------- buttons


def _wanted(kind: PostKind, subject: OfMeeting) -> list[tuple[str, str]]:
    """Return labels and links in order of importance; the first that works is the main one."""
    links = subject.facts.links
    folder = ("buttons.programme", links.folder)
    join = ("buttons.join", subject.join_url if subject.meeting.form is not Form.PHYSICAL else "")
    match kind:
        case (
            PostKind.REGISTRATION_OPEN
            | PostKind.REGISTRATION_CLOSING
            | PostKind.REGISTRATION_LAST_DAY
        ):
            return [("buttons.register", subject.registration_link), folder]
        case PostKind.SOON:
            return [folder, join]
        case PostKind.ONE_HOUR:
            return [join, folder]
        case PostKind.DOCUMENTATION:
            return [("buttons.documentation", links.folder)]
        case PostKind.SURVEY_OPEN | PostKind.SURVEY_NUDGE:
            return [("buttons.survey", subject.survey_link)]
        case PostKind.SURVEY_RESULT:
            return [("buttons.result", links.result), ("buttons.documentation", links.folder)]
        case PostKind.CANCELLED:
            return []
        case _:
            return [folder]


def _buttons(
    wanted: Iterable[tuple[str, str]], situation: Situation, words: Words
) -> tuple[Button, ...]:
    """Every post has a button, since its link carries the key: at worst the network's page."""
    found = tuple(Button(words.say(label), url) for label, url in wanted if is_https(url))
    return found or (Button(words.say("buttons.page"), situation.page),)
