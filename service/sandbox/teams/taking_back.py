"""
Taking a message back, and the other way: `softDelete` and `undoSoftDelete` (graph docs).

Both are for people alone. What they answer where there is nothing to do is not told; it is
taken to be what every other call says of a message that is not there.
"""

from service.sandbox.store import Row
from service.sandbox.teams import threads
from service.sandbox.teams.messages import message_of
from service.sandbox.wire import Answer, Call, GraphError


def soft_delete(call: Call) -> Answer:
    row = _own(call)
    if row["deleted_at"] is not None:
        raise GraphError(404, "NotFound", "NotFound")
    threads.delete(call.tenant, row)
    return Answer(status=204)


def undo_soft_delete(call: Call) -> Answer:
    row = _own(call)
    if row["deleted_at"] is None:
        raise GraphError(404, "NotFound", "NotFound")
    threads.restore(call.tenant, row)
    return Answer(status=204)


def _own(call: Call) -> Row:
    row = message_of(call)
    assert call.person is not None
    if row["author"] != f"user:{call.person.id}":
        raise GraphError(403, "Forbidden", "Only the sender of a message may delete it.")
    return row
