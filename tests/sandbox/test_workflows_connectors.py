"""Incoming Webhooks of the older kind: they post at once, and say 429 inside a 200."""

import pytest

from tests.sandbox import teams_worlds, worlds

MESSAGES = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}/messages"
CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [{"type": "TextBlock", "text": "hej"}],
    },
}


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:flows"


@pytest.fixture(scope="module")
def address(sandbox):
    lines = sandbox.env_file.read_text().splitlines()
    (url,) = [line.partition("=")[2] for line in lines if line.startswith("# CONNECTOR ")]
    return url


def post(client, address, **given):
    return client.bare("POST", address, **given)


def test_text_and_cards_are_posted_at_once(daemon, address):
    """200 with a single `1`; the message is there."""
    for body in (
        {"text": "<b>hej</b>", "title": "Å"},
        {"type": "message", "attachments": [CARD]},
    ):
        answer = post(daemon, address, json=body)
        assert (answer.status_code, answer.text) == (200, "1")
    card, text = daemon.get(MESSAGES)["value"]
    assert card["attachments"][0]["contentType"] == CARD["contentType"]
    assert text["body"]["content"] == "<h3>Å</h3><p>&lt;b&gt;hej&lt;/b&gt;</p>"


def test_too_many_in_a_second_are_told_of_inside_a_200(daemon, address):
    """The fifth is not posted, whatever the status says."""
    daemon.advance("2023-01-02T00:00:00Z")
    said = [post(daemon, address, json={"text": str(n)}) for n in range(5)]
    assert {answer.status_code for answer in said} == {200}
    assert [answer.text for answer in said[:4]] == ["1"] * 4
    assert "returned HTTP error 429" in said[4].text
    assert len(daemon.get(MESSAGES)["value"]) == 6
    daemon.advance("2023-01-02T00:00:02Z")
    assert post(daemon, address, json={"text": "nu"}).text == "1"


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"content": b"x"}, 400, "Bad payload"),
        ({"json": ["x"]}, 400, "Bad payload"),
        ({"json": {"title": "x"}}, 400, "Summary or Text is required"),
        ({"json": {"type": "message", "attachments": [{"content": {}}]}}, 400, "Bad payload"),
        ({"json": {"text": "x" * 30_000}}, 413, "error 413"),
    ],
)
def test_what_a_connector_cannot_read_is_refused(daemon, address, given, status, words):
    """In plain text."""
    answer = post(daemon, address, **given)
    assert answer.status_code == status
    assert words in answer.text


def test_another_address_and_another_method_are_refused(daemon, address):
    """The key in the address is the right to post."""
    assert post(daemon, address + "x", json={"text": "x"}).status_code == 404
    assert daemon.bare("GET", address).status_code == 405


def test_connectors_end_in_may_2026(daemon, address):
    """Or earlier, or not at all, as the switch says."""
    daemon.control("POST", "settings", json={"connectors": "retired"})
    assert post(daemon, address, json={"text": "x"}).status_code == 410
    daemon.control("POST", "settings", json={"connectors": "until 2026-05"})
    assert post(daemon, address, json={"text": "x"}).text == "1"
    daemon.advance("2026-05-01T00:00:00Z")
    assert post(daemon, address, json={"text": "x"}).status_code == 410
    daemon.control("POST", "settings", json={"connectors": "working"})
    assert post(daemon, address, json={"text": "x"}).text == "1"
