"""What of the machine's own is looked at: the state's disk, own files, the credential's words."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import SecretStr

from service.checking import sign_in, temporary, words
from service.checking.asked import Asked, AskedOfNetwork
from service.checking.state import LITTLE, TOO_LITTLE, judged
from service.domain.check import Finding, Verdict
from service.errors import SignInRefused
from service.graph.token import Claims
from service.settings import NetworkSettings, Settings
from service.store import Looks
from tests.unit.effects.world import network

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        (LITTLE, Verdict.OK),
        (LITTLE - 1, Verdict.WARNING),
        (TOO_LITTLE - 1, Verdict.FAILED),
    ],
)
def test_little_room(free: int, verdict: Verdict) -> None:
    """A disk that runs full is a warning, and a failure before it is full."""
    found = list(judged(Looks(place="/x/state.db", version="1", newest="1", free=free)))
    assert found[-1].verdict is verdict


def given(**settings: Any) -> Settings:
    own = {"client_secret": SecretStr("x"), **settings}
    there = NetworkSettings(mailbox="natverk@exempel.se", site="s")
    return Settings(tenant_id="t", client_id=APP, networks=(there,), **own)


# ---------------------------------------------------------------- signing in


async def signed_in(settings: Settings, answer: Claims | SignInRefused) -> list[Finding]:
    async def claims() -> Claims:
        if isinstance(answer, SignInRefused):
            raise answer
        return answer

    at = SimpleNamespace(settings=settings, now=NOW, claims=claims)
    return list(await sign_in.run(cast(Asked, at)))


def token(folder: Path, **claims: object) -> Path:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    file = folder / "token"
    file.write_text(f"eyJhbGciOiJub25lIn0.{body}.sign4ture\n", encoding="utf-8")
    return file


async def test_a_federated_token_tells_whose_it_is(tmp_path: Path) -> None:
    """Issuer, subject and end, which the app's registration must name; never the token itself."""
    ends = datetime(2026, 11, 22, 13, tzinfo=UTC)
    file = token(tmp_path, iss="https://k8s.exempel.se", sub="a:natverket", exp=ends.timestamp())
    by_it = given(client_secret=None, federated_token_file=file)
    (good,) = await signed_in(by_it, Claims(appid=APP))
    (bad,) = await signed_in(by_it, SignInRefused("sign-in", "No.", remedy="Add credential."))

    assert (good.verdict, bad.verdict) == (Verdict.OK, Verdict.FAILED)
    for one in (good, bad):
        assert "of issuer https://k8s.exempel.se for subject a:natverket" in one.said
        assert "ends 2026-11-22 13:00 UTC" in one.said
        assert "sign4ture" not in str(one)
    assert bad.remedy is not None
    assert bad.remedy.steps[0] == "Add credential."


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"no token"])
async def test_a_federated_token_that_is_none(tmp_path: Path, content: bytes) -> None:
    """The refusal says so."""
    file = tmp_path / "token"
    file.write_bytes(content)
    by_it = given(client_secret=None, federated_token_file=file)
    (bad,) = await signed_in(by_it, SignInRefused("sign-in", "No."))
    assert "cannot be read as a token" in bad.said


async def test_a_managed_identity_that_is_another_app() -> None:
    """Rights count that are granted to it: its client id is told, and what to set."""
    by_it = given(client_secret=None, managed_identity="system")
    (own,) = await signed_in(by_it, Claims(appid=APP.upper()))
    (other,) = await signed_in(by_it, Claims(appid="another"))

    assert (own.verdict, other.verdict) == (Verdict.OK, Verdict.WARNING)
    assert "the managed identity of this machine itself" in own.said
    assert other.remedy is not None
    assert other.remedy.steps == ("NATVERKET_CLIENT_ID=another",)


# ---------------------------------------------------------------- the temporary app


async def test_the_temporary_app_is_not_left_lying_about() -> None:
    """Where everything is made its secret is a warning; the sandbox's own harms nobody."""
    set_ = {"provision_client_id": APP, "provision_client_secret": SecretStr("much")}
    sandbox = {"graph_url": "https://127.0.0.1:8443"}
    verdicts = []
    for settings in (given(), given(**set_), given(**set_, **sandbox)):
        at = cast(AskedOfNetwork, SimpleNamespace(settings=settings))
        (one,) = await temporary.run(at)
        assert "much" not in str(one)
        verdicts.append(one.verdict)
    assert verdicts == [Verdict.OK, Verdict.WARNING, Verdict.OK]


# ---------------------------------------------------------------- own files


async def test_own_files_that_are_wrong(tmp_path: Path) -> None:
    """Each is a failure that names its setting: what is not there, and what is no such file."""
    texts, series = tmp_path / "t.toml", tmp_path / "s.toml"
    texts.write_text('[words]\nno_such = "x"\n', encoding="utf-8")
    series.write_text("id = ", encoding="utf-8")
    (tmp_path / "annual.docx").write_text("no docx", encoding="utf-8")
    chosen = NetworkSettings(
        mailbox="n@exempel.se", site="s", texts=texts, series=(str(series),), templates=tmp_path
    )
    found = list(
        await words.run(cast(AskedOfNetwork, SimpleNamespace(chosen=chosen, network=network())))
    )

    assert [one.verdict for one in found] == [Verdict.FAILED] * 3
    for name, one in zip(("TEXTS", "SERIES", "TEMPLATES"), found, strict=True):
        assert one.said.startswith(f"NATVERKET_NETWORK_{name}: ")
        assert one.remedy is not None


async def test_own_files_that_are_right(tmp_path: Path) -> None:
    """A template folder without a file of the name has the shipped one."""
    texts = tmp_path / "t.toml"
    texts.write_text('[words]\ntoday = "Idag"\n', encoding="utf-8")
    chosen = NetworkSettings(mailbox="n@exempel.se", site="s", texts=texts, templates=tmp_path)
    at = cast(AskedOfNetwork, SimpleNamespace(chosen=chosen, network=network()))
    assert [one.verdict for one in await words.run(at)] == [Verdict.OK] * 2
