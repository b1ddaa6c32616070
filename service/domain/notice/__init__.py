"""What coordinators are told in their own channel, and when."""

from service.domain.notice.facts import (
    Filed,
    Links,
    Notice,
    NoticeFacts,
    NoticeRules,
    Removed,
    Told,
    Unplaced,
    notice_rules_from,
)
from service.domain.notice.planning import EXPIRY, SUMMARY, is_summary_due, plan_notices

__all__ = [
    "EXPIRY",
    "SUMMARY",
    "Filed",
    "Links",
    "Notice",
    "NoticeFacts",
    "NoticeRules",
    "Removed",
    "Told",
    "Unplaced",
    "is_summary_due",
    "notice_rules_from",
    "plan_notices",
]
