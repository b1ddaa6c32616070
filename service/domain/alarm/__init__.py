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
from service.domain.alarm.verdict import Verdict, verdict

__all__ = [
    "AGAIN_AFTER",
    "QUIET",
    "Alarm",
    "Decision",
    "Telling",
    "Verdict",
    "all_told",
    "decide",
    "patience",
    "thing_of",
    "verdict",
]
