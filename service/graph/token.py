"""What a token says of itself, read unverified: it is for whoever it was made for to judge."""

import base64
import binascii
from datetime import UTC, datetime

import msgspec

from service.errors import TenantFailed


class Claims(msgspec.Struct, frozen=True):
    """https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference"""

    roles: tuple[str, ...] = ()
    appid: str = ""
    """The app that it was given to (version 1.0, which Graph's tokens are)."""
    iss: str = ""
    sub: str = ""
    exp: float | None = None

    @property
    def ends(self) -> datetime | None:
        """UTC; None where it does not say."""
        return None if self.exp is None else datetime.fromtimestamp(self.exp, UTC)


_claims = msgspec.json.Decoder(Claims)


def claims_of(token: str) -> Claims:
    """Raises TenantFailed for what is no token with claims."""
    payload = f"{token}..".split(".")[1]
    try:
        return _claims.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (msgspec.DecodeError, binascii.Error, UnicodeEncodeError) as error:
        raise TenantFailed("token", "Its claims cannot be read.") from error
