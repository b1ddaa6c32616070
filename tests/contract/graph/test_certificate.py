"""When a certificate file ends: PFX and PEM, with and without password, and what is neither."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from service.errors import UnreadableFile
from service.graph.certificate import expires

END = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
LATER = datetime(2040, 1, 1, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())


def made(end: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "natverket")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(end)
        .sign(KEY, hashes.SHA256())
    )


def pfx(password: str | None) -> bytes:
    hidden = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"n", KEY, made(END), [made(LATER)], hidden)


def pem() -> bytes:
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return key + b"".join(made(end).public_bytes(Encoding.PEM) for end in (END, LATER))


@pytest.mark.parametrize(
    ("name", "content", "password"),
    [
        ("app.pfx", pfx(None), None),
        ("APP.P12", pfx("hemligt å"), "hemligt å"),
        ("app.pem", pem(), None),
        ("app.crt", pem(), "of the key alone"),
    ],
)
def test_the_apps_own_end(tmp_path: Path, name: str, content: bytes, password: str | None) -> None:
    """Of a chain the app's own certificate, in UTC; a certificate itself has no password."""
    file = tmp_path / name
    file.write_bytes(content)
    assert expires(file, password) == END


@pytest.mark.parametrize(
    ("name", "content", "password"),
    [
        ("app.pfx", pfx("rätt"), "fel"),
        ("app.pfx", pfx("rätt"), None),
        ("app.pfx", b"", None),
        ("app.pfx", pem(), None),
        ("app.pem", pfx(None), None),
        ("app.pem", pem()[:20], None),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, name: str, content: bytes, password: str | None
) -> None:
    """A wrong password, the wrong kind, half a file: the file is named, and the two settings."""
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(UnreadableFile, match=name) as caught:
        expires(file, password)
    assert "NATVERKET_CLIENT_CERTIFICATE_PASSWORD" in caught.value.remedy


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Named as it was set."""
    with pytest.raises(UnreadableFile, match="No such file"):
        expires(tmp_path / "app.pfx", None)
