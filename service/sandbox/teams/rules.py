"""Who may do what in a team, where it is not merely reading channels and their messages."""

from service.sandbox.entra.access import check_named
from service.sandbox.entra.directory import RSC, held
from service.sandbox.routes import Rule
from service.sandbox.teams import roster
from service.sandbox.wire import Call, GraphError

_NO_PERSON = (
    "Message POST is allowed in application-only context only for import purposes. "
    "For more details, see https://docs.microsoft.com/microsoftteams/platform/graph-api/"
    "import-messages/import-external-messages-to-teams."
)
_READ = ("ChannelMessage.Read.Group", "ChannelMessage.Read.All", "Group.Read.All")
_LIST = (
    "ChannelSettings.Read.Group",
    "Channel.ReadBasic.All",
    "ChannelSettings.Read.All",
    "Group.Read.All",
)
_SEND = ("ChannelMessage.Send", "Group.ReadWrite.All")
_EDIT = ("ChannelMessage.ReadWrite", "Group.ReadWrite.All")
_IMPORT = "Teamwork.Migrate.All"


def application(*needed: str) -> Rule:
    """One of these roles, or the same with a person's consent."""

    def rule(call: Call) -> None:
        _check_team(call)
        _check_channel(call)
        check_named(call, needed, needed)

    return rule


def _channel(needed: tuple[str, ...], scopes: tuple[str, ...]) -> Rule:
    """A role, or consent in this very team (RSC); for a person her scope, and her membership."""

    def rule(call: Call) -> None:
        _check_team(call)
        consented = call.names["team"] in held(call.tenant, call.app, RSC)
        consents = ("ChannelMessage.Read.Group",) if consented else ()
        check_named(call, needed, scopes, consents)
        _check_channel(call)
        _check_member(call)

    return rule


channel_messages: Rule = _channel(
    _READ, ("ChannelMessage.Read.All", "Group.Read.All", "Group.ReadWrite.All")
)
channel_list: Rule = _channel(
    _LIST,
    ("Channel.ReadBasic.All", "ChannelSettings.Read.All", "Group.Read.All", "Group.ReadWrite.All"),
)


def _check_team(call: Call) -> None:
    world = call.tenant.world
    if call.names["team"] not in (world.team, *world.other_teams):
        raise GraphError(404, "NotFound", f"No team found with Group Id {call.names['team']}")


def _check_channel(call: Call) -> None:
    own = call.names["team"] == call.tenant.world.team
    channel = call.names.get("channel")
    if channel is None and own:
        return
    if not own or channel not in call.tenant.channels:
        raise GraphError(404, "NotFound", "Channel not found.")


def _check_member(call: Call) -> None:
    """A person must be in the team, and on the roster of a private or shared channel (1.1)."""
    if call.person is None:
        return
    channel = call.tenant.channels.get(call.names.get("channel", ""))
    places = {None, channel} if channel else {None}
    if not all(roster.is_member(call.tenant, place, call.person) for place in places):
        raise GraphError(
            403,
            "Forbidden",
            "AclCheckFailed-Get Thread Members: Initiator "
            f"(8:orgid:{call.person.id}) is not a member of the roster or is not allowed to "
            'see it. {"errorCode":209,"subCode":"AclCheckFailed"}',
        )


def send(call: Call) -> None:
    """Writing is for people. An app by itself only imports, into a channel that is being made."""
    _check_team(call)
    _check_channel(call)
    if call.person is None and _IMPORT in call.roles:
        raise GraphError(400, "BadRequest", "The channel is not in migration mode.")
    if call.person is None:
        raise GraphError(401, "Unauthorized", _NO_PERSON)
    check_named(call, (), _SEND)
    _check_member(call)


def change(call: Call) -> None:
    """An app by itself may only say that a message breaks a policy."""
    _check_team(call)
    check_named(call, ("ChannelMessage.UpdatePolicyViolation.All",), _EDIT)
    _check_channel(call)
    _check_member(call)


def take_back(call: Call) -> None:
    """Whoever is signed in, and no app by itself ("chatMessage: softDelete")."""
    _check_team(call)
    check_named(call, (), _EDIT[:1])
    _check_channel(call)
    _check_member(call)


def tags(call: Call) -> None:
    """A role, or the scope of somebody in the team ("List teamworkTags")."""
    _check_team(call)
    check_named(
        call,
        ("TeamworkTag.Read.All", "TeamworkTag.ReadWrite.All"),
        ("TeamworkTag.Read", "TeamworkTag.ReadWrite"),
    )
    _check_member(call)


def notify(call: Call) -> None:
    """A role everywhere, or consent in the team in which its Teams app is installed."""
    _check_team(call)
    needed = ("TeamsActivity.Send", "TeamsActivity.Send.Group")
    if call.person is not None:
        check_named(call, (), needed[:1])
        return
    installed = roster.app_state(call.tenant, call.app.client_id) == "installed"
    if not installed:
        check_named(call, needed, ())


TEAM: Rule = application(
    "Team.ReadBasic.All", "TeamSettings.Read.All", "TeamSettings.Read.Group", "Group.Read.All"
)
TEAM_MEMBERS: Rule = application("TeamMember.Read.All", "TeamMember.Read.Group", "Group.Read.All")
CHANNEL_MEMBERS: Rule = application(
    "ChannelMember.Read.All", "ChannelMember.Read.Group", "Group.Read.All"
)
