"""
Who may read, write and manage what: the site's people, an item's own grants, and where
inheritance ends. Apps are judged by their grant on the site.
"""

import base64

from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person
from service.sandbox.wire import Json

LEVELS = ("read", "write", "manage", "fullcontrol")
_ROLES = {"read": 0, "write": 1, "manage": 2, "owner": 3, "fullcontrol": 3}
_APP_WRITES = frozenset(
    {"Files.ReadWrite.All", "Sites.ReadWrite.All", "Sites.Manage.All", "Sites.FullControl.All"}
)


def lay_people(tenant: Tenant, site: Row) -> None:
    """
    A team's site: its owners, and everybody else as a member. A OneDrive: its owner alone.
    What the world says of somebody's level stands above that.
    """
    world = tenant.world
    if site["owner"]:
        people = {site["owner"]: "owner"}
    else:
        owners = world.owners or tuple(p.id for p in world.people if not p.guest)
        people = {p.id: "owner" if p.id in owners else "write" for p in world.people}
    people |= world.levels.get(site["key"] or "", {})
    for person, role in people.items():
        if role == "none":
            continue
        tenant.store.insert("site_people", site=site["id"], person=person, role=role)


def check_world(tenant: Tenant) -> None:
    """Raises ValueError for owners who are not there and libraries closed in no known way."""
    for person in tenant.world.owners:
        if tenant.person(person) is None:
            raise ValueError(f"The owner {person} is none of the world's people.")
    for name, how in tenant.world.libraries.items():
        if how not in ("read", "owners"):
            raise ValueError(f"The library {name} is for read or owners, not {how}.")


def close(tenant: Tenant, listed: Row, root: Row) -> None:
    """A library that the world names inherits nothing from the moment it is made."""
    if listed["site"] != tenant.site_id:
        return
    named = {name_key(name): how for name, how in tenant.world.libraries.items()}
    how = named.get(listed["name_key"])
    if how is None:
        return
    end_inheritance(tenant, root["id"])
    for row in tenant.store.all("SELECT * FROM site_people WHERE site = ?", listed["site"]):
        role = row["role"] if row["role"] == "owner" else "read"
        if role == "owner" or how == "read":
            grant(tenant, root, role, f"user:{row['person']}", person=row["person"])


def end_inheritance(tenant: Tenant, item: str) -> None:
    tenant.store.do("INSERT OR IGNORE INTO own_scopes VALUES (?)", item)


def grant(  # noqa: PLR0913 - who gives what to whom on which
    tenant: Tenant, item: Row, role: str, by: str, *, person: str | None, mail: str | None = None
) -> Row:
    """Gives somebody a role on an item; a second grant to the same replaces the first."""
    known = next((p for p in tenant.world.people if p.id == person), None)
    address = mail or (known.mail if known else "")
    login = f"i:0#.f|membership|{address.casefold()}"
    key = base64.urlsafe_b64encode(login.encode()).decode().rstrip("=")
    tenant.store.do("DELETE FROM permissions WHERE item = ? AND id = ?", item["id"], key)
    tenant.store.insert(
        "permissions",
        id=key,
        item=item["id"],
        role=role,
        person=person,
        mail=address,
        created_at=tenant.clock.text,
        created_by=by,
    )
    return _permission(tenant, item["id"], key)


def link(  # noqa: PLR0913 - what a link is known by
    tenant: Tenant, item: Row, kind: str, scope: str, by: str, *, expires: str | None = None
) -> tuple[Row, bool]:
    """The link of this kind and scope that its maker has on the item, and whether it is new."""
    found = tenant.store.one(
        "SELECT * FROM permissions WHERE item = ? AND link_type = ? AND link_scope = ? "
        "AND created_by = ?",
        item["id"],
        kind,
        scope,
        by,
    )
    if found is not None:
        return found, False
    key = guid(item["id"], kind, scope, by)
    tenant.store.insert(
        "permissions",
        id=key,
        item=item["id"],
        role="write" if kind == "edit" else "read",
        link_type=kind,
        link_scope=scope,
        app=by.removeprefix("app:") if by.startswith("app:") else None,
        share="u!" + base64.urlsafe_b64encode(key.encode()).decode().rstrip("="),
        expires=expires,
        created_at=tenant.clock.text,
        created_by=by,
    )
    return _permission(tenant, item["id"], key), True


