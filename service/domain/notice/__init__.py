"""What coordinators are told in their own channel, and when."""

from service.domain.notice.facts import (
    Awaiting,
    Credential,
    CredentialKind,
    Doubtful,
    Filed,
    Links,
    Notice,
    NoticeFacts,
    NoticeRules,
    Refusal,
    Removed,
    Told,
    Unplaced,
    notice_rules_from,
)
from service.domain.notice.planning import (
    EXPIRY,
    LAPSE,
    SUMMARY,
    is_summary_due,
    lapses_soon,
    plan_notices,
)

__all__ = [
    "EXPIRY",
    "LAPSE",
    "SUMMARY",
    "Awaiting",
    "Credential",
    "CredentialKind",
    "Doubtful",
    "Filed",
    "Links",
    "Notice",
    "NoticeFacts",
    "NoticeRules",
    "Refusal",
    "Removed",
    "Told",
    "Unplaced",
    "is_summary_due",
    "lapses_soon",
    "notice_rules_from",
    "plan_notices",
]
