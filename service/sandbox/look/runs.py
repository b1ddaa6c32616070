"""Flows: every run and what became of it, where the tenant keeps them."""

from service.sandbox.look.kept import has_columns, held
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import when
from service.sandbox.tenant import Tenant

_MOST = 200
_STATES = {"Succeeded": "lyckades", "Failed": "misslyckades", "Running": "pågår"}


def _is_kept(tenant: Tenant) -> bool:
    return has_columns(tenant, "flow_runs", "number", "flow", "started_at", "status")


def _page(visit: Visit) -> Page:
    if visit.names or not _is_kept(visit.tenant):
        raise NotThereError
    tenant = visit.tenant
    rows = tenant.store.all("SELECT * FROM flow_runs ORDER BY number DESC LIMIT ?", _MOST)
    if not rows:
        return Page(title="Flöden", content=el("p", "Inget flöde har körts."))
    shown: list[list[Child]] = [
        [
            when(tenant, row["started_at"]),
            _flow(tenant, row["flow"]),
            _state(row["status"]),
            " ".join(str(held(row, name) or "") for name in ("code", "message")).strip(),
        ]
        for row in rows
    ]
    headings = ("Började", "Flöde", "Utfall", "Orsak")
    keys = [str(row["number"]) for row in rows]
    return Page(
        title="Flöden", content=table("Körningar", headings, shown, kind="stack", keys=keys)
    )


def _flow(tenant: Tenant, flow: str) -> str:
    """Named by the channel that it posts to."""
    channel = tenant.workflow_channel(flow)
    return f"Inlägg i {channel.name}" if channel else flow


def _state(status: str) -> Markup:
    bad = " bad" if status == "Failed" else ""
    return el("span", _STATES.get(status, status), class_=f"status{bad}")


PART = Part(name="runs", title="Flöden", page=_page, is_there=_is_kept)
