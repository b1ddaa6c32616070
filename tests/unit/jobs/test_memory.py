"""What need not be worked out twice."""

from service.memory import Memory


def test_memory() -> None:
    """Worked out once for the very same parts, anew for others, apart for each subject."""
    memory, work = Memory(), iter("abcd")
    part, other = object(), object()

    def recall(subject: str, *parts: object) -> str:
        return memory.recall(subject, parts, lambda: next(work))

    assert [recall("s", part), recall("s", part)] == ["a", "a"]
    assert recall("t", part) == "b"
    assert recall("s", other) == "c"
    assert recall("s", part) == "d"


def test_memory_goes_by_identity() -> None:
    """Equal is not the same: it errs towards working out again, never towards an old result."""
    memory, work = Memory(), iter("ab")
    one, equal = ["x"], ["x"]

    assert memory.recall("s", (one,), lambda: next(work)) == "a"
    assert memory.recall("s", (equal,), lambda: next(work)) == "b"
    assert memory.recall("s", (equal, None), lambda: "longer") == "longer"
