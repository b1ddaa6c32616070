"""
The same responses by several ways, each person once.

A workbook, a list that a flow fills and an exported file may tell the same responses: twice
after a retry, without what was sent in while a flow was off, or as they were before somebody
edited them. Nothing here depends on the order in which they were told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from service.domain.survey.matching import (
    Groups,
    Row,
    answers_agree,
    join_by_id,
    join_without_id,
    plain,
    same_forms,
)
from service.domain.survey.responses import Meaning, Question, Response, SourceKind, SourceRead

_KINDS = (SourceKind.WORKBOOK, SourceKind.LIST, SourceKind.EXPORT)
_CUT_OFF = 60
"""A heading at least so long may be the beginning of a longer one: lists cut them off."""
_ONE_EACH = {Meaning.SATISFACTION, Meaning.USEFULNESS}
_NEVER = datetime.min.replace(tzinfo=UTC)
_Rank = tuple[SourceKind, datetime]
"""What a source is, and the latest moment that it tells of."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one source tells of a meeting or a year, its rows in order."""

    read: SourceRead
    questions: tuple[Question, ...]
    responses: tuple[Response, ...]
    since: datetime
    """When the source was first seen."""
    form: str = ""
    """The form's name, without the marks of copies."""


@dataclass(frozen=True, kw_only=True)
class Reconciled:
    """Each response once, and where it was taken from."""

    questions: tuple[Question, ...] = ()
    used: tuple[tuple[Response, SourceRead], ...] = ()
    """No two have the same id, and ids stay as they are when another source comes."""
    sources: tuple[SourceRead, ...] = ()
    repeated: int = 0
    """Rows that tell once more what another row tells."""
    edited: int = 0
    """Responses told with different answers: the later ones count."""
    forms: int = 0
    """Of more than one the answers are added up."""


def reconcile(sources: Iterable[Told]) -> Reconciled:
    """Put the sources of one meeting, or of one year, together."""
    told = sorted(sources, key=_rank)
    questions, keys = _questions(told)
    rows = [
        Row(number, _rekeyed(response, keys[number]))
        for number, source in enumerate(told)
        for response in source.responses
    ]
    same = same_forms(rows, [plain(source.form) for source in told])
    groups = Groups([row.source for row in rows])
    join_by_id(rows, same, groups)
    join_without_id(rows, [set(own.values()) for own in keys], groups)
    one_each: dict[int, list[Row]] = defaultdict(list)
    for number, row in enumerate(rows):
        one_each[groups.of(number)].append(row)
    responses = list(one_each.values())
    ranks = [(source.read.kind, _newest(source)) for source in told]
    chosen = [_chosen(group, ranks, keys) for group in responses]
    ids = _ids(responses, told, same)
    counts = Counter(row.source for row in chosen)
    reads = [replace(source.read, used=counts[n]) for n, source in enumerate(told)]
    return Reconciled(
        questions=questions,
        used=tuple(
            (replace(row.response, id=id_), reads[row.source])
            for row, id_ in zip(chosen, ids, strict=True)
        ),
        sources=tuple(reads),
        repeated=len(rows) - len(responses),
        edited=sum(_was_edited(group) for group in responses),
        forms=_forms(responses, told, same),
    )


def _rank(told: Told) -> tuple[int, datetime, str]:
    """A workbook shows the form as it now stands; the others are of some moment."""
    return _KINDS.index(told.read.kind), told.since, told.read.id


# ---------------------------------------------------------------- questions


def _questions(
    told: Sequence[Told],
) -> tuple[tuple[Question, ...], list[Mapping[str, str]]]:
    """All questions in the order of the first source that has them, and each source's keys."""
    found: list[Question] = []
    keys: list[Mapping[str, str]] = []
    for source in told:
        own: dict[str, str] = {}
        before = tuple(found)
        for question in source.questions:
            same = _known(question, before, own.values())
            if same is None:
                same = replace(question, key=_free(question.key, {one.key for one in found}))
                found.append(same)
            own[question.key] = same.key
        keys.append(own)
    return tuple(found), keys


def _known(question: Question, among: Sequence[Question], taken: Iterable[str]) -> Question | None:
    """The question that this one is, though another form words it otherwise."""
    used = set(taken)
    free = [one for one in among if one.key not in used]
    for is_same in (_is_worded_so, _means_the_same):
        for one in free:
            if is_same(question, one):
                return one
    return None


def _is_worded_so(one: Question, other: Question) -> bool:
    short, long = sorted((plain(one.key), plain(other.key)), key=len)
    return short == long or (len(short) >= _CUT_OFF and long.startswith(short))


