"""Lists that are no libraries: their rows in a table, and each row on a page of its own."""

import msgspec

from service.sandbox.look import forms
from service.sandbox.look.links import HOME, list_page
from service.sandbox.look.list_deeds import edit
from service.sandbox.look.sites import spoken
from service.sandbox.look.tables import Columns, Heading, table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, when, whom
from service.sandbox.markup import Child, el
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 500
_TRAIL = (f"{HOME}lists", "Listor")


_SEEN_NARROW = 10
"""Columns of a row that a telephone shows; the row's own page has them all."""


def _page(visit: Visit) -> Page:
    match visit.names:
        case ():
            return lists(visit.tenant)
        case (one,):
            return rows_of(visit.tenant, one)
        case (one, row):
            return one_row(visit.tenant, one, row)
    raise NotThereError


def lists(tenant: Tenant) -> Page:
    rows = tenant.store.all("SELECT * FROM lists WHERE drive IS NULL ORDER BY rowid")
    if not rows:
        return Page(title="Listor", content=el("p", "Inga listor är upplagda ännu."))
    shown: list[list[Child]] = [
        [
            el("a", spoken(tenant, row["id"]), href=list_page(row["id"])),
            counted(len(_rows(tenant, row["id"])), "rad", "rader"),
        ]
        for row in rows
    ]
    return Page(title="Listor", content=table("Listor", ("Lista", "Innehåll"), shown, kind="stack"))


def _listed(tenant: Tenant, list_id: str) -> Row:
    row = tenant.store.one("SELECT * FROM lists WHERE id = ? AND drive IS NULL", list_id)
    if row is None:
        raise NotThereError
    return row


def _rows(tenant: Tenant, list_id: str) -> list[Row]:
    return tenant.store.all(
        "SELECT * FROM items WHERE list = ? AND deleted = 0 AND kind = 'row' ORDER BY number",
        list_id,
    )


def rows_of(tenant: Tenant, list_id: str) -> Page:
    listed = _listed(tenant, list_id)
    rows = _rows(tenant, list_id)
    if not rows:
        return Page(title=listed["name"], trail=(_TRAIL,), content=el("p", "Listan är tom."))
    columns = Columns(tenant, list_id)
    names = columns.filled(rows, without=frozenset({"Title"}))
    seen = columns.telling(rows, names, _SEEN_NARROW)
    names = [*seen, *(name for name in names if name not in seen)]
    headings = [
        Heading(title="Titel"),
        *(Heading(title=columns.title(name), rest=name not in seen) for name in names),
    ]
    shown = [
        [el("a", _title(row), href=list_page(list_id, row["number"])), *columns.cells(row, names)]
        for row in rows[:_MOST]
    ]
    keys = [row["id"] for row in rows[:_MOST]]
    content = (
        el(
            "p",
            f"{counted(len(rows), 'rad', 'rader')}. De kolumner som säger mest står först, "
            "tomma visas inte.",
        ),
        table(f"Rader i {listed['name']}", headings, shown, kind="wide", keys=keys),
    )
    return Page(title=listed["name"], trail=(_TRAIL,), content=content)


def _title(row: Row) -> str:
    return str(msgspec.json.decode(row["fields"]).get("Title") or f"Rad {row['number']}")


def one_row(tenant: Tenant, list_id: str, number: str) -> Page:
    listed = _listed(tenant, list_id)
    row = next((r for r in _rows(tenant, list_id) if str(r["number"]) == number), None)
    if row is None:
        raise NotThereError
    columns = Columns(tenant, list_id)
    names = columns.filled([row], without=frozenset({"Title"}))
    cells = columns.cells(row, names, whole=True)
    pairs = [
        (el("dt", columns.title(name)), el("dd", cell))
        for name, cell in zip(names, cells, strict=True)
    ]
    changed = el(
        "p", "Ändrad ", when(tenant, row["modified_at"]), f" av {whom(tenant, row['modified_by'])}."
    )
    return Page(
        title=_title(row),
        trail=(_TRAIL, (list_page(list_id), listed["name"])),
        content=(
            changed,
            el("dl", pairs, class_="record"),
            forms.folded(tenant, edit(list_id), list_page(list_id, row["number"]), row=row["id"]),
        ),
    )


PART = Part(name="lists", title="Listor", page=_page)
