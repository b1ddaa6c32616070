"""
The workbook of a form: brought up to date some time after an answer, or only when somebody
looks (graph-facts 7.3).
"""

import re
from datetime import datetime, timedelta

from service.sandbox import due
from service.sandbox.due import Happening
from service.sandbox.forms.workbook import workbook
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.enrich import enriched
from service.sandbox.sharepoint.library import Write
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.wire import GraphError, Json

SYNC = Switch(
    name="forms_sync",
    values=("15", "5", "60", "opened"),
    about="After how many minutes does Forms bring its workbook up to date, or only when "
    "somebody opens it? (graph-facts 7.3)",
)
LOST = Switch(
    name="forms_lost_workbook",
    values=("new", "nothing"),
    about="Does Forms start a new workbook where the old one was renamed, moved or deleted? "
    "(graph-facts 7.3)",
)
SWITCHES = (SYNC, LOST)
_AGAIN = timedelta(minutes=5)
"""Where the workbook could not be written, such as while somebody has it open."""
_NOT_IN_NAMES = re.compile(r'["*:<>?/\\|#%~&{}]+')


def expect(tenant: Tenant, form: Row) -> None:
    """There is something new for the workbook."""
    if form["library"] is None:
        return
    answer = SYNC.read(tenant)
    if answer != "opened":
        _schedule(tenant, form["key"], _next(tenant.clock.now, int(answer)))


def _next(now: datetime, minutes: int) -> datetime:
    """All workbooks have their turn at whole multiples of the interval."""
    length = minutes * 60
    return now + timedelta(seconds=length - now.timestamp() % length)


def _schedule(tenant: Tenant, key: str, at: datetime) -> None:
    due.schedule(tenant, f"form/{key}", at, "form workbook", {"form": key})


def _sync_late(tenant: Tenant, payload: Json) -> None:
    form = tenant.store.one("SELECT * FROM forms WHERE key = ?", payload["form"])
    assert form is not None
    try:
        with tenant.store.transaction():
            write(tenant, form)
    except GraphError:
        _schedule(tenant, form["key"], tenant.clock.now + _AGAIN)


def write(tenant: Tenant, form: Row) -> None:
    """Now. Raises GraphError where the library refuses."""
    responses = tenant.store.all("SELECT * FROM responses WHERE form = ? ORDER BY id", form["key"])
    content = workbook(form, responses, tenant.world.time_zone)
    by = f"user:{form['owner']}"
    item = _known(tenant, form)
    if item is not None:
        folder, name, conflict = _parent(tenant, item), item["name"], "replace"
    elif form["item"] is None or LOST.read(tenant) == "new":
        root = library.root_of(tenant, form["library"])
        folder = library.folders(tenant, root, form["folder"], by)
        name, conflict = file_name(form["title"]), "rename"
    else:
        return
    # Written into before it is kept, so that one writing is one version here.
    blob = tenant.blobs.keep(enriched(name, content))
    kept, _ = library.put_file(tenant, folder, name, blob, Write(by=by, conflict=conflict))
    tenant.store.do(
        "UPDATE forms SET item = ?, item_name = ?, item_parent = ? WHERE key = ?",
        kept["id"],
        kept["name"],
        kept["parent"],
        form["key"],
    )


def _known(tenant: Tenant, form: Row) -> Row | None:
    """The workbook, if it is where Forms left it and under the name that it had."""
    return tenant.store.one(
        "SELECT * FROM items WHERE id = ? AND deleted = 0 AND name = ? AND parent = ?",
        form["item"],
        form["item_name"],
        form["item_parent"],
    )


def _parent(tenant: Tenant, item: Row) -> Row:
    return library.item_by_id(tenant, item["parent"])


def file_name(title: str) -> str:
    plain = " ".join(_NOT_IN_NAMES.sub(" ", title).split()).strip(".")
    return f"{plain or 'Forms'}.xlsx"


DUE: dict[str, Happening] = {"form workbook": _sync_late}
