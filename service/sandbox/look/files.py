"""Libraries and their folders, as a coordinator sees them."""

from pathlib import PurePosixPath
from urllib.parse import urlencode

from service.sandbox.look import forms, holds
from service.sandbox.look.file_deeds import DELETE, MOVE, PUT, RENAME, RESTORE
from service.sandbox.look.links import HOME, file_page, folder_page
from service.sandbox.look.sites import known_as, site_name, site_of, sites
from service.sandbox.look.tables import Columns, Heading, table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, size, when, whom
from service.sandbox.markup import Child, Markup, el
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 500
TRAIL = (f"{HOME}files", "Filer")
_SORTS = {
    "name": "kind DESC, name_key",
    "size": "kind DESC, size DESC, name_key",
    "modified": "modified_at DESC, name_key",
}
_SORTED_ALREADY = {"name": "ascending", "size": "descending", "modified": "descending"}


def _page(visit: Visit) -> Page:
    match visit.names:
        case ():
            return libraries(visit.tenant)
        case (one,):
            return folder(visit.tenant, one, visit.query.get("sort", "name"))
    raise NotThereError


def libraries(tenant: Tenant) -> Page:
    """Those of the network's site, then of other sites and people's OneDrives."""
    return Page(title="Filer", content=[_site(tenant, site) for site in sites(tenant)])


def _site(tenant: Tenant, site: Row) -> Markup:
    rows = tenant.store.all(
        "SELECT * FROM lists WHERE drive IS NOT NULL AND site = ? ORDER BY rowid", site["id"]
    )
    shown = [
        [
            el("a", row["name"], href=folder_page(library.root_of(tenant, row["id"])["id"])),
            _counts(tenant, row["id"]),
            row["description"],
            holds.of_library(tenant, row["id"]),
        ]
        for row in rows
    ]
    name = site_name(tenant, site)
    headings = ("Bibliotek", "Innehåll", "Beskrivning", "Inställning")
    kept = [
        n
        for n, heading in enumerate(headings)
        if n < 2 or any(row[n] for row in shown)  # a column in which nothing stands says nothing
    ]
    return el(
        "section",
        el("h2", name),
        table(
            f"Bibliotek: {name}",
            [headings[n] for n in kept],
            [[row[n] for n in kept] for row in shown],
            kind="stack libraries",
        )
        if shown
        else el("p", "Här finns inga bibliotek."),
    )


def _counts(tenant: Tenant, list_id: str) -> str:
    row = tenant.store.one(
        "SELECT count(*) AS files, coalesce(sum(size), 0) AS size FROM items "
        "WHERE list = ? AND kind = 'file' AND deleted = 0",
        list_id,
    )
    assert row is not None
    return f"{counted(row['files'], 'fil', 'filer')}, {size(row['size'])}"


def folder(tenant: Tenant, item: str, sort: str) -> Page:
    """Folders first, then files by name, unless another order was asked for."""
    here = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", item)
    if here is None or here["kind"] not in ("root", "folder") or sort not in _SORTS:
        raise NotThereError
    rows = tenant.store.all(
        f"SELECT * FROM items WHERE parent = ? AND deleted = 0 ORDER BY {_SORTS[sort]}",  # noqa: S608 - of the table above
        item,
    )
    trail = way(tenant, here)
    content = (
        _place(tenant, here),
        _contents(tenant, here, rows, sort),
        _deeds(tenant, here, trail),
        _deleted(tenant, here),
    )
    return Page(title=trail[-1][1], trail=(TRAIL, *trail[:-1]), content=content)


def _place(tenant: Tenant, here: Row) -> Markup | None:
    """Whose library it is, if it is not the network's own, and how it is set."""
    site = site_of(tenant, here["list"])
    said = [
        f"{site_name(tenant, site)}." if site["key"] else None,
        holds.of_library(tenant, here["list"]) if here["kind"] == "root" else None,
    ]
    words = " ".join(one for one in said if one)
    return el("p", words, class_="subtle") if words else None


def _deleted(tenant: Tenant, here: Row) -> Markup | None:
    """What was deleted from this folder and can be had back."""
    rows = tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 1 AND stands_for IS NULL "
        "ORDER BY deleted_at DESC, seq DESC LIMIT ?",
        here["id"],
        _MOST,
    )
    if not rows:
        return None
    back = folder_page(here["id"])
    shown = [
        el(
            "li",
            el(
                "div",
                row["name"],
                el("span", " borttagen ", when(tenant, row["deleted_at"]), class_="subtle")
                if row["deleted_at"]
                else None,
            ),
            forms.folded(tenant, RESTORE, back, item=row["id"]),
            data_key=row["id"],
        )
        for row in rows
    ]
    return el("section", el("h2", "Papperskorgen"), el("ul", shown, class_="plain"))


