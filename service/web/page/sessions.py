"""Signs of who came before: sessions and forms' tokens, signed and never stored; and guesses."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

LASTS = timedelta(hours=12)
TRIES, WITHIN = 5, timedelta(minutes=10)
_MOST_PEERS = 1000


def new_session(token: str, now: datetime) -> str:
    """Sign until when a session holds; whoever changes the token ends them all."""
    until = str(int((now + LASTS).timestamp()))
    return f"{until}.{_signed(_key(token), until)}"


def holds(session: str, token: str, now: datetime) -> bool:
    until, _, signature = session.partition(".")
    if not (token and until.isascii() and until.isdigit() and signature.isascii()):
        return False
    right = hmac.compare_digest(signature, _signed(_key(token), until))
    return right and now.timestamp() < int(until)


def new_mark() -> str:
    """Tell one browser from another: what a form's token is bound to."""
    return secrets.token_urlsafe(24)


def form_token(secret: bytes, mark: str, who: str) -> str:
    return _signed(secret, f"{mark}\n{who}")


def is_form_token(text: str, secret: bytes, mark: str, who: str) -> bool:
    wanted = form_token(secret, mark, who)
    return bool(mark) and hmac.compare_digest(text.encode(), wanted.encode())


def _key(token: str) -> bytes:
    return hashlib.sha256(f"session {token}".encode()).digest()


def _signed(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


class Guesses:
    """Wrong tokens by address: whoever has guessed too often waits, without anybody sleeping."""

    def __init__(self) -> None:
        self._wrong: dict[str, list[datetime]] = {}

    def wait(self, peer: str, now: datetime) -> timedelta | None:
        """Return for how long nothing more is compared; None: a guess is free."""
        recent = self._recent(peer, now)
        return recent[-TRIES] + WITHIN - now if len(recent) >= TRIES else None

    def wrong(self, peer: str, now: datetime) -> None:
        recent = [*self._recent(peer, now), now]
        self._wrong.pop(peer, None)
        self._wrong[peer] = recent[-TRIES:]
        while len(self._wrong) > _MOST_PEERS:
            del self._wrong[next(iter(self._wrong))]

    def right(self, peer: str) -> None:
        self._wrong.pop(peer, None)

    def _recent(self, peer: str, now: datetime) -> list[datetime]:
        return [one for one in self._wrong.get(peer, ()) if now - one < WITHIN]
