"""Which site something lies on: by name, by owner, and as acts name its lists."""

from service.sandbox.look.words import whom
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant


def sites(tenant: Tenant) -> list[Row]:
    """The network's own first."""
    return tenant.store.all("SELECT * FROM sites ORDER BY key IS NOT NULL, rowid")


def site_name(tenant: Tenant, site: Row) -> str:
    if site["owner"]:
        owner = str(site["owner"])
        return f"OneDrive: {whom(tenant, f'user:{owner}')}"
    return str(site["display_name"])


def site_of(tenant: Tenant, list_id: str) -> Row:
    row = tenant.store.one(
        "SELECT sites.* FROM sites JOIN lists ON lists.site = sites.id WHERE lists.id = ?", list_id
    )
    assert row is not None, "a list lies on a site"
    return row


def known_as(tenant: Tenant, list_id: str) -> str:
    """A list or library as acts name it: `key/Name` on another site than the network's."""
    key = site_of(tenant, list_id)["key"]
    name = tenant.store.value("SELECT name FROM lists WHERE id = ?", list_id)
    return f"{key}/{name}" if key else str(name)


def spoken(tenant: Tenant, list_id: str) -> str:
    """The same for a reader: with the site's name where it is not the network's own."""
    site = site_of(tenant, list_id)
    name = str(tenant.store.value("SELECT name FROM lists WHERE id = ?", list_id))
    return f"{name} ({site_name(tenant, site)})" if site["key"] else name
