"""
What stands in the directory besides names: what apps were granted, and how accounts stand.

A grant may take time to be felt. How long is asked of the switches here, and counted by the
sandbox's clock.
"""

from collections.abc import Mapping
from datetime import timedelta

from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import App, Person
from service.sandbox.wire import fine_stamp

ROLE = "role"
"""An application permission; felt when the next token is issued."""
RSC = "rsc"
"""A resource-specific consent; its object is the team."""
ORGANIZER = "organizer"
"""An application access policy for online meetings; its object is a person."""
CALENDAR = "Calendars.Read"
MAIL_READ, MAIL_WRITE, MAIL_SEND = "Mail.Read", "Mail.ReadWrite", "Mail.Send"
"""Exchange RBAC for Applications; the object is a mailbox."""

SITE_MINUTES = Switch(
    name="site_grant_minutes",
    values=("0", "5", "60"),
    about="How many minutes a grant on a site takes to be felt (graph-facts 12: unverified).",
)
EXCHANGE_MINUTES = Switch(
    name="exchange_rbac_minutes",
    values=("0", "30", "120"),
    about="How many minutes Exchange RBAC takes to be felt: between 30 minutes and 2 hours by "
    "the page 'Role Based Access Control for Applications in Exchange Online'.",
)
POLICY_MINUTES = Switch(
    name="access_policy_minutes",
    values=("0", "30", "60"),
    about="How many minutes an application access policy takes to be felt: up to 30 by the "
    "page 'Configure application access to online meetings'.",
)
LEVELS = ("read", "write", "manage", "fullcontrol")
_DELAYS = {
    ORGANIZER: POLICY_MINUTES,
    CALENDAR: EXCHANGE_MINUTES,
    MAIL_READ: EXCHANGE_MINUTES,
    MAIL_WRITE: EXCHANGE_MINUTES,
    MAIL_SEND: EXCHANGE_MINUTES,
}
AUTHOR = Switch(
    name="author_who_left",
    values=("unknown", "named"),
    about="Whether a message keeps its author's name once the account is gone; Teams shows "
    "'Unknown User', and what Graph gives as displayName is not documented.",
)
SWITCHES = (SITE_MINUTES, EXCHANGE_MINUTES, POLICY_MINUTES, AUTHOR)


def lay_directory(tenant: Tenant) -> None:
    """
    The secrets and rights of the world's apps, once. Raises ValueError for what the world says
    and cannot be.
    """
    _check_world(tenant)
    if tenant.store.state("directory"):
        return
    tenant.store.set_state("directory", "laid")
    for app in tenant.world.apps:
        if app.secret:
            tenant.store.insert("app_secrets", app=app.client_id, secret=app.secret)
        for kind, objects in _first_rights(tenant, app).items():
            for name in objects:
                _write(tenant, app.client_id, kind, name, "1", "")


def _check_world(tenant: Tenant) -> None:
    world = tenant.world
    people = {person.id for person in world.people}
    keys = {"", *(site.key for site in world.sites)}
    for key, levels in world.levels.items():
        if key not in keys:
            raise ValueError(f"levels: there is no site {key}.")
        _check_levels(f"levels of {key or 'the site'}", {"none", *LEVELS}, levels)
        if strangers := levels.keys() - people:
            raise ValueError(f"levels: there is nobody {', '.join(sorted(strangers))}.")
    for app in world.apps:
        given = {**app.site_grants, **({"": app.site_role} if app.site_role else {})}
        _check_levels(f"grants of {app.name}", set(LEVELS), given)
        for address in (*app.redirects, *app.web_redirects):
            if "://" not in address:
                raise ValueError(f"redirects of {app.name}: {address} is no address.")


def _check_levels(where: str, known: set[str], given: Mapping[str, str]) -> None:
    for level in given.values():
        if level not in known:
            raise ValueError(f"{where}: one of {', '.join(sorted(known))}, not {level}.")


