"""The same responses by three ways, in any order, late, twice, edited: each person once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from service.domain.survey.figures import figures
from service.domain.survey.reconciling import Reconciled, Told, reconcile
from service.domain.survey.responses import Meaning, Question, Response, SourceKind, SourceRead

NOON = datetime(2023, 3, 8, 12, 0, 7, tzinfo=UTC)
PLEASED = Question(key="Nöjd?", text="Nöjd?", position=5, meaning=Meaning.SATISFACTION)
OTHER = Question(key="Övrigt", text="Övrigt", position=6, meaning=Meaning.TEXT)
BOOK, LIST, EXPORT = SourceKind.WORKBOOK, SourceKind.LIST, SourceKind.EXPORT


def response(number: int, point: int = 5, **other: object) -> Response:
    """Sent in so many minutes and odd seconds after noon."""
    sent = NOON + timedelta(seconds=97 * number)
    plain = Response(
        id=str(number),
        started=sent - timedelta(seconds=61),
        submitted=sent,
        answers={"Nöjd?": str(point), "Övrigt": f"tack {number}"},
        row=number + 1,
    )
    return replace(plain, **other)


def told(
    kind: SourceKind,
    responses: Sequence[Response],
    *,
    name: str = "Utvärdering",
    day: int = 0,
    questions: tuple[Question, ...] = (PLEASED, OTHER),
) -> Told:
    since = NOON + timedelta(days=day)
    return Told(
        read=SourceRead(
            kind=kind,
            id=f"{kind}-{name}-{day}",
            name=name,
            sha256="",
            read=since,
            raw_rows=len(responses),
            used=0,
        ),
        questions=questions,
        responses=tuple(responses),
        since=since,
        form=name,
    )


def counts(found: Reconciled) -> dict[SourceKind, int]:
    return {source.kind: source.used for source in found.sources}


def points(found: Reconciled) -> list[str]:
    return sorted(one.answers["Nöjd?"] for one, _ in found.used)


TEN = [response(number, 1 + number % 6) for number in range(1, 11)]


# ---------------------------------------------------------------- the same, by several ways


def test_one_form_by_three_ways_is_one() -> None:
    """Workbook, list and export of one form: each response once, from the workbook."""
    found = reconcile([told(EXPORT, TEN[:7]), told(LIST, TEN[3:]), told(BOOK, TEN)])

    assert len(found.used) == 10
    assert counts(found) == {BOOK: 10, LIST: 0, EXPORT: 0}
    assert (found.repeated, found.edited, found.forms) == (14, 0, 1)


def test_each_way_gives_what_the_others_lack() -> None:
    """A flow that was off is made up for by an export."""
    found = reconcile([told(LIST, [*TEN[:4], *TEN[8:]]), told(EXPORT, TEN[:8])])

    assert len(found.used) == 10
    assert sum(source.used for source in found.sources) == 10


def test_two_forms_of_one_meeting_are_added_up() -> None:
    """Their ids are the same, their times are not; and no two responses share an id."""
    others = [
        replace(one, submitted=one.submitted + timedelta(seconds=31), started=None)
        for one in (response(n, 2) for n in range(1, 6))
    ]
    found = reconcile([told(BOOK, TEN), told(BOOK, others, name="På distans", day=1)])

    assert len(found.used) == 15
    assert found.forms == 2
    ids = [one.id for one, _ in found.used]
    assert ids[:10] == [one.id for one in TEN]
    assert len(set(ids)) == 15


def test_two_forms_answered_in_the_same_minutes() -> None:
    """Where seconds are cut, forms of different names are two, unless every answer agrees."""
    room = [made(one, cut=True) for one in TEN]
    room = [replace(one, id=str(number)) for number, one in enumerate(room, 1)]
    far = [replace(one, answers={**one.answers, "Nöjd?": "1"}) for one in room]
    assert len(reconcile([told(BOOK, room), told(EXPORT, far, name="Distans")]).used) == 20
    assert len(reconcile([told(BOOK, room), told(EXPORT, room, name="Svar")]).used) == 10


def test_ids_stay_when_another_form_comes() -> None:
    """What was published before is compared by id: a second form renames nobody."""
    alone = reconcile([told(BOOK, TEN, day=1)])
    others = [
        replace(one, submitted=one.submitted + timedelta(hours=1, seconds=9), started=None)
        for one in TEN
    ]
    both = reconcile([told(BOOK, others, name="A", day=2), told(BOOK, TEN, day=1)])

    assert {one.id for one, _ in alone.used} < {one.id for one, _ in both.used}


def test_a_retried_row_counts_once() -> None:
    """A flow that adds a row twice."""
    found = reconcile([told(LIST, [TEN[0], TEN[1], replace(TEN[1], row=9)])])
    assert (len(found.used), found.repeated, found.edited) == (2, 1, 0)


def test_an_edit_in_a_list_is_its_last_row() -> None:
    """A second row of the same id with other answers replaces the first."""
    found = reconcile([told(LIST, [response(1, 2), response(1, 6, row=3)])])
    assert (points(found), found.edited) == (["6"], 1)


def test_what_was_changed_last_counts() -> None:
    """Where the sheets tell when, the way does not matter."""
    edited = response(1, 6, changed=NOON + timedelta(days=2))
    before = response(1, 2, changed=NOON + timedelta(days=1))
    found = reconcile([told(BOOK, [before]), told(EXPORT, [edited])])
    assert points(found) == ["6"]


def test_an_export_knows_more_than_a_first_row() -> None:
    """A list's only row is as old as the response; an export was made after it."""
    found = reconcile([told(LIST, [response(1, 2)]), told(EXPORT, [response(1, 6)])])
    assert points(found) == ["6"]


