"""Posting as a bot: the id that comes back is the channel's, and every refusal has its remedy."""

from datetime import timedelta

import httpx
import pytest

from service.domain.post import key_in
from service.errors import SettingsError
from service.graph.bot import BotSettings
from service.graph.gateway import Gateway, TenantSettings
from service.ports import Changeable, Delivery
from tests.contract.graph import accounts, worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.fakes import CLIENT_ID, START, TOKEN, FakeClock, FakeSignIn, Wire
from tests.messages import KEY, message

BOT_URL = "https://bots.example/teams"
CHANNEL = "19:a/b@thread.tacv2"


@pytest.fixture
async def way(house, house_clock):
    own = accounts.with_ways(settings(house, worlds.DAEMON), house)
    async with Gateway(own, house_clock) as gateway:
        yield gateway


async def seen(way, channel=worlds.COMMON):
    """Messages by id, as the channel gives them."""
    found = {}
    async for page in way.messages(worlds.TEAM, channel).changes(None):
        found |= {change.id: change.value for change in page.changes}
    return found


async def test_a_post_is_proved_by_the_id_that_the_channel_has(way):
    """It carries its key, and can be changed and taken back by that id; twice, if need be."""
    poster = way.bot(worlds.COMMON)
    assert isinstance(poster, Changeable)
    receipt = await poster.post(message())
    assert receipt.delivery is Delivery.PROVED
    shown = (await seen(way))[receipt.message_id]
    assert [key_in(link.url) for link in shown.links] == [KEY]
    assert shown.author == ""

    changed = await poster.update(receipt.message_id, message("https://natverk.example/nytt"))
    assert (changed.delivery, changed.message_id) == (Delivery.PROVED, receipt.message_id)
    assert "/nytt" in (await seen(way))[receipt.message_id].links[0].url

    for _ in range(2):
        assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED
    assert (await seen(way))[receipt.message_id] is None
    gone = await poster.update(receipt.message_id, message())
    assert (gone.delivery, gone.retry_at) == (Delivery.REFUSED, None)


async def test_the_services_own_app_may_be_the_bot(house, house_clock, events):
    """Without an app of its own the bot signs in by the daemon's credential."""
    events.act("InstallApp", app=worlds.DAEMON.client_id)
    own = accounts.with_ways(settings(house, worlds.DAEMON), house)
    own = accounts.replace(own, bot=BotSettings(url=house.url))
    async with Gateway(own, house_clock) as gateway:
        assert (await gateway.bot(worlds.COMMON).post(message())).delivery is Delivery.PROVED


