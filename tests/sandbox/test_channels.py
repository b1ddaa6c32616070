"""What stands in a team's channels, as Graph tells of it."""

from dataclasses import replace

import pytest

from service.sandbox.acts import perform
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Say
from tests.sandbox import teams_worlds, worlds
from tests.sandbox.teams_worlds import PRIVATE, SHARED

TEAM = f"/teams/{worlds.WORLD.team}"
MESSAGES = f"{TEAM}/channels/{worlds.COMMON}/messages"
UNKNOWN = {"Prefer": "include-unknown-enum-members"}


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:channels"


@pytest.fixture(scope="module")
def week(daemon):
    """The whole week has happened."""
    daemon.advance("2023-01-09T00:00:00Z")


def messages(client, **given):
    return client.get(f"{MESSAGES}?$top=50", **given)["value"]


def said(client, text):
    return next(m for m in messages(client) if text in m["body"]["content"])


def test_a_message_carries_subject_importance_mention_and_file(daemon, week):
    """Markers in the text and the things they stand for have the same ids."""
    asked = said(daemon, "dagordningen")
    assert (asked["subject"], asked["importance"]) == ("Protokoll", "high")
    (attachment,) = asked["attachments"]
    assert attachment["contentType"] == "reference"
    assert attachment["name"] == "Möte.docx"
    assert f'<attachment id="{attachment["id"]}"></attachment>' in asked["body"]["content"]
    (mention,) = asked["mentions"]
    assert mention["mentioned"]["user"]["id"] == worlds.BO.id


def test_an_edited_message_says_when_and_reactions_show_who(daemon, week):
    """A reaction taken back is gone; each of these changes the message's time."""
    asked = said(daemon, "dagordningen")
    assert asked["lastEditedDateTime"] == "2023-01-03T09:00:00.000Z"
    assert asked["etag"] != asked["id"]
    (reaction,) = asked["reactions"]
    assert (reaction["reactionType"], reaction["displayName"]) == ("👍", "Like")
    assert reaction["user"]["user"]["id"] == worlds.BO.id


def test_a_deleted_reply_keeps_its_place_and_says_nothing(daemon, week):
    """Its root comes again in delta because of it."""
    asked = said(daemon, "dagordningen")
    (reply,) = daemon.get(f"{MESSAGES}/{asked['id']}/replies")["value"]
    assert reply["deletedDateTime"] == "2023-01-04T10:00:00.000Z"
    assert reply["body"]["content"] == ""
    since = "2023-01-04T09:30:00Z"
    page = daemon.get(f"{MESSAGES}/delta?$expand=replies&$filter=lastModifiedDateTime gt {since}")
    again = next(m for m in page["value"] if m["id"] == asked["id"])
    assert again["replies"] == [reply]
    assert daemon.get(f"{MESSAGES}/{asked['id']}/replies/{reply['id']}")["id"] == reply["id"]
    daemon.refused(404, "NotFound", "GET", f"{MESSAGES}/{reply['id']}/replies/{asked['id']}")


def test_data_loss_prevention_is_told(daemon, week):
    """The action, and the tip that people see."""
    policy = said(daemon, "19121212")["policyViolation"]
    assert policy["dlpAction"] == "notifySender,blockAccess"
    assert policy["policyTip"]["generalText"] == "Personnummer"


def test_system_messages_are_unknown_unless_one_asks(daemon, week):
    """From nobody, with their detail, in the order in which things happened."""
    plain = [m for m in messages(daemon) if m["eventDetail"]]
    assert {m["messageType"] for m in plain} == {"unknownFutureValue"}
    assert all(m["from"] is None for m in plain)
    assert {m["body"]["content"] for m in plain} == {"<systemEventMessage/>"}
    asked = [m for m in messages(daemon, headers=UNKNOWN) if m["eventDetail"]]
    assert {m["messageType"] for m in asked} == {"systemEventMessage"}
    kinds = [m["eventDetail"]["@odata.type"].rpartition(".")[2] for m in reversed(asked)]
    assert kinds == [
        "membersAddedEventMessageDetail",
        "membersDeletedEventMessageDetail",
        "channelRenamedEventMessageDetail",
        "callStartedEventMessageDetail",
        "callEndedEventMessageDetail",
    ]
    assert asked[0]["eventDetail"]["callDuration"] == "PT1H2M5S"


