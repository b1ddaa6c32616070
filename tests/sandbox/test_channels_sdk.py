"""Messages of every kind go through the SDK's own models and come back as they were."""

import importlib
import json

import pytest
from kiota_serialization_json.json_parse_node_factory import JsonParseNodeFactory
from kiota_serialization_json.json_serialization_writer_factory import (
    JsonSerializationWriterFactory,
)

from tests.sandbox import teams_worlds, worlds

pytestmark = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
TEAM = f"/teams/{worlds.WORLD.team}"
MESSAGES = f"{TEAM}/channels/{worlds.COMMON}/messages"

LOST = {"dlpAction", "userAction", "verdictDetails"}
"""Enumerations of flags: the SDK reads them as collections, which they are not in JSON."""
SPELT = {"1:02:05": "PT1H2M5S"}
"""The SDK writes a duration as Python does, and not as ISO 8601."""


@pytest.fixture(scope="module")
def seed_name():
    return f"{teams_worlds.__file__}:channels"


def there_and_back(module, name, body):
    model = getattr(importlib.import_module(f"msgraph.generated.models.{module}"), name)
    content = json.dumps(body).encode()
    node = JsonParseNodeFactory().get_root_parse_node("application/json", content)
    parsed = node.get_object_value(model)
    writer = JsonSerializationWriterFactory().get_serialization_writer("application/json")
    writer.write_object_value(None, parsed)
    return json.loads(writer.get_serialized_content())


def same(value):
    """Without nulls and empty lists, which the SDK leaves out, and with times in one spelling."""
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if name not in LOST}
        held = {name: same(inner) for name, inner in kept.items() if "odata" not in name}
        return {name: inner for name, inner in held.items() if inner not in (None, [], {})}
    if isinstance(value, list):
        return [same(inner) for inner in value]
    if isinstance(value, str) and len(value) > 18 and value[4] == "-" and value[10] == "T":
        return value.replace("+00:00", "Z").replace(".000", "")
    return SPELT.get(value, value) if isinstance(value, str) else value


def test_nothing_of_a_message_is_lost(daemon):
    """Ordinary, edited, deleted, marked and system messages; replies with them."""
    daemon.advance("2023-01-09T00:00:00Z")
    page = daemon.get(f"{MESSAGES}?$expand=replies&$top=50")["value"]
    assert len({m["messageType"] for m in page}) == 2
    for message in page:
        back = there_and_back("chat_message", "ChatMessage", message)
        assert same(back) == same(message)


def test_nothing_of_a_team_its_channels_and_members_is_lost(provisioner):
    """Each read by its own model."""
    team = provisioner.get(TEAM)
    assert same(there_and_back("team", "Team", team)) == same(team)
    for channel in provisioner.get(f"{TEAM}/channels")["value"]:
        assert same(there_and_back("channel", "Channel", channel)) == same(channel)
    for member in provisioner.get(f"{TEAM}/members")["value"]:
        back = there_and_back("aad_user_conversation_member", "AadUserConversationMember", member)
        assert same(back) == same(member)
