"""`natverket login` as a person types it."""

import sys
import webbrowser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import login
from service.cli.app import app
from service.graph.login_file import LoginFile
from service.sandbox.process import Sandbox
from tests.contract.graph import accounts
from tests.contract.graph.accounts import POSTER, SPARE, Browser

FILE = "natverket-login.bin"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with Sandbox(seed=accounts.SEED, directory=tmp_path_factory.mktemp("house")) as running:
        yield running


@pytest.fixture
def natverket(house, tmp_path, monkeypatch):
    """Runs a command in an empty folder, where the account's app is the service's own."""
    lines = [f"{name}={value}" for name, value in house.env.items() if "SECRET" not in name]
    lines += [
        f"NATVERKET_CLIENT_ID={accounts.DESK.client_id}",
        "NATVERKET_CLIENT_SECRET=not-used-here",
        "NATVERKET_NETWORK_NAME=Exempelnätverket",
        "NATVERKET_NETWORK_FOCUS_GROUPS=a=A",
    ]
    kept = [line for line in lines if not line.startswith("NATVERKET_PROVISION")]
    (tmp_path / "tenant.env").write_text("\n".join(kept), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPLAY", ":0")

    def run(*words):
        return CliRunner().invoke(app, ["--env-file", "tenant.env", *words])

    return run


def test_in_the_browser(house, natverket, monkeypatch):
    """Who is signed in, what it may do, where it is kept and until when; then who was before."""
    monkeypatch.setattr(webbrowser, "open", Browser(house).open)
    done = natverket("login")
    assert done.exit_code == 0, done.output
    assert f"Utskick <{POSTER.mail}> is signed in. It may:" in done.output
    assert "write in the channels of its teams (ChannelMessage.Send)" in done.output
    assert f"{Path(FILE).resolve()}, not encrypted" in done.output
    assert "lapses on 2023-05-30, and coordinators are told 14 days before" in done.output
    assert "Until now" not in done.output
    monkeypatch.setattr(webbrowser, "open", Browser(house, SPARE).open)
    assert f"Until now it was {POSTER.mail}" in natverket("login").output


@pytest.mark.parametrize("words", [("login",), ("login", "--device")])
def test_by_a_code(house, natverket, monkeypatch, words):
    """Where it is asked for, and where there is no browser: address and code are printed."""
    monkeypatch.delenv("DISPLAY")
    monkeypatch.setattr(sys, "platform", "linux")
    told = login._ask

    def ask(address, code):
        told(address, code)
        Browser(house).type(address, code)

    monkeypatch.setattr(login, "_ask", ask)
    done = natverket(*words)
    assert done.exit_code == 0, done.output
    assert f"open {house.url}/devicelogin" in done.output
    assert "and type the code " in done.output
    assert f"<{POSTER.mail}> is signed in" in done.output


def test_a_sign_in_that_is_refused(house, natverket, monkeypatch):
    """The reason and the remedy, and the exit code of a failure; nothing is kept."""
    monkeypatch.setattr(webbrowser, "open", Browser(house, decision="deny").open)
    done = natverket("login")
    assert done.exit_code == 1
    assert "Consent was declined" in done.output
    assert not Path(FILE).exists()


def test_signing_out(house, natverket, monkeypatch):
    """What is kept goes; where nothing is, that is said."""
    monkeypatch.setattr(webbrowser, "open", Browser(house).open)
    natverket("login")
    assert f"{POSTER.mail} is signed out here" in natverket("login", "--out").output
    assert LoginFile(Path(FILE), None).read() is None
    done = natverket("login", "--out")
    assert (done.exit_code, done.output.strip()) == (0, "nobody was signed in")
