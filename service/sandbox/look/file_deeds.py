"""What people do in a library: files go in, are changed, opened, checked out and approved."""

from collections.abc import Callable, Sequence

from service.sandbox.look.deeds import BY, needed, who
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.look.sites import known_as, spoken
from service.sandbox.sharepoint import library
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    ApproveFile,
    CheckInFile,
    CheckOutFile,
    CloseFile,
    DeleteFile,
    DiscardCheckOut,
    LabelFile,
    MoveFile,
    OnItem,
    OpenFile,
    RejectFile,
    RenameFile,
    RestoreFile,
    Upload,
)

_ITEM = Field(name="item", label="Fil eller mapp", fixed=True)
_COMMENT = Field(name="comment", label="Kommentar", required=False)


def _libraries(tenant: Tenant) -> Sequence[tuple[str, str]]:
    rows = tenant.store.all("SELECT id FROM lists WHERE drive IS NOT NULL ORDER BY rowid")
    return [(known_as(tenant, row["id"]), spoken(tenant, row["id"])) for row in rows]


def _folders(tenant: Tenant) -> Sequence[tuple[str, str]]:
    """Every folder of every library, by its path."""
    rows = tenant.store.all(
        "WITH RECURSIVE below (id, list, path) AS ("
        "SELECT items.id, lists.id, '' FROM items JOIN lists ON lists.id = items.list "
        "WHERE items.kind = 'root' AND lists.drive IS NOT NULL AND items.deleted = 0 "
        "UNION ALL SELECT items.id, below.list, below.path || '/' || items.name FROM items "
        "JOIN below ON items.parent = below.id WHERE items.kind = 'folder' AND items.deleted = 0"
        ") SELECT id, list, path FROM below"
    )
    names = {row["list"]: spoken(tenant, row["list"]) for row in rows}
    return sorted(
        ((row["id"], names[row["list"]] + row["path"]) for row in rows), key=lambda one: one[1]
    )


def _labels(tenant: Tenant) -> Sequence[tuple[str, str]]:
    return [(name, name) for name in tenant.world.labels]


def _put(tenant: Tenant, posted: Posted) -> Act:
    chosen = posted.files.get("file")
    if chosen is None:
        raise WrongError("Välj en fil.")
    name, content = chosen
    return Upload(
        at=tenant.clock.now,
        drive=posted.text("drive"),
        folder=posted.text("folder"),
        name=posted.text("called") or name,  # a new version keeps the file's name
        content=lambda: content,
        by=who(tenant, posted),
        make_folder=True,
    )


def _item(tenant: Tenant, posted: Posted) -> Row:
    row = library.item_by_id(tenant, posted.text("item"))
    if row["kind"] not in ("file", "folder"):
        raise WrongError("Ett helt bibliotek ändras inte här.")
    return row


def _rename(tenant: Tenant, posted: Posted) -> Act:
    return RenameFile(
        at=tenant.clock.now,
        item=_item(tenant, posted)["id"],
        by=who(tenant, posted),
        name=needed(posted, "name", "Det nya namnet"),
    )


def _move(tenant: Tenant, posted: Posted) -> Act:
    item, to = _item(tenant, posted), library.item_by_id(tenant, posted.text("to"))
    steps = [library.item_by_id(tenant, key) for key in library.ancestors(tenant, to)]
    return MoveFile(
        at=tenant.clock.now,
        item=item["id"],
        by=who(tenant, posted),
        folder="/".join(row["name"] for row in steps[::-1] if row["kind"] == "folder"),
        to_library=known_as(tenant, to["list"]),
    )


def _on(kind: type[OnItem]) -> Callable[[Tenant, Posted], Act]:
    """An act that says nothing but who does it, and to what."""

    def made(tenant: Tenant, posted: Posted) -> Act:
        item = _item(tenant, posted)["id"]
        return kind(at=tenant.clock.now, item=item, by=who(tenant, posted))

    return made


