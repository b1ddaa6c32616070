"""Posting as an account that has signed in: proved by its id, changed and taken back by it."""

import json
from datetime import timedelta

import httpx
import pytest

from service.domain.post import key_in
from service.errors import Ambiguous, Forbidden, NotFound, SettingsError
from service.graph.gateway import Gateway, TenantSettings
from service.graph.login import LoginSettings
from service.graph.signed_in import Mention, Mentioned
from service.ports import Changeable, Delivery
from tests.contract.graph import accounts, worlds
from tests.contract.graph.conftest import settings
from tests.contract.graph.fakes import CLIENT_ID, GRAPH, START, TOKEN, FakeClock, FakeSignIn, Wire
from tests.messages import KEY, message
from tests.sandbox import csdl, sdk_models

HERE = Mention(kind=Mentioned.CHANNEL, id=worlds.COMMON, name="Allmänt <&>")


@pytest.fixture
async def login(house, house_clock, tmp_path):
    """An account is signed in; tags may be read."""
    found = accounts.login_settings(house, tmp_path / "login.bin", reads_tags=True)
    await accounts.sign_in(house, found, house_clock)
    return found


@pytest.fixture
async def way(house, house_clock, login):
    own = accounts.with_ways(settings(house, worlds.DAEMON), house, login)
    async with Gateway(own, house_clock) as gateway:
        yield gateway


async def seen(way, channel=worlds.COMMON):
    found = {}
    async for page in way.messages(worlds.TEAM, channel).changes(None):
        found |= {change.id: change.value for change in page.changes}
    return found


async def test_a_post_is_proved_by_the_id_that_the_channel_has(way):
    """In the account's name, with its key; changed and taken back by that id, twice if need be."""
    poster = way.person(worlds.TEAM, worlds.COMMON)
    assert isinstance(poster, Changeable)
    receipt = await poster.post(message())
    assert receipt.delivery is Delivery.PROVED
    shown = (await seen(way))[receipt.message_id]
    assert [key_in(link.url) for link in shown.links] == [KEY]
    assert shown.author == accounts.POSTER.id

    changed = await poster.update(receipt.message_id, message("https://natverk.example/nytt"))
    assert (changed.delivery, changed.message_id) == (Delivery.PROVED, receipt.message_id)
    assert "/nytt" in (await seen(way))[receipt.message_id].links[0].url

    for _ in range(2):
        assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED
    assert (await seen(way))[receipt.message_id] is None
    assert (await poster.update(receipt.message_id, message())).delivery is Delivery.REFUSED


async def test_the_channel_is_mentioned(way, events):
    """Its name is escaped; the message says so and is changed with the mention in it."""
    poster = way.person(worlds.TEAM, worlds.COMMON, {"common": HERE})
    receipt = await poster.post(message())
    assert receipt.delivery is Delivery.PROVED, receipt.reason
    assert "Allmänt <&>" in (await seen(way))[receipt.message_id].text
    assert (await poster.update(receipt.message_id, message())).delivery is Delivery.PROVED


async def test_a_tag_is_mentioned(way, events):
    """Found by its name in any case; written to beta, which alone knows tags, and taken back."""
    tag = await way.tag(worlds.TEAM, accounts.TAG.upper())
    assert (tag.kind, tag.name) == (Mentioned.TAG, accounts.TAG)
    poster = way.person(worlds.TEAM, worlds.COMMON, {"miljostrategi": tag})
    receipt = await poster.post(message())
    assert receipt.delivery is Delivery.PROVED, receipt.reason
    assert (await poster.update(receipt.message_id, message())).delivery is Delivery.PROVED
    assert events.count("POST", "/beta/teams/") == events.count("PATCH", "/beta/teams/") == 1
    assert (await poster.withdraw(receipt.message_id)).delivery is Delivery.PROVED


async def test_a_tag_that_is_not_there(way):
    """The setting is named."""
    with pytest.raises(NotFound) as caught:
        await way.tag(worlds.TEAM, "Ingen")
    assert "NATVERKET_NETWORK_TAGS" in caught.value.remedy


