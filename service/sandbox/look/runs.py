"""Flows: how each stands, and every run with what became of it."""

import msgspec

from service.sandbox.look.links import channel_page, list_page, message_page
from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, when
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.teams import flows
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant

_MOST = 200
_OUTCOMES = {"Succeeded": "lyckades", "Failed": "misslyckades", "Running": "pågår"}
_STATES = {
    "Enabled": "på",
    "Disabled": "avstängt",
    "Suspended": "pausat av Microsoft",
    "Deleted": "borttaget",
}
_TROUBLES = {
    "owner left": "ägaren har slutat",
    "connection expired": "anslutningen har gått ut",
    "throttled": "det stryps",
}
_OF_FORM = "form/"


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    content: Child = (
        el("section", el("h2", "Hur flödena står till"), _flows(visit.tenant)),
        el("section", el("h2", "Körningar"), _runs(visit.tenant)),
    )
    return Page(title="Flöden", content=content)


def _flows(tenant: Tenant) -> Markup:
    shown: list[list[Child]] = []
    for channel in tenant.world.channels:
        if channel.workflow is None:
            continue
        one = flows.known(tenant, channel.workflow)
        is_good = one.state == "Enabled" and one.trouble is None
        said = _STATES[one.state] + (f", men {_TROUBLES[one.trouble]}" if one.trouble else "")
        shown.append(
            [
                el("a", _flow(tenant, one.id), href=channel_page(channel.id)),
                el("span", said, class_="status" if is_good else "status bad"),
                f"förnyad {counted(one.key, 'gång', 'gånger')}" if one.key else "oförändrad",
            ]
        )
    shown += [
        [
            el("a", _flow(tenant, _OF_FORM + form["key"]), href=list_page(form["list"])),
            el("span", "på", class_="status")
            if form["flow_on"]
            else el("span", "avstängt", class_="status bad"),
            None,
        ]
        for form in tenant.store.all("SELECT * FROM forms WHERE list IS NOT NULL ORDER BY title")
    ]
    if not shown:
        return el("p", "Här finns inga flöden.")
    return table("Flöden", ("Flöde", "Läge", "Adress"), shown, kind="stack")


def _runs(tenant: Tenant) -> Markup:
    rows = tenant.store.all("SELECT * FROM flow_runs ORDER BY number DESC LIMIT ?", _MOST)
    if not rows:
        return el("p", "Inget flöde har körts ännu.")
    shown: list[list[Child]] = [
        [
            when(tenant, row["started_at"]),
            when(tenant, row["ended_at"], _end(row)) if row["ended_at"] else None,
            _flow(tenant, row["flow"]),
            _outcome(tenant, row),
        ]
        for row in rows
    ]
    keys = [str(row["number"]) for row in rows]
    return table(
        "Körningar", ("Började", "Klar", "Flöde", "Utfall"), shown, kind="stack", keys=keys
    )


def _end(row: Row) -> str:
    """A run that ends on the day on which it began needs no more than the hour."""
    return "HH:mm" if row["ended_at"][:10] == row["started_at"][:10] else "d MMM HH:mm"


def _flow(tenant: Tenant, flow: str) -> str:
    """Named by what it does: posts to a channel, or lays answers in a list."""
    if flow.startswith(_OF_FORM):
        key = flow.removeprefix(_OF_FORM)
        title = tenant.store.value("SELECT title FROM forms WHERE key = ?", key)
        return f"Svar på {title}"
    channel = tenant.workflow_channel(flow)
    return f"Inlägg i {channel_name(tenant, channel)}" if channel else flow


def _outcome(tenant: Tenant, row: Row) -> Child:
    """What came of it: the posts, or why there are none."""
    bad = " bad" if row["status"] == "Failed" else ""
    channel = tenant.workflow_channel(row["flow"])
    posts = msgspec.json.decode(row["messages"]) if channel else []
    links = (
        [
            (" ", el("a", f"Inlägget{f' ({n})' if len(posts) > 1 else ''}", href=address))
            for n, post in enumerate(posts, 1)
            for address in [message_page(channel.id, post)]
        ]
        if channel
        else []
    )
    return (
        el("span", _OUTCOMES.get(row["status"], row["status"]), class_=f"status{bad}"),
        links,
        (el("br"), el("code", f"{row['code']}: {row['message']}", class_="why"))
        if row["code"]
        else None,
    )


PART = Part(name="runs", title="Flöden", page=_page)
