"""One file: seen as far as a browser can show it, with its columns, versions and what holds it."""

from pathlib import PurePosixPath

from service.sandbox.look import forms, holds
from service.sandbox.look.content import shown_as
from service.sandbox.look.file_deeds import (
    APPROVE,
    CHECK_IN,
    CHECK_OUT,
    CLOSE,
    DELETE,
    DISCARD,
    LABEL,
    MOVE,
    OPEN,
    PUT,
    REJECT,
    RENAME,
)
from service.sandbox.look.files import TRAIL, way
from service.sandbox.look.links import file_content, file_page, folder_page
from service.sandbox.look.sites import known_as, spoken
from service.sandbox.look.tables import Columns, table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import size, when, whom
from service.sandbox.markup import Child, Markup, el
from service.sandbox.sharepoint import library, states
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError

_EXCERPT = 4000


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
    state = states.state_of(tenant, row["id"])
    content: Child = (
        el("p", holds.tags(tenant, state), class_="tags") if state is not None else None,
        _preview(tenant, row),
        _ways(row),
        _facts(tenant, row, state),
        _versions(tenant, row),
        _deeds(tenant, row, folder, state),
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


def _facts(tenant: Tenant, row: Row, state: Row | None) -> Markup:
    columns = Columns(tenant, row["list"])
    names = columns.filled([row])
    cells = columns.cells(row, names, whole=True)
    pairs: list[tuple[str, Child]] = [
        ("Bibliotek", spoken(tenant, row["list"])),
        ("Storlek", size(row["size"])),
        ("Skapad", (when(tenant, row["created_at"]), f" av {whom(tenant, row['created_by'])}")),
        ("Ändrad", (when(tenant, row["modified_at"]), f" av {whom(tenant, row['modified_by'])}")),
        *(holds.facts(tenant, state) if state is not None else ()),
        *((columns.title(name), cell) for name, cell in zip(names, cells, strict=True)),
    ]
    return el(
        "section",
        el("h2", "Egenskaper"),
        el("dl", [(el("dt", name), el("dd", value)) for name, value in pairs], class_="record"),
    )


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


def _holding(tenant: Tenant, here: str, item: str, state: Row | None) -> list[Markup]:
    """To take hold of the file, or to let go of it: whoever holds it is the one who does."""
    opener, holder = _user(state, "open_by"), _user(state, "checked_out_by")
    awaits = state is not None and state["moderation"] in holds.AWAITING
    offered = [
        forms.folded(tenant, CLOSE, here, item=item, by=opener)
        if opener
        else forms.folded(tenant, OPEN, here, item=item)
    ]
    if holder:
        offered += [
            forms.folded(tenant, CHECK_IN, here, item=item, by=holder),
            forms.folded(tenant, DISCARD, here, item=item, by=holder),
        ]
    elif state is None or not state["checked_out_by"]:
        offered.append(forms.folded(tenant, CHECK_OUT, here, item=item))
    if awaits:
        offered += [forms.folded(tenant, one, here, item=item) for one in (APPROVE, REJECT)]
    return offered


def _user(state: Row | None, column: str) -> str:
    """Id of the person; an app lets go by itself, and is nobody here."""
    kind, _, key = ((state[column] if state is not None else None) or "").partition(":")
    return key if kind == "user" else ""


def _address(row: Row, version: Row) -> str:
    return file_content(row["id"], int(version["version"]))


def _deeds(tenant: Tenant, row: Row, folder: Row, state: Row | None) -> Markup:
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
            drive=known_as(tenant, row["list"]),
            folder=below,
            called=row["name"],
        ),
        _holding(tenant, here, item, state),
        forms.folded(tenant, LABEL, here, item=item) if tenant.world.labels else None,
        forms.folded(tenant, DELETE, above, item=item),
        class_="deeds",
    )


PART = Part(name="file", page=_page)