async def test_an_account_that_is_not_in_the_team(house, house_clock, tmp_path):
    """The remedy is named, and it is tried again in an hour."""
    found = accounts.login_settings(house, tmp_path / "login.bin")
    await accounts.sign_in(house, found, house_clock, accounts.STRANGER)
    own = accounts.with_ways(settings(house, worlds.DAEMON), house, found)
    async with Gateway(own, house_clock) as gateway:
        receipt = await gateway.person(worlds.TEAM, worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "Add the account to the team" in receipt.reason
    assert receipt.retry_at == house_clock.now() + timedelta(hours=1)


async def test_an_account_that_is_not_in_the_channel(way):
    """A private channel has its own roster; a channel that is not there has none."""
    receipt = await way.person(worlds.TEAM, accounts.CLOSED).post(message())
    assert "Add the account" in receipt.reason
    receipt = await way.person(worlds.TEAM, "19:none@thread.tacv2").post(message())
    assert "Check the channel's id" in receipt.reason


async def test_nobody_has_signed_in(house, house_clock, tmp_path):
    """Nothing is sent; the post waits an hour for somebody to run the command that is named."""
    found = accounts.login_settings(house, tmp_path / "none.bin")
    own = accounts.with_ways(settings(house, worlds.DAEMON), house, found)
    async with Gateway(own, house_clock) as gateway:
        receipt = await gateway.person(worlds.TEAM, worlds.COMMON).post(message())
        assert gateway.login() is None
    assert receipt.delivery is Delivery.REFUSED
    assert "natverket login" in receipt.reason
    assert receipt.retry_at == house_clock.now() + timedelta(hours=1)


async def test_no_account_is_set(house, house_clock):
    """The setting is named where somebody wants to post by one all the same."""
    async with Gateway(settings(house, worlds.DAEMON), house_clock) as gateway:
        with pytest.raises(SettingsError, match="NATVERKET_LOGIN_FILE"):
            gateway.person(worlds.TEAM, worlds.COMMON)


async def test_an_answer_that_is_lost_after_the_post(way, events):
    """Unknown, and sent once: the channel tells that it is there."""
    before = len(await seen(way))
    events.fault(match={"method": "POST", "path": "/messages"}, when="after", status=504)
    receipt = await way.person(worlds.TEAM, worlds.COMMON).post(message())
    assert receipt.delivery is Delivery.UNKNOWN
    assert len(await seen(way)) == before + 1


async def test_a_token_that_was_revoked_before_its_time(way, events):
    """Graph asks for a newer one, which is fetched; the post is made once."""
    poster = way.person(worlds.TEAM, worlds.COMMON)
    before = len(await seen(way))
    events.fault(match={"method": "POST", "path": "/messages"}, claims=True)
    assert (await poster.post(message())).delivery is Delivery.PROVED
    assert len(await seen(way)) == before + 1


# ---------------------------------------------------------------- what answers can come


@pytest.fixture
def clock():
    return FakeClock()


class Channel:
    """A gateway whose wire answers by a list, and keeps what was said to it."""

    def __init__(self, clock, tmp_path, *answers, mention=None):
        self.answers = list(answers)
        self.bodies = []
        self.wire = Wire(self._answer)
        login = LoginSettings(
            tenant_id="tenant",
            client_id=CLIENT_ID,
            authority_url="https://login.example",
            graph_url=GRAPH,
            file=tmp_path / "login.bin",
        )
        own = TenantSettings(tenant_id="tenant", client_id=CLIENT_ID, login=login)
        self.gateway = Gateway(own, clock, sign_in=FakeSignIn(), inner=self.wire)
        self.poster = self.gateway.person(
            "te/am", "19:a/b@thread.tacv2", {"common": mention} if mention else {}
        )

    async def _answer(self, request):
        self.bodies.append(await request.aread())
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer[0], **answer[1])


def said(status, code="", text="x", **headers):
    return status, {"json": {"error": {"code": code, "message": text}}, "headers": headers}


SENT = (201, {"json": {"id": "17"}})
ROSTER = 'AclCheckFailed: {"errorCode":209,"subCode":"AclCheckFailed"}'