def test_over_a_thousand_replies_come_in_two_parts(daemon, week):
    """The expansion ends with a link to the rest."""
    other = f"{TEAM}/channels/{worlds.OTHER}/messages"
    (root,) = daemon.get(f"{other}?$expand=replies")["value"]
    assert len(root["replies"]) == 1000
    rest = daemon.get(root["replies@odata.nextLink"])["value"]
    assert len(rest) == teams_worlds.MANY - 1000
    assert len({m["id"] for m in root["replies"] + rest}) == teams_worlds.MANY
    (plain,) = daemon.get(f"{other}/delta")["value"]
    assert "replies" not in plain


def test_delta_takes_one_filter_only(daemon, week):
    """`gt` on the last change; anything else, and a token of another channel, is refused."""
    for condition in ("lastModifiedDateTime lt 2023-01-01T00:00:00Z", "importance eq 'high'"):
        daemon.refused(400, "BadRequest", "GET", f"{MESSAGES}/delta?$filter={condition}")
    daemon.refused(400, "BadRequest", "GET", f"{MESSAGES}/delta?$deltatoken=x")
    link = daemon.get(f"{MESSAGES}/delta?$top=50")["@odata.deltaLink"]
    daemon.refused(400, "BadRequest", "GET", link.replace(worlds.COMMON, worlds.OTHER))
    daemon.refused(400, "invalidRequest", "GET", f"{MESSAGES}?$orderby=id")


def test_channels_have_kinds_and_names_that_change(provisioner, week):
    """A shared one is unknown unless one asks; a renamed one keeps its id."""
    kinds = {c["id"]: c["membershipType"] for c in provisioner.get(f"{TEAM}/channels")["value"]}
    assert kinds == {
        worlds.COMMON: "standard",
        worlds.OTHER: "standard",
        PRIVATE: "private",
        SHARED: "unknownFutureValue",
    }
    shared = provisioner.get(f"{TEAM}/channels/{SHARED}", headers=UNKNOWN)
    assert shared["membershipType"] == "shared"
    common = provisioner.get(f"{TEAM}/channels/{worlds.COMMON}")
    assert common["displayName"] == "Öppet"
    assert provisioner.get(TEAM)["internalId"] == worlds.COMMON


def test_rosters_follow_who_comes_and_goes(provisioner, week):
    """The team's is that of its standard channels; private and shared ones have their own."""

    def roles(path):
        members = provisioner.get(f"{TEAM}{path}/members")["value"]
        return {m["userId"]: m["roles"] for m in members}

    team = {worlds.ANNA.id: ["owner"], worlds.GUEST.id: ["guest"]}
    assert roles("") == team
    assert roles(f"/channels/{worlds.COMMON}") == team
    assert roles(f"/channels/{PRIVATE}") == {worlds.BO.id: ["owner"], worlds.ANNA.id: ["owner"]}
    assert roles(f"/channels/{SHARED}") == {worlds.ANNA.id: ["owner"], worlds.GUEST.id: ["guest"]}


def test_team_and_rosters_need_their_own_permissions(daemon, week):
    """Reading messages by consent in the team does not open its roster."""
    for path in (TEAM, f"{TEAM}/members", f"{TEAM}/channels/{worlds.COMMON}/members"):
        assert "API requires one of" in daemon.refused(403, "Forbidden", "GET", path)
    daemon.refused(404, "NotFound", "GET", "/teams/none/members")
    daemon.refused(404, "NotFound", "GET", f"{TEAM}/channels/none/members")


def test_an_app_by_itself_posts_nothing_and_edits_nothing(daemon, week):
    """401 for a message and a reply; changing one needs a right of its own."""
    asked = f"{MESSAGES}/{said(daemon, 'dagordningen')['id']}"
    for path in (MESSAGES, f"{asked}/replies"):
        message = daemon.refused(401, "Unauthorized", "POST", path, json={"body": {}})
        assert "import purposes" in message
    daemon.refused(403, "Forbidden", "PATCH", asked, json={"policyViolation": None})


def test_an_app_with_the_right_marks_messages_and_no_more(connect, daemon, week):
    """policyViolation can be set and taken back: 204."""
    bot = connect(teams_worlds.BOT)
    asked = f"{MESSAGES}/{said(daemon, 'dagordningen')['id']}"
    policy = {"dlpAction": "notifySender", "userAction": "none", "verdictDetails": "none"}
    assert bot.ask("PATCH", asked, json={"policyViolation": policy}).status_code == 204
    assert daemon.get(asked)["policyViolation"] == policy
    bot.refused(403, "Forbidden", "PATCH", asked, json={"body": {"content": "x"}})
    bot.refused(400, "BadRequest", "PATCH", asked, json={"policyViolation": {"x": 1}})
    assert bot.ask("PATCH", asked, json={"policyViolation": None}).status_code == 204


