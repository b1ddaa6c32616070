"""What slide and slips say, and the code that they show."""

from dataclasses import dataclass
from io import BytesIO

import segno

_BORDER = 4
"""White modules round the code, as the standard asks (ISO/IEC 18004)."""
_MODULE = 12
"""Pixels of a module: sharp on a large screen."""


@dataclass(frozen=True, kw_only=True)
class Sign:
    """Words in the network's language; all but the link are shown as they are."""

    language: str
    """BCP 47, as Office wants it: `sv-SE`."""
    network: str
    meeting: str
    when: str
    heading: str
    questions: tuple[str, ...]
    scan: str
    minute: str
    link: str
    """https; the code leads there."""
    code: str
    """The code, for those who do not see it."""

    @property
    def typed(self) -> str:
        """The link as one types it."""
        return self.link.removeprefix("https://")


def qr_code(link: str) -> bytes:
    """Draw the code as PNG: a quarter of it may be dirty or in shadow (error correction Q)."""
    out = BytesIO()
    segno.make(link, error="q", micro=False).save(out, kind="png", scale=_MODULE, border=_BORDER)
    return out.getvalue()