def way(tenant: Tenant, here: Row) -> list[tuple[str, str]]:
    """From the library down to the folder itself."""
    library_name = tenant.store.value("SELECT name FROM lists WHERE id = ?", here["list"])
    steps = []
    for item in library.ancestors(tenant, here):
        row = library.item_by_id(tenant, item)
        steps.append((folder_page(item), library_name if row["kind"] == "root" else row["name"]))
    return steps[::-1]


def _deeds(tenant: Tenant, here: Row, trail: list[tuple[str, str]]) -> Markup:
    """What can be done here; a folder that is done with leads to the one above."""
    back, drive = folder_page(here["id"]), known_as(tenant, here["list"])
    below = "/".join(name for _, name in trail[1:])
    done = [forms.folded(tenant, PUT, back, drive=drive, folder=below)]
    if here["kind"] == "folder":
        done += [
            forms.folded(tenant, RENAME, back, title="Byt namn på mappen", item=here["id"]),
            forms.folded(tenant, MOVE, back, title="Flytta mappen", item=here["id"]),
            forms.folded(tenant, DELETE, trail[-2][0], title="Ta bort mappen", item=here["id"]),
        ]
    return el("section", el("h2", "Gör något här", class_="hidden"), done, class_="deeds")


def _headings(item: str, sort: str, names: list[str], columns: Columns) -> list[Heading]:
    def sorting(name: str, title: str) -> Heading:
        if name == sort:
            return Heading(title=title, sorted=_SORTED_ALREADY[name])
        query = "" if name == "name" else "?" + urlencode({"sort": name})
        return Heading(title=el("a", title, href=folder_page(item) + query))

    return [
        sorting("name", "Namn"),
        *(Heading(title=columns.title(name)) for name in names),
        sorting("size", "Storlek"),
        sorting("modified", "Ändrad"),
        Heading(title="Av"),
    ]


def _contents(tenant: Tenant, here: Row, rows: list[Row], sort: str) -> Child:
    if not rows:
        return el("p", "Mappen är tom.")
    columns = Columns(tenant, here["list"])
    names = columns.filled(rows, without=frozenset({"Title"}))
    alike = columns.alike(rows, names)
    names = [name for name in names if name not in alike]
    held = holds.in_folder(tenant, here["id"])
    shown = [
        [
            _named(tenant, row, held.get(row["id"])),
            *columns.cells(row, names),
            el("span", _extent(tenant, row), class_="whole"),
            el("span", when(tenant, row["modified_at"], "yyyy-MM-dd HH:mm"), class_="whole"),
            whom(tenant, row["modified_by"]),
        ]
        for row in rows[:_MOST]
    ]
    rest = len(rows) - _MOST
    return (
        _common(columns, rows[0], alike),
        table(
            "Mappens innehåll",
            _headings(here["id"], sort, names, columns),
            shown,
            kind="stack files",
            keys=[row["id"] for row in rows[:_MOST]],
        ),
        el("p", f"… och {rest} till.") if rest > 0 else None,
    )


def _common(columns: Columns, row: Row, names: list[str]) -> Markup | None:
    """What holds for everything in the folder is said once."""
    if not names:
        return None
    cells = columns.cells(row, names, whole=True)
    said = [
        el("div", el("dt", f"{columns.title(name)}:"), " ", el("dd", cell))
        for name, cell in zip(names, cells, strict=True)
    ]
    return el("dl", said, class_="common")


def _named(tenant: Tenant, row: Row, state: Row | None) -> Child:
    tags = holds.tags(tenant, state) if state is not None else []
    return (name_of(row), el("p", tags, class_="tags")) if tags else name_of(row)


def name_of(row: Row) -> Markup:
    """The name with its mark, leading to the folder or to the file's own page."""
    if row["kind"] == "folder":
        mark = el("span", class_="mark folder", aria_hidden="true")
        kind = el("span", "Mapp: ", class_="hidden")
        return el(
            "div", mark, kind, el("a", row["name"], href=folder_page(row["id"])), class_="name"
        )
    suffix = PurePosixPath(row["name"]).suffix.removeprefix(".")[:4]
    mark = el("span", suffix or "fil", class_="mark file", aria_hidden="true")
    return el("div", mark, el("a", row["name"], href=file_page(row["id"])), class_="name")


def _extent(tenant: Tenant, row: Row) -> str:
    if row["kind"] == "file":
        return size(row["size"])
    count = tenant.store.value(
        "SELECT count(*) FROM items WHERE parent = ? AND deleted = 0", row["id"]
    )
    return counted(count, "objekt", "objekt")


PART = Part(name="files", title="Filer", page=_page)
