"""A post by a flow, and everything that can go wrong: each answer, each moment to die at."""

from collections.abc import Iterator

import pytest

from service.domain.routes import InDoubt
from service.effects.posting import DOUBTFUL
from service.ports import Status
from tests.acceptance.posting import (
    FAULTS,
    NOTHING_AFTER_IT,
    NOTHING_WRONG,
    WORKFLOW,
    Stage,
    play,
    staged,
)

ANSWERS = {
    "nothing wrong": NOTHING_WRONG,
    "202 and nothing after it": NOTHING_AFTER_IT,
    **FAULTS,
}
SURELY_SENT = {"nothing wrong", "429 for ten minutes"}
"""Where even a channel that cannot be read gets the post."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("posts"), WORKFLOW) as made:
        yield made


# ---------------------------------------------------------------- the channel can be read


@pytest.mark.parametrize("fault", ANSWERS)
async def test_whatever_the_answer(stage: Stage, fault: str) -> None:
    """Read back, a post is in the channel once, whatever the flow answered, and known to be."""
    result = await play(stage, ANSWERS[fault], reads=True)

    assert result.struck or fault not in FAULTS
    assert result.there == 1
    assert result.effect.status is Status.DONE
    assert result.effect.remote_id


@pytest.mark.parametrize(
    "fault",
    [
        "nothing wrong",
        pytest.param("504 after posting", marks=pytest.mark.proof),
        pytest.param("504 before posting", marks=pytest.mark.proof),
    ],
)
async def test_killed_at_every_point(stage: Stage, fault: str) -> None:
    """Wherever the process ends between claim and proof, the post is there once in the end."""
    whole = await play(stage, ANSWERS[fault], reads=True, end_at=0)
    assert whole.boundaries >= 6
    for end_at in range(1, whole.boundaries + 1):
        result = await play(stage, ANSWERS[fault], reads=True, end_at=end_at)

        assert result.there == 1, end_at
        assert result.effect.status is Status.DONE, end_at


# ---------------------------------------------------------------- it cannot be read


@pytest.mark.parametrize("fault", ANSWERS)
async def test_at_most_once(stage: Stage, fault: str) -> None:
    """Unread, a post is never sent twice; where no answer came, the doubt is kept."""
    result = await play(stage, ANSWERS[fault], reads=False)

    assert result.there <= 1
    assert result.there == 1 or fault not in SURELY_SENT
    if "504" in fault or "cut" in fault:
        assert result.effect.reason == DOUBTFUL


@pytest.mark.parametrize("fault", ANSWERS)
async def test_at_least_once(stage: Stage, fault: str) -> None:
    """Chosen so, what got no answer is sent again: it is there, once or twice."""
    result = await play(stage, ANSWERS[fault], reads=False, in_doubt=InDoubt.AGAIN)

    if fault == "202 and nothing after it":
        assert result.there == 0  # accepted is accepted: the flow's owner has to see to it
    else:
        assert 1 <= result.there <= 2
    assert result.there == 1 or "after" in fault


@pytest.mark.proof
async def test_killed_and_unread(stage: Stage) -> None:
    """Wherever the process ends, an unread channel never holds a post twice."""
    whole = await play(stage, NOTHING_WRONG, reads=False, end_at=0)
    for end_at in range(1, whole.boundaries + 1):
        result = await play(stage, NOTHING_WRONG, reads=False, end_at=end_at)

        assert result.there <= 1, end_at
