"""Flows that post to channels: what the sender is told, and what its owner sees."""

import json
from datetime import datetime, timedelta

import pytest

from tests.sandbox import teams_worlds, worlds
from tests.sandbox.teams_worlds import PRIVATE, SHARED

TEAM = f"/teams/{worlds.WORLD.team}"
CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:flows"


def card(**more):
    return {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": "hej", "wrap": True}],
        **more,
    }


def envelope(*cards):
    attachments = [{"contentType": CARD, "contentUrl": None, "content": one} for one in cards]
    return {"type": "message", "attachments": attachments}


@pytest.fixture(scope="module")
def address(sandbox):
    """The address of a flow: those of the seed's four channels are told in the settings file."""
    lines = sandbox.env_file.read_text().splitlines()
    urls = [line.partition("=")[2] for line in lines if line.startswith("# WORKFLOW ")]
    return {url.partition("/workflows/")[2].partition("/")[0]: url for url in urls}


class Flow:
    def __init__(self, client, url):
        self.client = client
        self.url = url
        self.id = url.partition("/workflows/")[2].partition("/")[0]

    def post(self, **given):
        return self.client.bare("POST", self.url, **given)

    def send(self, body):
        """The trigger says 202, and nothing else, whatever it was sent."""
        answer = self.post(json=body)
        assert (answer.status_code, answer.content) == (202, b"")

    def runs(self):
        return self.client.control("GET", f"flows?flow={self.id}").json()["value"]

    def last(self):
        return self.runs()[0]


@pytest.fixture
def flow(daemon, address):
    return Flow(daemon, address["f10e0000"])


def now(client):
    return client.control("GET", "clock").json()["now"]


def later(client, minutes):
    moment = datetime.fromisoformat(now(client)) + timedelta(minutes=minutes)
    client.advance(moment.isoformat())


def messages(client, channel=worlds.COMMON):
    return client.get(f"{TEAM}/channels/{channel}/messages?$top=50")["value"]


def test_a_good_card_is_under_way_and_then_posted(daemon, flow):
    """Within half an hour; the run names the message, each card being one of its own."""
    before = len(messages(daemon))
    flow.send(envelope(card(), card(body=[{"type": "TextBlock", "text": "igen"}])))
    assert flow.last()["status"] == "Running"
    assert len(messages(daemon)) == before
    later(daemon, 30)
    run = flow.last()
    assert (run["status"], run["error"]) == ("Succeeded", None)
    assert run["startTime"] < run["endTime"]
    ids = [m["id"] for m in messages(daemon)][: len(run["messages"])]
    assert sorted(ids) == run["messages"]
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"type": "message"}, "ExpressionEvaluationFailed", "is of type 'Null'"),
        ({"text": "hej"}, "ExpressionEvaluationFailed", "must be a valid array"),
        ({**envelope(card()), "type": "x"}, "InvalidTemplate", "'type' must be 'message'"),
        (envelope({"type": "Karta"}), "InvalidBotAdaptiveCard", "must be 'AdaptiveCard'"),
        (envelope(None), "InvalidBotAdaptiveCard", "must be 'AdaptiveCard'"),
        (envelope({"type": "AdaptiveCard"}), "InvalidBotAdaptiveCard", "version"),
        (envelope(card(version="1.6")), "InvalidBotAdaptiveCard", "above the supported"),
        (envelope(card(version="ny")), "InvalidBotAdaptiveCard", "is no version"),
        (envelope(card(body=[])), "InvalidBotAdaptiveCard", "nothing to show"),
        (envelope(card(body=[{"text": "x"}])), "InvalidBotAdaptiveCard", "key: type"),
        (envelope(card(body=["x"])), "InvalidBotAdaptiveCard", "no object"),
        (
            envelope(card(body=[{"type": "TextBlock", "text": "å" * 14_500}])),
            "RequestEntityTooLarge",
            "too large",
        ),
    ],
)
def test_what_teams_refuses_fails_inside_after_the_202(daemon, flow, body, code, words):
    """Only the run history tells; nothing is posted."""
    before = len(messages(daemon))
    flow.send(body)
    later(daemon, 30)
    run = flow.last()
    assert (run["status"], run["error"]["code"]) == ("Failed", code)
    assert words in run["error"]["message"]
    assert len(messages(daemon)) == before


