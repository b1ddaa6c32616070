"""A tenant where a bot and accounts post, and how somebody signs one in without a browser."""

import json
import re
import ssl
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import msal

from service.graph.bot import BotSettings
from service.graph.gateway import TenantSettings
from service.graph.login import LoginSettings
from service.graph.login_ways import SignedIn, signing_in
from service.ports import Clock
from service.sandbox.process import Sandbox
from service.sandbox.timeline import App, Channel, Person, Seed
from tests.contract.graph import neighbours, worlds

SEED = f"{__file__}:tenant"
POSTER = Person(id="a1000000-0000-4000-8000-000000000011", name="Utskick", mail="post@nat.example")
SPARE = Person(id="a2000000-0000-4000-8000-000000000012", name="Reserv", mail="res@nat.example")
STRANGER = Person(id="a3000000-0000-4000-8000-000000000013", name="Ute", mail="ute@nat.example")
CLOSED = "19:closed@thread.tacv2"
TAG = "Miljöstrateger"

BOT = App(
    client_id="50000000-0000-4000-8000-000000000005",
    secret="bot~secret",
    name="Nätverksboten",
    roles=(),
    installed=True,
)
ABSENT = App(
    client_id="60000000-0000-4000-8000-000000000006",
    secret="absent~secret",
    name="Inte installerad",
    roles=(),
)
DESK = App(
    client_id="70000000-0000-4000-8000-000000000007",
    secret="",
    name="Nätverket, utskick",
    roles=(),
    scopes=("ChannelMessage.ReadWrite", "TeamworkTag.Read"),
    public=True,
    redirects=("http://localhost",),
)
WITHOUT_TAGS = replace(
    DESK,
    client_id="80000000-0000-4000-8000-000000000008",
    scopes=("ChannelMessage.ReadWrite",),
)
NOT_PUBLIC = replace(
    DESK, client_id="90000000-0000-4000-8000-000000000009", public=False, redirects=()
)
WORLD = replace(
    worlds.WORLD,
    people=(*worlds.WORLD.people, POSTER, SPARE, STRANGER),
    apps=(*worlds.WORLD.apps, BOT, ABSENT, DESK, WITHOUT_TAGS, NOT_PUBLIC),
    team_members=(worlds.ORGANIZER.id, worlds.COLLEAGUE.id, POSTER.id, SPARE.id),
    tags={TAG: (worlds.COLLEAGUE.id,)},
    channels=(
        *worlds.WORLD.channels,
        Channel(
            id=CLOSED, name="Styrgruppen", membership="private", members=(worlds.ORGANIZER.id,)
        ),
    ),
)


def tenant() -> Seed:
    return Seed(world=WORLD, acts=())


class Control(neighbours.Control):
    def act(self, act: str, **fields: object) -> None:
        self._post("act", {"act": act, **fields})


def login_settings(
    sandbox: Sandbox, file: Path, app: App = DESK, **changes: object
) -> LoginSettings:
    settings = LoginSettings(
        tenant_id=WORLD.tenant_id,
        client_id=app.client_id,
        authority_url=sandbox.url,
        graph_url=sandbox.url,
        file=file,
    )
    return replace(settings, **changes)


def with_ways(
    settings: TenantSettings, sandbox: Sandbox, login: LoginSettings | None = None, bot: App = BOT
) -> TenantSettings:
    """The daemon's settings, and those of the bot and of the account."""
    own = BotSettings(url=sandbox.url, client_id=bot.client_id, secret=bot.secret)
    return replace(settings, bot=own, login=login)


class Browser:
    """Goes where a browser would go, and says what somebody in front of it would say."""

    def __init__(
        self, sandbox: Sandbox, person: Person = POSTER, decision: str = "approve"
    ) -> None:
        self._sandbox = sandbox
        self._says = {"person": person.id, "decision": decision}
        self.seen: list[httpx.Response] = []
        """What came after the page of consent."""

    def open(self, address: str) -> bool:
        parts = urlsplit(address)
        with self._client() as client:
            page = client.post(
                address.partition("?")[0], data={**dict(parse_qsl(parts.query)), **self._says}
            )
            self.seen.append(page)
            form = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
            back = re.search(r'action="(http://localhost:[^"]+)"', page.text)
            if back:
                fields = {name: unescape(value) for name, value in form.items()}
                self.seen.append(client.post(unescape(back[1]), data=fields))
        return True

    def type(self, address: str, code: str) -> None:
        with self._client() as client:
            self.seen.append(client.post(address, data={"user_code": code, **self._says}))

    def _client(self) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self._sandbox.ca_file))
        return httpx.Client(verify=context)


async def sign_in(
    sandbox: Sandbox, settings: LoginSettings, clock: Clock, person: Person = POSTER
) -> SignedIn:
    async with signing_in(settings, clock, sandbox.ca_file) as way:
        signed = await way.by_browser(Browser(sandbox, person).open)
    assert signed is not None
    return signed


def who(token: str) -> str:
    """Whose token it is; msal decodes it as it does every one."""
    return json.loads(msal.oauth2cli.oidc.decode_part(token.split(".")[1]))["oid"]
