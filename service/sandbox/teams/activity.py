"""A notice in people's activity feed (graph docs, team: sendActivityNotification)."""

from service.sandbox.teams import roster
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request

_SHOWN = 150
"""Characters of the preview (graph-facts 1.8)."""
_FREE = "systemDefault"
"""Needs no declaration in the manifest; its text is a parameter."""
_RECIPIENTS = (
    "aadUserNotificationRecipient",
    "teamMembersNotificationRecipient",
    "channelMembersNotificationRecipient",
)


def send_notification(call: Call) -> Answer:
    """204. Whoever is told sees it in Teams; Graph keeps nothing that could be read."""
    given = call.json()
    kind = given.get("activityType")
    if not isinstance(kind, str) or not kind:
        raise bad_request("'activityType' is required.")
    app = call.app
    if roster.app_state(call.tenant, app.client_id) != "installed":
        raise GraphError(
            403,
            "Forbidden",
            f"Application with AAD App Id '{app.client_id}' is not authorized to generate "
            f"notifications about team '{call.names['team']}'. Ensure that the expected Teams "
            "app is installed in the team.",
        )
    if kind != _FREE and kind not in app.activity_types:
        raise bad_request(
            f"Activity type '{kind}' is not declared in the manifest of the Teams app with AAD "
            f"App Id '{app.client_id}'."
        )
    _check_topic(call, given.get("topic"))
    preview = _text(given)
    call.tenant.store.insert(
        "notifications",
        at=call.tenant.clock.text,
        app=app.client_id,
        type=kind,
        recipient=_recipient(call, given.get("recipient")),
        preview=preview[:_SHOWN],
    )
    return Answer(status=204)


def _check_topic(call: Call, topic: object) -> None:
    if not isinstance(topic, dict) or not isinstance(topic.get("value"), str):
        raise bad_request("'topic' with its 'source' and 'value' is required.")
    source, value, url = topic.get("source"), topic["value"], topic.get("webUrl")
    if source == "entityUrl":
        if not value.startswith(f"https://graph.microsoft.com/v1.0/teams/{call.names['team']}"):
            raise bad_request("The topic's value must be the address of the team or within it.")
        return
    if source != "text":
        raise bad_request(f"Requested value '{source}' was not found.")
    if not isinstance(url, str) or not url.startswith("https://teams.microsoft.com/"):
        raise bad_request("'webUrl' is required where the source of the topic is 'text'.")


def _text(given: Json) -> str:
    preview = given.get("previewText")
    if preview is None:
        return ""
    if not isinstance(preview, dict) or not isinstance(preview.get("content"), str):
        raise bad_request("'previewText' must have 'content'.")
    return str(preview["content"])


def _recipient(call: Call, recipient: object) -> str:
    kind = recipient.get("@odata.type", "") if isinstance(recipient, dict) else ""
    name = str(kind).rpartition(".")[2]
    if not isinstance(recipient, dict) or name not in _RECIPIENTS:
        raise bad_request("'recipient' is required.")
    if name == "aadUserNotificationRecipient":
        person = call.tenant.person(str(recipient.get("userId")))
        team = {member.person.id for member in roster.members(call.tenant, None)}
        if person is None or person.id not in team:
            raise GraphError(404, "NotFound", "The recipient is not in the team.")
        return f"user:{person.id}"
    if name == "channelMembersNotificationRecipient":
        channel = str(recipient.get("channelId"))
        if channel not in call.tenant.channels:
            raise GraphError(404, "NotFound", "Channel not found.")
        return f"channel:{channel}"
    return "team"
