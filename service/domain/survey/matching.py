"""Which rows of which sources tell the same response: by form and id, else by times and answers."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, product

from service.domain.survey.responses import Response

MADE = "made-"
"""Begins the ids of responses whose sheet has none: made from time and answers."""
_QUARTER = timedelta(minutes=15)
_FURTHEST = timedelta(hours=14)
"""No two zones that people live in are further apart: an export has its maker's time."""
_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_MINUTES = 15
_FEW = 3
"""Fewer responses may agree by chance."""


@dataclass(frozen=True)
class Row:
    """One row of one source, its answers under the keys that all sources share."""

    source: int
    response: Response

    @property
    def has_id(self) -> bool:
        return has_own_id(self.response)


class Groups:
    """Things of several sources that were found to be one."""

    def __init__(self, sources: Sequence[int]) -> None:
        self._above = list(range(len(sources)))
        self._sources = [{source} for source in sources]

    def of(self, one: int) -> int:
        while self._above[one] != one:
            self._above[one] = self._above[self._above[one]]
            one = self._above[one]
        return one

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        if first != second:
            self._above[second] = first
            self._sources[first] |= self._sources[second]

    def share_a_source(self, one: int, other: int) -> bool:
        return not self._sources[self.of(one)].isdisjoint(self._sources[self.of(other)])


def has_own_id(response: Response) -> bool:
    """Tell ids that Forms gave from those that were made for want of them."""
    return not response.id.startswith(MADE)


