"""Libraries, their folders and their files."""

from mimetypes import guess_type
from pathlib import PurePosixPath
from urllib.parse import quote

from service.sandbox.look.frame import NotThereError, Page
from service.sandbox.look.links import HOME, attachment_page, file_page, folder_page
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import Columns, table
from service.sandbox.look.words import counted, size, when, whom
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, GraphError

_MOST = 500
_TRAIL = (f"{HOME}files", "Filer")


def libraries(tenant: Tenant) -> Page:
    rows = tenant.store.all("SELECT * FROM lists WHERE drive IS NOT NULL ORDER BY rowid")
    shown = [
        [
            el("a", row["name"], href=folder_page(library.root_of(tenant, row["id"])["id"])),
            _counts(tenant, row["id"]),
            row["description"],
        ]
        for row in rows
    ]
    return Page(
        title="Filer",
        content=table("Bibliotek", ("Bibliotek", "Innehåll", ""), shown, kind="stack"),
    )


def _counts(tenant: Tenant, list_id: str) -> str:
    row = tenant.store.one(
        "SELECT count(*) AS files, coalesce(sum(size), 0) AS size FROM items "
        "WHERE list = ? AND kind = 'file' AND deleted = 0",
        list_id,
    )
    assert row is not None
    return f"{counted(row['files'], 'fil', 'filer')}, {size(row['size'])}"


def folder(tenant: Tenant, item: str) -> Page:
    """Folders first, then files by name."""
    here = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", item)
    if here is None or here["kind"] not in ("root", "folder"):
        raise NotThereError
    rows = tenant.store.all(
        "SELECT * FROM items WHERE parent = ? AND deleted = 0 ORDER BY kind DESC, name_key", item
    )
    way = _way(tenant, here)
    return Page(title=way[-1][1], trail=(_TRAIL, *way[:-1]), content=_contents(tenant, here, rows))


def _way(tenant: Tenant, here: Row) -> list[tuple[str, str]]:
    """From the library down to the folder itself."""
    library_name = tenant.store.value("SELECT name FROM lists WHERE id = ?", here["list"])
    way = []
    for item in library.ancestors(tenant, here):
        row = library.item_by_id(tenant, item)
        way.append((folder_page(item), library_name if row["kind"] == "root" else row["name"]))
    return way[::-1]


def _contents(tenant: Tenant, here: Row, rows: list[Row]) -> Child:
    if not rows:
        return el("p", "Mappen är tom.")
    columns = Columns(tenant, here["list"])
    names = columns.filled(rows, without=frozenset({"Title"}))
    alike = columns.alike(rows, names)
    names = [name for name in names if name not in alike]
    headings = ("Namn", *(columns.title(name) for name in names), "Storlek", "Ändrad", "Av")
    shown = [
        [
            _name(row),
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
        table("Mappens innehåll", headings, shown, kind="stack files"),
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


def _name(row: Row) -> Markup:
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


def file(tenant: Tenant, item: str) -> Answer:
    """The bytes of a file, to be saved."""
    try:
        row = library.item_by_id(tenant, item)
    except GraphError as error:
        raise NotThereError from error
    if row["kind"] != "file":
        raise NotThereError
    return _download(tenant, row["blob"], row["name"])


def attachment(tenant: Tenant, key: str) -> Answer:
    row = tenant.store.one("SELECT * FROM attachments WHERE id = ?", key)
    if row is None:
        raise NotThereError
    return _download(tenant, row["blob"], row["name"])


def attachment_link(row: Row) -> Markup:
    shown = f"{row['name']} ({size(row['size'])})"
    return el("a", shown, href=attachment_page(row["id"]))


def _download(tenant: Tenant, blob: str, name: str) -> Answer:
    """Never opened in the browser on our address: a page among the files could act for us."""
    return Answer(
        file=tenant.blobs.path(blob),
        headers={
            "Content-Type": guess_type(name)[0] or "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )
