"""Points of a scale, however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.survey.rules import ONE_TO_SIX, OwnQuestion, Scale
from tests.unit.parse.sheets import KNOWN, SATISFACTION, csv, read, vocabulary
from tests.unit.parse.sheets import given as given_to

FIVE = vocabulary(scale=Scale(1, 5))


@pytest.mark.parametrize(
    ("answer", "of_six", "of_five"),
    [
        ("5", 5, 5), ("5,0", 5, 5), ("5.0", 5, 5), ("6", 6, None), ("0", None, None),
        ("4,5", None, None), ("4.5", None, None), ("55", None, None), ("5 000", None, None),
        ("5 - Mycket nöjd", 5, 5), ("5. Nöjd", 5, 5), ("5: nöjd", 5, 5), ("5 = nöjd", 5, 5),
        ("Nöjd (5)", 5, 5), ("4 av 6", 4, None), ("4 av 5", None, 4), ("3/6", 3, None),
        ("★★★★☆", None, 4), ("★★★★☆☆", 4, None), ("★★★★", 4, 4), ("⭐⭐⭐", 3, 3),
        ("☆☆☆☆☆", None, None),
        ("Mycket nöjd", 6, 5), ("NÖJD", 5, 4), ("Ganska nöjd", 4, 4), ("ganska missnöjd", 3, 2),
        ("Varken nöjd eller missnöjd", None, 3), ("Svært fornøyd", 6, 5), ("misfornøyd", 2, 2),
        ("Verken enig eller uenig", None, 3), ("Strongly agree", 6, 5), ("Neutral", None, 3),
        ("Vet ej", None, None), ("2023-03-08", None, None), ("3-4", None, None),
        ("5 personer från kommunen", 5, 5), ("", None, None),
    ],
)  # fmt: skip
def test_ways_to_write_a_point(answer: str, of_six: int | None, of_five: int | None) -> None:
    """A word that both scales have is read by the network's own."""
    assert (KNOWN.rating(answer), FIVE.rating(answer)) == (of_six, of_five)


@given(st.integers(0, 10), st.sampled_from(["{}", "{}.0", "{},0", "{} - ord", " {} ", "{}.00"]))
def test_numbers(point: int, shape: str) -> None:
    """A number is its point on the scale, and none off it, in any shape."""
    assert KNOWN.rating(shape.format(point).strip()) == (
        point if point in ONE_TO_SIX.points else None
    )


@pytest.mark.parametrize("scale", [Scale(1, 4), Scale(1, 5), Scale(1, 6)])
def test_words_span_the_scale(scale: Scale) -> None:
    """Every scale that has words has one for each of its ends, in every language."""
    known = vocabulary(scale=scale)
    for low, high in (
        ("mycket missnöjd", "mycket nöjd"), ("svært misfornøyd", "svært fornøyd"),
        ("very dissatisfied", "very satisfied"),
    ):  # fmt: skip
        assert (known.rating(low), known.rating(high)) == (scale.low, scale.high)


def test_words_of_another_scale() -> None:
    """A column with the middle of five is not of six: none of its words count, numbers would."""
    content = csv(
        ["ID", "Slutförandetid", SATISFACTION],
        [1, "2023-03-08", "Nöjd"],
        [2, "2023-03-08", "Varken nöjd eller missnöjd"],
    )
    assert given_to(read(content), SATISFACTION) == ["Nöjd", "Varken nöjd eller missnöjd"]
    assert any("another scale" in warning for warning in read(content).warnings)
    assert given_to(read(content, FIVE), SATISFACTION) == ["4", "3"]


def test_no_opinion() -> None:
    """ "Vet ej" is an answer without a point, and no mistake."""
    rows = [[1, "2023-03-08", 5, 4], [2, "2023-03-08", "Vet ej", "Ingen åsikt"]]
    sheet = read(csv(["ID", "Slutförandetid", SATISFACTION, "Maten"], *rows))
    assert [one.meaning.value for one in sheet.questions] == ["satisfaction", "rating"]
    assert not any("not on the scale" in warning for warning in sheet.warnings)


def test_own_question_and_scale() -> None:
    """A network's own wording is known, and its scale stands with the question."""
    own = OwnQuestion(key="satisfaction", meaning="satisfaction", wordings=("Ble det bra?",))
    known = vocabulary(scale=Scale(1, 5), questions=(own,))
    sheet = read(csv(["ID", "Fullført", "Ble det bra?"], [1, "2023-03-08", "Enig"]), known)
    assert (sheet.questions[0].standing, sheet.questions[0].scale) == ("satisfaction", Scale(1, 5))
    assert given_to(sheet, "Ble det bra?") == ["4"]


def test_own_wording_beside_the_usual() -> None:
    """Two questions of one meaning: the first is the standing one, under whatever key."""
    own = OwnQuestion(key="nojd", meaning="satisfaction", wordings=("Blev det bra?",))
    sheet = read(
        csv(["ID", "Blev det bra?", SATISFACTION], [1, 5, 4]), vocabulary(questions=(own,))
    )
    assert [one.meaning.value for one in sheet.questions] == ["satisfaction", "rating"]
