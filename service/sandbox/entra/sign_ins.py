"""
What lies between a sign-in and its tokens: codes that wait to be redeemed, refresh tokens.

Codes and refresh tokens grow old by the sandbox's clock, so that a test or a replayed year
can let them.
"""

import secrets
from datetime import timedelta

import msgspec

from service.sandbox.entra.refusals import TokenError, invalid_grant
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person
from service.sandbox.wire import Json, fine_stamp, moment

CODE_MINUTES = 10
DEVICE_SECONDS = 900
IDLE_DAYS = 90
"""A refresh token lives so long, and every use gives a new one (graph-facts 10.3)."""
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def new_code(tenant: Tenant, app: App, person: Person, request: Json, *, mfa: bool) -> str:
    """An authorization code for somebody who has approved."""
    code = f"1.{secrets.token_urlsafe(48)}"
    expires = fine_stamp(tenant.clock.now + timedelta(minutes=CODE_MINUTES))
    tenant.store.insert(
        "codes",
        code=code,
        kind="code",
        app=app.client_id,
        person=person.id,
        request=_text(request),
        state="approved",
        expires=expires,
        mfa=int(mfa),
    )
    return code


def new_device_code(tenant: Tenant, app: App, request: Json) -> tuple[str, str]:
    """Device code and user code of a sign-in that nobody has approved yet."""
    code = secrets.token_urlsafe(64)
    user_code = "".join(secrets.choice(_LETTERS) for _ in range(9))
    expires = fine_stamp(tenant.clock.now + timedelta(seconds=DEVICE_SECONDS))
    tenant.store.insert(
        "codes",
        code=code,
        kind="device",
        user_code=user_code,
        app=app.client_id,
        request=_text(request),
        state="pending",
        expires=expires,
        mfa=0,
    )
    return code, user_code


def _text(request: Json) -> str:
    return msgspec.json.encode(request).decode()


def request_of(row: Row) -> Json:
    """What was asked for when the code was made."""
    request: Json = msgspec.json.decode(row["request"])
    return request


def find_code(tenant: Tenant, kind: str, code: str) -> Row | None:
    return tenant.store.one("SELECT * FROM codes WHERE kind = ? AND code = ?", kind, code)


def device_of(tenant: Tenant, user_code: str) -> Row | None:
    """The sign-in that waits under a code that a person has typed; None once it is decided."""
    return tenant.store.one(
        "SELECT * FROM codes WHERE kind = 'device' AND user_code = ? AND state = 'pending' "
        "AND expires > ?",
        user_code.replace("-", "").replace(" ", "").upper(),
        tenant.clock.text,
    )


def decide(tenant: Tenant, code: str, state: str, person: str | None, *, mfa: bool) -> None:
    tenant.store.do(
        "UPDATE codes SET state = ?, person = ?, mfa = ? WHERE code = ?",
        state,
        person,
        int(mfa),
        code,
    )


def use_up(tenant: Tenant, code: str) -> None:
    tenant.store.do("UPDATE codes SET state = 'used' WHERE code = ?", code)


def polled(tenant: Tenant, code: str, at: float) -> None:
    tenant.store.do("UPDATE codes SET polled = ? WHERE code = ?", at, code)


def new_refresh_token(tenant: Tenant, app: App, person: Person, *, proved: bool, mfa: bool) -> str:
    token = f"1.{secrets.token_urlsafe(96)}"
    tenant.store.insert(
        "refresh_tokens",
        token=token,
        app=app.client_id,
        person=person.id,
        proved=int(proved),
        mfa=int(mfa),
        issued=tenant.clock.text,
    )
    return token


def refresh_token(tenant: Tenant, app: App, token: str) -> Row:
    """Raises TokenError for one that is not ours, not this app's, revoked or idle too long."""
    row = tenant.store.one("SELECT * FROM refresh_tokens WHERE token = ?", token)
    if row is None:
        raise invalid_grant(9002313, "Invalid request. Request is malformed or invalid.")
    if row["app"] != app.client_id:
        raise invalid_grant(
            70000,
            "The provided value for the input parameter 'refresh_token' or 'assertion' is not "
            "valid.",
        )
    if row["revoked"]:
        raise TokenError(
            400,
            "invalid_grant",
            50173,
            "The provided grant has expired due to it being revoked, a fresh auth token is "
            "needed. The user might have changed or reset their password. The grant was issued "
            f"on '{row['issued']}' and the TokensValidFrom date (before which tokens are not "
            f"valid) for this user is '{row['revoked']}'.",
            suberror="bad_token",
        )
    idle = tenant.clock.now - moment(row["issued"])
    if idle > timedelta(days=IDLE_DAYS):
        raise TokenError(
            400,
            "invalid_grant",
            700082,
            "The refresh token has expired due to inactivity. The token was issued on "
            f"{row['issued']} and was inactive for {IDLE_DAYS}.00:00:00.",
            suberror="bad_token",
        )
    return row


def revoke(tenant: Tenant, person: str) -> None:
    """Whoever has signed in as this person must do so again."""
    tenant.store.do(
        "UPDATE refresh_tokens SET revoked = ? WHERE person = ? AND revoked IS NULL",
        tenant.clock.text,
        person,
    )


def let_idle(tenant: Tenant, person: str) -> None:
    """As if nobody had used this person's sign-ins for longer than they live."""
    long_ago = fine_stamp(tenant.clock.now - timedelta(days=IDLE_DAYS + 1))
    tenant.store.do(
        "UPDATE refresh_tokens SET issued = ? WHERE person = ? AND issued > ?",
        long_ago,
        person,
        long_ago,
    )
