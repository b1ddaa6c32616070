"""
The weekly letter: what is coming, what was filed, which questions wait, which links were shared.

One a week at most, on Monday morning, and none where nothing is new.
"""

from service.domain.digest.facts import (
    DigestFacts,
    DigestRules,
    Filed,
    Registered,
    Result,
    SectionKind,
    digest_rules_from,
)
from service.domain.digest.planning import plan_digest
from service.domain.digest.talk import remembered, waits_for_answer, worth_remembering

__all__ = [
    "DigestFacts",
    "DigestRules",
    "Filed",
    "Registered",
    "Result",
    "SectionKind",
    "digest_rules_from",
    "plan_digest",
    "remembered",
    "waits_for_answer",
    "worth_remembering",
]