@pytest.mark.parametrize(
    ("answer", "delivery", "wait"),
    [
        (SENT, Delivery.PROVED, None),
        ((201, {"text": "<html>"}), Delivery.QUEUED, None),
        (said(403, "Forbidden", ROSTER), Delivery.REFUSED, 3600),
        (
            said(403, "Forbidden", "Missing scope permissions on the request."),
            Delivery.REFUSED,
            3600,
        ),
        (said(403, "Forbidden"), Delivery.REFUSED, None),
        (said(400, "BadRequest"), Delivery.REFUSED, None),
        (said(404, "NotFound"), Delivery.REFUSED, None),
        (said(413, "RequestEntityTooLarge"), Delivery.REFUSED, None),
        (said(429, "TooManyRequests", **{"Retry-After": "600"}), Delivery.REFUSED, 600),
        (said(429, "TooManyRequests"), Delivery.REFUSED, 60),
        (said(412, "PreconditionFailed"), Delivery.REFUSED, 60),
        (said(500), Delivery.UNKNOWN, None),
        (said(503, **{"Retry-After": "9"}), Delivery.UNKNOWN, None),
        ((504, {"text": "<html>"}), Delivery.UNKNOWN, None),
        (httpx.ReadTimeout("x"), Delivery.UNKNOWN, None),
        (httpx.WriteError("x"), Delivery.UNKNOWN, None),
        (httpx.ConnectTimeout("x"), Delivery.REFUSED, 60),
    ],
)
async def test_what_an_answer_means(clock, tmp_path, answer, delivery, wait):
    """Nothing is sent twice; a refusal that will pass says when to come again."""
    channel = Channel(clock, tmp_path, answer)
    receipt = await channel.poster.post(message())
    expected = None if wait is None else START + timedelta(seconds=wait)
    assert (receipt.delivery, receipt.retry_at) == (delivery, expected)
    assert receipt.message_id == ("17" if delivery is Delivery.PROVED else None)
    assert len(channel.wire.sent) == 1


async def test_a_pause_that_still_holds(clock, tmp_path):
    """After a long throttling the next post is not even sent, and says until when."""
    channel = Channel(clock, tmp_path, said(429, **{"Retry-After": "600"}))
    await channel.poster.post(message())
    receipt = await channel.poster.post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert receipt.retry_at == START + timedelta(seconds=600)
    assert len(channel.wire.sent) == 1


async def test_a_token_that_is_refused_twice(clock, tmp_path):
    """Once more with a new one, then the command is named."""
    refusal = said(401, "InvalidAuthenticationToken")
    channel = Channel(clock, tmp_path, refusal, refusal)
    receipt = await channel.poster.post(message())
    assert receipt.delivery is Delivery.REFUSED
    assert "natverket login" in receipt.reason
    tokens = [request.headers["Authorization"] for request in channel.wire.sent]
    assert tokens == [f"Bearer {TOKEN}-0", f"Bearer {TOKEN}-1"]


async def test_ids_are_quoted_in_addresses(clock, tmp_path):
    """Nothing of an id can lead elsewhere."""
    channel = Channel(clock, tmp_path, (204, {}), (204, {}))
    await channel.poster.update("17?x", message())
    await channel.poster.withdraw("17/../18")
    root = f"{GRAPH}/v1.0/teams/te%2Fam/channels/19%3Aa%2Fb%40thread.tacv2/messages"
    updated, withdrawn = (str(request.url) for request in channel.wire.sent)
    assert updated == f"{root}/17%3Fx"
    assert withdrawn == f"{root}/17%2F..%2F18/softDelete"


@pytest.mark.parametrize("mention", [None, HERE])
async def test_a_message_is_one_by_microsofts_own_schema(clock, tmp_path, mention):
    """Nothing in it is unknown to v1.0, and the SDK's model reads and writes it unchanged."""
    channel = Channel(clock, tmp_path, SENT, mention=mention)
    await channel.poster.post(message())
    body = json.loads(channel.bodies[0])
    known = csdl.schema()
    assert known is None or known.faults(body, "chatMessage") == []
    assert sdk_models.losses(body, "chatMessage") == []
    (card,) = body["attachments"]
    assert json.loads(card["content"])["type"] == "AdaptiveCard"
    assert f'<attachment id="{card["id"]}"></attachment>' in body["body"]["content"]
    assert ("Allmänt &lt;&amp;&gt;</at>" in body["body"]["content"]) == bool(mention)


@pytest.mark.parametrize(("names", "error"), [((), NotFound), (("Ä", "ä"), Ambiguous)])
async def test_a_tags_name_must_be_one(clock, tmp_path, names, error):
    """None or several: which is meant is to be said."""
    tags = [{"id": name, "displayName": name} for name in names]
    channel = Channel(clock, tmp_path, (200, {"json": {"value": tags}}))
    with pytest.raises(error):
        await channel.gateway.tag("team", "ä")


async def test_a_tag_that_may_not_be_read(clock, tmp_path):
    """The permission is named."""
    channel = Channel(clock, tmp_path, said(403, "Forbidden"))
    with pytest.raises(Forbidden) as caught:
        await channel.gateway.tag("team", "ä")
    assert "TeamworkTag.Read" in caught.value.remedy
