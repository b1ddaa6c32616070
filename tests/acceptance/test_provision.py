"""`natverket provision` as an admin types it."""

import json
import ssl
import sys
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from click.testing import Result
from typer.testing import CliRunner

from service.cli import provision
from service.cli.app import app
from service.sandbox.process import Sandbox
from service.sandbox.timeline import App, Seed
from tests.contract.graph import worlds
from tests.contract.graph.accounts import Browser

SEED = f"{__file__}:tenant"
LENDER = App(
    client_id="75000000-0000-4000-8000-000000000007",
    secret="",
    name="Nätverket, uppläggning",
    roles=(),
    scopes=("Sites.Manage.All",),
    public=True,
    redirects=("http://localhost",),
)
WORLD = replace(
    worlds.WORLD,
    apps=(*worlds.WORLD.apps, LENDER),
    team_members=(worlds.ORGANIZER.id, worlds.COLLEAGUE.id),
    owners=(worlds.ORGANIZER.id,),
)
NETWORK = {
    "NATVERKET_NETWORK_NAME": "Exempelnätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "a=A",
}
Natverket = Callable[..., Result]


def tenant() -> Seed:
    return Seed(world=WORLD, acts=())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(seed=SEED, directory=tmp_path_factory.mktemp("house")) as running:
        yield running


@dataclass(frozen=True)
class Names:
    """Places that no other test makes: a list cannot be deleted through Graph."""

    library: str
    coordination: str
    register: str

    @property
    def all(self) -> set[str]:
        return {self.library, self.coordination, self.register}


@pytest.fixture
def names() -> Names:
    own = uuid4().hex[:6]
    return Names(f"Dokumentation {own}", f"Samordning {own}", f"Möten {own}")


@pytest.fixture
def natverket(house: Sandbox, names: Names) -> Natverket:
    """Runs `natverket provision`; `types` is what somebody types."""
    places = {
        "NATVERKET_NETWORK_LIBRARY": names.library,
        "NATVERKET_NETWORK_COORDINATION": names.coordination,
        "NATVERKET_NETWORK_REGISTER": names.register,
    }

    def run(*words: str, types: str | None = None, **settings: str) -> Result:
        own = {f"NATVERKET_{name}": value for name, value in settings.items()}
        environment = {**house.env, **NETWORK, **places, **own}
        return CliRunner().invoke(app, ["provision", *words], env=environment, input=types)

    return run


@pytest.fixture
def owner(house: Sandbox) -> Iterator[httpx.Client]:
    """Graph, as the app that may make lists in the site."""
    base = f"{house.url}/v1.0/sites/{house.env['NATVERKET_NETWORK_SITE']}/"
    trust = ssl.create_default_context(cafile=str(house.ca_file))
    with httpx.Client(base_url=base, verify=trust) as client:
        form = {
            "client_id": worlds.PROVISIONER.client_id,
            "client_secret": worlds.PROVISIONER.secret,
            "grant_type": "client_credentials",
            "scope": "https://graph.microsoft.com/.default",
        }
        tenant_id = house.env["NATVERKET_TENANT_ID"]
        answer = client.post(f"{house.url}/{tenant_id}/oauth2/v2.0/token", data=form)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


def lists(owner: httpx.Client) -> dict[str, str]:
    return {one["displayName"]: one["id"] for one in owner.get("lists").json()["value"]}


def test_the_plan_comes_first_and_nothing_is_made_without_a_yes(
    natverket: Natverket, names: Names, owner: httpx.Client
) -> None:
    """`--plan` shows alone; a machine that says no yes gets 3; observe mode makes nothing."""
    before = lists(owner)
    shown = natverket("--plan")
    assert shown.exit_code == 0, shown.output
    assert f"make    library {names.library} with 8 columns" in shown.output
    assert f"make    folder {names.coordination}/Inkorg/Oplacerat" in shown.output
    silent = natverket()
    assert (silent.exit_code, "Nothing is made without a yes" in silent.output) == (3, True)
    observed = natverket("--yes", MODE="observe")
    assert (observed.exit_code, "NATVERKET_MODE is observe" in observed.output) == (3, True)
    assert lists(owner) == before


