"""
Reminders: which posts about meetings, the yearly survey and the year's plan are due.

Rules and limits are data (`policy_from`), what is known is a `Situation`, and `plan` is a
pure function of both, of what has been posted, and of the time.
"""

from service.domain.reminder.facts import (
    Links,
    MeetingFacts,
    PlanFacts,
    Previous,
    Situation,
    YearlyFacts,
)
from service.domain.reminder.planning import outlook, plan
from service.domain.reminder.reading import policy_from
from service.domain.reminder.rules import (
    Already,
    Anchor,
    Audience,
    Condition,
    Limits,
    Offset,
    Policy,
    PostKind,
    Rule,
    Unit,
)
from service.domain.reminder.timing import next_open

__all__ = [
    "Already",
    "Anchor",
    "Audience",
    "Condition",
    "Limits",
    "Links",
    "MeetingFacts",
    "Offset",
    "PlanFacts",
    "Policy",
    "PostKind",
    "Previous",
    "Rule",
    "Situation",
    "Unit",
    "YearlyFacts",
    "next_open",
    "outlook",
    "plan",
    "policy_from",
]
