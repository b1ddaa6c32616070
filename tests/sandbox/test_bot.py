"""A bot that posts by itself, by Bot Framework's connector."""

import json
import time

import jwt
import pytest

from tests.sandbox import teams_worlds, worlds
from tests.sandbox.teams_worlds import BOT, NOT_THERE, PRIVATE, SHARED

MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": "hej", "okänd": 1}],
    },
}


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:bots"


class Bot:
    """Signs its own tokens with the tenant's key, as the token endpoint would."""

    def __init__(self, client, app, audience="https://api.botframework.com"):
        self.client = client
        key = (client.sandbox.directory / "token.key").read_bytes()
        claims = {"aud": audience, "appid": app, "exp": int(time.time()) + 600}
        token = jwt.encode(claims, key, algorithm="RS256")
        self.headers = {"Authorization": f"Bearer {token}"}

    def ask(self, method, path, **given):
        url = f"{self.client.sandbox.url}/v3/conversations{path}"
        return self.client.bare(method, url, headers=self.headers, **given)

    def begin(self, channel=worlds.COMMON, **activity):
        body = {
            "isGroup": True,
            "channelData": {"channel": {"id": channel}},
            "activity": {"type": "message", **activity},
        }
        return self.ask("POST", "", json=body)

    def refused(self, status, code, answer):
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert error["code"] == code
        return error["message"]


@pytest.fixture(scope="module")
def bot(daemon):
    return Bot(daemon, BOT.client_id)


def seconds(client, number):
    """Some time passes, so that no limit of the last test holds."""
    now = client.control("GET", "clock").json()["now"]
    client.advance(f"{now[:17]}{number:02d}{now[19:]}")


@pytest.fixture(autouse=True)
def a_minute_later(daemon):
    hours, minutes, rest = daemon.control("GET", "clock").json()["now"][11:].split(":", 2)
    date = daemon.control("GET", "clock").json()["now"][:11]
    total = int(hours) * 60 + int(minutes) + 1
    daemon.advance(f"{date}{total // 60:02d}:{total % 60:02d}:{rest}")


def test_a_new_thread_has_an_id_and_can_be_answered_changed_and_taken_back(daemon, bot):
    """What Graph shows of it is from the bot by its name."""
    made = bot.begin(text="Hej <b>", attachments=[CARD])
    assert made.status_code == 201
    thread, activity = made.json()["id"], made.json()["activityId"]
    assert thread == f"{worlds.COMMON};messageid={activity}"
    shown = daemon.get(f"{MESSAGES}/{activity}")
    assert shown["from"]["application"]["displayName"] == BOT.name
    assert shown["from"]["application"]["applicationIdentityType"] == "bot"
    assert shown["body"]["content"].startswith("<p>Hej &lt;b&gt;</p><attachment id=")
    (attachment,) = shown["attachments"]
    assert "okänd" not in json.loads(attachment["content"])["body"][0]
    reply = bot.ask("POST", f"/{thread}/activities", json={"type": "message", "text": "svar"})
    assert reply.status_code == 201
    again = bot.ask(
        "POST", f"/{worlds.COMMON}/activities/{activity}", json={"type": "message", "text": "två"}
    )
    replies = daemon.get(f"{MESSAGES}/{activity}/replies")["value"]
    assert {r["id"] for r in replies} == {reply.json()["id"], again.json()["id"]}
    seconds(daemon, 30)
    changed = {"type": "message", "text": "<i>Hej då</i><script>x</script>", "textFormat": "xml"}
    one = f"/{thread}/activities/{activity}"
    assert bot.ask("PUT", one, json=changed).json() == {"id": activity}
    shown = daemon.get(f"{MESSAGES}/{activity}")
    assert shown["body"]["content"] == "<p><i>Hej då</i></p>"
    assert shown["lastEditedDateTime"]
    assert shown["attachments"] == []
    assert bot.ask("DELETE", one).status_code == 200
    assert daemon.get(f"{MESSAGES}/{activity}")["deletedDateTime"]
    bot.refused(404, "ActivityNotFoundInConversation", bot.ask("PUT", one, json=changed))


def test_it_may_write_straight_into_a_channel(daemon, bot):
    """A channel without a thread gives a new thread."""
    made = bot.ask(
        "POST", f"/{worlds.COMMON}/activities", json={"type": "message", "text": "Rakt in"}
    )
    assert daemon.get(f"{MESSAGES}/{made.json()['id']}")["replyToId"] is None


def test_members_are_told_whole_in_pages_and_one_by_one(bot):
    """The same people as in the team's roster."""
    path = f"/{worlds.COMMON}"
    found = bot.ask("GET", f"{path}/members").json()
    assert {m["objectId"] for m in found} == {worlds.ANNA.id, worlds.BO.id}
    assert bot.ask("GET", f"{path}/pagedmembers").json() == {"members": found}
    assert bot.ask("GET", f"{path}/members/{found[0]['id']}").json() == found[0]
    bot.refused(404, "MemberNotFoundInConversation", bot.ask("GET", f"{path}/members/29:x"))


def test_only_a_token_for_bots_is_taken(daemon, bot):
    """None, one for Graph, and one of an app that nobody knows."""
    url = f"{daemon.sandbox.url}/v3/conversations/{worlds.COMMON}/members"
    nobody = daemon.bare("GET", url)
    assert nobody.status_code == 401
    graph = Bot(daemon, BOT.client_id, "https://graph.microsoft.com")
    assert graph.ask("GET", f"/{worlds.COMMON}/members").json() == nobody.json()
    broken = daemon.bare("GET", url, headers={"Authorization": "Bearer x.y.z"})
    assert broken.status_code == 401
    stranger = Bot(daemon, "77777777-aaaa-4000-8000-000000000007")
    bot.refused(401, "BotNotRegistered", stranger.begin(text="x"))


