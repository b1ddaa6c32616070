"""The app's certificate: its key for the sign-in, and when it ends, before the sign-in tells."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from service.errors import UnreadableFile

_PEM = b"-----BEGIN "
_KEY = b"PRIVATE KEY-----"
REMEDY = "Check NATVERKET_CLIENT_CERTIFICATE_FILE and NATVERKET_CLIENT_CERTIFICATE_PASSWORD."
_MAKE_ONE = (
    "NATVERKET_CLIENT_CERTIFICATE_FILE needs certificate and private key in one file: "
    "cat key.pem certificate.pem > app.pem, or a .pfx exported with its private key."
)


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """Certificate and key, as PEM texts; the key is open, and shown to nobody."""

    certificate: str
    key: str = field(repr=False)


def expires(file: Path, password: str | None) -> datetime:
    """
    Return the moment after which the app's certificate is no longer valid, UTC.

    A PFX or PEM file may hold a chain: the app's own is the one that comes first, or that
    belongs to the PFX's key. Raises UnreadableFile.
    """
    return _certificate(file, _read(file), password).not_valid_after_utc


def key_pair(file: Path, password: str | None) -> KeyPair:
    """Read what the app signs in by. Raises UnreadableFile, which says what is amiss."""
    content = _read(file)
    key = _key(file, content, password)
    certificate = _certificate(file, content, password)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnreadableFile(
            str(file), "its key is no RSA key, and Entra ID takes no other", remedy=_MAKE_ONE
        )
    if certificate.public_key() != key.public_key():
        raise UnreadableFile(
            str(file), "its key does not belong to its first certificate", remedy=_MAKE_ONE
        )
    return KeyPair(
        certificate=certificate.public_bytes(Encoding.PEM).decode(),
        key=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error.strerror or "it cannot be opened") from error


def _certificate(file: Path, content: bytes, password: str | None) -> x509.Certificate:
    if _PEM in content:
        if b"-----BEGIN CERTIFICATE-----" not in content:
            raise UnreadableFile(str(file), "it holds no certificate", remedy=_MAKE_ONE)
        try:
            return x509.load_pem_x509_certificate(content)
        except ValueError as error:
            raise _unreadable(file, str(error)) from error
    return _pfx(file, content, password)[1]


def _key(file: Path, content: bytes, password: str | None) -> PrivateKeyTypes:
    if _PEM not in content:
        return _pfx(file, content, password)[0]
    if _KEY not in content:
        raise UnreadableFile(str(file), "it holds no private key", remedy=_MAKE_ONE)
    is_locked = b"ENCRYPTED" in content
    if is_locked and not password:
        raise UnreadableFile(
            str(file), "its key has a password", remedy="Set NATVERKET_CLIENT_CERTIFICATE_PASSWORD."
        )
    try:
        return load_pem_private_key(content, password.encode() if password and is_locked else None)
    except ValueError as error:
        reason = "the password does not open its key" if is_locked else "its key is no key"
        raise _unreadable(file, reason) from error


def _pfx(
    file: Path, content: bytes, password: str | None
) -> tuple[PrivateKeyTypes, x509.Certificate]:
    try:
        key, own, _ = pkcs12.load_key_and_certificates(
            content, password.encode() if password else None
        )
    except ValueError as error:
        # Also how a wrong password is told.
        raise _unreadable(file, str(error) or "it is no certificate") from error
    if key is None or own is None:
        raise UnreadableFile(
            str(file), "no certificate in it belongs to a private key", remedy=_MAKE_ONE
        )
    return key, own


def _unreadable(file: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(str(file), reason, remedy=REMEDY)
