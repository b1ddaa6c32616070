"""What administrators are told without asking: what to tell, when, once, and that it is over."""

from service.domain.alarm.card import all_told
from service.domain.alarm.decision import (
    AGAIN_AFTER,
    QUIET,
    Alarm,
    Decision,
    Telling,
    decide,
    patience,
    thing_of,
)

__all__ = [
    "AGAIN_AFTER",
    "QUIET",
    "Alarm",
    "Decision",
    "Telling",
    "all_told",
    "decide",
    "patience",
    "thing_of",
]
