"""The calls on permissions, links and labels of an item."""

from datetime import datetime

from service.sandbox.entra.directory import LEVELS
from service.sandbox.entra.site_levels import level_of, site_of_call
from service.sandbox.paging import page
from service.sandbox.sharepoint import labels, library, permissions, states
from service.sandbox.sharepoint.drives import item_of
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.wire import Answer, Call, GraphError, Json, invalid, moment, stamp

OTHERS = Switch(
    name="permissions_of_others",
    values=("told", "kept"),
    about="Whether an app that does not own an item is told who else is let in: the page 'List "
    "sharing permissions on a driveItem' says that it is told its own permissions alone, and not "
    "what that means for an app with a role on the site.",
)
_SCOPES = ("anonymous", "organization", "users")
_ROLES = ("read", "write", "owner")
_MOST_MESSAGE = 2000
_PAGE = 200


def create_link(call: Call) -> Answer:
    """201 for a new link; 200 with the one that there is (driveItem: createLink)."""
    body, item = call.json(), item_of(call)
    kind, scope = body.get("type"), body.get("scope") or "organization"
    if kind not in ("view", "edit"):
        raise invalid(f"The link type '{kind}' is not supported.")
    if scope not in _SCOPES:
        raise invalid(f"The link scope '{scope}' is not supported.")
    if scope == "anonymous" and not call.tenant.world.anonymous_links:
        raise GraphError(
            403,
            "accessDenied",
            "Anonymous sharing links are disabled by the organization's policy.",
        )
    if body.get("password"):
        raise invalid("Passwords of links are only supported in OneDrive Personal.")
    expires = body.get("expirationDateTime")
    if expires is not None:
        expires = stamp(_future(call, str(expires)))
    if body.get("retainInheritedPermissions") is False:
        permissions.end_inheritance(call.tenant, item["id"])
    row, new = permissions.link(call.tenant, item, kind, scope, call.by, expires=expires)
    return Answer(status=201 if new else 200, body=permissions.permission_json(call.tenant, row))


def _future(call: Call, text: str) -> datetime:
    when = moment(text)
    if when <= call.tenant.clock.now:
        raise invalid("The expiration date must be in the future.")
    return when


def invite(call: Call) -> Answer:
    """Grants at once; people who are not in the tenant are let in by their address."""
    body, item = call.json(), item_of(call)
    (role,) = _roles(body)
    recipients = body.get("recipients")
    if not isinstance(recipients, list) or not recipients:
        raise invalid("At least one recipient must be given.")
    if len(str(body.get("message") or "")) > _MOST_MESSAGE:
        raise invalid("The message is too long.")
    if not body.get("requireSignIn", True) and not call.tenant.world.anonymous_links:
        raise GraphError(
            403,
            "accessDenied",
            "Anonymous sharing links are disabled by the organization's policy.",
        )
    if body.get("retainInheritedPermissions") is False:
        permissions.end_inheritance(call.tenant, item["id"])
    granted = [_invited(call, item, role, recipient) for recipient in recipients]
    return Answer(body={"value": granted})


def _invited(call: Call, item: Row, role: str, recipient: Json) -> Json:
    name = recipient.get("objectId") or recipient.get("email") or recipient.get("alias")
    if not name:
        raise invalid("A recipient must have an e-mail address, an alias or an object id.")
    person = call.tenant.person(str(name))
    if person is None and "@" not in str(name):
        raise invalid(f"The recipient '{name}' could not be resolved.")
    row = permissions.grant(
        call.tenant,
        item,
        role,
        call.by,
        person=person.id if person else None,
        mail=person.mail if person else str(name),
    )
    return permissions.permission_json(call.tenant, row)


def _roles(body: Json) -> list[str]:
    roles = body.get("roles")
    if not isinstance(roles, list) or len(roles) != 1 or roles[0] not in _ROLES:
        raise invalid("The roles must be exactly one of read, write and owner.")
    return [str(roles[0])]


def list_permissions(call: Call) -> Answer:
    """Of an item that the caller does not own it is told its own grants alone, by the page."""
    if OTHERS.read(call.tenant) == "kept" and not _owns(call):
        return page(call, [], lambda body: body, _PAGE)
    found = permissions.permissions_of(call.tenant, item_of(call), call.names["drive"])
    return page(call, found, lambda body: body, _PAGE)


def _owns(call: Call) -> bool:
    if call.person is not None:
        return permissions.may(call.tenant, call.person, item_of(call), "fullcontrol")
    return level_of(call, site_of_call(call)) >= LEVELS.index("fullcontrol")


def get_permission(call: Call) -> Answer:
    return Answer(body=_permission(call))


def _permission(call: Call) -> Json:
    found = permissions.permissions_of(call.tenant, item_of(call), call.names["drive"])
    for body in found:
        if body["id"] == call.names["permission"]:
            return body
    raise library.not_found()


def patch_permission(call: Call) -> Answer:
    """Only the role of a person's own grant can be changed."""
    body, item = _changeable(call), item_of(call)
    (role,) = _roles(call.json())
    if "link" in body:
        raise invalid("The roles of a sharing link cannot be changed.")
    call.tenant.store.do(
        "UPDATE permissions SET role = ? WHERE item = ? AND id = ?", role, item["id"], body["id"]
    )
    return Answer(body=_permission(call))


def delete_permission(call: Call) -> Answer:
    body, item = _changeable(call), item_of(call)
    call.tenant.store.do(
        "DELETE FROM permissions WHERE item = ? AND id = ?", item["id"], body["id"]
    )
    return Answer(status=204)


def _changeable(call: Call) -> Json:
    """Only what is not inherited can be changed here (permission: delete)."""
    body = _permission(call)
    if "inheritedFrom" in body or "siteGroup" in body.get("grantedToV2", {}):
        raise GraphError(403, "accessDenied", "Inherited permissions cannot be changed here.")
    return body


def get_label(call: Call) -> Answer:
    state = states.state_of(call.tenant, item_of(call)["id"])
    if state is None or state["label"] is None:
        raise library.not_found()
    return Answer(body=labels.label_json(call.tenant, state))


def patch_label(call: Call) -> Answer:
    """Sets a label by its name, or locks and unlocks a record; 201 where there was none."""
    body, item, tenant = call.json(), item_of(call), call.tenant
    state = states.state_of(tenant, item["id"])
    settings = body.get("retentionSettings")
    status = 200
    if body.get("name"):
        if labels.is_record(tenant, state):
            raise GraphError(403, "accessDenied", "The label of a record cannot be changed.")
        status = 201 if labels.put(tenant, item, str(body["name"]), call.by) else 200
    elif isinstance(settings, dict) and isinstance(settings.get("isRecordLocked"), bool):
        if not labels.is_record(tenant, state):
            raise invalid("The item is not a record; it cannot be locked or unlocked.")
        states.set_state(tenant, item["id"], record_locked=int(settings["isRecordLocked"]))
    else:
        raise invalid("The name of a retention label or isRecordLocked must be given.")
    now = states.state_of(tenant, item["id"])
    assert now is not None
    return Answer(status=status, body=labels.label_json(tenant, now))


def delete_label(call: Call) -> Answer:
    """A record's label is taken away by an owner only (driveItem: removeRetentionLabel)."""
    item, person = item_of(call), call.person
    owns = person is not None and permissions.may(call.tenant, person, item, "fullcontrol")
    if labels.is_record(call.tenant, states.state_of(call.tenant, item["id"])) and not owns:
        raise GraphError(403, "accessDenied", "The label of a record cannot be removed.")
    labels.take_away(call.tenant, item)
    return Answer(status=204)