def test_what_is_no_json_and_no_card_fails_too(daemon, flow):
    """As does an attachment of another kind."""
    assert flow.post(content=b"\xff{").status_code == 202
    assert flow.last()["status"] == "Failed"
    flow.send({"type": "message", "attachments": [{"contentType": "x", "content": card()}]})
    assert flow.last()["error"]["code"] == "InvalidBotAdaptiveCard"
    for deep in (b"[" * 5_000, deep_card(400), deep_card(900)):
        assert flow.post(content=deep).status_code == 202
        assert flow.last()["status"] == "Failed"


def deep_card(levels):
    """Containers in containers: more than any reader wants to follow."""
    head = b'{"type":"Container","items":[' * levels
    body = head + b"5" + b"]}" * levels
    card = b'{"type":"AdaptiveCard","version":"1.4","body":[' + body + b"]}"
    kind = b'{"contentType":"application/vnd.microsoft.card.adaptive","content":'
    return b'{"type":"message","attachments":[' + kind + card + b"}]}"


def test_one_bad_card_fails_the_run_and_the_good_one_is_posted(daemon, flow):
    """The template's loop goes over each by itself."""
    before = len(messages(daemon))
    flow.send(envelope(card(), {"type": "x"}))
    later(daemon, 30)
    assert flow.last()["status"] == "Failed"
    assert len(messages(daemon)) == before + 1


def test_the_flow_bot_writes_in_shared_channels_and_in_no_private_one(daemon, address):
    """The bot is not in a private channel's roster."""
    private, shared = Flow(daemon, address["f10e0002"]), Flow(daemon, address["f10e0003"])
    for one in (private, shared):
        one.send(envelope(card()))
    later(daemon, 30)
    error = private.last()["error"]
    assert error["code"] == "BotRequestFailed"
    assert "BotNotInConversationRoster" in error["message"]
    assert messages(daemon, PRIVATE) == []
    assert shared.last()["status"] == "Succeeded"
    assert len(messages(daemon, SHARED)) == 1


def test_what_teams_does_not_know_of_a_card_is_stripped(daemon, flow):
    """Unknown elements give way to their fallback; an address keeps every letter of its query."""
    proof = "https://x.example/?nv=v1%2Fn%2Fk&a=b"
    sent = card(
        okänd=1,
        body=[
            {"type": "TextBlock", "text": "a", "hemlig": True, "isVisible": False, "id": "t"},
            {"type": "Karusell", "fallback": {"type": "TextBlock", "text": "i stället"}},
            {"type": "Karusell", "fallback": "drop"},
            {"type": "ColumnSet", "columns": [{"width": "auto", "items": [{"type": "Nytt"}]}]},
        ],
        actions=[{"type": "Action.OpenUrl", "title": "Öppna", "url": proof, "nv": 1}],
        selectAction={"type": "Action.OpenUrl", "url": proof},
    )
    flow.send(envelope(sent))
    later(daemon, 30)
    kept = posted(daemon)
    assert kept["body"] == [
        {"type": "TextBlock", "text": "a", "isVisible": False, "id": "t"},
        {"type": "TextBlock", "text": "i stället"},
        {"type": "ColumnSet", "columns": [{"type": "Column", "width": "auto", "items": []}]},
    ]
    assert kept["actions"] == [{"type": "Action.OpenUrl", "title": "Öppna", "url": proof}]
    assert "okänd" not in kept
    daemon.control("POST", "settings", json={"card_properties": "kept"})
    flow.send(envelope(sent))
    later(daemon, 30)
    assert posted(daemon) == sent
    daemon.control("POST", "settings", json={"card_properties": "stripped"})


def posted(client):
    (attachment,) = messages(client)[0]["attachments"]
    return json.loads(attachment["content"])


def test_what_nobody_knows_of_cards_can_be_had_both_ways(daemon, flow):
    """A newer version is refused or shown; a submit button is posted or refused."""
    submit = envelope(card(actions=[{"type": "Action.Submit", "title": "Ja"}]))
    newer = envelope(card(version="1.6"))
    outcomes = []
    for version, button in (("refused", "posted"), ("shown", "refused")):
        daemon.control("POST", "settings", json={"card_version": version, "card_submit": button})
        for body in (newer, submit):
            flow.send(body)
            later(daemon, 30)
            outcomes.append(flow.last()["status"])
    daemon.control("POST", "settings", json={"card_version": "refused", "card_submit": "posted"})
    assert outcomes == ["Failed", "Succeeded", "Succeeded", "Failed"]


