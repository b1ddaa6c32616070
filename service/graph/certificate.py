"""When a certificate file ends, so that people hear of it before the sign-in does."""

from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from service.errors import UnreadableFile

PFX = frozenset({".pfx", ".p12"})
"""Endings by which `auth` takes a file for a PFX; anything else is PEM."""


def expires(file: Path, password: str | None) -> datetime:
    """
    Return the moment after which the app's certificate is no longer valid, UTC.

    A PFX or PEM file may hold a chain: the app's own is the one that comes first, or that
    belongs to the PFX's key. Raises UnreadableFile.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _unreadable(file, error.strerror or "it cannot be opened") from error
    try:
        found = _certificate(content, password, is_pfx=file.suffix.lower() in PFX)
    except ValueError as error:
        # Also how a wrong password is told.
        raise _unreadable(file, str(error) or "it is no certificate") from error
    return found.not_valid_after_utc


def _certificate(content: bytes, password: str | None, *, is_pfx: bool) -> x509.Certificate:
    if not is_pfx:
        return x509.load_pem_x509_certificate(content)
    _, own, _ = pkcs12.load_key_and_certificates(content, password.encode() if password else None)
    if own is None:
        raise ValueError("no certificate in it belongs to its key")
    return own


def _unreadable(file: Path, reason: str) -> UnreadableFile:
    return UnreadableFile(
        str(file),
        reason,
        remedy="Check NATVERKET_CLIENT_CERTIFICATE_FILE and NATVERKET_CLIENT_CERTIFICATE_PASSWORD.",
    )
