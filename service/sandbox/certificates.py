"""The sandbox's own certificate authority, kept in its directory."""

import ssl
from pathlib import Path

import trustme

_NAMES = ("localhost", "127.0.0.1", "graph.microsoft.com", "login.microsoftonline.com")
"""
The service's own names too: a client whose addresses cannot be set reaches the sandbox by a
hosts file or a proxy of its own. Nobody trusts the authority who was not told to.
"""


def authority_file(directory: Path) -> Path:
    """What clients trust."""
    return directory / "ca.pem"


def server_context(directory: Path) -> ssl.SSLContext:
    """A context with a fresh leaf for loopback, signed by the directory's authority."""
    leaf = _authority(directory).issue_cert(*_NAMES)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(context)
    return context


def _authority(directory: Path) -> trustme.CA:
    certificate, key = authority_file(directory), directory / "ca.key"
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="Sandbox")
    key.touch(mode=0o600)
    key.write_bytes(authority.private_key_pem.bytes())
    certificate.write_bytes(authority.cert_pem.bytes())
    return authority