def plain(text: str) -> str:
    """Headings and answers as they are compared: spaces and capitals tell nothing apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(" ?:.*")


def answers_agree(one: Response, other: Response) -> bool:
    """On the questions that both answer; each may leave out what the other was never asked."""
    common = one.answers.keys() & other.answers.keys()
    if not common:
        return not one.answers and not other.answers
    return all(
        one.answers[key] == other.answers[key]
        or plain(one.answers[key]) == plain(other.answers[key])
        for key in common
    )


# ---------------------------------------------------------------- by form and id


def same_forms(rows: Sequence[Row], names: Sequence[str]) -> Groups:
    """
    Sources of one form: most of the ids that two of them share are the same response.

    Ids count from 1 in every form, so that the ids alone tell nothing; `names` are those of
    the sources' forms.
    """
    by_id: list[dict[str, list[Response]]] = [defaultdict(list) for _ in names]
    for row in rows:
        if row.has_id:
            by_id[row.source][row.response.id].append(row.response)
    same = Groups(range(len(names)))
    for one, other in combinations(range(len(names)), 2):
        common = by_id[one].keys() & by_id[other].keys()
        pairs = [list(product(by_id[one][id_], by_id[other][id_])) for id_ in common]
        if _are_of_one_form(pairs, alike=names[one] == names[other]):
            same.join(one, other)
    return same


def _are_of_one_form(pairs: Sequence[Sequence[tuple[Response, Response]]], *, alike: bool) -> bool:
    """
    Tell by responses of the same ids.

    Two forms that are answered at the same time, in the room and at a distance, may agree to
    the minute: where the names differ, seconds must tell, or every single answer.
    """
    surely = sum(any(is_at_once(a, b) for a, b in versions) for versions in pairs)
    likely = sum(any(are_one(a, b) for a, b in versions) for versions in pairs)
    if alike or 2 * surely > len(pairs):
        return 2 * likely > len(pairs)
    agreeing = sum(any(answers_agree(a, b) for a, b in versions) for versions in pairs)
    return len(pairs) >= _FEW and likely == agreeing == len(pairs)


def are_one(one: Response, other: Response) -> bool:
    """
    Tell whether two responses of the same id may be of the same form, edited or not.

    The start does not move when a response is edited. Seconds may be cut, and an export may
    have the time of another zone; then the answers must agree, too, or both times.
    """
    pairs = _moments(one, other)
    if is_at_once(one, other):
        return True
    if answers_agree(one, other):
        return not pairs or is_shifted(*pairs[0])
    return len(pairs) > 1 and all(abs(a - b) < _MINUTE for a, b in pairs)


def is_at_once(one: Response, other: Response) -> bool:
    """To the second."""
    return any(a.second and b.second and abs(a - b) <= _SECOND for a, b in _moments(one, other))


def _moments(one: Response, other: Response) -> list[tuple[datetime, datetime]]:
    both = ((one.started, other.started), (one.submitted, other.submitted))
    return [(a, b) for a, b in both if a and b]


def is_shifted(one: datetime, other: datetime) -> bool:
    """Tell whether two clocks may have shown one moment: by quarters apart, or not at all."""
    gap = one - other
    quarters = round(gap / _QUARTER) * _QUARTER
    is_cut = one.second == 0 or other.second == 0
    near = abs(gap - quarters) < _MINUTE if is_cut else abs(gap - quarters) <= _SECOND
    return near and abs(quarters) <= _FURTHEST


def join_by_id(rows: Sequence[Row], same: Groups, groups: Groups) -> None:
    first: dict[tuple[int, str], int] = {}
    for number, row in enumerate(rows):
        if row.has_id or _is_repeat(row.response):
            form = same.of(row.source) if row.has_id else row.source
            groups.join(first.setdefault((form, row.response.id), number), number)


def _is_repeat(response: Response) -> bool:
    """Without ids, the same answers in the same second are one response; in a minute, two."""
    return any(moment and moment.second for moment in (response.submitted, response.started))


# ---------------------------------------------------------------- by times and answers


def join_without_id(rows: Sequence[Row], asked: Sequence[Collection[str]], groups: Groups) -> None:
    """
    One row of a source for one row of another, the nearest in time first.

    Two people may answer alike in the same minute: rows of one source stay apart. `asked`
    are the keys of each source's questions.
    """
    for one, other in combinations(range(len(asked)), 2):
        left, right = (
            [n for n, row in enumerate(rows) if row.source == source] for source in (one, other)
        )
        if all(rows[n].has_id for n in (*left, *right)):
            continue
        common = sorted(set(asked[one]) & set(asked[other]))
        for looks in (_exact_times, _alike(common)):
            _join_nearest(_pairs(left, right, rows, looks), rows, groups)


Looks = Callable[[Response], Iterator[Hashable]]


def _exact_times(response: Response) -> Iterator[Hashable]:
    """Begun and sent in the same seconds: one person, even if she has edited it since."""
    started, submitted = response.started, response.submitted
    if started and submitted and started.second and submitted.second:
        yield started, submitted


def _alike(common: Sequence[str]) -> Looks:
    """The same answers, and minutes that may be those of another zone or without seconds."""

    def looks(response: Response) -> Iterator[Hashable]:
        given = tuple(plain(response.answers.get(key, "")) for key in common)
        moment = response.submitted or response.started
        if not any(given):
            return
        for beside in (-1, 0, 1) if moment else (0,):
            yield given, (moment.minute + beside) % _MINUTES if moment else None

    return looks


def _pairs(
    left: Sequence[int], right: Sequence[int], rows: Sequence[Row], looks: Looks
) -> Iterator[tuple[int, int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for number in right:
        for look in looks(rows[number].response):
            found[look].append(number)
    for number in left:
        near = {other for look in looks(rows[number].response) for other in found.get(look, ())}
        yield from ((number, other) for other in near)


def _join_nearest(pairs: Iterator[tuple[int, int]], rows: Sequence[Row], groups: Groups) -> None:
    fitting = [
        (_gap(rows[one].response, rows[other].response), one, other)
        for one, other in pairs
        if not (rows[one].has_id and rows[other].has_id)
        and _told_in_time(rows[one].response, rows[other].response)
    ]
    for _, one, other in sorted(fitting):
        if groups.of(one) != groups.of(other) and not groups.share_a_source(one, other):
            groups.join(one, other)


def _gap(one: Response, other: Response) -> timedelta:
    a, b = one.submitted or one.started, other.submitted or other.started
    return abs(a - b) if a and b else timedelta()


def _told_in_time(one: Response, other: Response) -> bool:
    pairs = ((one.submitted, other.submitted), (one.started, other.started))
    return all(is_shifted(a, b) for a, b in pairs if a and b)
