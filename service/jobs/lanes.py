"""
Which actions of a plan may run beside each other: pure.

Names, twins and folders hang on the order within a meeting, and on nothing outside it. So
one meeting's filing is a lane, in the plan's order; lanes run side by side.
"""

from service.domain.actions import Action, FromRecording, Leave, Unread

Numbered = tuple[int, Action]
"""An action and its place in the plan."""
Lane = tuple[Numbered, ...]
Stage = tuple[Lane, ...]
"""Lanes that may run side by side; the next stage begins when all have ended."""

LARGE = 16 << 20
"""Bytes. An attachment is in memory while it is filed."""


def lane(action: Action) -> str:
    """Name the lane that an action belongs to; empty for one that runs by itself."""
    meeting_id = getattr(action, "meeting_id", None)
    if meeting_id is None:
        return ""
    folder = getattr(action, "folder", None)
    return meeting_id or (folder.key if folder else "")


def stages(actions: tuple[Action, ...]) -> tuple[Stage, ...]:
    """Cut a plan into stages: neighbours with a lane are one, every other is its own."""
    cut: list[dict[str, list[Numbered]]] = []
    beside = False
    for number, action in enumerate(actions):
        if isinstance(action, Leave | Unread):
            continue
        name = lane(action)
        if not (name and beside):
            cut.append({})
        cut[-1].setdefault(name, []).append((number, action))
        beside = bool(name)
    return tuple(tuple(map(tuple, stage.values())) for stage in cut)


def name_of(action: Action) -> str:
    """What a person knows the file by."""
    item = getattr(action, "item", None)
    return str(getattr(action, "name", None) or getattr(item, "name", ""))


def size_of(action: Action) -> int | None:
    """Bytes to be stored: none where a file is only moved; None where nobody knows yet."""
    source = getattr(action, "source", None)
    if source is None:
        return 0
    origin = getattr(source, "attachment", None) or getattr(source, "item", None)
    return origin.size if origin is not None else None


def is_large(action: Action) -> bool:
    """Tell whether one at a time is enough: it fills the line, and some memory."""
    is_recording = isinstance(getattr(action, "source", None), FromRecording)
    return is_recording or (size_of(action) or 0) > LARGE
