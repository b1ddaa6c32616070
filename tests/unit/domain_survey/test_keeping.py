"""A workbook that shows less, or others, than before: nothing is lost by mishap."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.domain.survey.keeping import succeed
from service.domain.survey.responses import Response
from tests.unit.domain_survey.test_reconciling import TEN, made, response


def test_what_was_taken_back_is_gone() -> None:
    """A few rows less: somebody has deleted them in the form."""
    found = succeed(TEN, TEN[2:])
    assert (found.responses, found.held, found.ended) == (tuple(TEN[2:]), frozenset(), ())


def test_an_emptied_workbook_loses_nothing() -> None:
    """Its answers stay, and go on staying when new ones come, until a person says so."""
    emptied = succeed(TEN, [])
    assert emptied.responses == tuple(TEN)
    later = succeed(emptied.responses, [response(11)], held=emptied.held)
    assert len(later.responses) == 11

    assert len(later.held) == 10
    said = succeed(later.responses, [response(11)], held=later.held, anyway=True)
    assert [one.id for one in said.responses] == ["11"]


def test_a_trial_answer_that_was_deleted_is_gone() -> None:
    """One answer, deleted, and many that came after it: that is no mishap."""
    assert succeed([response(1)], TEN[1:]).responses == tuple(TEN[1:])


def test_many_that_others_took_the_place_of_are_held() -> None:
    """The answers of one meeting deleted, those of the next already there: a form used again."""
    later = [response(number) for number in range(11, 17)]
    found = succeed(TEN, later)
    assert (len(found.responses), len(found.held)) == (16, 10)


def test_what_comes_back_is_no_longer_held() -> None:
    """A workbook that was cut short by mistake, and restored."""
    short = succeed(TEN, TEN[:2])
    whole = succeed(short.responses, TEN, held=short.held)
    assert (whole.responses, whole.held) == (tuple(TEN), frozenset())


def test_a_form_started_afresh_keeps_both() -> None:
    """Ids count from 1 again, at other times: what was there before stays by itself."""
    anew = [
        replace(one, submitted=one.submitted + timedelta(days=1), started=None) for one in TEN[:3]
    ]
    found = succeed(TEN, anew)
    assert (found.responses, found.ended) == (tuple(anew), tuple(TEN))
    assert succeed(TEN[4:], TEN[:3]).ended == tuple(TEN[4:])


def test_another_sheet_without_ids_is_another() -> None:
    """Nothing in common: the file was overwritten with other answers."""
    one, other = [made(response(1))], [made(response(2))]
    assert succeed(one, other).ended == tuple(one)
    assert succeed(one, [*one, *other]).ended == ()


def test_edits_are_the_same_form() -> None:
    """Most responses are as they were."""
    edited = [replace(TEN[0], answers={"Nöjd?": "1"}), *TEN[1:]]
    assert succeed(TEN, edited).responses == tuple(edited)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.data())
def test_however_a_workbook_grows(sizes: list[int], data: st.DataObject) -> None:
    """Read at whatever moments, and edited in between: it is held as it was read last."""
    kept: tuple[Response, ...] = ()
    for size in sorted(sizes):
        now = [response(n, data.draw(st.integers(1, 6))) for n in range(1, size + 1)]
        found = succeed(kept, data.draw(st.permutations(now)))
        assert (found.held, found.ended) == (frozenset(), ())
        kept = found.responses
        assert sorted(kept, key=lambda one: int(one.id)) == now