def _permission(tenant: Tenant, item: str, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM permissions WHERE item = ? AND id = ?", item, key)
    assert row is not None
    return row


def may(tenant: Tenant, person: Person, item: Row, level: str) -> bool:
    """Whether a person may do this (`read`, `write`, `manage`, `fullcontrol`) to an item."""
    here: Row | None = item
    best = -1
    while here is not None:
        rows = tenant.store.all(
            "SELECT role FROM permissions WHERE item = ? AND person = ?", here["id"], person.id
        )
        best = max([best, *(_ROLES[row["role"]] for row in rows)])
        if inherits_nothing(tenant, here["id"]):
            return best >= LEVELS.index(level)
        here = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
    site = tenant.store.value("SELECT site FROM lists WHERE id = ?", item["list"])
    return max(best, _on_site(tenant, person, site)) >= LEVELS.index(level)


def may_in_list(tenant: Tenant, person: Person, list_id: str, level: str) -> bool:
    """The same for a list or a library as a whole."""
    root = tenant.store.one("SELECT * FROM items WHERE list = ? AND number = 0", list_id)
    if root is not None:
        return may(tenant, person, root, level)
    site = tenant.store.value("SELECT site FROM lists WHERE id = ?", list_id)
    return may_on_site(tenant, person, site, level)


def may_on_site(tenant: Tenant, person: Person, site: str, level: str) -> bool:
    return _on_site(tenant, person, site) >= LEVELS.index(level)


def _on_site(tenant: Tenant, person: Person, site: str) -> int:
    """Place in `LEVELS` of what the site itself lets the person do; -1 for nothing."""
    role = tenant.store.value(
        "SELECT role FROM site_people WHERE site = ? AND person = ?", site, person.id
    )
    return _ROLES.get(role or "", -1)


def may_write_list(tenant: Tenant, list_id: str, by: str) -> bool:
    """Whether `user:ID` or `app:ID` writes to a list."""
    kind, _, key = by.partition(":")
    if kind == "user":
        person = tenant.person(key)
        return person is not None and may_in_list(tenant, person, list_id, "write")
    app = tenant.apps.get(key)
    if app is None or set(app.roles) & _APP_WRITES:
        return app is not None
    role = tenant.store.value(
        "SELECT g.role FROM grants g JOIN lists l ON l.site = g.site WHERE l.id = ? AND g.app = ?",
        list_id,
        key,
    )
    return role in LEVELS[1:]


def inherits_nothing(tenant: Tenant, item: str) -> bool:
    return tenant.store.value("SELECT 1 FROM own_scopes WHERE item = ?", item) is not None


def permissions_of(tenant: Tenant, item: Row, drive: str) -> list[Json]:
    """The item's own, then what it inherits, nearest first."""
    found = [permission_json(tenant, row) for row in _own(tenant, item)]
    here = item
    while not inherits_nothing(tenant, here["id"]):
        parent = tenant.store.one("SELECT * FROM items WHERE id = ?", here["parent"])
        if parent is None:
            return found + _groups(tenant, item, drive)
        inherited = {"inheritedFrom": {"driveId": drive, "id": parent["id"]}}
        found += [
            {**permission_json(tenant, row), **inherited}
            for row in _own(tenant, parent)
            if not row["link_type"]
        ]
        here = parent
    return found


def shared_in(tenant: Tenant, list_id: str) -> dict[str, str]:
    """Items of a list that have grants or links of their own, with the widest scope of those."""
    order = {"users": 0, "organization": 1, "anonymous": 2}
    found: dict[str, str] = {}
    for row in tenant.store.all(
        "SELECT p.item, coalesce(p.link_scope, 'users') AS scope FROM permissions p "
        "CROSS JOIN items i ON i.id = p.item WHERE i.list = ? AND i.number > 0",
        list_id,
    ):
        found[row["item"]] = max(
            found.get(row["item"], "users"), row["scope"], key=order.__getitem__
        )
    return found


def _own(tenant: Tenant, item: Row) -> list[Row]:
    return tenant.store.all(
        "SELECT * FROM permissions WHERE item = ? ORDER BY created_at, id", item["id"]
    )


def _groups(tenant: Tenant, item: Row, drive: str) -> list[Json]:
    """The site's groups, which are what every site is made with."""
    site = tenant.store.one(
        "SELECT s.* FROM sites s JOIN lists l ON l.site = s.id WHERE l.id = ?", item["list"]
    )
    assert site is not None
    root = tenant.store.value("SELECT id FROM items WHERE list = ? AND number = 0", item["list"])
    found = []
    for number, (name, role) in enumerate((("Owners", "owner"), ("Members", "write")), start=3):
        shown = f"{site['display_name']} {name}"
        group = {"id": str(number), "displayName": shown, "loginName": shown}
        body: Json = {
            "id": base64.urlsafe_b64encode(shown.encode()).decode().rstrip("="),
            "roles": [role],
            "grantedToV2": {"siteGroup": group},
        }
        if item["id"] != root:
            body["inheritedFrom"] = {"driveId": drive, "id": root}
        found.append(body)
    return found


def permission_json(tenant: Tenant, row: Row) -> Json:
    body: Json = {"id": row["id"], "roles": [row["role"]]}
    if row["expires"]:
        body["expirationDateTime"] = row["expires"]
    if row["link_type"]:
        body["shareId"] = row["share"]
        body["hasPassword"] = False
        body["link"] = {
            "type": row["link_type"],
            "scope": row["link_scope"],
            "preventsDownload": False,
            "webUrl": link_url(tenant, row),
        }
        if row["app"]:
            app = tenant.apps[row["app"]]
            body["link"]["application"] = {"id": app.client_id, "displayName": app.name}
        return body
    return {**body, **_granted(tenant, row)}


_LETTERS = {
    "f": frozenset({"folder", "root"}),
    "w": frozenset({"docx", "doc"}),
    "x": frozenset({"xlsx", "xls"}),
    "p": frozenset({"pptx", "ppt"}),
    "b": frozenset({"pdf"}),
    "i": frozenset({"png", "jpg", "jpeg"}),
    "v": frozenset({"mp4"}),
    "t": frozenset({"txt"}),
}
"""What a link leads to, by the letter in it; `u` for all else."""


def link_url(tenant: Tenant, row: Row) -> str:
    """Address of a sharing link: `/s/` on a site, `/g/personal/` in a OneDrive."""
    item = tenant.store.one(
        "SELECT i.name, i.kind, s.url FROM items i JOIN lists l ON l.id = i.list "
        "JOIN sites s ON s.id = l.site WHERE i.id = ?",
        row["item"],
    )
    assert item is not None
    ending = item["name"].rpartition(".")[2].lower() if item["kind"] == "file" else item["kind"]
    letter = next((letter for letter, ends in _LETTERS.items() if ending in ends), "u")
    host, kind, name = item["url"].removeprefix("https://").split("/")
    where = "g/personal" if kind == "personal" else "s"
    return f"https://{host}/:{letter}:/{where}/{name}/{row['share'][2:]}"


def _granted(tenant: Tenant, row: Row) -> Json:
    known = next((p for p in tenant.world.people if p.id == row["person"]), None)
    user: Json = {"displayName": known.name if known else row["mail"], "email": row["mail"]}
    if known:
        user["id"] = known.id
    login = f"i:0#.f|membership|{row['mail'].casefold()}"
    site_user = {"displayName": user["displayName"], "loginName": login, "id": row["id"][-6:]}
    body: Json = {"grantedTo": {"user": user}, "grantedToV2": {"user": user, "siteUser": site_user}}
    if known is None:
        body["invitation"] = {"email": row["mail"], "signInRequired": True}
    return body
