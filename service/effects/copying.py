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
    try:
        effect = await _begun(item, target, effect, at)
        return await _awaited(item, target, effect, at)
    except (CopyRefused, Forbidden):
        return None


async def _begun(item: SeenItem, target: Target, effect: Effect, at: Workplace) -> Effect:
    if effect.baseline.get(MONITOR):
        return effect
    monitor = await at.drives.begin_copy(item, target)
    now = at.clock.now()
    facts = {**effect.baseline, MONITOR: monitor, BEGUN: now.isoformat()}
    effect = replace(effect, baseline=facts, updated=now)
    await at.ledger.keep(effect)
    return effect


async def _awaited(
    item: SeenItem, target: Target, effect: Effect, at: Workplace
) -> SeenItem | None:
    pause, until = FIRST_LOOK, at.clock.now() + PATIENCE
    given_up = datetime.fromisoformat(str(effect.baseline[BEGUN])) + DEADLINE
    while True:
        match await at.drives.copy_progress(item, target, str(effect.baseline[MONITOR])):
            case Copied(item=there):
                return there
            case CopyLost():
                return None
            case Copying(percent=percent):
                now = at.clock.now()
                if now >= given_up:
                    return None
                if now >= until:
                    raise StillCopying(item.name, f"The service is at {percent:.0f} %.")
        await at.clock.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