def _first_rights(tenant: Tenant, app: App) -> dict[str, tuple[str, ...]]:
    return {
        ROLE: app.roles,
        CALENDAR: tuple(mail.casefold() for mail in app.calendars),
        MAIL_READ: tuple(mail.casefold() for mail in app.reads_mail),
        MAIL_WRITE: tuple(mail.casefold() for mail in app.writes_mail),
        MAIL_SEND: tuple(mail.casefold() for mail in app.sends_as),
        ORGANIZER: app.organizers,
        RSC: (tenant.world.team,) if app.reads_channels else (),
    }


def held(tenant: Tenant, app: App, kind: str) -> tuple[str, ...]:
    """The objects on which the app has this right now, in the order in which they came."""
    rows = tenant.store.all(
        "SELECT object, value FROM rights WHERE app = ? AND kind = ? AND since <= ? "
        "ORDER BY since, number",
        app.client_id,
        kind,
        tenant.clock.text,
    )
    latest = {row["object"]: row["value"] for row in rows}
    return tuple(name for name, value in latest.items() if value)


def set_right(tenant: Tenant, app: str, kind: str, name: str, *, given: bool) -> None:
    """Grants or withdraws; felt once the service has passed it on."""
    delay = _DELAYS.get(kind)
    since = _felt(tenant, delay) if delay else tenant.clock.text
    _write(tenant, app, kind, name, "1" if given else "", since)


def _write(tenant: Tenant, app: str, kind: str, name: str, value: str, since: str) -> None:  # noqa: PLR0913 - the columns
    tenant.store.insert("rights", app=app, kind=kind, object=name, value=value, since=since)


def _felt(tenant: Tenant, delay: Switch) -> str:
    return fine_stamp(tenant.clock.now + timedelta(minutes=int(delay.read(tenant))))


def set_site_role(tenant: Tenant, app: str, site: str, role: str) -> None:
    """`role` empty withdraws; felt once the service has passed it on."""
    since = _felt(tenant, SITE_MINUTES)
    tenant.store.insert("coming_grants", site=site, app=app, role=role, since=since)


def site_roles(tenant: Tenant, *, app: str | None = None, site: str | None = None) -> list[Row]:
    """Rows of app, site and role that count now."""
    _let_come(tenant)
    return tenant.store.all(
        "SELECT app, site, role FROM grants WHERE (?1 IS NULL OR app = ?1) "
        "AND (?2 IS NULL OR site = ?2) ORDER BY site, app",
        app,
        site,
    )


def _let_come(tenant: Tenant) -> None:
    """What was on its way and has had its time is a grant from now on."""
    store, now = tenant.store, tenant.clock.text
    due = store.all("SELECT * FROM coming_grants WHERE since <= ? ORDER BY since, number", now)
    for row in due:
        store.do("DELETE FROM grants WHERE site = ? AND app = ?", row["site"], row["app"])
        if row["role"]:
            store.insert("grants", site=row["site"], app=row["app"], role=row["role"])
    if due:
        store.do("DELETE FROM coming_grants WHERE since <= ?", now)


def is_disabled(tenant: Tenant, app: App) -> bool:
    """Whether an administrator has disabled the app in the tenant."""
    return bool(tenant.store.state(f"disabled/{app.client_id}"))


def set_disabled(tenant: Tenant, app: str, *, disabled: bool) -> None:
    tenant.store.set_state(f"disabled/{app}", "yes" if disabled else "")


def standing(tenant: Tenant, person: str) -> str:
    """Of somebody's account: empty, `blocked` or `gone`."""
    value: str | None = tenant.store.value("SELECT standing FROM accounts WHERE person = ?", person)
    return value or ""


def has_left(tenant: Tenant, person: str) -> bool:
    """Whether somebody's account is no longer in the directory."""
    return standing(tenant, person) == "gone"


def shown_name(tenant: Tenant, person: Person) -> str | None:
    """The name by which a message tells its author."""
    gone = has_left(tenant, person.id) and AUTHOR.read(tenant) == "unknown"
    return None if gone else person.name


def set_standing(tenant: Tenant, person: str, standing: str) -> None:
    tenant.store.do("INSERT OR REPLACE INTO accounts VALUES (?, ?)", person, standing)
