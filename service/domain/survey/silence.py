"""
Answers that stop coming while meetings go on.

A form handed to a group loses its flow without a word, and a workbook may cease to be kept
up to date: only its silence tells.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.meeting import Meeting, Status

_WAIT = timedelta(days=3)
"""So long after a meeting answers may be on their way."""
_MEETINGS = 2
"""One meeting that nobody answers about is no sign yet."""


@dataclass(frozen=True)
class Silence:
    since: datetime
    """When the last answer to anything was sent in, UTC."""
    meetings: int
    """Held since then, with a link to a survey."""


def silence(
    meetings: Sequence[Meeting], submitted: Iterable[datetime], now: datetime
) -> Silence | None:
    """Tell since when nobody has answered, where that is strange."""
    last = max(submitted, default=None)
    if last is None:
        return None
    unheard = [
        one
        for one in meetings
        if one.status is Status.HELD and one.survey_link and one.expects_survey is not False
        if last < one.end <= now - _WAIT
    ]
    return Silence(last, len(unheard)) if len(unheard) >= _MEETINGS else None