NOTICE = {
    "topic": {"source": "text", "value": "Möten", "webUrl": "https://teams.microsoft.com/l/x"},
    "activityType": "nyttMaterial",
    "previewText": {"content": "Tre nya filer"},
    "recipient": {
        "@odata.type": "microsoft.graph.aadUserNotificationRecipient",
        "userId": worlds.ANNA.id,
    },
}


def test_a_notice_goes_to_somebody_in_the_team(connect, week):
    """204 for a declared type and for the one that needs no declaration."""
    bot = connect(teams_worlds.BOT)
    path = f"{TEAM}/sendActivityNotification"
    team = {"@odata.type": "#microsoft.graph.teamMembersNotificationRecipient"}
    topic = {
        "source": "entityUrl",
        "value": f"https://graph.microsoft.com/v1.0/teams/{worlds.WORLD.team}",
    }
    channel = {
        "@odata.type": "microsoft.graph.channelMembersNotificationRecipient",
        "channelId": worlds.COMMON,
    }
    for notice in (
        NOTICE,
        {**NOTICE, "activityType": "systemDefault", "recipient": team},
        {**NOTICE, "topic": topic, "recipient": channel},
    ):
        answer = bot.ask("POST", path, json=notice)
        assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(
    ("status", "change", "words"),
    [
        (400, {"activityType": "okänd"}, "not declared in the manifest"),
        (400, {"activityType": None}, "is required"),
        (400, {"topic": None}, "topic"),
        (400, {"topic": {"source": "text", "value": "x"}}, "webUrl"),
        (400, {"topic": {"source": "entityUrl", "value": "https://x.example"}}, "address"),
        (400, {"topic": {"source": "x", "value": "y"}}, "was not found"),
        (400, {"previewText": {}}, "content"),
        (400, {"recipient": None}, "recipient"),
        (404, {"recipient": {**NOTICE["recipient"], "userId": worlds.BO.id}}, "not in the team"),
        (
            404,
            {
                "recipient": {
                    "@odata.type": "microsoft.graph.channelMembersNotificationRecipient",
                    "channelId": "x",
                }
            },
            "Channel",
        ),
    ],
)
def test_a_notice_that_is_not_right_is_refused(connect, week, status, change, words):
    """Each with what is wrong; 404 for people who are not in the team."""
    answer = connect(teams_worlds.BOT).ask(
        "POST", f"{TEAM}/sendActivityNotification", json={**NOTICE, **change}
    )
    assert answer.status_code == status
    assert words in answer.json()["error"]["message"]


def test_a_notice_needs_the_right_and_the_app_in_the_team(connect, daemon, week):
    """403 both times, in different words."""
    path = f"{TEAM}/sendActivityNotification"
    assert "requires one of" in daemon.refused(403, "Forbidden", "POST", path, json=NOTICE)
    absent = connect(teams_worlds.NOT_THERE)
    assert "installed in the team" in absent.refused(403, "Forbidden", "POST", path, json=NOTICE)


def test_what_nobody_can_say_is_a_fault_of_the_seed(tmp_path):
    """A reply to nothing, and words of somebody who is not there: nothing is said instead."""
    tenant = Tenant(teams_worlds.WORLD, tmp_path)
    reply = Say(
        at=worlds.START,
        key="x",
        channel=worlds.COMMON,
        author=worlds.BO.id,
        html="",
        reply_to="nobody",
    )
    with pytest.raises(ValueError, match="nobody has said"):
        perform(tenant, reply)
    with pytest.raises(ValueError, match="is not in Allmänt"):
        perform(tenant, replace(reply, reply_to=None, author=worlds.GUEST.id))
    assert tenant.store.all("SELECT * FROM messages") == []
    tenant.store.close()


def test_delta_tells_of_the_last_eight_months_only(daemon, week):
    """What is older stands in the channel all the same, and an old link brings nothing back."""
    link = daemon.get(f"{MESSAGES}/delta?$top=1")["@odata.nextLink"]
    daemon.advance("2023-12-31T00:00:00Z")
    assert daemon.get(f"{MESSAGES}/delta")["value"] == []
    assert daemon.get(f"{MESSAGES}/delta?$filter=lastModifiedDateTime gt 2023-01-01")["value"] == []
    assert daemon.get(link)["value"] == []
    assert len(messages(daemon)) > 5