def test_a_question_that_a_way_does_not_have() -> None:
    """A list made before a question was added leaves its answers to the others."""
    short = response(1, 6, changed=NOON + timedelta(days=1), answers={"Nöjd?": "6"})
    found = reconcile([told(LIST, [short], questions=(PLEASED,)), told(BOOK, [response(1, 2)])])

    [(one, _)] = found.used
    assert one.answers == {"Nöjd?": "6", "Övrigt": "tack 1"}


def test_questions_are_one_by_wording_or_meaning() -> None:
    """Two forms in two languages ask the same standing question; cut headings are whole ones."""
    pleased = replace(PLEASED, key="How satisfied are you?", text="How satisfied are you?")
    long = "Vad tycker du om upplägget av dagen med föredrag på förmiddagen och besök sedan"
    whole, cut = (replace(OTHER, key=text, text=text) for text in (long, long[:64]))
    found = reconcile(
        [
            told(BOOK, TEN, questions=(PLEASED, OTHER, whole)),
            told(BOOK, (), name="English", day=1, questions=(pleased, cut)),
        ]
    )
    assert [question.key for question in found.questions] == ["Nöjd?", "Övrigt", long]


# ---------------------------------------------------------------- without ids, other clocks


def made(one: Response, number: int = 0, *, cut: bool = False, hours: int = 0) -> Response:
    """As a sheet without ids tells it, in another zone's time or without its seconds."""
    moments = [one.started, one.submitted]
    shown = [moment + timedelta(hours=hours) for moment in moments if moment]
    if cut:
        shown = [moment.replace(second=0) for moment in shown]
    return replace(one, id=f"made-{one.id}-{number}", started=shown[0], submitted=shown[1])


def test_without_ids_times_and_answers_tell() -> None:
    """Also where seconds were cut and the export has another zone's time."""
    for cut in (True, False):
        for hours in (0, -1, 2):
            export = [made(one, cut=cut, hours=hours) for one in TEN]
            found = reconcile([told(BOOK, TEN), told(EXPORT, export)])
            assert len(found.used) == 10


