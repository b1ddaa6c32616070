"""
What an invitation says: labelled lines, a summary, links to files in the cloud.

The join block that Teams appends, greetings and signatures are passed over. Nothing is
guessed: what no line says stays empty.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from service.domain.dates import dates_in
from service.domain.meeting import Invitation
from service.parse import labels
from service.parse.labels import Label
from service.parse.lines import Line, Link, lines_of

_PARAGRAPHS = 2
_LEAST_PROSE = 40
"""Characters; shorter lines are headings or asides."""
_SECTION = 12
"""Lines at most that belong to a label above them."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖÆØ])")
_TIME_FIRST = re.compile(r"^(?:kl\.?\s*)?\d{1,2}(?:[.:]\d\d)?\s*(?:[-–—]|\s|$)")


@dataclass(frozen=True)
class _Part:
    """A label with its value: what follows it in the line, and the lines below."""

    label: Label
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text.replace("\t", ": ") for line in self.lines if line.text)

    @property
    def links(self) -> tuple[Link, ...]:
        return tuple(link for line in self.lines for link in line.links)


def read_invitation(body_html: str, *, default_year: int, language: str) -> Invitation:
    """
    Read the body of an event.

    Dates without a year are of `default_year`; `language` (`sv`, `nb`, `en`) is tried
    before the other two.
    """
    lines = tuple(_without_join_block(lines_of(body_html)))
    parts, rest = _parts(lines, language)
    registration = _of(parts, Label.REGISTRATION, Label.TERMS)
    evaluation = _of(parts, Label.EVALUATION)
    registration_link = _link(_of(parts, Label.REGISTRATION))
    survey_link = _link(evaluation)
    return Invitation(
        summary=_summary(rest),
        place=_value(_of(parts, Label.PLACE)) or _value(_of(parts, Label.ROOM)),
        speakers=_together(_of(parts, Label.SPEAKERS)),
        registration_link=registration_link,
        register_by=_deadline(_of(parts, Label.REGISTRATION), default_year),
        terms=_terms(registration),
        questions_by=_deadline(_of(parts, Label.QUESTIONS), default_year, sure=False),
        survey_link=survey_link,
        survey_closes=_deadline(evaluation, default_year, sure=False),
        cloud_links=_cloud_links(lines, but=(registration_link, survey_link)),
    )


# ---------------------------------------------------------------- the join block