def refused(answer, status, code):
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code
    return error["message"]


def test_the_address_is_the_right_to_post(daemon, flow):
    """No signature, a wrong one, another path, another method, another flow: each in its words."""
    wrong = flow.url[:-2] + "xx"
    refused(daemon.bare("POST", wrong, json={}), 401, "AuthorizationFailed")
    bare = flow.url.partition("&sig=")[0]
    refused(daemon.bare("POST", bare, json={}), 401, "DirectApiAuthorizationRequired")
    message = refused(daemon.bare("GET", flow.url), 400, "TriggerRequestMethodNotValid")
    assert "expected 'POST'" in message
    refused(daemon.bare("POST", flow.url.replace("/invoke", "/x"), json={}), 404, "NotFound")
    other = flow.url.replace("f10e0000", "f10e9999")
    refused(daemon.bare("POST", other, json={}), 404, "WorkflowNotFound")


def test_addresses_of_the_older_kind_answer_until_they_were_retired(daemon, flow):
    """The same flow under the older path."""
    old = flow.url.replace("/powerautomate/automations/direct", "")
    assert old != flow.url
    assert daemon.bare("POST", old, json=envelope(card())).status_code == 202


def test_a_trigger_called_too_often_says_when_to_come_again(daemon, flow):
    """429 with Retry-After, by the sandbox's clock."""
    later(daemon, 31)
    answers = [flow.post(json={}) for _ in range(61)]
    assert {a.status_code for a in answers[:60]} == {202}
    refused(answers[60], 429, "WorkflowRequestLimitExceeded")
    assert answers[60].headers["retry-after"] == "60"
    later(daemon, 1)
    assert flow.post(json={}).status_code == 202


@pytest.mark.parametrize(
    ("day", "code", "words"),
    [
        ("11", "Unauthorized", "AADSTS50057"),
        ("12", "Unauthorized", "AADSTS700082"),
        ("13", "429", "Rate limit is exceeded"),
    ],
)
def test_a_broken_flow_takes_every_card_and_posts_none(daemon, flow, day, code, words):
    """Its owner has left, its connection has expired, its connector is throttled."""
    daemon.advance(f"2023-01-{day}T10:00:00Z")
    before = len(messages(daemon))
    flow.send(envelope(card()))
    later(daemon, 30)
    error = flow.last()["error"]
    assert error["code"] == code
    assert words in error["message"]
    assert len(messages(daemon)) == before


def test_a_flow_that_is_off_or_gone_says_so_at_once(daemon, flow, address):
    """Turned on again it takes cards as before; a deleted one does not come back."""
    daemon.advance("2023-01-15T10:00:00Z")
    answer = flow.post(json=envelope(card()))
    message = refused(answer, 400, "WorkflowTriggerIsNotEnabled")
    assert "with state 'Disabled': trigger is not enabled." in message
    deleted = Flow(daemon, address["f10e0001"])
    daemon.advance("2023-01-16T11:59:00Z")
    deleted.send(envelope(card()))
    flow.send(envelope(card()))
    daemon.advance("2023-01-16T12:30:00Z")
    refused(deleted.post(json=envelope(card())), 404, "WorkflowNotFound")
    assert flow.last()["status"] == "Succeeded"
    assert deleted.last()["error"]["code"] == "WorkflowNotFound"


def test_a_renewed_address_makes_the_old_one_worthless(daemon, flow):
    """401, as for any wrong signature."""
    daemon.advance("2023-01-17T10:00:00Z")
    refused(flow.post(json=envelope(card())), 401, "AuthorizationFailed")


def test_old_addresses_are_dead_after_november_2025(daemon, address):
    """Unless the switch says that they still work."""
    daemon.advance("2025-12-01T00:00:00Z")
    url = address["f10e0002"]
    old = url.replace("/powerautomate/automations/direct", "")
    refused(daemon.bare("POST", old, json=envelope(card())), 404, "WorkflowNotFound")
    assert daemon.bare("POST", url, json=envelope(card())).status_code == 202
    daemon.control("POST", "settings", json={"old_flow_addresses": "working"})
    assert daemon.bare("POST", old, json=envelope(card())).status_code == 202
