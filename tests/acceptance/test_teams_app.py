"""`natverket teams-app` as an administrator uses it, from the settings to the channel."""

import base64
import json
import ssl
import zipfile
from pathlib import Path

import httpx

from service.sandbox.process import Sandbox
from tests.acceptance.test_commands import natverket
from tests.sandbox import worlds

APP = worlds.STRANGER
SEED = f"{worlds.__file__}:empty"
SETTINGS = {
    "NATVERKET_TENANT_ID": worlds.TENANT,
    "NATVERKET_CLIENT_ID": APP.client_id,
    "NATVERKET_CLIENT_SECRET": APP.secret,
    "NATVERKET_NETWORK_MAILBOX": "natverk@exempel.example",
    "NATVERKET_NETWORK_SITE": "https://exempel.example/sites/natverket",
    "NATVERKET_NETWORK_NAME": "Exempelnätverket",
    "NATVERKET_NETWORK_FOCUS_GROUPS": "a=A",
    "NATVERKET_NETWORK_READ_CHANNEL": "false",
}


def test_the_package_lets_the_app_read_the_channel(tmp_path: Path) -> None:
    """403 before; an owner adds the package that the settings gave; 200 after."""
    done = natverket("teams-app", "--out", "app.zip", cwd=tmp_path, **SETTINGS)
    assert done.returncode == 0, done.stderr

    with Sandbox(seed=SEED, directory=tmp_path / "tenant") as sandbox:
        trust = ssl.create_default_context(cafile=str(sandbox.ca_file))
        with httpx.Client(verify=trust, base_url=sandbox.url) as http:
            before = _read(http)
            content = base64.b64encode((tmp_path / "app.zip").read_bytes()).decode()
            act = {"act": "AddTeamsApp", "content": {"base64": content}}
            added = http.post("/_sandbox/act", json=act)
            assert added.is_success, added.text
            after = _read(http)
    assert (before, after) == (403, 200)


def _read(http: httpx.Client) -> int:
    given = {
        "client_id": APP.client_id,
        "client_secret": APP.secret or "",
        "grant_type": "client_credentials",
        "scope": "https://graph.microsoft.com/.default",
    }
    token = http.post(f"/{worlds.TENANT}/oauth2/v2.0/token", data=given).json()["access_token"]
    path = f"/v1.0/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages/delta"
    return http.get(path, headers={"Authorization": f"Bearer {token}"}).status_code


def test_what_it_prints(tmp_path: Path) -> None:
    """Who does what next, what it gives, how to see that it works; nothing is contacted."""
    done = natverket("teams-app", cwd=tmp_path, **SETTINGS)

    assert (tmp_path / "natverket-teams-app.zip").is_file()
    for said in (
        "admin.teams.microsoft.com",
        "Adding it is the consent",
        "ChannelMessage.Read.Group",
        "https://exempel.example/sites/natverket",
        "NATVERKET_NETWORK_READ_CHANNEL=true",
    ):
        assert said in done.stdout
    assert "placeholder" not in done.stdout


def test_what_it_cannot_make(tmp_path: Path) -> None:
    """A client id that is none and a folder that is not there: named, with what to do."""
    wrong = natverket("teams-app", cwd=tmp_path, **SETTINGS | {"NATVERKET_CLIENT_ID": "app"})
    assert wrong.returncode == 2
    assert "the client id 'app' is no GUID" in wrong.stderr

    nowhere = natverket("teams-app", "--out", "no/app.zip", cwd=tmp_path, **SETTINGS)
    assert nowhere.returncode == 1
    assert "--out" in nowhere.stderr


def test_a_site_by_its_id_gives_a_placeholder(tmp_path: Path) -> None:
    """Teams wants https addresses: a reserved one stands in, and it is said that it does."""
    site = "exempel.example,0f0e0d0c-0000-4000-8000-000000000001,1a1b1c1d-0000-4000-8000-1"
    settings = SETTINGS | {"NATVERKET_NETWORK_SITE": site}
    done = natverket("teams-app", cwd=tmp_path, **settings)
    assert "https://example.org/ is a placeholder" in done.stdout


def test_a_bot_where_a_kind_of_posts_goes_by_one(tmp_path: Path) -> None:
    """Its own registration, where it has one; else the service's."""
    settings = SETTINGS | {
        "NATVERKET_NETWORK_TEAM": worlds.WORLD.team,
        "NATVERKET_NETWORK_CHANNEL": worlds.COMMON,
        "NATVERKET_NETWORK_POST_KINDS": "cancelled=bot",
    }
    bot = worlds.READER.client_id
    own = settings | {"NATVERKET_BOT_CLIENT_ID": bot, "NATVERKET_BOT_CLIENT_SECRET": "a~secret"}
    for given, named in ((settings, APP.client_id), (own, bot)):
        done = natverket("teams-app", "--out", "app.zip", cwd=tmp_path, **given)
        assert f"app registration {named}" in done.stdout, done.stderr
        with zipfile.ZipFile(tmp_path / "app.zip") as file:
            (found,) = json.loads(file.read("manifest.json"))["bots"]
        assert found["botId"] == named