def _without_join_block(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Leave out what the meeting service wrote; any other rule is a gap."""
    inside = False
    for number, line in enumerate(lines):
        rule = bool(labels.RULE.match(line.text))
        if rule:
            inside = not inside and any(map(_joins, lines[number + 1 : number + 6]))
            yield Line("")
        elif inside:
            continue
        elif not _joins(line) or not _stands_alone(line):
            yield line


def _joins(line: Line) -> bool:
    return bool(labels.JOIN.search(line.text)) or any(
        _at(link, labels.JOIN_HOSTS) for link in line.links
    )


def _stands_alone(line: Line) -> bool:
    """A join line outside rules is short or a detail; a sentence about the meeting is neither."""
    return len(line.text) <= _LEAST_PROSE * 2 or bool(labels.JOIN_DETAIL.match(line.text))


# ---------------------------------------------------------------- labels


def _parts(lines: Iterable[Line], language: str) -> tuple[list[_Part], list[Line]]:
    """Part labelled lines, with what belongs to them, from the rest."""
    parts: list[_Part] = []
    rest: list[Line] = []
    open_for_more = False
    for line in lines:
        labelled = _labelled(line, language)
        if labelled:
            parts.append(labelled)
            open_for_more = True
        elif open_for_more and _belongs(line, parts[-1]):
            parts[-1] = _Part(parts[-1].label, (*parts[-1].lines, line))
        else:
            open_for_more = False
            rest.append(line)
    return parts, rest


def _belongs(line: Line, part: _Part) -> bool:
    """A label by itself may be followed by one gap; after text, a gap ends the section."""
    if labels.SIGNATURE.match(line.text) or len(part.lines) > _SECTION:
        return False
    if not line.text:
        return not part.text and len(part.lines) == 1
    # A place is one line: what follows it is more likely prose than an address.
    return not (part.label in {Label.PLACE, Label.ROOM} and part.text)


def _labelled(line: Line, language: str) -> _Part | None:
    for name in labels.languages(language):
        for label, words in labels.LABELS.get(name, {}).items():
            match = _match(words, line.text)
            if match:
                text = _value_of(label, line.text, match.end())
                return _Part(label, (Line(text, line.links, line.listed),))
    for label, words in labels.OPENERS.items():
        if re.match(rf"(?:{words})", line.text, re.IGNORECASE):
            return _Part(label, (line,))
    return None


def _match(words: str, text: str) -> re.Match[str] | None:
    return re.match(
        rf"(?:{words})(?:\s*\([^)]*\))?\s*(?:[:\t]+|\s[-–—]\s|$)\s*", text, re.IGNORECASE
    )


def _value_of(label: Label, text: str, start: int) -> str:
    """The label is part of what a deadline or a fee says: "Sista dag: 1 mars", "Avgift: 500 kr"."""
    return text if label in {Label.TERMS, Label.REGISTRATION} and text[start:] else text[start:]


def _of(parts: Iterable[_Part], *kinds: Label) -> tuple[_Part, ...]:
    return tuple(part for part in parts if part.label in kinds)


def _value(parts: tuple[_Part, ...]) -> str:
    return next((part.text.replace("\n", ", ") for part in parts if part.text), "")


def _together(parts: tuple[_Part, ...]) -> str:
    """All of a section in one line: the speakers one by one, as written."""
    text = "\n".join(part.text for part in parts if part.text)
    return re.sub(r"[;,]?\n+", "; ", text)


def _link(parts: tuple[_Part, ...]) -> str:
    links = [link for part in parts for link in part.links if not _at(link, labels.JOIN_HOSTS)]
    return links[0].url if links else ""


# ---------------------------------------------------------------- dates and terms


def _deadline(parts: tuple[_Part, ...], year: int, *, sure: bool = True) -> date | None:
    """The first date after a word such as "senast"; where `sure`, a lone date will do."""
    sentences = [sentence for part in parts for sentence in _sentences(part.text)]
    for sentence in sentences:
        cue = labels.DEADLINE.search(sentence)
        days = dates_in(sentence[cue.end() :], default_year=year) if cue else ()
        if days:
            return days[0]
        # "1 mars är sista dag att anmäla sig"
        before = dates_in(sentence, default_year=year) if cue else ()
        if before:
            return before[-1]
    lone = {day for sentence in sentences for day in dates_in(sentence, default_year=year)}
    return lone.pop() if sure and len(lone) == 1 else None


def _sentences(text: str) -> list[str]:
    return [sentence for line in text.splitlines() for sentence in _SENTENCE.split(line)]


def _terms(parts: tuple[_Part, ...]) -> str:
    """`bindande; avgift: 500 kr`: what binds and what it costs, in the words of the letter."""
    text = "\n".join(part.text for part in parts)
    said: list[str] = []
    binding = labels.BINDING.search(labels.NOT_BINDING.sub("", text))
    if binding:
        said.append(binding[0].casefold())
    fee = labels.FEE.search(text)
    if fee and not labels.NO_FEE.match(fee["fee"]):
        said.append(f"{fee['label'].casefold()}: {fee['fee'].strip()}")
    return "; ".join(said)


# ---------------------------------------------------------------- prose and files


def _summary(lines: Iterable[Line]) -> str:
    paragraphs: list[str] = []
    for line in lines:
        if labels.SIGNATURE.match(line.text):
            break
        text = _without_greeting(line.text)
        if _is_prose(text, line):
            paragraphs.append(text)
        elif paragraphs and text:
            break
        if len(paragraphs) == _PARAGRAPHS:
            break
    return "\n\n".join(paragraphs)


def _without_greeting(text: str) -> str:
    greeting = labels.GREETING.match(text)
    if not greeting:
        return text
    said = text[greeting.end() :]
    return said[:1].upper() + said[1:]


def _is_prose(text: str, line: Line) -> bool:
    if line.listed or len(text) < _LEAST_PROSE or "\t" in text:
        return False
    return not (_TIME_FIRST.match(text) or labels.NOTICE.match(text) or labels.JOIN.search(text))


def _cloud_links(lines: Iterable[Line], *, but: tuple[str, ...]) -> tuple[str, ...]:
    urls = (link.url for line in lines for link in line.links if _at(link, labels.CLOUD_HOSTS))
    return tuple(dict.fromkeys(url for url in urls if url not in but))


def _at(link: Link, hosts: tuple[str, ...]) -> bool:
    host = (urlsplit(link.url).hostname or "").casefold()
    return any(host == known or host.endswith(f".{known}") for known in hosts)
