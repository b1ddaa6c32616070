"""Who is in the team and in its channels, what a channel is called now, and whose bot is in."""

from dataclasses import dataclass

from service.sandbox.store import guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel, Person

_TEAM = ""
"""Stands for the team itself where a channel could."""


@dataclass(frozen=True)
class Member:
    person: Person
    role: str
    """`owner`, `guest` or empty for an ordinary member, as in Graph's `roles`."""
    id: str


def members(tenant: Tenant, channel: Channel | None) -> list[Member]:
    """Of the team, or of a channel; everybody in the team is in its standard channels."""
    of = channel.id if channel and channel.membership != "standard" else _TEAM
    given = _first(tenant, channel)
    roles: dict[str, str | None] = dict.fromkeys(given, "")
    if given:
        roles[given[0]] = "owner"
    for row in tenant.store.all("SELECT * FROM roster WHERE channel = ? ORDER BY person", of):
        roles[row["person"]] = row["role"]
    found = []
    for key, role in roles.items():
        person = tenant.person(key)
        if person is None or role is None:
            continue
        name = "guest" if person.guest else role
        found.append(Member(person, name, guid("membership", of, person.id)))
    return found


def _first(tenant: Tenant, channel: Channel | None) -> tuple[str, ...]:
    """Those of the first day."""
    if channel is not None and channel.membership != "standard":
        return channel.members
    return tenant.world.team_members or tuple(person.id for person in tenant.world.people)


def is_member(tenant: Tenant, channel: Channel | None, person: Person) -> bool:
    return any(member.person.id == person.id for member in members(tenant, channel))


def put(tenant: Tenant, channel: str | None, person: str, role: str | None) -> None:
    """`role` None: no longer a member."""
    tenant.store.do(
        "INSERT OR REPLACE INTO roster VALUES (?, ?, ?)", channel or _TEAM, person, role
    )


def channel_name(tenant: Tenant, channel: Channel) -> str:
    name = tenant.store.value("SELECT name FROM channel_names WHERE channel = ?", channel.id)
    return str(name) if name else channel.name


def app_state(tenant: Tenant, client_id: str) -> str:
    """`installed`, `blocked` or `absent`."""
    kept = tenant.store.value("SELECT state FROM team_apps WHERE app = ?", client_id)
    if kept is not None:
        return str(kept)
    app = tenant.apps.get(client_id)
    return "installed" if app is not None and app.installed else "absent"


def set_app_state(tenant: Tenant, client_id: str, state: str) -> None:
    if client_id not in tenant.apps:
        raise ValueError(f"There is no app {client_id}.")
    tenant.store.do("INSERT OR REPLACE INTO team_apps VALUES (?, ?)", client_id, state)
