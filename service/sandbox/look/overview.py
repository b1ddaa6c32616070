"""The first page: what there is, what is coming, what was said last."""

from collections.abc import Iterable

from service.sandbox.look import calendar, channels
from service.sandbox.look.frame import Page
from service.sandbox.look.links import HOME, Links
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.words import counted
from service.sandbox.tenant import Tenant

_COMING = 5
_SAID = 3


def overview(tenant: Tenant) -> Page:
    content: Child = (
        el("ul", list(_tiles(tenant)), class_="tiles"),
        el(
            "div",
            el("section", el("h2", "Kommande möten"), _coming(tenant)),
            el("section", el("h2", "Senast i kanalerna"), list(_said(tenant))),
            class_="halves",
        ),
    )
    return Page(title="Översikt", content=content)


def _tiles(tenant: Tenant) -> Iterable[Markup]:
    for name, title, sql, one, many in (
        (
            "files",
            "Filer",
            "SELECT count(*) FROM items WHERE kind = 'file' AND deleted = 0",
            "fil",
            "filer",
        ),
        (
            "lists",
            "Listor",
            "SELECT count(*) FROM items WHERE kind = 'row' AND deleted = 0",
            "rad",
            "rader",
        ),
        ("channels", "Kanaler", "SELECT count(*) FROM messages", "inlägg", "inlägg"),
        (
            "calendar",
            "Kalender",
            "SELECT count(*) FROM events WHERE deleted = 0",
            "händelse",
            "händelser",
        ),
        ("log", "Anrop", "SELECT count(*) FROM requests", "anrop", "anrop"),
    ):
        count = tenant.store.value(sql)
        yield el(
            "li",
            el("a", el("b", title), el("span", counted(count, one, many)), href=HOME + name),
        )


def _coming(tenant: Tenant) -> Child:
    now = tenant.clock.text
    rows = [
        row for row in calendar.in_mailbox(tenant) if row["end"] >= now and not row["cancelled"]
    ]
    if not rows:
        return el("p", "Inget är inbokat.")
    return el(
        "ol",
        [
            el("li", el("span", calendar.span(tenant, row), class_="time"), el("b", row["subject"]))
            for row in rows[:_COMING]
        ],
        class_="plain",
    )


def _said(tenant: Tenant) -> Iterable[Child]:
    rows = tenant.store.all("SELECT * FROM messages ORDER BY created_at DESC, id LIMIT ?", _SAID)
    links = Links(tenant)
    if not rows:
        yield el("p", "Ingen har skrivit ännu.")
    for row in rows:
        name = tenant.channels[row["channel"]].name
        yield el("p", f"I {name}:", class_="subtle in")
        yield el("div", channels.message(tenant, row, links, level="h3"), class_="conversation")
