"""Storing into a library that misbehaves, with a ledger that may die."""

from service.graph.ranges import FIRST
from service.ports import Target, UploadState
from tests.contract.graph.fakes import FakeClock, gateway, quick_xor

THREE = 3 * FIRST + 12_345
"""Bytes of a file of three ranges, the second twice as large as the first."""
BORDERS = (0, FIRST, 3 * FIRST)
TARGET = Target(drive_id="d", parent_id="parent", name="insp.mp4")


class Kept:
    """Keeps the states as a ledger would; can die when it is told one."""

    def __init__(self, die_at: int | None = None) -> None:
        self.states: list[UploadState] = []
        self.die_at = die_at

    async def __call__(self, state: UploadState) -> None:
        self.states.append(state)
        if len(self.states) == self.die_at:
            raise KeyboardInterrupt


async def store(library, content, *, resume=None, keep=None, target=TARGET, clock=None):
    async with gateway(library, clock or FakeClock()) as tenant:
        return await tenant.drives().store(target, content, resume=resume, keep=keep)


def check(library, stored, data, name="insp.mp4"):
    assert library.items[name] == data
    assert stored.sent_bytes == len(data)
    assert stored.sent_hash == quick_xor(data)
    assert stored.item.quick_xor_hash == stored.sent_hash
    assert library.tokens_elsewhere == []
