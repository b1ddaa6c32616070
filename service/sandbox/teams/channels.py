"""The team, its channels and who is in them."""

from urllib.parse import quote

from service.sandbox.paging import page
from service.sandbox.store import guid
from service.sandbox.teams import roster
from service.sandbox.teams.roster import Member
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel
from service.sandbox.wire import Answer, Call, Json, fine_stamp

UNKNOWN_ENUMS = "include-unknown-enum-members"
"""Prefer header without which what was added to an enumeration is `unknownFutureValue`."""
_MOST = 50
_PAGE_OF_MEMBERS = 100
_MOST_MEMBERS = 999


def get_team(call: Call) -> Answer:
    world = call.tenant.world
    thread = quote(world.channels[0].id, safe="")
    return Answer(
        body={
            "id": world.team,
            "createdDateTime": fine_stamp(world.start),
            "displayName": world.site,
            "description": "",
            "internalId": world.channels[0].id,
            "classification": None,
            "specialization": None,
            "visibility": "private",
            "webUrl": f"https://teams.microsoft.com/l/team/{thread}/conversations"
            f"?groupId={world.team}&tenantId={world.tenant_id}",
            "isArchived": False,
            "tenantId": world.tenant_id,
        }
    )


def list_channels(call: Call) -> Answer:
    return page(
        call, call.tenant.world.channels, lambda channel: channel_json(call, channel), _MOST
    )


def get_channel(call: Call) -> Answer:
    return Answer(body=channel_json(call, channel_of(call)))


def channel_of(call: Call) -> Channel:
    """The rule has made sure that it is there."""
    return call.tenant.channels[call.names["channel"]]


def channel_json(call: Call, channel: Channel) -> Json:
    world = call.tenant.world
    name = roster.channel_name(call.tenant, channel)
    newer = channel.membership == "shared" and call.prefers(UNKNOWN_ENUMS) is None
    return {
        "id": channel.id,
        "createdDateTime": fine_stamp(world.start),
        "displayName": name,
        "description": None,
        "isFavoriteByDefault": None,
        "email": "",
        "tenantId": world.tenant_id,
        "webUrl": f"https://teams.microsoft.com/l/channel/{quote(channel.id, safe='')}/"
        f"{quote(name)}?groupId={world.team}&tenantId={world.tenant_id}",
        "membershipType": "unknownFutureValue" if newer else channel.membership,
        "isArchived": False,
    }


def list_team_members(call: Call) -> Answer:
    return _members(call, roster.members(call.tenant, None))


def list_channel_members(call: Call) -> Answer:
    return _members(call, roster.members(call.tenant, channel_of(call)))


def _members(call: Call, members: list[Member]) -> Answer:
    return page(
        call,
        members,
        lambda member: _member_json(call.tenant, member),
        _PAGE_OF_MEMBERS,
        _MOST_MEMBERS,
    )


def _member_json(tenant: Tenant, member: Member) -> Json:
    person = member.person
    home = tenant.world.tenant_id
    return {
        "@odata.type": "#microsoft.graph.aadUserConversationMember",
        "id": member.id,
        "roles": [member.role] if member.role else [],
        "displayName": person.name,
        "visibleHistoryStartDateTime": "0001-01-01T00:00:00Z",
        "userId": person.id,
        "email": person.mail,
        # A guest's account is in this tenant; the home is another one.
        "tenantId": guid("home", person.mail.rpartition("@")[2]) if person.guest else home,
    }
