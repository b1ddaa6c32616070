"""A guest of the tenant: somebody from a municipality, who opens what a post links to."""

import ssl
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from service.sandbox.process import Sandbox
from service.sandbox.timeline import Person
from tests.contract.graph.accounts import Browser

BO = Person(
    id="5a9d4000-0000-4000-8000-000000000011",
    name="Bo Exempel",
    mail="bo.exempel@alingsas.se",
    guest=True,
)
RIGHT = "https://graph.microsoft.com/Sites.Read.All"
"""Delegated: all that the person may open, and nothing else."""
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True)
class Guest:
    http: httpx.Client

    def opens(self, address: str) -> int:
        """Return the status with which an address of the tenant's site is answered."""
        parts = urlsplit(address)
        if len(parts.path.strip("/").split("/")) <= 2:
            return self.http.get(f"sites/{parts.hostname}:{parts.path}").status_code
        token = urlsafe_b64encode(address.encode()).decode().rstrip("=")
        return self.http.get(f"shares/u!{token}/driveItem").status_code


@contextmanager
def guest_of(sandbox: Sandbox, person: Person) -> Iterator[Guest]:
    """Sign a person in, by the code of a device."""
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    app = {"client_id": sandbox.env["NATVERKET_CLIENT_ID"]}
    entra = f"{sandbox.url}/{sandbox.env['NATVERKET_TENANT_ID']}/oauth2/v2.0"
    with httpx.Client(base_url=f"{sandbox.url}/v1.0", verify=context) as http:
        flow = http.post(f"{entra}/devicecode", data={**app, "scope": RIGHT}).json()
        Browser(sandbox, person).type(flow["verification_uri"], flow["user_code"])
        code = {"grant_type": DEVICE, "device_code": flow["device_code"]}
        signed = http.post(f"{entra}/token", data={**app, **code}).json()
        http.headers["Authorization"] = f"Bearer {signed['access_token']}"
        yield Guest(http)
