"""A tenant in which everything is granted and used, and whatever can be taken away again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from service.checking.whole import check, names
from service.demo.tenant import ask
from service.domain.check import Finding, Verdict
from service.graph.clock import SandboxClock
from service.provisioning import provision
from service.sandbox.process import Sandbox
from service.sandbox.timeline import App, CreateForm, Invite, MailArrives, Person, Question, Seed
from service.settings import Settings, read_settings
from tests.contract.graph import accounts, neighbours, worlds
from tests.sandbox.conftest import Client

SEED = f"{__file__}:tenant"
OWNER, SECOND, BOX = worlds.ORGANIZER, worlds.COLLEAGUE, worlds.MAILBOX
GUEST = Person(
    id="a4000000-0000-4000-8000-000000000014", name="Gäst", mail="gast@ort.example", guest=True
)
DAEMON = replace(
    neighbours.DAEMON,
    organizers=(OWNER.id, SECOND.id),
    sends_as=(BOX.mail,),
)
BOT, POSTER = accounts.BOT, accounts.POSTER
DESK = accounts.WITHOUT_TAGS
DOCUMENTATION, COORDINATION = "Dokumentation", "Samordning"
REGISTER = "Möten"
WORLD = replace(
    neighbours.WORLD,
    people=(*worlds.WORLD.people, POSTER, GUEST),
    owners=(OWNER.id,),
    apps=(DAEMON, worlds.PROVISIONER, worlds.STRANGER, BOT, DESK),
)
FLOWS = tuple(channel.workflow or "" for channel in worlds.WORLD.channels[:2])
COMMON, QUIET = worlds.COMMON, worlds.QUIET
FILED = "program.txt"
MATERIAL, ANSWERS = "Inkorgen/Material", "Svar"
START, END = worlds.MEETING


def tenant() -> Seed:
    """Two organisers with an online meeting each; a mail with material; a form with a list."""
    invitations = [
        Invite(
            at=worlds.day(1, 7),
            key=key,
            organizer=organizer.id,
            subject=f"Miljö: {key}",
            body_html="<p>Välkomna</p>",
            start=START,
            end=END,
            attendees=(BOX.mail,),
            online=True,
        )
        for key, organizer in (("natur", OWNER), ("klimat", SECOND))
    ]
    mail = MailArrives(
        at=worlds.day(1, 8),
        key="material",
        sender=SECOND.mail,
        subject="Underlag",
        body_html="<p>Hej</p>",
        folder="inbox/Material",
    )
    form = CreateForm(
        at=worlds.day(1, 8),
        key="enkät",
        title="Utvärdering",
        owner=OWNER.id,
        questions=(Question(title="Hur var mötet?"),),
        list_name=ANSWERS,
    )
    return Seed(world=WORLD, acts=(*invitations, mail, form))


def given(sandbox: Sandbox, folder: Path, **changes: str) -> dict[str, str]:
    """Return the environment: everything that can be used is."""
    return {
        **sandbox.env,
        "NATVERKET_STATE_URL": f"sqlite:///{folder / 'state.db'}",
        "NATVERKET_BOT_CLIENT_ID": BOT.client_id,
        "NATVERKET_BOT_CLIENT_SECRET": BOT.secret,
        "NATVERKET_LOGIN_CLIENT_ID": DESK.client_id,
        "NATVERKET_LOGIN_FILE": str(folder / "login.bin"),
        "NATVERKET_PING_URL": "https://localhost/ping",
        "NATVERKET_NETWORK_ID": "prov",
        "NATVERKET_NETWORK_NAME": "Provnätverket",
        "NATVERKET_NETWORK_FOCUS_GROUPS": "miljo=Miljö",
        "NATVERKET_NETWORK_POST_VIA": "workflow+mail",
        "NATVERKET_NETWORK_POST_KINDS": "digest=bot;series=graph",
        "NATVERKET_NETWORK_MAIL_LISTS": "common=alla@nat.example",
        "NATVERKET_NETWORK_MAIL_FOLDER": MATERIAL,
        "NATVERKET_NETWORK_COORDINATOR_CHANNEL": QUIET,
        "NATVERKET_NETWORK_COORDINATOR_URL": _coordinators(sandbox),
        "NATVERKET_NETWORK_SURVEY_LIST": ANSWERS,
        "NATVERKET_NETWORK_SURVEY_FOLDER": COORDINATION,
        "NATVERKET_NETWORK_WATCHED_FOLDERS": neighbours.ENERGY,
        **changes,
    }


def _coordinators(sandbox: Sandbox) -> str:
    """Its signature is another's, which nobody looks at who does not post."""
    return sandbox.env["NATVERKET_NETWORK_WORKFLOW_URL"].replace(FLOWS[0], FLOWS[1])


