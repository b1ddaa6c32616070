"""A daemon with every secret set, in the canaries' tenant; and everything that comes out of it."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
    pkcs12,
)
from starlette.applications import Starlette

from service.checking.whole import check, names
from service.cli.check import object_of
from service.cli.run import News
from service.cli.serving import routes_of
from service.cli.settings import document_of
from service.cli.status import _status
from service.cli.support import _support
from service.daemon import Daemon, Source
from service.demo.tenant import ask
from service.graph.clock import SandboxClock
from service.house import House, open_house
from service.ports import Clock, Message, Poster, Receipt
from service.provisioning import provision
from service.render.cards import adaptive_card
from service.render.letter import letter
from service.sandbox.process import Sandbox
from service.settings import Settings, listed, read, read_settings
from service.systemd import Systemd
from service.telling import Doors, doors_of
from tests.acceptance import canaries
from tests.acceptance.canaries import FAULTS, SECRET, WORD
from tests.acceptance.checked import self_signed
from tests.acceptance.recorded import BOX, DAEMON

FIRST_DAY = datetime(2023, 3, 8, 10, tzinfo=UTC)
TOKEN = f"{WORD}{WORD}{WORD}"
PASSWORD = f"{WORD}~opens~the~certificate"
NAMES = {
    "NATVERKET_NETWORK_READ_CHANNEL": "true",
    "NATVERKET_NETWORK_SURVEY_FOLDER": "Dokument/Enkäter",
    "NATVERKET_NETWORK_MAIL_FOLDER": "Inkorgen",
    "NATVERKET_SETTLE_MINUTES": "0",
    "NATVERKET_KEEP_ATTENDEES": "true",
    "NATVERKET_LOG_LEVEL": "debug",
    "NATVERKET_LOG_FORMAT": "json",
    "NATVERKET_WEB_PORT": "0",
    "NATVERKET_WEB_TOKEN": TOKEN,
    "NATVERKET_PING_URL": f"https://ping.invalid/{WORD}",
    "NATVERKET_ADMIN_MAIL": f"{WORD}.it@nat.example",
    "NATVERKET_LOGIN_KEY": f"{WORD * 6}A=",
    "NATVERKET_BOT_CLIENT_ID": "33000000-0000-4000-8000-000000000003",
    "NATVERKET_BOT_CLIENT_SECRET": f"{WORD}~secret~of~the~bot",
    "NATVERKET_CLIENT_SECRET": "",
    "NATVERKET_CLIENT_CERTIFICATE_PASSWORD": PASSWORD,
}
READING = {"app": DAEMON.client_id, "mailbox": BOX.mail, "role": "Mail.Read"}
PAGES = ("/", "/?lang=en", "/livez?verbose", "/readyz?verbose", "/metrics")


@dataclass
class Heard:
    """What came out, by where."""

    out: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    """What runs say of what went wrong, to coordinators."""
    told: list[str] = field(default_factory=list)
    """Cards and mails to administrators."""
    did: int = 0


def environment(sandbox: Sandbox, folder: Path) -> Path:
    """Write settings with every secret there is; the app signs in by a certificate."""
    pem = self_signed(FIRST_DAY - timedelta(days=30), FIRST_DAY + timedelta(days=40))
    own, key = x509.load_pem_x509_certificate(pem), load_pem_private_key(pem, None)
    locked = BestAvailableEncryption(PASSWORD.encode())
    pfx = folder / "app.pfx"
    pfx.write_bytes(pkcs12.serialize_key_and_certificates(b"", key, own, None, locked))  # type: ignore[arg-type]
    ask(sandbox, "certificates", {"client_id": DAEMON.client_id, "pem": pem.decode("ascii")})
    lines = sandbox.env_file.read_text(encoding="utf-8").splitlines()
    given = {
        **sandbox.env,
        **NAMES,
        "NATVERKET_STATE_URL": f"sqlite:///{folder / 'state.db'}",
        "NATVERKET_CLIENT_CERTIFICATE_FILE": str(pfx),
        "NATVERKET_LOGIN_FILE": str(folder / "login.bin"),
        "NATVERKET_ADMIN_URL": next(
            line.partition("=")[2] for line in lines if line.startswith("# WORKFLOW IT")
        ),
    }
    file = folder / "own.env"
    text = "".join(f"{name}='{value}'\n" for name, value in given.items() if value)
    file.write_text(text, encoding="utf-8")
    return file


def secrets(file: Path) -> Iterator[str]:
    """What signs in or authorises: of the settings, the flows' addresses, tokens, links."""
    yield SECRET
    for line in file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        value = value.strip("'")
        if name.endswith("_URL"):
            yield from (part for _, part in parse_qsl(urlsplit(value).query) if len(part) > 12)
        if name.endswith(("SECRET", "PASSWORD", "KEY", "TOKEN", "PING_URL")):
            yield value


