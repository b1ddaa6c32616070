"""What was said at a meeting, and by whom."""

from dataclasses import dataclass
from datetime import timedelta

SILENCE = timedelta(minutes=2)
"""After so long, whoever speaks has a new turn."""


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one speaker said until another did."""

    speaker: str
    """Empty where it is not told."""
    start: timedelta
    """From the transcript's beginning."""
    end: timedelta
    paragraphs: tuple[str, ...]
    """Plain text."""
