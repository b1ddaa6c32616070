"""The last requests that the tenant was asked."""

from urllib.parse import unquote

from service.sandbox.look.frame import Page
from service.sandbox.look.markup import Markup, el
from service.sandbox.look.tables import table
from service.sandbox.look.words import counted, when
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 200
_HEADINGS = ("Nr", "Tid", "Anrop", "Svar", "Skrev", "Vem")


def requests(tenant: Tenant) -> Page:
    """The latest first."""
    total = tenant.store.one(
        "SELECT count(*) AS n, coalesce(sum(write), 0) AS writes FROM requests"
    )
    assert total is not None
    said = f"{counted(total['n'], 'anrop', 'anrop')} hittills, {total['writes']} som skrev något."
    rows = tenant.store.all("SELECT * FROM requests ORDER BY number DESC LIMIT ?", _MOST)
    if not rows:
        return Page(title="Anrop", content=el("p", "Ingen har frågat något ännu."))
    few = f"{said} De {len(rows)} senaste visas." if total["n"] > len(rows) else said
    known = _known(tenant)
    shown = [
        [
            str(row["number"]),
            when(tenant, row["at"], "d MMM y HH:mm:ss"),
            _asked(row, known),
            _status(row["status"]),
            "ja" if row["write"] else "",
            _who(tenant, row["app"]),
        ]
        for row in rows
    ]
    content = (el("p", few), table("De senaste anropen", _HEADINGS, shown, kind="stack log"))
    return Page(title="Anrop", content=content)


def _known(tenant: Tenant) -> dict[str, str]:
    """Long ids to the names that people know them by."""
    names = {tenant.site_id: tenant.site_path, tenant.world.team: "teamet"}
    for row in tenant.store.all("SELECT id, drive, name FROM lists"):
        names[row["id"]] = row["name"]
        if row["drive"]:
            names[row["drive"]] = row["name"]
    names |= {channel.id: channel.name for channel in tenant.world.channels}
    return names


def _asked(row: Row, known: dict[str, str]) -> Markup:
    path = unquote(row["path"])
    for key, name in known.items():
        path = path.replace(key, f"{{{name}}}")
    return el("code", el("b", row["method"]), " ", path, title=row["path"])


def _status(status: int) -> Markup:
    if status == 0:
        return el("span", "inget svar", class_="status bad")
    return el("span", status, class_="status bad" if status >= 400 else "status")


def _who(tenant: Tenant, app: str | None) -> str:
    if app is None:
        return "–"
    known = tenant.apps.get(app)
    return known.name if known else {"workflow": "flödets adress"}.get(app, app)
