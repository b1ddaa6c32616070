"""
What the jobs need of the world outside, a protocol each.

Everything may raise `service.errors.TenantError` (its leaves tell what to do) or
`StateError`; nothing else. All times are aware UTC. No method is meant for several event
loops; all may be called concurrently within one.
"""

from service.ports.files import (
    Copied,
    Copying,
    CopyLost,
    CopyProgress,
    Drives,
    Stored,
    Target,
    UploadState,
)
from service.ports.posting import Changeable, Delivery, Message, Poster, Receipt
from service.ports.state import (
    DONE,
    FAILED,
    IN_PART,
    Effect,
    HistoryPoint,
    Journal,
    Latest,
    Ledger,
    Run,
    Status,
)
from service.ports.surroundings import Clock, Content, Meter, Progress, Unmetered, Untold
from service.ports.tenant import Calendar, Mail, Messages, OnlineMeetings, Rows

__all__ = [
    "DONE",
    "FAILED",
    "IN_PART",
    "Calendar",
    "Changeable",
    "Clock",
    "Content",
    "Copied",
    "CopyLost",
    "CopyProgress",
    "Copying",
    "Delivery",
    "Drives",
    "Effect",
    "HistoryPoint",
    "Journal",
    "Latest",
    "Ledger",
    "Mail",
    "Message",
    "Messages",
    "Meter",
    "OnlineMeetings",
    "Poster",
    "Progress",
    "Receipt",
    "Rows",
    "Run",
    "Status",
    "Stored",
    "Target",
    "Unmetered",
    "Untold",
    "UploadState",
]