def test_the_token_endpoint_gives_a_bot_its_token(connect, daemon):
    """By client credentials for the scope of Bot Framework; Graph does not take it."""
    token = connect(BOT).token(scope="https://api.botframework.com/.default")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["aud"] == "https://api.botframework.com"
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{daemon.sandbox.url}/v3/conversations/{worlds.COMMON}/members"
    assert daemon.bare("GET", url, headers=headers).status_code == 200
    graph = f"{daemon.base}{MESSAGES}"
    assert daemon.bare("GET", graph, headers=headers).status_code == 401


def test_it_must_be_in_the_conversation(daemon, bot):
    """Not installed, or a private channel: 403. A shared channel is open to it."""
    absent = Bot(daemon, NOT_THERE.client_id)
    for answer in (
        absent.begin(text="x"),
        absent.ask("GET", f"/{worlds.COMMON}/members"),
        bot.begin(PRIVATE, text="x"),
    ):
        bot.refused(403, "BotNotInConversationRoster", answer)
    assert bot.begin(SHARED, text="x").status_code == 201
    bot.refused(404, "ConversationNotFound", bot.begin("19:x@thread.tacv2", text="x"))
    bot.refused(400, "BadSyntax", bot.begin("x", text="x"))


@pytest.mark.parametrize(
    ("activity", "status", "code"),
    [
        ({"type": "event"}, 400, "Bad Argument"),
        ({"type": "message"}, 400, "Bad Argument"),
        ({"type": "message", "text": 1}, 400, "Bad Argument"),
        ({"type": "message", "attachments": [{"contentType": "x"}]}, 400, "Bad Argument"),
        (
            {"type": "message", "attachments": [{**CARD, "content": {"type": "x"}}]},
            400,
            "BadSyntax",
        ),
        ({"type": "message", "text": "x" * 41_000}, 413, "MessageSizeTooBig"),
    ],
)
def test_an_activity_that_is_not_right_is_refused(daemon, bot, activity, status, code):
    """And nothing is written."""
    before = len(daemon.get(f"{MESSAGES}?$top=50")["value"])
    bot.refused(status, code, bot.ask("POST", f"/{worlds.COMMON}/activities", json=activity))
    assert len(daemon.get(f"{MESSAGES}?$top=50")["value"]) == before


def test_requests_that_make_no_sense_are_refused(bot):
    """No JSON, no channel, no activity, another method."""
    for given in (
        {"content": b"x"},
        {"json": []},
        {"json": {}},
        {"json": {"channelData": {"channel": {"id": worlds.COMMON}}}},
    ):
        bot.refused(400, "Bad Argument", bot.ask("POST", "", **given))
    bot.refused(405, "BadRequest", bot.ask("PATCH", f"/{worlds.COMMON}/activities/1"))
    bot.refused(405, "BadRequest", bot.ask("GET", ""))


def test_it_changes_only_what_it_has_written(daemon, bot):
    """What people have written is theirs."""
    daemon.advance("2023-01-02T10:00:00Z")
    asked = next(
        m for m in daemon.get(f"{MESSAGES}?$top=50")["value"] if m["body"]["content"] == "Hej"
    )
    path = f"/{worlds.COMMON}/activities/{asked['id']}"
    bot.refused(403, "NotEnoughPermissions", bot.ask("DELETE", path))


def test_sends_in_a_thread_are_counted_by_the_second(daemon, bot):
    """Seven in one second, eight in two, sixty in thirty; the answer says when to come again."""
    daemon.advance("2023-01-03T10:00:00Z")
    path = f"/{worlds.COMMON}/activities"
    hello = {"type": "message", "text": "x"}
    for _ in range(7):
        assert bot.ask("POST", path, json=hello).status_code == 201
    answer = bot.ask("POST", path, json=hello)
    bot.refused(429, "Throttled", answer)
    assert answer.headers["retry-after"] == "1"
    daemon.advance("2023-01-03T10:00:01Z")
    assert bot.ask("POST", path, json=hello).status_code == 201
    assert bot.ask("POST", path, json=hello).status_code == 429
    sent = 8
    for second in range(3, 21, 2):
        daemon.advance(f"2023-01-03T10:00:{second:02d}Z")
        while sent < 60 and bot.ask("POST", path, json=hello).status_code == 201:
            sent += 1
    answer = bot.ask("POST", path, json=hello)
    assert (sent, answer.status_code) == (60, 429)
    assert int(answer.headers["retry-after"]) == 11


def test_a_bot_that_was_blocked_or_taken_out_is_told_so(daemon, bot):
    """Blocked it may read the roster; out of the team it may nothing, until it is put back."""
    daemon.advance("2023-01-11T10:00:00Z")
    blocked = bot.begin(text="x")
    assert blocked.status_code == 403
    assert blocked.json()["errorCode"] == 209
    assert '"subCode": "MessageWritesBlocked"' in blocked.json()["message"]
    assert bot.ask("GET", f"/{worlds.COMMON}/members").status_code == 200
    daemon.advance("2023-01-12T10:00:00Z")
    bot.refused(403, "BotNotInConversationRoster", bot.begin(text="x"))
    daemon.advance("2023-01-13T10:00:00Z")
    assert bot.begin(text="x").status_code == 201
