"""What the seed still holds: the next thing that happens by itself, and the few after it."""

from datetime import datetime
from itertools import islice

from service.sandbox import due
from service.sandbox.look.visit import Visit
from service.sandbox.timeline import Act


def moment(visit: Visit) -> datetime | None:
    """When the next thing happens: an act of the seed, or what falls due by itself."""
    coming = [act.at for act in acts(visit, 1)]
    row = due.first(visit.tenant)
    if row is not None:
        coming.append(datetime.fromisoformat(row["at"]))
    return min(coming, default=None)


def acts(visit: Visit, most: int) -> list[Act]:
    """The next ones, in time order."""
    return list(islice(visit.story.acts, visit.story.next_act, visit.story.next_act + most))
