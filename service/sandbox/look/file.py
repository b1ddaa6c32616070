"""One file: seen as far as a browser can show it, with its columns, versions and what holds it."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from service.sandbox.look import forms
from service.sandbox.look.content import shown_as
from service.sandbox.look.file_deeds import DELETE, MOVE, PUT, RENAME
from service.sandbox.look.files import TRAIL, way
from service.sandbox.look.kept import has_columns, held
from service.sandbox.look.links import file_content, file_page, folder_page
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import Columns, table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import size, when, whom
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError

_EXCERPT = 4000
_STATES = {"open_by": "Öppen hos", "checked_out_by": "Utcheckad av", "label": "Etikett"}
"""What may hold a file, where the tenant keeps that."""


def _page(visit: Visit) -> Page:
    if len(visit.names) != 1:
        raise NotThereError
    tenant = visit.tenant
    try:
        row = library.item_by_id(tenant, visit.names[0])
    except GraphError as error:
        raise NotThereError from error
    if row["kind"] != "file":
        raise NotThereError
    folder = library.item_by_id(tenant, row["parent"])
    content: Child = (
        _preview(tenant, row),
        _ways(row),
        _facts(tenant, row),
        _versions(tenant, row),
        _deeds(tenant, row, folder),
    )
    return Page(title=row["name"], trail=(TRAIL, *way(tenant, folder)), content=content)


def _preview(tenant: Tenant, row: Row) -> Markup | None:
    kind = shown_as(row["name"]) or ""
    address = file_content(row["id"])
    if kind.startswith("image/"):
        return el("img", src=address, alt=f"Bilden {row['name']}", class_="preview")
    if kind.startswith("video/"):
        return el("video", _captions(tenant, row), src=address, controls=True, class_="preview")
    if kind.startswith("text/"):
        with tenant.blobs.path(row["blob"]).open("rb") as file:
            text = file.read(_EXCERPT).decode("utf-8", "replace")
        more = "\n…" if row["size"] > _EXCERPT else ""
        return el("pre", text + more, class_="preview", tabindex="0", aria_label="Innehållet")
    return None


def _captions(tenant: Tenant, row: Row) -> Markup | None:
    """Those of the same name beside it."""
    name = PurePosixPath(row["name"]).with_suffix(".vtt").name
    beside = library.child(tenant, row["parent"], name)
    if beside is None:
        return None
    return el(
        "track",
        kind="captions",
        src=file_content(beside["id"]),
        srclang="sv",
        label="Svenska",
        default=True,
    )


def _ways(row: Row) -> Markup:
    opens = el("a", "Öppna", href=file_content(row["id"]), class_="action")
    saves = el("a", "Hämta", href=file_content(row["id"], save=True), class_="action")
    return el("p", opens if shown_as(row["name"]) else None, " ", saves)


def _facts(tenant: Tenant, row: Row) -> Markup:
    columns = Columns(tenant, row["list"])
    names = columns.filled([row])
    cells = columns.cells(row, names, whole=True)
    pairs: list[tuple[str, Child]] = [
        ("Storlek", size(row["size"])),
        ("Skapad", (when(tenant, row["created_at"]), f" av {whom(tenant, row['created_by'])}")),
        ("Ändrad", (when(tenant, row["modified_at"]), f" av {whom(tenant, row['modified_by'])}")),
        *_held(tenant, row),
        *((columns.title(name), cell) for name, cell in zip(names, cells, strict=True)),
    ]
    return el(
        "section",
        el("h2", "Egenskaper"),
        el("dl", [(el("dt", name), el("dd", value)) for name, value in pairs], class_="record"),
    )


def _held(tenant: Tenant, row: Row) -> Iterator[tuple[str, Child]]:
    if not has_columns(tenant, "item_states", "item"):
        return
    state = tenant.store.one("SELECT * FROM item_states WHERE item = ?", row["id"])
    for column, title in _STATES.items():
        value = held(state, column) if state is not None else None
        if value:
            yield title, whom(tenant, value) if ":" in value else value


def _versions(tenant: Tenant, row: Row) -> Markup | None:
    rows = tenant.store.all(
        "SELECT * FROM versions WHERE item = ? ORDER BY version DESC", row["id"]
    )
    if not rows:
        return None
    shown: list[list[Child]] = [
        [
            el("a", f"Version {one['version']}", href=_address(row, one))
            if one["blob"]
            else f"Version {one['version']}",
            size(one["size"]),
            when(tenant, one["modified_at"]),
            whom(tenant, one["modified_by"]),
        ]
        for one in rows
    ]
    headings = ("Version", "Storlek", "Ändrad", "Av")
    keys = [f"v{one['version']}" for one in rows]
    return el(
        "section",
        el("h2", "Versioner"),
        table("Versioner", headings, shown, kind="stack", keys=keys),
    )


def _address(row: Row, version: Row) -> str:
    return file_content(row["id"], int(version["version"]))


def _deeds(tenant: Tenant, row: Row, folder: Row) -> Markup:
    here, above = file_page(row["id"]), folder_page(folder["id"])
    trail = way(tenant, folder)
    below = "/".join(name for _, name in trail[1:])
    item = row["id"]
    return el(
        "section",
        el("h2", "Gör något med filen"),
        forms.folded(tenant, RENAME, here, item=item),
        forms.folded(tenant, MOVE, here, item=item),
        forms.folded(
            tenant,
            PUT,
            here,
            title="Lägg upp en ny version",
            drive=trail[0][1],
            folder=below,
            called=row["name"],
        ),
        forms.folded(tenant, DELETE, above, item=item),
        class_="deeds",
    )


PART = Part(name="file", page=_page)
