"""A tenant with more than the network's site: another team's, OneDrives, labels, mail."""

import ssl
from dataclasses import replace

import httpx

from service.sandbox.process import Sandbox
from service.sandbox.timeline import App, MailArrives, MailFile, MoveMail, Seed, Site
from tests.contract.graph import worlds

SEED = f"{__file__}:tenant"
COLLEAGUE = worlds.COLLEAGUE
DAEMON = replace(
    worlds.DAEMON,
    site_grants={"energi": "read", "kollega": "read"},
    reads_mail=(worlds.MAILBOX.mail,),
)
ADMIN = App(
    client_id="40000000-0000-4000-8000-000000000004",
    secret="admin~secret",
    name="Administratör",
    roles=("Sites.FullControl.All",),
)
WORLD = replace(
    worlds.WORLD,
    apps=(DAEMON, worlds.PROVISIONER, worlds.STRANGER, ADMIN),
    sites=(
        Site(key="energi", name="Energi och klimat"),
        Site(key="slutet", name="Slutna rummet"),
        Site(key="kollega", name="Kollega", owner=COLLEAGUE.id, libraries=("Documents",)),
    ),
    labels={"Bevaras": "retain", "Allmän handling": "retainAsRecord"},
)
ENERGY = "https://nat.sharepoint.com/sites/EnergiOchKlimat/Dokument"
CLOSED = "https://nat.sharepoint.com/sites/SlutnaRummet/Dokument"
ONEDRIVE = "https://nat-my.sharepoint.com/personal/k_nat_example/Documents"
MATERIAL = "Inkorgen/Material"
SLIDES = bytes(range(256)) * 300


def tenant() -> Seed:
    """Mails with material on days 2 and 3; the first is put away on day 4."""
    letters = (
        ("bilder", 2, "inbox/Material"),
        ("senare", 3, "inbox/Material"),
        ("annat", 2, "inbox"),
    )
    arrivals = [
        MailArrives(
            at=worlds.day(day),
            key=key,
            sender=COLLEAGUE.mail,
            subject=f"Underlag {key}",
            body_html="<p>Bifogas.</p>",
            folder=folder,
            files=(
                MailFile(name="å.bin", content_type="text/x", content=lambda: SLIDES),
                MailFile(
                    name="logo.png", content_type="image/png", content=lambda: b"x", inline=True
                ),
            ),
        )
        for key, day, folder in letters
    ]
    away = MoveMail(at=worlds.day(4), key="bilder", folder="archive")
    return Seed(world=WORLD, acts=(*arrivals, away))


class Control:
    """What people and the weather do to a sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        context = ssl.create_default_context(cafile=str(sandbox.ca_file))
        self._client = httpx.Client(verify=context)

    def close(self) -> None:
        self._client.close()

    def _post(self, what: str, body: object) -> None:
        answer = self._client.post(f"{self.sandbox.url}/_sandbox/{what}", json=body)
        assert answer.status_code < 300, answer.text

    def act(self, act: str, **fields: object) -> None:
        """Somebody does this now."""
        self._post("act", {"act": act, "by": COLLEAGUE.id, **fields})

    def fault(self, **fault: object) -> None:
        """Arm one misbehaviour."""
        self._post("faults", fault)

    def turn(self, **switches: str) -> None:
        """Answer open questions so from now on."""
        self._post("settings", switches)

    def count(self, method: str, path: str) -> int:
        """How many requests so far had this method and this in their path."""
        answer = self._client.get(f"{self.sandbox.url}/_sandbox/requests").json()
        return sum(one["method"] == method and path in one["path"] for one in answer["items"])
