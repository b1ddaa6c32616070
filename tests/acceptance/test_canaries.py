"""Nothing that people typed, and no secret, is in what comes out of the daemon and its commands."""

import asyncio
import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stderr

import pytest
import structlog

from service.cli.logs import log_to_stderr
from service.sandbox.process import Sandbox
from tests.acceptance import canaries, canary_house
from tests.acceptance.canaries import WORD
from tests.acceptance.canary_house import PAGES, TOKEN, Heard

AUTHORISES = r"(?<![A-Za-z0-9])eyJ\w{8}|tempauth=|[?&]sig=|Bearer \w{8}"
IMPERSONAL = (
    *("log", "/livez?verbose", "/readyz?verbose", "/metrics", "status", "status --json"),
    *("support", "card and mail"),
)
"""What may be sent to a helper, or read by whoever watches."""
ALL = (*IMPERSONAL, *PAGES[:2], "check --json", "settings --json", "notes")
"""Also what coordinators and administrators read: names and titles, and no secret."""

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Heard, tuple[str, ...]]]:
    """The daemon's fortnight, at the level debug; and what must not be found."""
    folder = tmp_path_factory.mktemp("canaries")
    seed = f"{canaries.__file__}:tenant"
    with Sandbox(seed=seed, directory=folder / "tenant") as sandbox:
        file = canary_house.environment(sandbox, folder)
        logged = io.StringIO()
        with redirect_stderr(logged):
            log_to_stderr("debug", "json")
            found = asyncio.run(canary_house.played(sandbox, file))
        structlog.reset_defaults()
        found.out |= {"log": logged.getvalue(), "notes": "\n".join(found.notes)}
        yield found, tuple(canary_house.secrets(file))


def test_the_canaries_were_there(heard: tuple[Heard, tuple[str, ...]]) -> None:
    """Files were filed, posts sent, faults met, admins told: what follows would prove nothing."""
    found, secrets = heard
    events = {json.loads(line)["event"] for line in found.out["log"].splitlines()}

    assert found.did > 20
    assert {"graph_request", "run", "run_failed", "action_failed", "signed_in"} <= events
    assert {"opened", "shut", "ping_failed", "admin_needed"} <= events
    assert any(WORD in note.lower() for note in found.notes)
    assert "natverket_runs_total" in found.out["/metrics"]
    assert json.loads(found.out["status --json"])["needs"]
    assert [found.out[page][:3] for page in PAGES] == ["200", "200", "200", "200", "200"]
    assert WORD in found.out["/"].lower()
    assert found.told.count("receipt: queued") >= 2
    assert len(secrets) > 6
    assert TOKEN in secrets


@pytest.mark.parametrize("where", IMPERSONAL)
def test_nothing_that_people_typed_comes_out(
    heard: tuple[Heard, tuple[str, ...]], where: str
) -> None:
    """No names, addresses, titles, texts, file names or answers; no word of a refusal."""
    text = heard[0].out[where]
    assert [line for line in text.splitlines() if WORD in line.lower()] == []
    assert not re.search(r"[\w.]+@(?!thread\.)[\w-]+\.\w+", text)


@pytest.mark.parametrize("where", ALL)
def test_no_secret_comes_out(heard: tuple[Heard, tuple[str, ...]], where: str) -> None:
    """Nothing that signs in, and no address that authorises by itself."""
    text = heard[0].out[where]
    assert [secret for secret in heard[1] if secret in text] == []
    assert not re.search(AUTHORISES, text)
