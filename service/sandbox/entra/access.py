"""
Who may do what: one rule for each workload, refusing in that workload's own words.

Sources: graph-facts 1.1, 2, 3.1-3.2, 4 and 5.5-5.7 in the reference this was built from.
"""

from collections.abc import Callable

from service.sandbox.routes import Rule
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person
from service.sandbox.wire import Call, GraphError

_LEVELS = ("read", "write", "manage", "fullcontrol")
_TENANT_WIDE = {
    "Sites.Read.All": "read",
    "Files.Read.All": "read",
    "Files.ReadWrite.All": "write",
    "Sites.ReadWrite.All": "write",
    "Sites.Manage.All": "manage",
    "Sites.FullControl.All": "fullcontrol",
}
_CHANNEL_READ = ("ChannelMessage.Read.Group", "ChannelMessage.Read.All", "Group.Read.All")
_CHANNEL_LIST = (
    "ChannelSettings.Read.Group",
    "Channel.ReadBasic.All",
    "ChannelSettings.Read.All",
    "Group.Read.All",
)


def site(level: str) -> Rule:
    """At least this level on the site, by a tenant-wide role or by the site's own grant."""

    def rule(call: Call) -> None:
        if _LEVELS.index(level) > _site_level(call):
            raise GraphError(403, "accessDenied", "Access denied")

    return rule


def site_search(call: Call) -> None:
    """Any role on sites; what is found is a matter of its own."""
    _site_level(call)


def can_read_site(call: Call) -> bool:
    return _site_level(call) >= _LEVELS.index("read")


def _site_level(call: Call) -> int:
    if not call.roles:
        raise GraphError(
            401,
            "generalException",
            "Either scp or roles claim need to be present in the token.",
        )
    levels = [_LEVELS.index(_TENANT_WIDE[role]) for role in call.roles if role in _TENANT_WIDE]
    if "Sites.Selected" in call.roles:
        granted = call.tenant.store.value(
            "SELECT role FROM grants WHERE app = ?", call.app.client_id
        )
        if granted:
            levels.append(_LEVELS.index(granted))
    return max(levels, default=-1)


def user(call: Call) -> None:
    """The directory."""
    if not call.roles & {"User.Read.All", "User.ReadBasic.All", "Directory.Read.All"}:
        raise GraphError(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )


def mailbox(call: Call) -> None:
    """Exchange: a role for every mailbox, or RBAC for Applications for this one."""
    person = known_person(call.tenant, call.names["user"], exchange=True)
    named = {address.casefold() for address in call.app.calendars}
    everywhere = call.roles & {"Calendars.Read", "Calendars.ReadWrite"}
    if not everywhere and person.mail.casefold() not in named:
        raise GraphError(
            403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
        )


def meetings(role: str) -> Rule:
    """A role, and an application access policy granted to the organiser in the path."""

    def rule(call: Call) -> None:
        if role not in call.roles:
            raise GraphError(
                403,
                "Forbidden",
                "Missing role permissions on the request. API requires one of "
                f"'{role}'. Roles on the request '{', '.join(sorted(call.roles))}'.",
            )
        organizer = call.names.get("meetingOrganizerUserId", call.names["user"])
        for name in (call.names["user"], organizer):
            person = known_person(call.tenant, name)
            if person.id not in call.app.organizers:
                raise GraphError(
                    403,
                    "Forbidden",
                    f"No application access policy found for this app: {call.app.client_id} "
                    f"on the user: {person.id}.",
                )

    return rule


def _channel(needed: tuple[str, ...]) -> Rule:
    def rule(call: Call) -> None:
        _known_channel(call)
        consents = {"ChannelMessage.Read.Group"} if call.app.reads_channels else set()
        if not (call.roles | consents) & set(needed):
            raise GraphError(
                403,
                "Forbidden",
                "Missing role permissions on the request. API requires one of "
                f"'{', '.join(needed)}'. Roles on the request "
                f"'{', '.join(sorted(call.roles))}'. Resource specific consent grants on the "
                f"request '{', '.join(sorted(consents))}'.",
            )

    return rule


def _known_channel(call: Call) -> None:
    if call.names["team"] != call.tenant.world.team:
        raise GraphError(404, "NotFound", f"No team found with Group Id {call.names['team']}")
    channel = call.names.get("channel")
    if channel is not None and channel not in call.tenant.channels:
        raise GraphError(404, "NotFound", "Channel not found.")


channel_messages: Rule = _channel(_CHANNEL_READ)
channel_list: Rule = _channel(_CHANNEL_LIST)


def refuse(status: int, code: str, message: str) -> Callable[[Call], None]:
    """For what no app may do at all without a person."""

    def rule(_: Call) -> None:
        raise GraphError(status, code, message)

    return rule


def known_person(tenant: Tenant, name: str, *, exchange: bool = False) -> Person:
    person = tenant.person(name)
    if person is not None:
        return person
    if exchange:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")
    raise GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects "
        "are not present.",
    )