def _means_the_same(one: Question, other: Question) -> bool:
    if one.meaning is not other.meaning or one.scale != other.scale:
        return False
    return one.meaning in _ONE_EACH or bool(one.standing and one.standing == other.standing)


def _free(key: str, taken: set[str]) -> str:
    name, number = key, 1
    while name in taken:
        number += 1
        name = f"{key} [{number}]"
    return name


def _rekeyed(response: Response, keys: Mapping[str, str]) -> Response:
    answers = {keys.get(key, key): text for key, text in response.answers.items()}
    return response if answers == response.answers else replace(response, answers=answers)


# ---------------------------------------------------------------- what of a response counts


def _chosen(group: Sequence[Row], ranks: Sequence[_Rank], keys: Sequence[Mapping[str, str]]) -> Row:
    """The latest word, with the answers to questions that its own source does not have."""
    if len(group) == 1:
        return group[0]
    versions = Counter(row.source for row in group)
    numbered = sorted(
        enumerate(group),
        key=lambda one: _lateness(one[1], ranks, versions[one[1].source], place=one[0]),
        reverse=True,
    )
    latest, *earlier = (row for _, row in numbered)
    answers = dict(latest.response.answers)
    asked = set(keys[latest.source].values())
    for row in earlier:
        for key, text in row.response.answers.items():
            if key not in asked:
                answers.setdefault(key, text)
    return replace(latest, response=replace(latest.response, answers=answers))


def _lateness(
    row: Row, ranks: Sequence[_Rank], versions: int, *, place: int
) -> tuple[datetime, int, datetime, int]:
    """
    How late a word is, where the sheet does not tell when it was changed.

    A workbook is kept up to date by Forms, a list has a second row of what was edited, and a
    list's only row is as old as the response; an export is somewhere between.
    """
    kind, newest = ranks[row.source]
    by_kind = {
        SourceKind.WORKBOOK: 3,
        SourceKind.LIST: 2 if versions > 1 else 0,
        SourceKind.EXPORT: 1,
    }
    moment = row.response.changed or _NEVER
    return moment, by_kind[kind], newest, place


def _newest(told: Told) -> datetime:
    """No source is older than what it tells."""
    moments = (one.changed or one.submitted for one in told.responses)
    return max((moment for moment in moments if moment), default=_NEVER)


def _was_edited(group: Sequence[Row]) -> bool:
    first, *others = (row.response for row in group)
    return any(not answers_agree(first, other) for other in others)


# ---------------------------------------------------------------- ids and forms


def _ids(groups: Sequence[Sequence[Row]], told: Sequence[Told], same: Groups) -> list[str]:
    """As Forms numbers them; of a form that came later, with that form's number before it."""
    numbers = _numbers_of_forms(groups, told, same)
    taken: set[str] = set()
    found = []
    for group in groups:
        row = next((row for row in group if row.has_id), group[0])
        number = numbers[same.of(row.source)] if row.has_id else 1
        id_ = row.response.id if number == 1 else f"{number}/{row.response.id}"
        id_ = _free(id_, taken)
        taken.add(id_)
        found.append(id_)
    return found


def _numbers_of_forms(
    groups: Sequence[Sequence[Row]], told: Sequence[Told], same: Groups
) -> Mapping[int, int]:
    """By when they were first seen; one whose ids are no other form's counts with the first."""
    ids: dict[int, set[str]] = defaultdict(set)
    seen: dict[int, tuple[datetime, str]] = {}
    for number, source in enumerate(told):
        form, when = same.of(number), (source.since, source.read.id)
        seen[form] = min(seen.get(form, when), when)
    for group in groups:
        for row in group:
            if row.has_id:
                ids[same.of(row.source)].add(row.response.id)
    numbers: dict[int, int] = {}
    taken: set[str] = set()
    for form in sorted(seen, key=lambda form: seen[form]):
        alone = not (ids[form] & taken)
        numbers[form] = 1 if alone else max(numbers.values()) + 1
        taken |= ids[form]
    return numbers


def _forms(groups: Sequence[Sequence[Row]], told: Sequence[Told], same: Groups) -> int:
    """How many forms there are: sources with nothing in common are one if called the same."""
    number_of = _numbers_of_forms(groups, told, same)
    one = Groups(range(len(told)))
    for group in groups:
        for row in group[1:]:
            one.join(group[0].source, row.source)
    named: dict[tuple[int, str], int] = {}
    for number, source in enumerate(told):
        name = (number_of[same.of(number)], plain(source.form))
        one.join(named.setdefault(name, number), number)
    return len({one.of(number) for number, source in enumerate(told) if source.responses})
