"""People writing in a channel through Graph. Whoever is signed in is given here by hand."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from service.sandbox.calls import TABLE
from service.sandbox.routes import Routes
from service.sandbox.serve import build
from service.sandbox.teams import threads
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError
from tests.sandbox import csdl, teams_worlds, worlds
from tests.sandbox.teams_worlds import PRIVATE

ROUTES = Routes(TABLE)
CHANNEL = f"/teams/{worlds.WORLD.team}/channels/{worlds.COMMON}"
SEND = "ChannelMessage.Send"
PNG = base64.b64encode(b"\x89PNG bytes").decode()


class Person:
    """Asks as somebody who has signed in; every good answer is held against the schema."""

    def __init__(self, tenant: Tenant, who: Any, *scopes: str) -> None:
        self.tenant = tenant
        self.who = who
        self.scopes = frozenset(scopes)

    def ask(self, method: str, path: str, body: Any = None, version: str = "v1.0") -> Answer:
        found = ROUTES.find(path)
        assert found is not None
        row = found.rows[method]
        call = Call(
            tenant=self.tenant,
            method=method,
            path=f"/{version}{path}",
            names=found.names,
            query={},
            headers={},
            body=b"" if body is None else msgspec.json.encode(body),
            base="https://localhost",
            bytes_base="",
            app=replace(worlds.DAEMON, reads_channels=True),
            roles=frozenset(),
            scopes=self.scopes,
            person=self.who,
        )
        row.rule(call)
        answer = row.handler(call)
        known = csdl.schema()
        if known is not None and row.type and answer.body and version == "v1.0":
            assert known.faults(answer.body, row.type) == []
        return answer

    def post(self, body: Any, path: str = f"{CHANNEL}/messages") -> Any:
        answer = self.ask("POST", path, body)
        assert answer.status == 201
        return answer.body

    def refused(self, status: int, code: str, method: str, path: str, body: Any = None) -> str:
        with pytest.raises(GraphError) as caught, self.tenant.store.transaction():
            self.ask(method, path, body)
        assert (caught.value.status, caught.value.code) == (status, code)
        return caught.value.message


@pytest.fixture
def tenant(tmp_path):
    made = Tenant(teams_worlds.WORLD, tmp_path)
    build(made, teams_worlds.flows(), key_file=None)
    yield made
    made.store.close()


@pytest.fixture
def anna(tenant):
    return Person(tenant, worlds.ANNA, SEND, "ChannelMessage.ReadWrite")


def html(content):
    return {"contentType": "html", "content": content}


def test_a_message_and_a_reply_come_back_as_they_are_kept(anna):
    """Without what could run; a text stays the text that it is."""
    dirty = '<p onclick="x">Hej <a href="javascript:x">du</a><script>x</script><b>då</p>'
    made = anna.post({"subject": "Ä", "importance": "urgent", "body": html(dirty)})
    assert made["body"]["content"] == "<p>Hej <a>du</a><b>då</b></p>"
    assert (made["subject"], made["importance"]) == ("Ä", "urgent")
    assert made["from"]["user"]["id"] == worlds.ANNA.id
    reply = anna.post(
        {"body": {"content": "<b>text</b>"}}, f"{CHANNEL}/messages/{made['id']}/replies"
    )
    assert reply["body"] == {"contentType": "text", "content": "<b>text</b>"}
    assert reply["replyToId"] == made["id"]


def attached(**given):
    one = {"id": "1", "contentType": "application/vnd.microsoft.card.adaptive", **given}
    return {"body": html('<attachment id="1"></attachment>'), "attachments": [one]}


CARD = {"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "text": "x"}]}


def test_a_card_is_text_inside_the_message(anna):
    """Its marker and its id are the same; what Teams does not know of it is gone."""
    made = anna.post(attached(content=json.dumps({**CARD, "okänd": 1})))
    (attachment,) = made["attachments"]
    assert json.loads(attachment["content"]) == CARD
    file = {"contentType": "reference", "contentUrl": "https://x.example/a.docx", "name": "a"}
    assert anna.post(attached(**file))["attachments"][0]["name"] == "a"


def test_mentions_have_their_marker(anna):
    """Only of somebody who is in the channel."""
    mention = {"id": 0, "mentionText": "Bo", "mentioned": {"user": {"id": worlds.BO.id}}}
    made = anna.post({"body": html('Hej <at id="0">Bo</at>'), "mentions": [mention]})
    assert made["mentions"][0]["mentioned"]["user"]["displayName"] == worlds.BO.name


def mention(kind, **given):
    """Of a conversation or a tag, with its marker."""
    one = {"id": 0, "mentionText": "Alla", "mentioned": {kind: given}}
    return {"body": html('<at id="0">Alla</at>'), "mentions": [one]}


def tag_of(tenant):
    reader = Person(tenant, worlds.ANNA, "TeamworkTag.Read")
    (tag,) = reader.ask("GET", f"/teams/{worlds.WORLD.team}/tags").body["value"]
    return tag


def test_the_channel_can_be_mentioned(anna):
    """As it is called now, whatever the message says."""
    here = {"id": worlds.COMMON, "conversationIdentityType": "channel"}
    made = anna.post(mention("conversation", **here))
    assert made["mentions"][0]["mentioned"]["conversation"] == {**here, "displayName": "Allmänt"}
    anna.ask("PATCH", f"{CHANNEL}/messages/{made['id']}", {"importance": "high"})


def test_a_tag_can_be_mentioned_in_beta(anna, tenant):
    """What v1.0 shows of the message has the mention, and not whom it means."""
    tag = tag_of(tenant)
    assert (tag["displayName"], tag["memberCount"]) == ("Miljöstrateger", 1)
    body, path = mention("tag", id=tag["id"]), f"{CHANNEL}/messages"
    made = anna.ask("POST", path, body, version="beta").body
    shown = {"id": tag["id"], "displayName": "Miljöstrateger"}
    assert made["mentions"][0]["mentioned"]["tag"] == shown
    one = f"{path}/{made['id']}"
    assert anna.ask("PATCH", one, {"importance": "high"}, version="beta").status == 204
    reader = Person(tenant, worlds.ANNA, "ChannelMessage.Read.All")
    assert "tag" not in reader.ask("GET", one).body["mentions"][0]["mentioned"]
    assert "'tag' does not exist" in anna.refused(400, "BadRequest", "POST", path, body)
    unknown = mention("tag", id="x")
    with pytest.raises(GraphError, match="was not found in the team"):
        anna.ask("POST", path, unknown, version="beta")


def test_tags_are_told_to_those_in_the_team_with_the_scope(tenant):
    """403 for any other."""
    path = f"/teams/{worlds.WORLD.team}/tags"
    Person(tenant, worlds.ANNA, SEND).refused(403, "Forbidden", "GET", path)
    Person(tenant, worlds.GUEST, "TeamworkTag.Read").refused(403, "Forbidden", "GET", path)


def test_a_message_is_taken_back_by_its_sender_and_put_back(anna, tenant):
    """204; what was said is away meanwhile. What is not there, or not deleted, is not found."""
    made = anna.post({"subject": "Ä", "body": html("ett")})
    path = f"{CHANNEL}/messages/{made['id']}"
    reply = anna.post({"body": html("svar")}, f"{path}/replies")
    anna.refused(404, "NotFound", "POST", f"{path}/undoSoftDelete")
    for one in (f"{path}/replies/{reply['id']}", path):
        assert anna.ask("POST", f"{one}/softDelete").status == 204
        anna.refused(404, "NotFound", "POST", f"{one}/softDelete")
    row = threads.message(tenant, worlds.COMMON, made["id"])
    assert (row["html"], row["subject"], bool(row["deleted_at"])) == ("", None, True)
    assert anna.ask("POST", f"{path}/undoSoftDelete").status == 204
    row = threads.message(tenant, worlds.COMMON, made["id"])
    assert (row["html"], row["subject"], row["deleted_at"]) == ("ett", "Ä", None)


def test_nobody_else_takes_a_message_back(anna, tenant):
    """Not another person, not without the scope, and no app by itself."""
    path = f"{CHANNEL}/messages/{anna.post({'body': html('ett')})['id']}/softDelete"
    bo = Person(tenant, worlds.BO, "ChannelMessage.ReadWrite")
    assert "Only the sender" in bo.refused(403, "Forbidden", "POST", path)
    for other in (Person(tenant, worlds.ANNA, SEND), Person(tenant, None)):
        assert "Missing" in other.refused(403, "Forbidden", "POST", path)


def hosted(**given):
    picture = {
        "@microsoft.graph.temporaryId": "1",
        "contentBytes": PNG,
        "contentType": "image/png",
        **given,
    }
    return {
        "body": html('<img src="../hostedContents/1/$value">'),
        "hostedContents": [picture],
    }


def test_a_picture_gets_an_address_of_its_own(anna):
    """Which gives its bytes as long as the message is not deleted."""
    root = anna.post(hosted())
    reply = anna.post(hosted(), f"{CHANNEL}/messages/{root['id']}/replies")
    for made in (root, reply):
        address = made["body"]["content"].partition('src="')[2].partition('"')[0]
        assert address.startswith("https://localhost/v1.0/teams/")
        answer = anna_reads(anna, address)
        assert (answer.raw, answer.headers["Content-Type"]) == (b"\x89PNG bytes", "image/png")
    with pytest.raises(GraphError, match="NotFound"):
        anna_reads(anna, address.replace("/hostedContents/", "/hostedContents/x"))
    threads.delete(anna.tenant, threads.message(anna.tenant, worlds.COMMON, reply["id"]))
    with pytest.raises(GraphError, match="NotFound"):
        anna_reads(anna, address)


def test_nobody_answers_or_changes_what_was_deleted(anna):
    """404, although the place of it is still there."""
    made = anna.post({"body": html("x")})
    threads.delete(anna.tenant, threads.message(anna.tenant, worlds.COMMON, made["id"]))
    path, body = f"{CHANNEL}/messages/{made['id']}", {"body": html("y")}
    anna.refused(404, "NotFound", "POST", f"{path}/replies", body)
    anna.refused(404, "NotFound", "PATCH", path, body)


def anna_reads(anna, address):
    """Reading is ruled elsewhere; here only the handler is asked."""
    path = address.removeprefix("https://localhost/v1.0")
    found = ROUTES.find(path)
    call = Call(
        tenant=anna.tenant, method="GET", path=path, names=found.names, query={}, headers={},
        body=b"", base="https://localhost", bytes_base="", app=worlds.DAEMON, roles=frozenset(),
    )  # fmt: skip
    return found.rows["GET"].handler(call)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Missing body"),
        ({"body": html("")}, "Missing body"),
        ({"body": {"contentType": "rtf", "content": "x"}}, "'rtf' was not found"),
        ({"body": html("x"), "importance": "low"}, "'low' was not found"),
        ({"body": html("x"), "subject": 1}, "Edm.String"),
        ({"body": html("x"), "mentions": {}}, "array of objects"),
        ({"body": html("x"), "attachments": ["x"]}, "array of objects"),
        ({"body": html('<attachment id="">x'), "attachments": [{}]}, "does not contain marker"),
        (
            {"body": html('<at id="a">x</at>'), "mentions": [{"id": "a", "mentioned": "x"}]},
            "does not contain marker",
        ),
        ({"body": html("x"), "namn": 1}, "does not exist on type"),
        ({"body": html("x"), "createdDateTime": "2023-01-01T00:00:00Z"}, "imported"),
        ({**attached(content="{}"), "body": html("x")}, "does not contain marker for attachment"),
        ({"body": html('<attachment id="2"></attachment>')}, "Could not find an attachment"),
        (attached(content=CARD), "'StartObject' node"),
        (attached(content="{"), "Failed to process content in attachment with Id '1'"),
        (attached(content='{"type": "x"}'), "Failed to process content"),
        (attached(contentType=None), "Failed to process content"),
        (attached(contentType="reference"), "Failed to process content"),
        (
            {"body": html("x"), "mentions": [{"id": 0, "mentionText": "Bo"}]},
            "does not contain marker for mention",
        ),
        (
            {"body": html('<at id="0">C</at>'), "mentions": [{"id": 0, "mentioned": {}}]},
            "not in the conversation",
        ),
        (mention("conversation", id="x", conversationIdentityType="channel"), "not this channel"),
        (mention("conversation", id=worlds.COMMON), "not this channel"),
        (hosted(contentBytes="%"), "Edm.Binary"),
        (hosted(contentType="text/html"), "not used or bad"),
        ({**hosted(), "body": html("x")}, "not used or bad"),
        ({"body": html('<img src="../hostedContents/1/$value">')}, "was not sent"),
    ],
)
def test_a_message_that_is_not_right_is_refused(anna, body, words):
    """400 with what is wrong, and nothing is kept."""
    assert words in anna.refused(400, "BadRequest", "POST", f"{CHANNEL}/messages", body)
    assert anna.tenant.store.all("SELECT * FROM messages") == []


def test_over_28_kilobytes_are_too_many(anna):
    """Text and cards count together."""
    body = {"body": html("x" * 29_000)}
    anna.refused(413, "RequestEntityTooLarge", "POST", f"{CHANNEL}/messages", body)


def test_writing_needs_a_person_a_scope_and_a_place_in_the_roster(tenant):
    """In that order: 401 for none, 403 for the rest."""
    path, body = f"{CHANNEL}/messages", {"body": html("x")}
    Person(tenant, None).refused(401, "Unauthorized", "POST", path, body)
    said = Person(tenant, worlds.ANNA, "User.Read").refused(403, "Forbidden", "POST", path, body)
    assert "Scopes on the request 'User.Read'" in said
    private = path.replace(worlds.COMMON, PRIVATE)
    for who, where in ((worlds.GUEST, path), (worlds.ANNA, private)):
        said = Person(tenant, who, SEND).refused(403, "Forbidden", "POST", where, body)
        assert "AclCheckFailed" in said
    anna = Person(tenant, worlds.ANNA, SEND)
    anna.refused(404, "NotFound", "POST", f"{CHANNEL}/messages/1/replies", body)
    anna.refused(404, "NotFound", "POST", path.replace(worlds.COMMON, "x"), body)


def test_the_sender_may_change_a_message_and_nobody_else(anna, tenant):
    """204; what is not named stays."""
    made = anna.post({"subject": "Ä", "body": html("ett")})
    tenant.clock.move(tenant.clock.now + timedelta(minutes=1))
    path = f"{CHANNEL}/messages/{made['id']}"
    assert anna.ask("PATCH", path, {"body": html("två<script>")}).status == 204
    row = tenant.store.one("SELECT * FROM messages")
    assert (row["html"], row["subject"]) == ("två", "Ä")
    assert row["edited_at"] > row["created_at"]
    anna.refused(400, "BadRequest", "PATCH", path, {"id": "1"})
    bo = Person(tenant, worlds.BO, "ChannelMessage.ReadWrite")
    bo.refused(403, "Forbidden", "PATCH", path, {"body": html("tre")})
    Person(tenant, worlds.BO).refused(403, "Forbidden", "PATCH", path, {"body": html("tre")})
