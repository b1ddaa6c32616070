"""Who may do what in a team, where it is not merely reading channels and their messages."""

from service.sandbox.routes import Rule
from service.sandbox.teams import roster
from service.sandbox.wire import Call, GraphError

_NO_PERSON = (
    "Message POST is allowed in application-only context only for import purposes. "
    "For more details, see https://docs.microsoft.com/microsoftteams/platform/graph-api/"
    "import-messages/import-external-messages-to-teams."
)
_SEND = ("ChannelMessage.Send", "Group.ReadWrite.All")
_EDIT = ("ChannelMessage.ReadWrite", "Group.ReadWrite.All")


def application(*needed: str) -> Rule:
    """One of these roles, or the same with a person's consent."""

    def rule(call: Call) -> None:
        _known_place(call)
        held = call.scopes if call.person else call.roles
        if not held & set(needed):
            raise missing(call, needed)

    return rule


def missing(call: Call, needed: tuple[str, ...]) -> GraphError:
    kind, kinds = ("scope", "Scopes") if call.person else ("role", "Roles")
    held = call.scopes if call.person else call.roles
    return GraphError(
        403,
        "Forbidden",
        f"Missing {kind} permissions on the request. API requires one of "
        f"'{', '.join(needed)}'. {kinds} on the request '{', '.join(sorted(held))}'.",
    )


def _known_place(call: Call) -> None:
    if call.names["team"] != call.tenant.world.team:
        raise GraphError(404, "NotFound", f"No team found with Group Id {call.names['team']}")
    channel = call.names.get("channel")
    if channel is not None and channel not in call.tenant.channels:
        raise GraphError(404, "NotFound", "Channel not found.")


def send(call: Call) -> None:
    """Writing is for people: an app by itself is refused, whatever it was granted."""
    _known_place(call)
    if call.person is None:
        raise GraphError(401, "Unauthorized", _NO_PERSON)
    if not call.scopes & set(_SEND):
        raise missing(call, _SEND)
    _on_roster(call)


def change(call: Call) -> None:
    """An app by itself may only say that a message breaks a policy."""
    _known_place(call)
    if call.person is None:
        needed = ("ChannelMessage.UpdatePolicyViolation.All",)
        if not call.roles & set(needed):
            raise missing(call, needed)
        return
    if not call.scopes & set(_EDIT):
        raise missing(call, _EDIT)
    _on_roster(call)


def _on_roster(call: Call) -> None:
    """graph-facts 1.1."""
    assert call.person is not None
    channel = call.tenant.channels[call.names["channel"]]
    if not roster.is_member(call.tenant, channel, call.person):
        raise GraphError(
            403,
            "Forbidden",
            '{"errorCode":209,"message":"{\\r\\n  \\"subCode\\": \\"AclCheckFailed\\",\\r\\n  '
            f'\\"details\\": \\"The user {call.person.id} is not a member of the roster.\\",'
            '\\r\\n  \\"errorCode\\": null,\\r\\n  \\"errorSubCode\\": null\\r\\n}"}',
        )


def notify(call: Call) -> None:
    """A role everywhere, or consent in the team in which its Teams app is installed."""
    _known_place(call)
    needed = ("TeamsActivity.Send", "TeamsActivity.Send.Group")
    if call.person is not None:
        if "TeamsActivity.Send" not in call.scopes:
            raise missing(call, needed[:1])
        return
    installed = roster.app_state(call.tenant, call.app.client_id) == "installed"
    if not installed and not call.roles & set(needed):
        raise missing(call, needed)


TEAM: Rule = application(
    "Team.ReadBasic.All", "TeamSettings.Read.All", "TeamSettings.Read.Group", "Group.Read.All"
)
TEAM_MEMBERS: Rule = application("TeamMember.Read.All", "TeamMember.Read.Group", "Group.Read.All")
CHANNEL_MEMBERS: Rule = application(
    "ChannelMember.Read.All", "ChannelMember.Read.Group", "Group.Read.All"
)
