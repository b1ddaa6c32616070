"""When a certificate file ends: PFX and PEM, with and without password, and what is neither."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from service.errors import UnreadableFile
from service.graph.certificate import expires, key_pair

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
        ("app.pfx", pem(), None),
        ("app.pem", pfx(None), None),
    ],
)
def test_the_apps_own_end(tmp_path: Path, name: str, content: bytes, password: str | None) -> None:
    """Of a chain the app's own, in UTC; what kind of file it is its contents tell, not its name."""
    file = tmp_path / name
    file.write_bytes(content)
    assert expires(file, password) == END


def cut_off() -> bytes:
    return b"-----BEGIN CERTIFICATE-----\nMII="


@pytest.mark.parametrize(
    ("name", "content", "password"),
    [
        ("app.pfx", pfx("rätt"), "fel"),
        ("app.pfx", pfx("rätt"), None),
        ("app.pfx", b"", None),
        ("app.pem", cut_off(), None),
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


RSA = rsa.generate_private_key(65537, 2048)


def rsa_pem(password: bytes | None = None) -> bytes:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    return RSA.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)


def rsa_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "natverket")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(RSA.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
        .not_valid_after(END)
        .sign(RSA, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def test_a_key_is_opened_by_its_password(tmp_path: Path) -> None:
    """Key and certificate in either order; one that has no password needs none."""
    file = tmp_path / "app.pem"
    for content, password in (
        (rsa_pem(b"x") + rsa_certificate(), "x"),
        (rsa_certificate() + rsa_pem(), "not needed"),
    ):
        file.write_bytes(content)
        pair = key_pair(file, password)
        assert "BEGIN PRIVATE KEY" in pair.key
        assert "PRIVATE" not in repr(pair)


@pytest.mark.parametrize(
    ("content", "password", "said", "remedy"),
    [
        (rsa_certificate(), None, "no private key", "cat key.pem"),
        (rsa_pem(), None, "no certificate", "cat key.pem"),
        (rsa_pem(b"x") + rsa_certificate(), None, "has a password", "_PASSWORD"),
        (rsa_pem(b"x") + rsa_certificate(), "y", "does not open", "_PASSWORD"),
        (rsa_pem() + pem().partition(b"-----END PRIVATE KEY-----")[2], None, "belong", "cat"),
        (pem(), None, "RSA", "cat key.pem"),
    ],
    ids=["certificate alone", "key alone", "locked", "wrong password", "strangers", "elliptic"],
)
def test_what_nobody_can_sign_in_by(
    tmp_path: Path, content: bytes, password: str | None, said: str, remedy: str
) -> None:
    """Said before Entra ID is asked, each with what to do about it."""
    file = tmp_path / "app.pem"
    file.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        key_pair(file, password)
    assert said in caught.value.reason
    assert remedy in caught.value.remedy
