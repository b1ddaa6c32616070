"""
Who may do what: one rule for each workload, refusing in that workload's own words.

An app by itself may do what its roles say, in every workload. An app for a person may do what
both its scopes and the person herself may. Sources: graph-facts 1.1, 2, 3.1-3.2, 4 and
5.5-5.7, and the Graph pages named beside the rules.
"""

from collections.abc import Mapping

from service.sandbox.entra.directory import (
    CALENDAR,
    LEVELS,
    MAIL_READ,
    MAIL_SEND,
    MAIL_WRITE,
    ORGANIZER,
    has_left,
    held,
)
from service.sandbox.entra.site_levels import (
    FULL,
    can_read_site,
    level_of,
    site_of_call,
)
from service.sandbox.routes import Rule
from service.sandbox.sharepoint.whereabouts import may_asked
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person
from service.sandbox.wire import Call, GraphError

__all__ = ["can_read_site"]

_WIDER = {
    CALENDAR: (CALENDAR, "Calendars.ReadWrite"),
    MAIL_READ: (MAIL_READ, MAIL_WRITE),
    MAIL_WRITE: (MAIL_WRITE,),
    MAIL_SEND: (MAIL_SEND,),
}
"""What each of Exchange's rights is contained in."""
_MEETING_SCOPES = {"OnlineMeetings.Read.All": ("OnlineMeetings.Read", "OnlineMeetings.ReadWrite")}
"""Delegated permissions whose names differ from the roles'."""


def site(level: str) -> Rule:
    """At least this level on the call's site; and for a person, on the very item or list."""

    def rule(call: Call) -> None:
        allowed = LEVELS.index(level) <= level_of(call, site_of_call(call))
        if call.person and allowed:
            allowed = may_asked(call.tenant, call.person, call.names, level)
        if not allowed:
            raise GraphError(403, "accessDenied", "Access denied")

    return rule


def site_search(call: Call) -> None:
    """Any role on sites; what is found is a matter of its own."""
    level_of(call, None)


def site_permissions(call: Call) -> None:
    """Sites.FullControl.All and nothing less (Graph page 'Create permission', site)."""
    granted = FULL in call.roles | call.scopes
    if call.person and granted:
        granted = may_asked(call.tenant, call.person, call.names, "fullcontrol")
    if not granted:
        raise GraphError(403, "accessDenied", "Access denied")


def user(call: Call) -> None:
    """The directory; everybody may be shown herself."""
    wide = {"User.Read.All", "Directory.Read.All", "User.ReadBasic.All"}
    own = {"User.Read"} if call.person and _is_own(call) else set()
    if not (call.roles | call.scopes) & (wide | own):
        raise GraphError(
            403,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        )


def _is_own(call: Call) -> bool:
    """Whether the path's user is the one who has signed in."""
    person = call.tenant.person(call.names["user"])
    return person is not None and call.person is not None and person.id == call.person.id


def exchange(right: str) -> Rule:
    """
    A mailbox: by a role for every one of them or RBAC for Applications for this one; for a
    person by her scope, on her own.
    """

    def rule(call: Call) -> None:
        person = known_person(call.tenant, call.names["user"], exchange=True)
        if call.person:
            may = bool(call.scopes & set(_WIDER[right])) and _is_own(call)
        else:
            may = bool(call.roles & set(_WIDER[right])) or any(
                person.mail.casefold() in held(call.tenant, call.app, wider)
                for wider in _WIDER[right]
            )
        if not may:
            raise GraphError(
                403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
            )

    return rule


mailbox: Rule = exchange(CALENDAR)
mail_read: Rule = exchange(MAIL_READ)
mail_write: Rule = exchange(MAIL_WRITE)
mail_send: Rule = exchange(MAIL_SEND)


def meetings(role: str) -> Rule:
    """
    A role, and an application access policy granted to the organiser in the path; for a
    person her scope, and herself in the path.
    """

    def rule(call: Call) -> None:
        check_named(call, (role,), _MEETING_SCOPES.get(role, (role,)))
        organizer = call.names.get("meetingOrganizerUserId", call.names["user"])
        for name in (call.names["user"], organizer):
            person = known_person(call.tenant, name)
            if call.person:
                if person.id != call.person.id:
                    raise GraphError(
                        403, "Forbidden", "User does not have access to lookup meeting."
                    )
            elif person.id not in held(call.tenant, call.app, ORGANIZER):
                raise GraphError(
                    403,
                    "Forbidden",
                    f"No application access policy found for this app: {call.app.client_id} "
                    f"on the user: {person.id}.",
                )

    return rule


def check_named(
    call: Call, roles: tuple[str, ...], scopes: tuple[str, ...], consents: tuple[str, ...] = ()
) -> None:
    """Teams' own words: what it takes, and what came."""
    needed = scopes if call.person else roles
    has = call.scopes if call.person else call.roles | set(consents)
    if has & set(needed):
        return
    kind = "scope" if call.person else "role"
    came = ", ".join(sorted(call.scopes if call.person else call.roles))
    said = (
        f"Missing {kind} permissions on the request. API requires one of '{', '.join(needed)}'. "
        f"{kind.title()}s on the request '{came}'."
    )
    if any(name.endswith(".Group") for name in needed):
        said += f" Resource specific consent grants on the request '{', '.join(consents)}'."
    raise GraphError(403, "Forbidden", said)


def person_only(scopes: tuple[str, ...], refusal: Mapping[str, str], status: int = 403) -> Rule:
    """For what no app may do without a person; `refusal` has the `code` and `message`."""

    def rule(call: Call) -> None:
        if call.person is None or not call.scopes & set(scopes):
            raise GraphError(status, refusal["code"], refusal["message"])

    return rule


def known_person(tenant: Tenant, name: str, *, exchange: bool = False) -> Person:
    person = tenant.person(name)
    if person is not None and not has_left(tenant, person.id):
        return person
    if exchange:
        raise GraphError(404, "ErrorInvalidUser", f"The requested user '{name}' is invalid.")
    raise GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{name}' does not exist or one of its queried reference-property objects "
        "are not present.",
    )
