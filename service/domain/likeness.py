"""How much the words of a name are those of a meeting's title or place."""

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from service.domain.kinds import is_kind, words_of, words_of_name
from service.domain.meeting import Meeting

_ALIKE, _WITHIN = 85.0, 92.0
"""Percent: the same word in another form; a title written without spaces."""
_PART = 0.6
"""What the beginning of a compound counts: "klimat" of "klimatarbete"."""
_SHORTEST_PART, _SHORTEST_WITHIN = 5, 10
_CLEAR, _MARGIN = 0.5, 0.2
_COMMON = frozenset(
    """och eller för med till från den det ett som inte kring hur kan upp samt utan mot nya nye
    info kopia copy av vid hos inför efter under slutlig final utkast klar version rev kommun
    kommuner kommunerna nätverk nätverket nätverkets träff träffen möte mötet mötes nätverksträff
    nätverksmöte utbildning utbildningsdag arbete kommende kommande arbetet projekt dag the and
    for with from img dsc scan dokument utvärdering enkät evaluering evaluation survey meeting
    møte recording inspelning bild bilder foto dagen hösten våren års fil filer underlag material
    januari februari mars april maj juni juli augusti september oktober november december""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Likeness:
    """From 0 to 1; `by_place`: only the place is named, which other things come from as well."""

    degree: float
    by_place: bool = False
    by_part: bool = False
    """One beginning of a compound is all there is."""


def likeness(name: str, meeting: Meeting) -> Likeness:
    """How many words of the name are the meeting's, and the other way round."""
    said = [word for word in words_of_name(name) if tells(word)]
    title = [word for word in words_of(meeting.title) if tells(word)]
    place = [word for word in words_of(meeting.place) if tells(word)]
    if not said:
        return Likeness(0.0)
    of_title = [_best(word, title) for word in said]
    of_place = [_best(word, place) for word in said]
    hits = sum(map(max, zip(of_title, of_place, strict=True)))
    back = sum(_best(word, said) for word in title)
    degree = (2 * hits / len(said) + back / max(len(title), 1)) / 3
    if _is_within("".join(said), "".join(words_of(meeting.title))):
        return Likeness(max(degree, 0.9))
    return Likeness(
        degree,
        by_place=not any(of_title),
        by_part=sum(of_title) + sum(of_place) == _PART,
    )


def clear_winners(name: str, meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """
    The meeting that the words mean, if they clearly mean one; of a series all of its meetings.

    `meetings` are in order of nearness: a place alone is believed of the nearest only.
    """
    ranked = sorted(
        ((likeness(name, one), one) for one in meetings), key=lambda pair: -pair[0].degree
    )
    if not ranked or ranked[0][0].degree < _CLEAR:
        return ()
    best, first = ranked[0]
    if best.by_part or (best.by_place and first is not meetings[0]):
        return ()
    near = [one for found, one in ranked if best.degree - found.degree < _MARGIN]
    return tuple(near) if len({_title(one) for one in near}) == 1 else ()


def tells(word: str) -> bool:
    """Tell whether a word could say which meeting is meant."""
    return len(word) > 2 and word not in _COMMON and not is_kind(word)


def _title(meeting: Meeting) -> tuple[str, ...]:
    return tuple(words_of(meeting.title))


def _best(word: str, others: Sequence[str]) -> float:
    return max((_match(word, other) for other in others), default=0.0)


def _match(one: str, other: str) -> float:
    if one == other or fuzz.ratio(one, other) >= _ALIKE:
        return 1.0
    short, long = sorted((one, other), key=len)
    return _PART if len(short) >= _SHORTEST_PART and long.startswith(short) else 0.0


def _is_within(said: str, title: str) -> bool:
    """ "naturistadsplanering" is "Natur i stadsplanering"."""
    shortest = min(len(said), len(title))
    return shortest >= _SHORTEST_WITHIN and fuzz.partial_ratio(said, title) >= _WITHIN
