"""The app's sign-in: by what, and how long that lasts."""

from collections.abc import Iterable

from service.checking.asked import Asked
from service.checking.check import Check
from service.domain.check import Finding, credentials, failed, ok
from service.errors import SignInRefused
from service.graph.certificate import expires
from service.settings import ClientCertificate, ClientSecret

NAME = credentials.NAME


async def run(at: Asked) -> Iterable[Finding]:
    try:
        await at.roles()
    except SignInRefused as error:
        remedy = credentials.refused(at.settings.client_id, error.remedy)
        return [failed(NAME, error.reason, remedy)]
    return [_lasting(at)]


def _lasting(at: Asked) -> Finding:
    proof = at.settings.credential
    if isinstance(proof, ClientCertificate):
        remedy = credentials.certificate(at.settings.tenant_id, at.settings.client_id)
        ends = expires(proof.file, proof.password)
        return credentials.ending(NAME, f"certificate {proof.file}", ends, at.now, remedy)
    if isinstance(proof, ClientSecret):
        where = "entra.microsoft.com > App registrations > Certificates & secrets"
        return ok(NAME, f"client secret; when it ends is told to no app: look under {where}")
    return ok(NAME, "a token was given; there is no secret that ends")


CHECK = Check(
    name=NAME,
    does="Gets a token, and tells how long certificate or secret last.",
    run=run,
    needs=("names",),
)
