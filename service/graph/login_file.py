"""
The file that keeps an account's sign-in: for its owner's eyes only, whole or not at all.

Several processes may use it at once; whoever reads and then writes holds the lock meanwhile.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from service.domain.login import Login
from service.errors import SettingsError

_NEW_KEY = "make one with: openssl rand -base64 32 | tr '+/' '-_'"


@dataclass(frozen=True, kw_only=True)
class Kept:
    login: Login
    tokens: str = field(repr=False)
    """msal's cache, serialised."""


_decoder = msgspec.json.Decoder(Kept)


class LoginFile:
    """Raises SettingsError where key or file cannot be used."""

    def __init__(self, path: Path, key: str | None) -> None:
        self.path = path
        self._cipher = None if key is None else _cipher(key)

    @property
    def is_encrypted(self) -> bool:
        return self._cipher is not None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait for the lock and hold it; it dies with the process."""
        try:
            lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._unusable(error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def read(self) -> Kept | None:
        """Return what is kept, or None where nothing is."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unusable(error) from error
        try:
            return _decoder.decode(self._opened(data))
        except msgspec.DecodeError as error:
            raise self._problem("is not a file of `natverket login`; delete it") from error

    def write(self, kept: Kept) -> None:
        data = msgspec.json.encode(kept)
        draft = Path(f"{self.path}.new")
        try:
            draft.unlink(missing_ok=True)
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(file, "wb") as stream:
                stream.write(data if self._cipher is None else self._cipher.encrypt(data))
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self.path)
        except OSError as error:
            raise self._unusable(error) from error

    def remove(self) -> None:
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(error) from error

    def stamp(self) -> tuple[int, int]:
        """Tell two states of the file apart; every writing makes a new file."""
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return (found.st_ino, found.st_mtime_ns)

    def _opened(self, data: bytes) -> bytes:
        if data.startswith(b"{"):
            # Written before there was a key; the next writing encrypts it.
            return data
        if self._cipher is None:
            raise self._problem("is encrypted, and NATVERKET_LOGIN_KEY is not set")
        try:
            return self._cipher.decrypt(data)
        except InvalidToken as error:
            raise self._problem(
                "cannot be opened with this NATVERKET_LOGIN_KEY; set the key that it was written "
                "with, or delete the file and run `natverket login`"
            ) from error

    def _problem(self, said: str) -> SettingsError:
        return SettingsError((f"NATVERKET_LOGIN_FILE: {self.path} {said}",))

    def _unusable(self, error: OSError) -> SettingsError:
        return self._problem(f"cannot be used: {error.strerror}")


def _cipher(key: str) -> Fernet:
    try:
        return Fernet(key)
    except ValueError as error:
        said = f"NATVERKET_LOGIN_KEY: is no 32 bytes in URL-safe base64; {_NEW_KEY}"
        raise SettingsError((said,)) from error
