"""Nothing that people typed, and no secret, is in logs, metrics, health or status."""

import asyncio
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import structlog
from starlette.applications import Starlette

from service.cli.logs import log_to_stderr
from service.cli.status import _status
from service.demo.tenant import ask
from service.graph.clock import SandboxClock
from service.provisioning import provision
from service.sandbox.process import Sandbox
from service.schedule import Pulse
from service.settings import Settings, read_settings
from service.standing import standing
from service.web.health import Health, health_routes
from service.web.metrics import Metrics
from service.wiring import Office, open_office
from tests.acceptance import canaries
from tests.acceptance.canaries import FAULTS, SECRET, WORD

AUTHORISES = r"(?<![A-Za-z0-9])eyJ\w{8}|tempauth=|[?&]sig=|Bearer \w{8}"
FIRST_DAY = datetime(2023, 3, 8, 10, tzinfo=UTC)
NAMES = {
    "NATVERKET_NETWORK_READ_CHANNEL": "true",
    "NATVERKET_NETWORK_SURVEY_FOLDER": "Dokument/Enkäter",
    "NATVERKET_NETWORK_MAIL_FOLDER": "Inkorgen",
    "NATVERKET_SETTLE_MINUTES": "0",
    "NATVERKET_KEEP_ATTENDEES": "true",
    "NATVERKET_LOG_LEVEL": "debug",
    "NATVERKET_LOG_FORMAT": "json",
    "NATVERKET_PING_URL": f"https://ping.example/{WORD}",
    "NATVERKET_WEB_TOKEN": f"{WORD}{WORD}{WORD}",
}

pytestmark = pytest.mark.proof


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What came out, by where."""

    out: dict[str, str]
    errors: tuple[str, ...]
    secrets: tuple[str, ...]
    done: int


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """A fortnight of every job in that tenant, with a fault a day, at the level debug."""
    folder = tmp_path_factory.mktemp("canaries")
    seed = f"{canaries.__file__}:tenant"
    with Sandbox(seed=seed, directory=folder / "tenant") as sandbox:
        state = f"sqlite:///{folder / 'state.db'}"
        settings = read_settings(sandbox.env_file, NAMES | {"NATVERKET_STATE_URL": state})
        logged = io.StringIO()
        with redirect_stderr(logged):
            log_to_stderr(settings.log_level, settings.log_format)
            out, errors, done = asyncio.run(_play(sandbox, settings))
        structlog.reset_defaults()
        yield Heard(
            out={"log": logged.getvalue(), **out},
            errors=errors,
            secrets=tuple(_secrets(sandbox)),
            done=done,
        )


async def _play(
    sandbox: Sandbox, settings: Settings
) -> tuple[dict[str, str], tuple[str, ...], int]:
    async for _ in provision(settings):
        pass
    errors, done, metrics = list[str](), 0, Metrics()
    async with open_office(settings, meter=metrics) as office:
        for day, (name, fault) in enumerate([("nothing", {}), *FAULTS.items()]):
            ask(sandbox, "act", canaries.dropped(name, day))
            clock = office.clock
            assert isinstance(clock, SandboxClock)
            await clock.move_to(FIRST_DAY + timedelta(days=day))
            if fault:
                ask(sandbox, "faults", fault)
            for entry in (await office.timetable()).entries:
                outcome = await office.run(entry, clock.now())
                done += outcome.run.did
                errors += [f"{type(each).__name__} {each} {each.remedy}" for each in outcome.errors]
        out = await _shown(office, settings, metrics)
    return out, tuple(errors), done


async def _shown(office: Office, settings: Settings, metrics: Metrics) -> dict[str, str]:
    async def page() -> bytes:
        timetable = await office.timetable()
        now = office.clock.now()
        return metrics.page(
            await standing(office.workplaces, timetable, settings=settings, now=now)
        )

    pulse = Pulse()
    pulse.begin()
    health = Health(
        rounds=pulse,
        is_stopping=lambda: False,
        read_state=office.workplaces[0].journal.runs,
        metrics=page,
        may_read=lambda _: True,
    )
    through = httpx.ASGITransport(Starlette(routes=health_routes(health)))
    async with httpx.AsyncClient(transport=through, base_url="http://localhost") as http:
        paths = ("/livez?verbose", "/readyz?verbose", "/metrics")
        out = {path: (await http.get(path)).text for path in paths}
    for name, as_json in (("status", False), ("status --json", True)):
        said = io.StringIO()
        with redirect_stdout(said):
            await _status(settings, as_json=as_json)
        out[name] = said.getvalue()
    return out


def _secrets(sandbox: Sandbox) -> Iterator[str]:
    """What signs in or authorises: of the settings, the flows' addresses, tokens, links."""
    yield from (SECRET, NAMES["NATVERKET_WEB_TOKEN"], NAMES["NATVERKET_PING_URL"])
    for line in sandbox.env_file.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition("=")
        if name.endswith("_URL"):
            yield from (part for _, part in parse_qsl(urlsplit(value).query) if len(part) > 12)
        if name.endswith(("SECRET", "PASSWORD", "KEY", "TOKEN")):
            yield value


def test_the_canaries_were_there(heard: Heard) -> None:
    """Files were filed, posts sent, faults met: what follows would else prove nothing."""
    events = {json.loads(line)["event"] for line in heard.out["log"].splitlines()}

    assert heard.done > 20
    assert {"graph_request", "run", "run_failed", "action_failed", "signed_in"} <= events
    assert any(WORD in error.lower() for error in heard.errors)
    assert "natverket_runs_total" in heard.out["/metrics"]
    assert json.loads(heard.out["status --json"])["needs"]


@pytest.mark.parametrize(
    "where", ["log", "/livez?verbose", "/readyz?verbose", "/metrics", "status", "status --json"]
)
def test_nothing_that_people_typed_comes_out(heard: Heard, where: str) -> None:
    """No names, addresses, titles, texts, file names or answers; no word of a refusal."""
    found = [line for line in heard.out[where].splitlines() if WORD in line.lower()]
    assert found == []
    assert not re.search(r"[\w.]+@(?!thread\.)[\w-]+\.\w+", heard.out[where])


@pytest.mark.parametrize("where", ["log", "/metrics", "status", "status --json"])
def test_no_secret_comes_out(heard: Heard, where: str) -> None:
    """Nothing that signs in, and no address that authorises by itself."""
    text = heard.out[where]
    assert [secret for secret in heard.secrets if secret in text] == []
    assert not re.search(AUTHORISES, text)


def test_errors_for_people_hold_no_secret(heard: Heard) -> None:
    """They may name files and meetings, for whoever asked; nothing that signs in."""
    text = "\n".join(heard.errors)
    assert [secret for secret in heard.secrets if secret in text] == []
    assert not re.search(AUTHORISES, text)
