"""The first page: what there is, what is coming, what was said last."""

from collections.abc import Iterable

from service.sandbox.look import ahead, calendar, channels
from service.sandbox.look.files import name_of
from service.sandbox.look.links import HOME, Links, channel_page, event_page, folder_page, list_page
from service.sandbox.look.sites import spoken
from service.sandbox.look.telling import told
from service.sandbox.look.visit import Page, Part, Visit
from service.sandbox.look.words import counted, when
from service.sandbox.markup import Child, Markup, el
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant

_COMING = 5
_FILED = 6
_SAID = 3
_AHEAD = 5


def _page(visit: Visit) -> Page:
    tenant = visit.tenant
    content: Child = (
        el("ul", list(_tiles(tenant)), class_="tiles"),
        el(
            "div",
            el(
                "div",
                el("section", el("h2", "Kommande möten"), _coming(tenant)),
                _lists(tenant),
                el("section", el("h2", "Senast i biblioteken"), _filed(tenant)),
                el("section", el("h2", "Härnäst i sandlådan"), _ahead(visit)),
            ),
            el("section", el("h2", "Senast i kanalerna"), list(_said(tenant))),
            class_="halves",
        ),
    )
    return Page(title="Översikt", content=content)


def _tiles(tenant: Tenant) -> Iterable[Markup]:
    for name, title, sql, one, many in (
        (
            "channels",
            "Kanaler",
            "SELECT count(*) FROM messages WHERE event IS NULL AND deleted_at IS NULL",
            "inlägg",
            "inlägg",
        ),
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
        (
            "calendar",
            "Kalender",
            "SELECT count(*) FROM events WHERE deleted = 0 AND kind != 'seriesMaster'",
            "händelse",
            "händelser",
        ),
        ("mail", "E-post", "SELECT count(*) FROM mails WHERE deleted = 0", "brev", "brev"),
        ("surveys", "Enkäter", "SELECT count(*) FROM responses", "svar", "svar"),
        ("runs", "Flöden", "SELECT count(*) FROM flow_runs", "körning", "körningar"),
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
            el(
                "li",
                el("span", calendar.span(tenant, row), class_="time"),
                el("a", row["subject"], href=event_page(row["id"])),
            )
            for row in rows[:_COMING]
        ],
        class_="plain",
    )


def _lists(tenant: Tenant) -> Markup | None:
    """The register and its like, straight from here: what a year has come to stands in them."""
    rows = tenant.store.all(
        "SELECT lists.id, lists.name, count(items.id) AS n FROM lists LEFT JOIN items "
        "ON items.list = lists.id AND items.kind = 'row' AND items.deleted = 0 "
        "WHERE lists.drive IS NULL GROUP BY lists.id ORDER BY lists.rowid"
    )
    if not rows:
        return None
    shown = [
        el(
            "li",
            el("a", spoken(tenant, row["id"]), href=list_page(row["id"])),
            el("span", counted(row["n"], "rad", "rader"), class_="subtle"),
        )
        for row in rows
    ]
    return el("section", el("h2", "Listor"), el("ul", shown, class_="plain"))


def _filed(tenant: Tenant) -> Markup:
    rows = tenant.store.all(
        "SELECT * FROM items WHERE kind = 'file' AND deleted = 0 "
        "ORDER BY modified_at DESC, name_key LIMIT ?",
        _FILED,
    )
    if not rows:
        return el("p", "Inga filer finns ännu.")
    shown = []
    for row in rows:
        folder = tenant.store.one("SELECT * FROM items WHERE id = ?", row["parent"])
        assert folder is not None, "a file lies in a folder"
        name = spoken(tenant, row["list"]) if folder["kind"] == "root" else folder["name"]
        place = ("i ", el("a", name, href=folder_page(folder["id"])), ", ")
        at = el("span", place, when(tenant, row["modified_at"]), class_="subtle")
        shown.append(el("li", name_of(row), at, data_key=row["id"]))
    return el("ul", shown, class_="plain")


def _ahead(visit: Visit) -> Markup:
    coming = ahead.acts(visit, _AHEAD)
    if not coming:
        return el("p", "Inget mer händer av sig självt.")
    shown = [
        el(
            "li",
            el("span", when(visit.tenant, act.at.isoformat()), class_="time"),
            told(visit.tenant, act),
        )
        for act in coming
    ]
    return el("ol", shown, class_="plain")


def _said(tenant: Tenant) -> Iterable[Child]:
    rows = tenant.store.all(
        "SELECT * FROM messages WHERE event IS NULL AND deleted_at IS NULL "
        "ORDER BY created_at DESC, id LIMIT ?",
        _SAID,
    )
    links = Links(tenant)
    if not rows:
        yield el("p", "Ingen har skrivit ännu.")
    for row in rows:
        name = channel_name(tenant, tenant.channels[row["channel"]])
        yield el(
            "article",
            el("p", "I ", el("a", name, href=channel_page(row["channel"])), class_="subtle in"),
            channels.message(tenant, row, links, level=3, deeds=False),
            class_="conversation",
            data_key=f"c{row['id']}",
        )


PART = Part(name="", title="Översikt", page=_page)