@dataclass(frozen=True)
class Tenant:
    """A running sandbox, as administrators and passers-by know it."""

    sandbox: Sandbox
    folder: Path

    def settings(self, **changes: str) -> Settings:
        given = self.given(**changes)
        return read_settings(None, {name: text for name, text in given.items() if text})

    def given(self, **changes: str) -> dict[str, str]:
        return given(self.sandbox, self.folder, **changes)

    def act(self, act: str, /, **fields: object) -> None:
        ask(self.sandbox, "act", {"act": act, **fields})

    def fault(self, **fault: object) -> None:
        ask(self.sandbox, "faults", fault)

    def forget_faults(self) -> None:
        with self._daemon() as daemon:
            daemon.control("DELETE", "faults")

    def turn(self, **switches: str) -> None:
        ask(self.sandbox, "settings", switches)

    def last(self) -> int:
        """Number of the last request so far."""
        found: int = ask(self.sandbox, "requests?summary=1")["last"]
        return found

    def since(self, number: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ask(self.sandbox, f"requests?since={number}")["items"]
        return found

    def let_in(self, certificate: Path) -> None:
        """The app may sign in with it."""
        body = {"client_id": DAEMON.client_id, "pem": certificate.read_text(encoding="ascii")}
        ask(self.sandbox, "certificates", body)

    def tree(self) -> object:
        return ask(self.sandbox, "tree")

    async def check(self, *wanted: str, **changes: str) -> tuple[Finding, ...]:
        return await checked(self.settings(**changes), *wanted)

    def put(self, library: str) -> None:
        """The service files something, over what lies there."""
        with self._daemon() as daemon:
            drive = daemon.drive(library)
            daemon.ask("DELETE", f"{drive}/root:/{FILED}")
            daemon.put(f"{drive}/root:/{FILED}:/content", b"x")

    def check_in(self, library: str) -> None:
        with self._daemon() as daemon:
            answer = daemon.ask("POST", f"{daemon.drive(library)}/root:/{FILED}:/checkin", json={})
            assert answer.is_success, answer.text

    def drop_column(self, name: str) -> None:
        """Somebody deletes a column of the register."""
        with self._daemon(worlds.PROVISIONER) as owner:
            found = owner.get(f"{_register(owner)}/columns")["value"]
            id_ = next(one["id"] for one in found if one["name"] == name)
            assert owner.ask("DELETE", f"{_register(owner)}/columns/{id_}").is_success

    def make_column(self, name: str) -> None:
        with self._daemon(worlds.PROVISIONER) as owner:
            body = {"name": name, "text": {"allowMultipleLines": True}}
            answer = owner.ask("POST", f"{_register(owner)}/columns", json=body)
            assert answer.is_success, answer.text

    @contextmanager
    def _daemon(self, app: App = DAEMON) -> Iterator[Client]:
        client = Client(self.sandbox, None)
        client.app = app
        given = {
            "client_id": app.client_id,
            "client_secret": app.secret,
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
        }
        address = f"{self.sandbox.url}/{WORLD.tenant_id}/oauth2/v2.0/token"
        token = client.http.post(address, data=given).json()["access_token"]
        client.http.headers["Authorization"] = f"Bearer {token}"
        try:
            yield client
        finally:
            client.close()


def _register(client: Client) -> str:
    lists = client.get(f"{client.site}/lists")["value"]
    return f"{client.site}/lists/" + next(
        one["id"] for one in lists if one["displayName"] == REGISTER
    )


async def provisioned(tenant: Tenant, **changes: str) -> SandboxClock:
    """Libraries and register are made, and it is the day after the meetings."""
    sandbox = tenant.sandbox
    clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
    await clock.refresh()
    await clock.move_to(worlds.day(9))
    async for _ in provision(tenant.settings(**changes)):
        pass
    await clock.close()
    return clock


async def checked(settings: Settings, *wanted: str) -> tuple[Finding, ...]:
    """Everything, or what is named, as findings in their order."""
    heard = list[Finding]()
    parts = await check(settings, wanted or names(), lambda _, finding: heard.append(finding))
    assert [one for part in parts for one in part.findings] == heard
    return tuple(heard)


def bad(findings: tuple[Finding, ...]) -> list[str]:
    """Names of what has failed."""
    return [one.name for one in findings if one.verdict is Verdict.FAILED]


def told(findings: tuple[Finding, ...]) -> str:
    """What somebody reads, for a test that fails."""
    return "\n".join(f"{one.verdict}: {one.name}: {one.said} {one.remedy}" for one in findings)


def self_signed(begins: datetime, ends: datetime) -> bytes:
    """A certificate with its key, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "natverket")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return made.public_bytes(pem) + key.private_bytes(pem, pkcs8, plain)
