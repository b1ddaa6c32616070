"""What every act has, and the bytes and values that acts carry."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

Content = Callable[[], bytes | Path]
"""
Makes the bytes of a file when they are needed, so that a seed costs nothing until then; or
names a file that has them (it may be sparse), which no memory has to hold.
"""

FieldValue = str | float | bool | None


@dataclass(frozen=True, kw_only=True)
class Act:
    at: datetime