def test_an_export_in_another_zone_by_ids() -> None:
    """The hours differ, the ids and answers do not."""
    export = [replace(made(one, hours=1), id=one.id) for one in TEN]
    assert len(reconcile([told(BOOK, TEN), told(EXPORT, export)]).used) == 10


def test_two_people_may_answer_alike() -> None:
    """In one source different ids are different people, whatever else is the same."""
    twins = [replace(response(1), id=str(number)) for number in (1, 2, 3)]
    assert len(reconcile([told(BOOK, twins)]).used) == 3
    copies = [replace(made(response(1), n, cut=True), answers=twins[0].answers) for n in range(3)]
    found = reconcile([told(BOOK, twins), told(EXPORT, copies)])
    assert len(found.used) == 3
    assert len(reconcile([told(BOOK, twins[:2]), told(EXPORT, copies)]).used) == 3


def test_a_row_without_an_id_that_is_repeated() -> None:
    """The same answers in the same second are one response; in the same minute they may be two."""
    for cut, people in ((False, 1), (True, 2)):
        row = made(response(1), cut=cut)
        assert len(reconcile([told(EXPORT, [row, row])]).used) == people


# ---------------------------------------------------------------- any order


@dataclass(frozen=True)
class Story:
    """Responses, each with its versions, and in which ways each version was told."""

    people: tuple[tuple[Response, ...], ...]
    sources: tuple[Told, ...]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """The last version of each is told by some way at least; everything else is chance."""
    people = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        versions = [
            response(
                number,
                draw(st.integers(1, 6)),
                changed=NOON + timedelta(days=edit) if edit else None,
            )
            for edit in range(draw(st.integers(1, 3)))
        ]
        people.append(tuple(versions))
    ways: list[list[Response]] = [[] for _ in range(draw(st.integers(1, 4)))]
    for versions in people:
        ways[draw(st.integers(0, len(ways) - 1))].append(versions[-1])
        for version in versions:
            for way in ways:
                way.extend([version] * draw(st.integers(0, 2)))
    kinds = [BOOK, LIST, EXPORT, EXPORT]
    cut = [draw(st.booleans()) for _ in ways]
    sources = []
    for number, way in enumerate(ways):
        rows = draw(st.permutations(way))
        shown = [replace(made(one, cut=cut[number]), id=one.id) for one in rows]
        one = told(kinds[number], shown, day=draw(st.integers(0, 9)))
        sources.append(replace(one, read=replace(one.read, id=f"source {number}")))
    return Story(tuple(people), tuple(sources))


@given(stories())
def test_any_way_gives_the_figures_of_one_clean_workbook(story: Story) -> None:
    """Order, batching, duplication, edits and late arrival change nothing."""
    clean = [versions[-1] for versions in story.people]
    found = reconcile(story.sources)
    again = reconcile(reversed(story.sources))

    assert figures((one for one, _ in found.used), PLEASED) == figures(clean, PLEASED)
    assert sum(source.used for source in found.sources) == len(clean)
    assert found == again


@given(st.lists(st.integers(1, 6), min_size=1, max_size=20), st.data())
def test_without_ids_a_part_that_comes_twice_adds_nothing(
    given_points: list[int], data: st.DataObject
) -> None:
    """Any two exports without ids that overlap: each person once, the mean as it was."""
    everybody = [made(response(n, point)) for n, point in enumerate(given_points, 1)]
    parts = [data.draw(st.sets(st.sampled_from(range(len(everybody))))) for _ in range(2)]
    rest = set(range(len(everybody))) - parts[0]
    exports = [
        told(EXPORT, [everybody[n] for n in sorted(part)], day=day)
        for day, part in enumerate((parts[0], parts[1] | rest))
    ]
    found = reconcile(exports)
    counted = figures((one for one, _ in found.used), PLEASED)

    assert counted.mean == Fraction(sum(given_points), len(given_points))
    assert len(found.used) == len(everybody)