async def played(sandbox: Sandbox, file: Path) -> Heard:
    """A fortnight of every job, with a fault a day; then a right is gone, and that is told."""
    settings, heard = read_settings(file, {}), Heard()
    ask(sandbox, "act", {"act": "GrantMailbox", **READING})
    async for _ in provision(settings):
        pass
    source = Source(read=lambda: read_settings(file, {}), files=lambda _: ())
    async with open_house(settings) as house:
        after = News(house, doors=_overheard(heard)).tell
        daemon = Daemon(house, source, systemd=Systemd({}), after=after)
        for day, (name, fault) in enumerate([("nothing", {}), *FAULTS.items()]):
            ask(sandbox, "act", canaries.dropped(name, day))
            if fault:
                ask(sandbox, "faults", fault)
            for hours in (0, 1, 2):
                await _round(house, daemon, FIRST_DAY + timedelta(days=day, hours=hours))
        ask(sandbox, "act", {"act": "GrantSite", "app": DAEMON.client_id, "role": ""})
        await house.let_go()
        for hours in (3, 4, 5, 6):
            await _round(house, daemon, FIRST_DAY + timedelta(days=len(FAULTS), hours=hours))
        for at in house.workplaces():
            runs = await at.journal.runs()
            heard.did += sum(run.did for run in runs)
            heard.notes += [run.note for run in runs if run.note]
        await _look(heard, house, settings, file)
    return heard


async def _round(house: House, daemon: Daemon, moment: datetime) -> None:
    assert isinstance(house.clock, SandboxClock)
    await house.clock.move_to(max(moment, house.clock.now()))
    await daemon.round()


async def _look(heard: Heard, house: House, settings: Settings, file: Path) -> None:
    through = httpx.ASGITransport(Starlette(routes=routes_of(house, settings)))
    signed_in = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(
        transport=through, base_url="http://127.0.0.1", headers=signed_in
    ) as http:
        for path in PAGES:
            answer = await http.get(path)
            heard.out[path] = f"{answer.status_code} {answer.headers}\n{answer.text}"
    for name, machine in (("status", False), ("status --json", True)):
        said = io.StringIO()
        with redirect_stdout(said):
            await _status(settings, as_json=machine)
        heard.out[name] = said.getvalue()
    parts = await check(settings, names(), lambda *_: None)
    heard.out["check --json"] = json.dumps(object_of(parts), ensure_ascii=False)
    reading = read(file)
    heard.out["settings --json"] = document_of(listed(reading, everything=True), reading)
    pack = file.with_name("support.zip")
    with redirect_stdout(io.StringIO()):
        await _support(settings, pack)
    with zipfile.ZipFile(pack) as packed:
        heard.out["support"] = "\n".join(
            packed.read(name).decode("utf-8") for name in packed.namelist()
        )
    heard.out["card and mail"] = "\n".join(heard.told)


def _overheard(heard: Heard):  # type: ignore[no-untyped-def]
    @asynccontextmanager
    async def doors(settings: Settings, clock: Clock) -> AsyncIterator[Doors]:
        async with doors_of(settings, clock) as there:
            yield {name: _Overheard(poster, heard) for name, poster in there.items()}

    return doors


@dataclass(frozen=True)
class _Overheard:
    """A way to administrators that somebody listens at."""

    poster: Poster
    heard: Heard

    async def post(self, message: Message) -> Receipt:
        card = adaptive_card(message.card, key=message.key)
        self.heard.told += [str(card), str(letter(message))]
        receipt = await self.poster.post(message)
        self.heard.told.append(f"receipt: {receipt.delivery}")
        return receipt
