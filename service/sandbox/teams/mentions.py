"""Whom a message calls by name: somebody, the whole channel, or those with a tag."""

from service.sandbox.teams import roster
from service.sandbox.teams.channels import channel_of
from service.sandbox.teams.render_messages import in_beta, mention_json
from service.sandbox.teams.sanitise import Sanitised
from service.sandbox.teams.tags import tag_named
from service.sandbox.wire import Call, Json, bad_request


def mentions(call: Call, given: list[Json], body: Sanitised) -> list[Json]:
    """As they are kept. Each has its marker in the text."""
    found = []
    for one in given:
        number = one.get("id")
        if not isinstance(number, int) or str(number) not in body.mentions:
            raise bad_request(
                f"Body does not contain marker for mention with Id '{number}'. Add '<at "
                f'id="{number}">{one.get("mentionText")}</at>\' to the body.'
            )
        found.append(_mention(call, number, one))
    return found


def _mention(call: Call, number: int, one: Json) -> Json:
    if place := _mentioned(one, "conversation"):
        return _told(number, one, "conversation", _channel(call, place))
    if tag := _mentioned(one, "tag"):
        if not in_beta(call):
            raise bad_request(
                "The property 'tag' does not exist on type "
                "'microsoft.graph.chatMessageMentionedIdentitySet'."
            )
        return _told(number, one, "tag", _tag(call, tag))
    name = str(_mentioned(one, "user").get("id", ""))
    person = call.tenant.person(name)
    if person is None or not roster.is_member(call.tenant, channel_of(call), person):
        raise bad_request(f"The mentioned user '{name}' is not in the conversation.")
    return mention_json(call.tenant, number, person.id)


def _mentioned(given: Json, kind: str) -> Json:
    mentioned = given.get("mentioned")
    found = mentioned.get(kind) if isinstance(mentioned, dict) else None
    return found if isinstance(found, dict) else {}


def _channel(call: Call, given: Json) -> Json:
    """Only the very channel that is written in."""
    channel = channel_of(call)
    if given.get("id") != channel.id or given.get("conversationIdentityType") != "channel":
        raise bad_request(f"The mentioned conversation '{given.get('id')}' is not this channel.")
    return {
        "id": channel.id,
        "displayName": roster.channel_name(call.tenant, channel),
        "conversationIdentityType": "channel",
    }


def _tag(call: Call, given: Json) -> Json:
    key = str(given.get("id", ""))
    name = tag_named(call.tenant, key)
    if name is None:
        raise bad_request(f"The mentioned tag '{key}' was not found in the team.")
    return {"id": key, "displayName": name}


def _told(number: int, one: Json, kind: str, mentioned: Json) -> Json:
    nobody = {"application": None, "device": None, "user": None, "conversation": None, "tag": None}
    text = one.get("mentionText") or mentioned["displayName"]
    return {"id": number, "mentionText": text, "mentioned": {**nobody, kind: mentioned}}
