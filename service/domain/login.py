"""An account's own sign-in, kept for the service: whose it is, and until when it is good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(days=90)
"""So long a sign-in is good after its last use (Entra ID, "Refresh tokens": token lifetime)."""


@dataclass(frozen=True, kw_only=True)
class Login:
    account: str
    """Its address, such as `natverk.post@exempel.se`."""
    account_id: str
    """As the sign-in service knows it."""
    name: str
    permissions: tuple[str, ...]
    """What was granted of what was asked for, such as `ChannelMessage.Send`."""
    used: datetime
    """UTC: when the sign-in service last gave a token for it."""
    refused: str = ""
    """Why the sign-in service takes it no more; empty while it does."""

    @property
    def lapses_at(self) -> datetime:
        """UTC: when it is no longer good, unless it is used before."""
        return self.used + IDLE
