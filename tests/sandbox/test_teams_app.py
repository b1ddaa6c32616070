"""An owner adds a Teams app to the team, from its package."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest

from service.sandbox.entra.directory import RSC, held
from service.sandbox.serve import build
from service.sandbox.teams import roster
from service.sandbox.teams.channel_acts import PERFORMERS
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import AddTeamsApp, Seed, UninstallApp
from tests.sandbox import worlds

APP, TEAM = worlds.STRANGER, worlds.WORLD.team


def png(side):
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + side.to_bytes(4) * 2


FILES = {"c.png": png(192), "o.png": png(32)}
MANIFEST = {
    "$schema": "https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json",
    "manifestVersion": "1.19",
    "version": "1.0.0",
    "id": "99999999-aaaa-4000-8000-000000000009",
    "developer": {
        "name": "Kommunen",
        **{f"{key}Url": "https://x.example" for key in ("website", "privacy", "termsOfUse")},
    },
    "name": {"short": "Nätverket", "full": "Nätverket"},
    "description": {"short": "Läser", "full": "Läser kanalen"},
    "icons": {"color": "c.png", "outline": "o.png"},
    "accentColor": "#123456",
    "webApplicationInfo": {"id": APP.client_id, "resource": "api://x"},
    "authorization": {
        "permissions": {
            "resourceSpecific": [{"name": "ChannelMessage.Read.Group", "type": "Application"}]
        }
    },
    "bots": [{"botId": APP.client_id, "scopes": ["team"], "isNotificationOnly": True}],
}


def package(files=FILES, **changes):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as file:
        file.writestr("manifest.json", json.dumps(MANIFEST | changes))
        for name, content in files.items():
            file.writestr(name, content)
    return kept.getvalue()


def add(tenant, content):
    act = AddTeamsApp(at=worlds.START, content=lambda: content)
    return PERFORMERS[AddTeamsApp](tenant, act)


@pytest.fixture
def tenant(tmp_path):
    made = Tenant(worlds.WORLD, tmp_path)
    build(made, Seed(world=worlds.WORLD, acts=()), key_file=None)
    yield made
    made.store.close()


def test_its_consent_and_its_bot_come_with_it_and_go(tenant):
    """The team's channels may be read, and the bot is in, until the app is taken out."""
    assert add(tenant, package())
    assert (held(tenant, APP, RSC), roster.app_state(tenant, APP.client_id)) == (
        (TEAM,),
        "installed",
    )
    tenant.clock.now += timedelta(minutes=1)
    PERFORMERS[UninstallApp](tenant, UninstallApp(at=worlds.START, app=APP.client_id))
    assert (held(tenant, APP, RSC), roster.app_state(tenant, APP.client_id)) == ((), "absent")


def test_without_a_bot_it_only_reads(tenant):
    """A manifest needs no bot, and none is in the team then."""
    add(tenant, package(bots=[]))
    assert held(tenant, APP, RSC) == (TEAM,)
    assert roster.app_state(tenant, APP.client_id) == "absent"


def test_a_consent_that_is_not_asked_for_is_not_given(tenant):
    """The bot is in the team and reads nothing."""
    add(tenant, package(authorization={}))
    assert held(tenant, APP, RSC) == ()


UNKNOWN = "00000000-aaaa-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"manifestVersion": "1.18"}, "none that is released"),
        ({"manifestVersion": "1.17"}, "differ"),
        ({"accent": "#123456"}, "accent is not known"),
        ({"name": {"short": "x" * 31, "full": "x"}}, "name.short has 31 characters"),
        ({"description": {"short": "x" * 81, "full": "x"}}, "description.short has 81"),
        ({"developer": {"name": "x", "websiteUrl": "http://x"}}, "no https address"),
        ({"version": "1.0"}, "no three numbers"),
        ({"id": "nätverket"}, "id is no GUID"),
        ({"icons": {"color": "o.png", "outline": "o.png"}}, "no PNG of 192×192"),
        ({"webApplicationInfo": {"id": UNKNOWN, "resource": "x"}}, "no app of this tenant"),
        ({"webApplicationInfo": {"id": APP.client_id}}, "no resource"),
        ({"bots": [{"botId": UNKNOWN, "scopes": ["team"]}]}, "the bot is no app"),
        ({"bots": [{"botId": APP.client_id, "scopes": ["personal"]}]}, "not for teams"),
        ({"bots": MANIFEST["bots"] * 2}, "more than one bot"),
        (
            {
                "authorization": {
                    "permissions": {
                        "resourceSpecific": [{"name": "Chat.Read", "type": "Application"}]
                    }
                }
            },
            "none that a team gives",
        ),
    ],
)
def test_what_teams_would_refuse_is_refused(tenant, changes, said):
    """Nothing of such a package comes into the team."""
    with pytest.raises(ValueError, match=said):
        add(tenant, package(**changes))
    assert held(tenant, APP, RSC) == ()


def test_what_is_no_package_is_refused(tenant):
    """No zip, a zip without manifest, a manifest that is none, one without what it must have."""
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for content in (b"PK", empty.getvalue()):
        with pytest.raises(ValueError, match="readable manifest"):
            add(tenant, content)
    with pytest.raises(ValueError, match="no PNG of 32×32"):
        add(tenant, package({"c.png": png(192)}))


def test_an_app_may_read_for_a_bot_of_another_name(tenant):
    """The consent goes to the one, the bot's place to the other; capitals do not matter."""
    bot = replace(worlds.READER, client_id=worlds.READER.client_id.upper())
    add(tenant, package(bots=[{"botId": bot.client_id, "scopes": ["team"]}]))
    assert roster.app_state(tenant, worlds.READER.client_id) == "installed"
    assert held(tenant, APP, RSC) == (TEAM,)