def _with_comment(
    kind: type[CheckInFile | ApproveFile | RejectFile],
) -> Callable[[Tenant, Posted], Act]:
    def made(tenant: Tenant, posted: Posted) -> Act:
        item = _item(tenant, posted)["id"]
        comment = posted.text("comment")
        return kind(at=tenant.clock.now, item=item, by=who(tenant, posted), comment=comment)

    return made


def _restore(tenant: Tenant, posted: Posted) -> Act:
    """What lies in the recycle bin is found by its id alone."""
    return RestoreFile(at=tenant.clock.now, item=posted.text("item"), by=who(tenant, posted))


def _label(tenant: Tenant, posted: Posted) -> Act:
    item = _item(tenant, posted)["id"]
    label = posted.text("label")
    return LabelFile(at=tenant.clock.now, item=item, by=who(tenant, posted), label=label)


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
    act=_put,
)
RENAME = Form(
    name="rename",
    title="Byt namn",
    button="Byt namn",
    done="Namnet är bytt.",
    fields=(_ITEM, BY, Field(name="name", label="Nytt namn")),
    act=_rename,
)
MOVE = Form(
    name="move",
    title="Flytta",
    button="Flytta",
    done="Flyttat.",
    fields=(_ITEM, BY, Field(name="to", label="Till mappen", options=_folders)),
    act=_move,
)
DELETE = Form(
    name="delete",
    title="Ta bort",
    button="Ta bort",
    done="Borttaget. Det ligger kvar i papperskorgen.",
    fields=(_ITEM, BY),
    act=_on(DeleteFile),
)
RESTORE = Form(
    name="restore",
    title="Återställ",
    button="Återställ",
    done="Återställt till sin plats.",
    fields=(_ITEM, BY),
    act=_restore,
)
OPEN = Form(
    name="open",
    title="Öppna i Word",
    button="Öppna",
    done="Filen är öppen, och låst för andra tills den stängs.",
    fields=(_ITEM, BY),
    act=_on(OpenFile),
)
CLOSE = Form(
    name="close",
    title="Stäng i Word",
    button="Stäng",
    done="Filen är stängd.",
    fields=(_ITEM, BY),
    act=_on(CloseFile),
)
CHECK_OUT = Form(
    name="check-out",
    title="Checka ut",
    button="Checka ut",
    done="Filen är utcheckad.",
    fields=(_ITEM, BY),
    act=_on(CheckOutFile),
)
CHECK_IN = Form(
    name="check-in",
    title="Checka in",
    button="Checka in",
    done="Filen är incheckad.",
    fields=(_ITEM, BY, _COMMENT),
    act=_with_comment(CheckInFile),
)
DISCARD = Form(
    name="discard",
    title="Ångra utcheckningen",
    button="Ångra",
    done="Utcheckningen är ångrad, och filen är som den var.",
    fields=(_ITEM, BY),
    act=_on(DiscardCheckOut),
)
APPROVE = Form(
    name="approve",
    title="Godkänn",
    button="Godkänn",
    done="Filen är godkänd.",
    fields=(_ITEM, BY, _COMMENT),
    act=_with_comment(ApproveFile),
)
REJECT = Form(
    name="reject",
    title="Avslå",
    button="Avslå",
    done="Filen är avslagen.",
    fields=(_ITEM, BY, _COMMENT),
    act=_with_comment(RejectFile),
)
LABEL = Form(
    name="label",
    title="Sätt en bevarandeetikett",
    button="Sätt",
    done="Etiketten är ändrad.",
    fields=(
        _ITEM,
        BY,
        Field(
            name="label",
            label="Etikett",
            options=_labels,
            required=False,
            hint="Ingen vald etikett tar bort den som finns.",
        ),
    ),
    act=_label,
)
FORMS = (
    PUT,
    RENAME,
    MOVE,
    DELETE,
    RESTORE,
    OPEN,
    CLOSE,
    CHECK_OUT,
    CHECK_IN,
    DISCARD,
    APPROVE,
    REJECT,
    LABEL,
)
