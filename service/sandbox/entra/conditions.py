"""What may stop a sign-in that is otherwise right: the account, and conditional access."""

import msgspec

from service.sandbox.entra.directory import standing
from service.sandbox.entra.refusals import TokenError, invalid_grant
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person

WORKLOAD = "workload"
"""Stands where a policy names a person, for apps that act by themselves."""
_GRAPH_ID = "00000003-0000-0000-c000-000000000000"


def set_policy(tenant: Tenant, name: str, *, person: str, app: str, control: str) -> None:
    """`control` is `block`, `mfa`, or empty to take the policy away."""
    policy = guid(tenant.world.tenant_id, "policy", name)
    tenant.store.do("DELETE FROM access_policies WHERE id = ?", policy)
    if control:
        tenant.store.insert("access_policies", id=policy, person=person, app=app, control=control)


def demands_mfa(tenant: Tenant) -> bool:
    """Whether any policy asks somebody for a second factor."""
    return tenant.store.one("SELECT id FROM access_policies WHERE control = 'mfa'") is not None


def check_person(tenant: Tenant, app: App, person: Person, *, mfa: bool) -> None:
    """Raises TokenError unless this account may sign in to this app, as it has."""
    state = standing(tenant, person.id)
    if state == "gone":
        raise invalid_grant(
            50034,
            f"The user account {person.mail} does not exist in the {tenant.world.tenant_id} "
            "directory. To sign into this application, the account must be added to the "
            "directory.",
        )
    if state == "blocked":
        raise invalid_grant(50057, "The user account is disabled.")
    for policy in _policies(tenant, ("", person.id), app):
        if policy["control"] == "block":
            raise _blocked(policy)
        if policy["control"] == "mfa" and not mfa:
            raise TokenError(
                400,
                "invalid_grant",
                50076,
                "Due to a configuration change made by your administrator, or because you moved "
                "to a new location, you must use multi-factor authentication to access "
                f"'{_GRAPH_ID}'.",
                suberror="basic_action",
                claims=_claims(policy),
            )


def check_app(tenant: Tenant, app: App) -> None:
    """Conditional access for workload identities."""
    for policy in _policies(tenant, (WORKLOAD, WORKLOAD), app):
        if policy["control"] == "block":
            raise _blocked(policy)


def _policies(tenant: Tenant, people: tuple[str, str], app: App) -> list[Row]:
    return tenant.store.all(
        "SELECT id, control FROM access_policies WHERE person IN (?, ?) AND app IN ('', ?) "
        "ORDER BY control, id",
        *people,
        app.client_id,
    )


def _blocked(policy: Row) -> TokenError:
    return TokenError(
        400,
        "invalid_grant",
        53003,
        "Access has been blocked by Conditional Access policies. The access policy does not "
        "allow token issuance.",
        suberror="message_only",
        claims=_claims(policy),
    )


def _claims(policy: Row) -> str:
    """What the client is to send with its next, interactive request."""
    wanted = {"access_token": {"capolids": {"essential": True, "values": [policy["id"]]}}}
    return msgspec.json.encode(wanted).decode()
