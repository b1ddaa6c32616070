"""The app's sign-in: by what, whose it is, and how long that lasts."""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, Verdict, credentials, failed, ok
from service.domain.credential import (
    ClientCertificate,
    ClientSecret,
    FederatedToken,
    ManagedIdentity,
    Proof,
)
from service.errors import SignInRefused, TenantFailed, UnreadableFile
from service.graph.certificate import expires
from service.graph.token import claims_of

NAME = credentials.NAME
_SECRETS = "entra.microsoft.com > App registrations > Certificates & secrets"


async def run(at: Asked) -> Iterable[Finding]:
    try:
        claims = await at.claims()
    except SignInRefused as error:
        told = _told(at.settings.credential, at.now)
        said = f"{error.reason} It was asked for by {told}." if told else error.reason
        return [failed(NAME, said, credentials.refused(at.settings.client_id, error.remedy))]
    lasting = _lasting(at)
    if claims.appid.casefold() in ("", at.settings.client_id.casefold()):
        return [lasting]
    other = credentials.another_app(NAME, claims.appid, at.settings.client_id)
    return [lasting, other] if lasting.verdict is not Verdict.OK else [other]


def _lasting(at: Asked) -> Finding:
    """Tell how long what signed in just now goes on to."""
    proof = at.settings.credential
    match proof:
        case ClientCertificate():
            remedy = credentials.certificate(at.settings.tenant_id, at.settings.client_id)
            ends = expires(proof.file, proof.password)
            return credentials.ending(NAME, f"certificate {proof.file}", ends, at.now, remedy)
        case ClientSecret():
            whence = f" of {proof.file}" if proof.file else ""
            said = f"client secret{whence}; when it ends is told to no app: look under {_SECRETS}"
            return ok(NAME, said)
        case FederatedToken() | ManagedIdentity():
            return ok(NAME, f"{_told(proof, at.now)}; there is no secret that ends")
        case _:
            assert_never(proof)


def _told(proof: Proof, now: datetime) -> str:
    """Say what a proof tells of itself; never what it proves by. Empty: nothing that helps."""
    match proof:
        case ClientSecret():
            return ""
        case ManagedIdentity():
            return f"the managed identity {proof.client_id or 'of this machine itself'}"
        case ClientCertificate():
            try:
                ends = expires(proof.file, proof.password)
            except UnreadableFile:
                return ""
            return f"certificate {proof.file}, which {_end(ends, now)}"
        case FederatedToken():
            try:
                claims = claims_of(proof.file.read_text(encoding="utf-8-sig").strip())
            except (OSError, UnicodeDecodeError, TenantFailed):
                return f"what is in {proof.file}, which cannot be read as a token"
            whose = f"of issuer {claims.iss or 'unknown'} for subject {claims.sub or 'unknown'}"
            lasts = f", which {_end(claims.ends, now)}" if claims.ends else ""
            return f"the token {proof.file} {whose}{lasts}"
        case _:
            assert_never(proof)


def _end(ends: datetime, now: datetime) -> str:
    return f"{'ended' if ends <= now else 'ends'} {ends:%Y-%m-%d %H:%M} UTC"


CHECK = Check(
    name=NAME,
    does="Gets a token, and tells how long what it was asked for by lasts.",
    run=run,
    needs=("names",),
)