async def test_a_bot_that_is_not_in_the_team(house, house_clock):
    """The remedy is named, and it is tried again in an hour: somebody may install it."""
    own = accounts.with_ways(settings(house, worlds.DAEMON), house, bot=accounts.ABSENT)
    async with Gateway(own, house_clock) as gateway:
        receipt = await gateway.bot(worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "natverket teams-app" in receipt.reason
    assert receipt.retry_at == house_clock.now() + timedelta(hours=1)


async def test_a_private_channel_takes_no_bot(way):
    """Which is said: the answer is the same as for a bot that is not installed."""
    receipt = await way.bot(accounts.CLOSED).post(message())
    assert "private channel" in receipt.reason


async def test_a_bot_that_is_blocked(way, events):
    """Blocked by the team's owners: the same remedy; put back, it posts again."""
    events.act("BlockApp", app=accounts.BOT.client_id)
    receipt = await way.bot(worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "natverket teams-app" in receipt.reason
    events.act("InstallApp", app=accounts.BOT.client_id)
    assert (await way.bot(worlds.COMMON).post(message())).delivery is Delivery.PROVED


async def test_a_channel_that_is_not_there(way):
    """The id is to be checked."""
    receipt = await way.bot("19:none@thread.tacv2").post(message())
    assert "Check the channel's id" in receipt.reason


async def test_the_limit_of_a_thread(way, house_clock):
    """Seven in a second; the receipt says when the next may come, and then it may."""
    poster = way.bot(worlds.QUIET)
    receipts = [await poster.post(message()) for _ in range(8)]
    assert [r.delivery for r in receipts] == [Delivery.PROVED] * 7 + [Delivery.REFUSED]
    assert receipts[-1].retry_at == house_clock.now() + timedelta(seconds=1)
    await house_clock.sleep(1)
    assert (await poster.post(message())).delivery is Delivery.PROVED


async def test_a_secret_that_is_wrong(house, house_clock):
    """Nothing was sent: refused with Entra's reason, to be tried when somebody has mended it."""
    own = accounts.with_ways(settings(house, worlds.DAEMON), house)
    own = accounts.replace(own, bot=accounts.replace(own.bot, secret="wrong"))
    async with Gateway(own, house_clock) as gateway:
        receipt = await gateway.bot(worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "secret is wrong" in receipt.reason
    assert receipt.retry_at == house_clock.now() + timedelta(hours=1)


async def test_an_answer_that_is_lost_after_the_post(way, events, house_clock):
    """Unknown, and sent once: the channel tells that it is there."""
    before = len(await seen(way))
    events.fault(match={"method": "POST", "path": "/v3/"}, when="after", drop=True)
    receipt = await way.bot(worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.UNKNOWN
    assert len(await seen(way)) == before + 1


# ---------------------------------------------------------------- what answers can come


@pytest.fixture
def clock():
    return FakeClock()


class Bots:
    """A gateway whose wire answers by a list: statuses with bodies, headers, or failures."""

    def __init__(self, clock, *answers):
        self.sign_in = FakeSignIn()
        self.answers = list(answers)
        self.wire = Wire(self._answer)
        own = TenantSettings(tenant_id="tenant", client_id=CLIENT_ID, bot=BotSettings(url=BOT_URL))
        self.gateway = Gateway(own, clock, sign_in=self.sign_in, inner=self.wire)
        self.poster = self.gateway.bot(CHANNEL)

    async def _answer(self, request):
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(*answer[:1], **answer[1])


def said(status, code="", **headers):
    return status, {"json": {"error": {"code": code, "message": "x"}}, "headers": headers}


MADE = (201, {"json": {"id": f"{CHANNEL};messageid=17", "activityId": "17"}})


@pytest.mark.parametrize(
    ("answer", "delivery", "wait"),
    [
        (MADE, Delivery.PROVED, None),
        ((201, {"json": {"activityId": "17"}}), Delivery.PROVED, None),
        ((202, {"text": ""}), Delivery.QUEUED, None),
        (said(429, "Throttled", **{"Retry-After": "600"}), Delivery.REFUSED, 600),
        (said(429, "Throttled"), Delivery.REFUSED, 60),
        (said(412, "PreconditionFailed"), Delivery.REFUSED, 60),
        (said(413, "MessageSizeTooBig"), Delivery.REFUSED, None),
        (said(400, "BadSyntax"), Delivery.REFUSED, None),
        (said(403, "NotEnoughPermissions"), Delivery.REFUSED, None),
        (said(500), Delivery.UNKNOWN, None),
        (said(502), Delivery.UNKNOWN, None),
        (said(503, **{"Retry-After": "9"}), Delivery.UNKNOWN, None),
        (said(504), Delivery.UNKNOWN, None),
        ((504, {"text": "<html>"}), Delivery.UNKNOWN, None),
        ((302, {"headers": {"Location": "https://evil.example/"}}), Delivery.REFUSED, None),
        (httpx.ReadTimeout("x"), Delivery.UNKNOWN, None),
        (httpx.RemoteProtocolError("x"), Delivery.UNKNOWN, None),
        (httpx.ConnectError("x"), Delivery.REFUSED, 60),
    ],
)
async def test_what_an_answer_means(clock, answer, delivery, wait):
    """Nothing is sent twice; a refusal that will pass says when to come again."""
    bots = Bots(clock, answer)
    receipt = await bots.poster.post(message())
    expected = None if wait is None else START + timedelta(seconds=wait)
    assert (receipt.delivery, receipt.retry_at) == (delivery, expected)
    assert receipt.message_id == ("17" if delivery is Delivery.PROVED else None)
    assert len(bots.wire.sent) == 1


async def test_a_token_that_is_refused_is_replaced_once(clock):
    """401 did nothing: once more with a new token, and then it is told."""
    bots = Bots(clock, said(401), MADE)
    assert (await bots.poster.post(message())).delivery is Delivery.PROVED
    assert bots.sign_in.forgotten == [f"{TOKEN}-0"]
    bots.answers = [said(401, "BotNotRegistered"), said(401, "BotNotRegistered")]
    receipt = await bots.poster.post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "Azure Bot" in receipt.reason
    assert not bots.answers


async def test_ids_are_quoted_in_addresses(clock):
    """Nothing of an id can lead elsewhere; the token goes to the one address that is set."""
    bots = Bots(clock, MADE, (200, {"json": {"id": "17"}}), (200, {}))
    await bots.poster.post(message())
    await bots.poster.update("17", message())
    await bots.poster.withdraw("17/../18")
    posted, updated, withdrawn = (str(request.url) for request in bots.wire.sent)
    assert posted == f"{BOT_URL}/v3/conversations"
    thread = "19%3Aa%2Fb%40thread.tacv2%3Bmessageid%3D17"
    assert updated == f"{BOT_URL}/v3/conversations/{thread}/activities/17"
    assert withdrawn.endswith("%2F..%2F18/activities/17%2F..%2F18")


async def test_withdrawing_what_is_not_there(clock):
    """Gone by Teams' own word is gone; anything else that is not found proves nothing."""
    bots = Bots(clock, said(404, "ActivityNotFoundInConversation"), (404, {"text": "<html>"}))
    assert (await bots.poster.withdraw("17")).delivery is Delivery.PROVED
    assert (await bots.poster.withdraw("17")).delivery is Delivery.REFUSED


def test_the_connectors_address_must_be_safe(clock):
    """Only this machine may be asked without TLS."""
    own = TenantSettings(tenant_id="t", client_id="c", bot=BotSettings(url="http://bots.example"))
    with pytest.raises(SettingsError, match="NATVERKET_BOT_URL"):
        Gateway(own, clock)
