"""What a coordinator does in a library: puts files in, renames, moves and deletes."""

from collections.abc import Sequence

from service.sandbox.acts import perform
from service.sandbox.look.deeds import BY, needed, who
from service.sandbox.look.forms import Field, Form
from service.sandbox.look.posted import Posted
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Upload


def _libraries(tenant: Tenant) -> Sequence[tuple[str, str]]:
    rows = tenant.store.all("SELECT name FROM lists WHERE drive IS NOT NULL ORDER BY rowid")
    return [(row["name"], row["name"]) for row in rows]


def _folders(tenant: Tenant) -> Sequence[tuple[str, str]]:
    """Every folder of every library, by its path."""
    rows = tenant.store.all(
        "WITH RECURSIVE below (id, path) AS ("
        "SELECT items.id, lists.name FROM items JOIN lists ON lists.id = items.list "
        "WHERE items.kind = 'root' AND lists.drive IS NOT NULL AND items.deleted = 0 "
        "UNION ALL SELECT items.id, below.path || '/' || items.name FROM items "
        "JOIN below ON items.parent = below.id WHERE items.kind = 'folder' AND items.deleted = 0"
        ") SELECT id, path FROM below ORDER BY path"
    )
    return [(row["id"], row["path"]) for row in rows]


def _put(tenant: Tenant, posted: Posted) -> bool:
    chosen = posted.files.get("file")
    if chosen is None:
        raise ValueError("Välj en fil.")
    name, content = chosen
    name = posted.text("called") or name  # a new version keeps the file's name
    act = Upload(
        at=tenant.clock.now,
        drive=posted.text("drive"),
        folder=posted.text("folder"),
        name=name,
        content=lambda: content,
        by=who(tenant, posted),
        make_folder=True,
    )
    return perform(tenant, act)


def _item(tenant: Tenant, posted: Posted) -> Row:
    row = library.item_by_id(tenant, posted.text("item"))
    if row["kind"] not in ("file", "folder"):
        raise ValueError("Ett helt bibliotek ändras inte här.")
    return row


def _rename(tenant: Tenant, posted: Posted) -> bool:
    row = _item(tenant, posted)
    parent = library.item_by_id(tenant, row["parent"])
    name = needed(posted, "name", "Det nya namnet")
    library.move(tenant, row, parent, name, f"user:{who(tenant, posted)}")
    return True


def _move(tenant: Tenant, posted: Posted) -> bool:
    row = _item(tenant, posted)
    parent = library.item_by_id(tenant, posted.text("to"))
    library.move(tenant, row, parent, row["name"], f"user:{who(tenant, posted)}")
    return True


def _delete(tenant: Tenant, posted: Posted) -> bool:
    library.delete(tenant, _item(tenant, posted), f"user:{who(tenant, posted)}")
    return True


_ITEM = Field(name="item", label="Fil eller mapp", fixed=True)

PUT = Form(
    name="put",
    title="Lägg upp en fil",
    button="Lägg upp",
    done="Filen är upplagd.",
    fields=(
        BY,
        Field(name="drive", label="Bibliotek", options=_libraries),
        Field(
            name="folder",
            label="Mapp",
            required=False,
            hint="Med snedstreck mellan stegen. En mapp som saknas läggs upp.",
        ),
        Field(name="file", label="Fil", kind="file"),
    ),
    do=_put,
)
RENAME = Form(
    name="rename",
    title="Byt namn",
    button="Byt namn",
    done="Namnet är bytt.",
    fields=(_ITEM, BY, Field(name="name", label="Nytt namn")),
    do=_rename,
)
MOVE = Form(
    name="move",
    title="Flytta",
    button="Flytta",
    done="Flyttat.",
    fields=(_ITEM, BY, Field(name="to", label="Till mappen", options=_folders)),
    do=_move,
)
DELETE = Form(
    name="delete",
    title="Ta bort",
    button="Ta bort",
    done="Borttaget.",
    fields=(_ITEM, BY),
    do=_delete,
)
FORMS = (PUT, RENAME, MOVE, DELETE)
