"""What has been asked of the tenant: by whom, with what answer, and what was not built."""

from urllib.parse import unquote

from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, number, when
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant

_MOST = 200
_LOG = "stack log"
_HEADINGS = ("Nr", "Tid", "Anrop", "Svar", "Skrev", "Vem")


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    tenant = visit.tenant
    total = tenant.store.one(
        "SELECT count(*) AS n, coalesce(sum(write), 0) AS writes FROM requests"
    )
    assert total is not None
    if not total["n"]:
        return Page(title="Anrop", content=el("p", "Ingen har frågat något ännu."))
    counts = f"{counted(total['n'], 'anrop', 'anrop')} hittills"
    content: Child = (
        el("p", f"{counts}, {total['writes']} som skrev något."),
        el("section", el("h2", "Efter app och svar"), _by_app(tenant)),
        el("section", el("h2", "Efterfrågat, inte byggt"), _not_built(tenant)),
        el("section", el("h2", "Senaste anropen"), _latest(tenant, total["n"])),
    )
    return Page(title="Anrop", content=content)


def _by_app(tenant: Tenant) -> Markup:
    rows = tenant.store.all(
        "SELECT app, count(*) AS n, sum(write) AS writes, "
        "sum(status BETWEEN 200 AND 399) AS good, "
        "sum(status BETWEEN 400 AND 599) AS refused, "
        "sum(status IN (429, 503, 509)) AS throttled, sum(status = 0) AS silent "
        "FROM requests GROUP BY app ORDER BY n DESC"
    )
    shown = [
        [
            _who(tenant, row["app"]),
            *(
                number(row[name]) if row[name] else "–"
                for name in ("n", "good", "writes", "refused", "throttled", "silent")
            ),
        ]
        for row in rows
    ]
    headings = ("Vem", "Anrop", "Lyckade", "Skrev", "Nekade", "Varav strypta", "Utan svar")
    return table("Anrop efter app", headings, shown, kind="stack figures")


def _not_built(tenant: Tenant) -> Markup:
    """Answered as Microsoft answers what it does not know either; listed so that it is seen."""
    known = _known(tenant)
    rows = tenant.store.all(
        "SELECT method, template AS path, status, why, count(*) AS n, max(at) AS at "
        "FROM unbuilt JOIN requests USING (number) GROUP BY method, template, status, why "
        "ORDER BY at DESC LIMIT ?",
        _MOST,
    )
    shown: list[list[Child]] = [
        [
            _asked(row, known),
            _status(row["status"]),
            row["why"],
            counted(row["n"], "gång", "gånger"),
            when(tenant, row["at"]),
        ]
        for row in rows
    ]
    if not shown:
        return el("p", "Allt som har efterfrågats finns.")
    return table(
        "Efterfrågat, inte byggt", ("Anrop", "Svar", "Skäl", "Antal", "Senast"), shown, kind=_LOG
    )


def _latest(tenant: Tenant, total: int) -> Child:
    rows = tenant.store.all("SELECT * FROM requests ORDER BY number DESC LIMIT ?", _MOST)
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
    keys = [str(row["number"]) for row in rows]
    return (
        el("p", f"De {len(rows)} senaste visas.") if total > len(rows) else None,
        table("De senaste anropen", _HEADINGS, shown, kind=f"{_LOG} numbered", keys=keys),
    )


def _known(tenant: Tenant) -> dict[str, str]:
    """Long ids to the names that people know them by."""
    names = {tenant.world.team: "teamet"}
    for row in tenant.store.all("SELECT id, display_name FROM sites"):
        names[row["id"]] = row["display_name"]
    for row in tenant.store.all("SELECT id, drive, name FROM lists"):
        names[row["id"]] = row["name"]
        if row["drive"]:
            names[row["drive"]] = row["name"]
    names |= {c.id: channel_name(tenant, c) for c in tenant.world.channels}
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
        return "utan inloggning"
    known = tenant.apps.get(app)
    return known.name if known else {"workflow": "flödets adress"}.get(app, app)


PART = Part(name="log", title="Anrop", page=_page)
