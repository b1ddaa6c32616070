"""
Copies that the service makes from one library to another: no byte passes here.

The service answers with the address of a monitor, which is written down at once: a copy
goes on while we are away. A monitor that is lost is made up for by looking under the
target's name (`Drives.copy_progress`).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from service.errors import CopyRefused, Forbidden, StillCopying
from service.observe import SeenItem
from service.ports import Copied, Copying, CopyLost, Effect, Target
from service.workplace import Workplace

MONITOR, BEGUN = "monitor", "copy_begun"
PATIENCE = timedelta(minutes=3)
"""So long one run waits for a copy; the next one goes on."""
DEADLINE = timedelta(hours=24)
"""After so long a copy is given up, and the file is read and written instead."""
FIRST_LOOK, LONGEST_PAUSE = 1.0, 30.0


async def copied(item: SeenItem, target: Target, effect: Effect, at: Workplace) -> SeenItem | None:
    """
    Have the service copy a file; None where it has to be read and written instead.

    Raises StillCopying where the next run has to go on, Conflict where the name is taken.
    """
    if effect.upload is not None:
        return None  # it is being read and written already
    try:
        effect = await _begun(item, target, effect, at)
        return await _awaited(item, target, effect, at)
    except (CopyRefused, Forbidden):
        return None


async def _begun(item: SeenItem, target: Target, effect: Effect, at: Workplace) -> Effect:
    if effect.baseline.get(BEGUN):
        return effect
    # Written down before: where the answer is lost, the copy is looked for by its name.
    effect = await _noted(effect, at, {MONITOR: "", BEGUN: at.clock.now().isoformat()})
    monitor = await at.drives.begin_copy(item, target)
    return await _noted(effect, at, {MONITOR: monitor})


async def _noted(effect: Effect, at: Workplace, facts: dict[str, object]) -> Effect:
    effect = replace(effect, baseline={**effect.baseline, **facts}, updated=at.clock.now())
    await at.ledger.keep(effect)
    return effect


async def _awaited(
    item: SeenItem, target: Target, effect: Effect, at: Workplace
) -> SeenItem | None:
    since = datetime.fromisoformat(str(effect.baseline[BEGUN]))
    monitor = str(effect.baseline[MONITOR])
    pause, until = FIRST_LOOK, at.clock.now() + PATIENCE
    while True:
        match await at.drives.copy_progress(item, target, monitor, since=since):
            case Copied(item=there):
                return there
            case CopyLost():
                return None
            case Copying(percent=percent):
                now = at.clock.now()
                if now >= since + DEADLINE:
                    return None
                if now >= until:
                    raise StillCopying(item.name, f"The service is at {percent:.0f} %.")
        await at.clock.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
