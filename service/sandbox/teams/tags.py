"""A team's tags: names for some of its members, who can be mentioned together."""

import base64

from service.sandbox.paging import page
from service.sandbox.store import guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, Json


def list_tags(call: Call) -> Answer:
    """Graph page 'List teamworkTags'."""
    return page(call, tuple(call.tenant.world.tags), lambda name: _tag_json(call.tenant, name), 100)


def tag_id(tenant: Tenant, name: str) -> str:
    """Tenant, team and tag, in the form of Graph's own."""
    world = tenant.world
    whole = "##".join((world.tenant_id, world.team, guid(world.team, "tag", name)))
    return base64.b64encode(whole.encode()).decode()


def tag_named(tenant: Tenant, key: str) -> str | None:
    """The name of the tag with this id."""
    return next((name for name in tenant.world.tags if tag_id(tenant, name) == key), None)


def _tag_json(tenant: Tenant, name: str) -> Json:
    return {
        "@odata.type": "#microsoft.graph.teamworkTag",
        "id": tag_id(tenant, name),
        "teamId": tenant.world.team,
        "displayName": name,
        "description": "",
        "memberCount": len(tenant.world.tags[name]),
        "tagType": "standard",
    }