def test_it_makes_all_once_and_tells_what_is_left_to_people(
    natverket: Natverket, names: Names, owner: httpx.Client
) -> None:
    """Addresses, what no app can set, and the command that takes the temporary app's rights."""
    made = natverket("--yes")
    assert made.exit_code == 0, made.output
    assert names.all <= set(lists(owner))
    assert f"library {names.coordination}: https://nat.sharepoint.com/" in made.output
    assert f"close {names.coordination} to members" in made.output
    assert f"-ProvisionClientId {worlds.PROVISIONER.client_id}" in made.output
    again = natverket("--yes", "--json")
    told = json.loads(again.stdout)
    assert (again.exit_code, told["made"]) == (0, [])
    (network,) = told["networks"]
    assert {one["name"] for one in network["there"]} == names.all
    assert network["to_make"] == []


def test_what_is_there_otherwise_is_told_and_not_changed(
    natverket: Natverket, names: Names, owner: httpx.Client
) -> None:
    """A list in the library's place, a column of another type: 3, and the rest is made."""
    own = {"displayName": names.library, "list": {"template": "genericList"}}
    register = {
        "displayName": names.register,
        "list": {"template": "genericList"},
        "columns": [{"name": "NvStart", "text": {}}],
    }
    for body in (own, register):
        assert owner.post("lists", json=body).is_success
    before = lists(owner)
    made = natverket("--yes")
    assert made.exit_code == 3, made.output
    assert f"library {names.library}. It is a list, where a library is needed." in made.output
    assert "It holds one line of text, where a date is needed." in made.output
    after = lists(owner)
    assert names.coordination in after
    assert before.items() <= after.items()
    columns = owner.get(f"lists/{after[names.register]}/columns").json()["value"]
    named = {one["name"]: one for one in columns}
    assert "text" in named["NvStart"]
    assert "NvEnd" in named


def test_a_terminal_is_asked(
    natverket: Natverket, names: Names, owner: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No is the answer that Enter gives; yes makes it."""
    monkeypatch.setattr(provision, "_is_terminal", lambda: True)
    declined = natverket(types="\n")
    assert (declined.exit_code, names.library in lists(owner)) == (3, False)
    agreed = natverket(types="y\n")
    assert (agreed.exit_code, names.library in lists(owner)) == (0, True)


def test_an_owner_lends_her_rights_in_the_browser(
    house: Sandbox,
    natverket: Natverket,
    names: Names,
    owner: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """No second app: she signs in, all is made, and nothing is kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", Browser(house, worlds.ORGANIZER).open)
    lent = {"PROVISION_CLIENT_ID": "", "PROVISION_CLIENT_SECRET": ""}
    made = natverket("--yes", "--as-person", LOGIN_CLIENT_ID=LENDER.client_id, **lent)
    assert made.exit_code == 0, made.output
    assert f"With the rights of {worlds.ORGANIZER.mail}" in made.output
    assert "temporary app" not in made.output
    assert names.all <= set(lists(owner))
    assert list(tmp_path.iterdir()) == []


def test_a_member_has_no_such_rights_to_lend(
    house: Sandbox,
    natverket: Natverket,
    names: Names,
    owner: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a code, where there is no browser; the refusal names the right."""
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    told = provision._ask

    def ask(address: str, code: str) -> None:
        told(address, code)
        Browser(house, worlds.COLLEAGUE).type(address, code)

    monkeypatch.setattr(provision, "_ask", ask)
    lent = {"PROVISION_CLIENT_ID": "", "PROVISION_CLIENT_SECRET": ""}
    made = natverket("--yes", "--as-person", "--device", LOGIN_CLIENT_ID=LENDER.client_id, **lent)
    assert made.exit_code == 1, made.output
    assert "sign in as an owner of the site" in made.output
    assert names.library not in lists(owner)


def test_device_alone_is_wrong_use(natverket: Natverket) -> None:
    """It says how somebody signs in, and nobody does."""
    assert natverket("--device").exit_code == 2
