"""How much the words of a name are those of a meeting's title or place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz

from service.domain.kinds import is_kind, without_ending, words_of, words_of_name
from service.domain.meeting import Meeting
from service.domain.names import name_key

_ALIKE, _WITHIN = 85.0, 92.0
"""Percent: the same word in another form; a title written without spaces."""
_PART = 0.6
"""What the beginning of a compound counts: "klimat" of "klimatarbete"."""
_SHORTEST_PART, _SHORTEST_WITHIN = 5, 10
_CLEAR, _MARGIN, _MARGIN_OF_ONE = 0.5, 0.2, 0.4
"""From where a likeness tells; by how much it must lead, and by how much if it is one word's."""
_WEEKS, _DAYS, _HALF = timedelta(days=30), timedelta(days=3), 0.5
_ARRANGING = frozenset(
    """program programmet inbjudan invitasjon deltagare deltagarlista deltakere deltakerliste
    anmälda participants karta kart map vägbeskrivning körschema matlista namnskyltar""".split()  # noqa: SIM905
)
"""Words of papers by which people go to a place."""
_COMMON = frozenset(
    """och eller för med till från den det ett som inte kring hur kan upp samt utan mot nya nye
    info kopia copy av vid hos inför efter under slutlig final utkast klar version rev kommun
    kommuner kommunerna nätverk nätverket nätverkets träff träffen möte mötet mötes nätverksträff
    nätverksmöte utbildning utbildningsdag arbete kommende kommande arbetet projekt dag the and
    for with from img dsc scan dokument utvärdering enkät evaluering evaluation survey meeting
    møte recording inspelning bild bilder foto dagen hösten våren års fil filer underlag material
    vårträff vårträffen höstträff höstträffen deltagare deltagarlista deltakere deltakerliste
    närvaro närvarolista anmälda participants karta kart map vägbeskrivning artikel länkar
    januari februari mars april maj juni juli augusti september oktober november december""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Likeness:
    """How alike, from 0 to 1, and on what that rests."""

    degree: float
    by_place: bool = False
    """Only the place is named, which other things come from as well."""
    by_part: bool = False
    """One beginning of a compound is all there is."""
    by_one: bool = False
    """One word is all there is."""
    placed: float = 0.0
    """How much of the name is the place."""


def likeness(name: str, meeting: Meeting) -> Likeness:
    """How many words of the name are the meeting's, and the other way round."""
    words = words_of_name(name)
    said = [word for word in words if tells(word)]
    title = [word for word in words_of(meeting.title) if tells(word)]
    place = [word for word in words_of(meeting.place) if tells(word)]
    if _is_part("".join(word for word in words if not is_kind(word)), title_key(meeting)):
        return Likeness(0.9)
    if not said:
        return Likeness(0.0)
    of_title = [_best(word, title) for word in said]
    of_place = [_best(word, place) for word in said]
    hits = [max(pair) for pair in zip(of_title, of_place, strict=True)]
    back = sum(_best(word, said) for word in title)
    return Likeness(
        (2 * sum(hits) / len(said) + back / max(len(title), 1)) / 3,
        by_place=not any(of_title),
        by_part=sum(hits) == _PART,
        by_one=sum(map(bool, hits)) == 1,
        placed=sum(of_place) / len(said),
    )


def clear_winners(name: str, meetings: Sequence[Meeting], when: datetime) -> tuple[Meeting, ...]:
    """
    The meeting that the words mean, if they clearly mean one; of a series all of its meetings.

    `meetings` are in order of nearness to `when`: one word is believed for some weeks.
    """
    plain = squeezed(without_ending(name))
    whole = [one for one in meetings if _is_written_in(plain, one)]
    whole = [one for one in whole if title_key(one) in plain] or whole
    if whole:
        return _series(_longest(whole))
    found = [(likeness(name, one), one) for one in meetings]
    ranked = sorted(found, key=lambda pair: -pair[0].degree)
    if not ranked or ranked[0][0].degree == 0:
        return ()
    best, first = ranked[0]
    if best.degree < _CLEAR or best.by_place:
        alone = len(ranked) == 1 or ranked[1][0].degree == 0
        return (first,) if alone and _is_there(name, best, first, meetings, when) else ()
    if best.by_part or (best.by_one and not _is_within(_WEEKS, first, when)):
        return ()
    margin = _MARGIN_OF_ONE if best.by_one else _MARGIN
    return _series([one for found, one in ranked if best.degree - found.degree < margin])


def _is_there(
    name: str, found: Likeness, meeting: Meeting, meetings: Sequence[Meeting], when: datetime
) -> bool:
    """
    Tell whether a place says enough: of the nearest meeting if it is all that the name says,
    or within days; of another if people go there by this paper.
    """
    whole = found.degree >= _CLEAR
    if meeting is meetings[0]:
        return whole or (found.placed >= _HALF and _is_within(_DAYS, meeting, when))
    arranging = any(word in _ARRANGING for word in words_of_name(name))
    return whole and arranging and _is_within(_WEEKS, meeting, when)


def _is_within(reach: timedelta, meeting: Meeting, when: datetime) -> bool:
    return meeting.start - reach <= when <= meeting.end + reach


def _series(meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """All of them if they bear one title, else none."""
    return tuple(meetings) if len({title_key(one) for one in meetings}) == 1 else ()


def _longest(meetings: Sequence[Meeting]) -> Sequence[Meeting]:
    """Without those whose title is only a part of another's."""
    titles = {title_key(one) for one in meetings}
    longest = max(titles, key=len)
    if not all(title in longest for title in titles):
        return meetings
    return [one for one in meetings if title_key(one) == longest]


def tells(word: str) -> bool:
    """Tell whether a word could say which meeting is meant."""
    return len(word) > 2 and word not in _COMMON and not is_kind(word)


def title_key(meeting: Meeting) -> str:
    """Equal for the meetings of a series; "Modul 1" and "Modul 2" are none."""
    return squeezed(meeting.title)


def squeezed(text: str) -> str:
    """Letters and digits alone, whatever the case."""
    return "".join(letter for letter in name_key(text) if letter.isalnum())


def _best(word: str, others: Sequence[str]) -> float:
    return max((_match(word, other) for other in others), default=0.0)


def _match(one: str, other: str) -> float:
    if one == other or fuzz.ratio(one, other) >= _ALIKE:
        return 1.0
    short, long = sorted((one, other), key=len)
    return _PART if len(short) >= _SHORTEST_PART and long.startswith(short) else 0.0


def _is_written_in(plain: str, meeting: Meeting) -> bool:
    return _is_part(title_key(meeting), plain)


def _is_part(part: str, whole: str) -> bool:
    """ "naturistadsplanering" is "Natur i stadsplanering", and a phrase of a title the title."""
    long_enough = _SHORTEST_WITHIN <= len(part) <= len(whole)
    return long_enough and fuzz.partial_ratio(part, whole) >= _WITHIN
