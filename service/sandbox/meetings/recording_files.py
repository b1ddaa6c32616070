"""
A recording is a file as well: in the organiser's OneDrive, or in the channel's folder of the
team's library (graph-facts 3.4).
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.blobs import Blob
from service.sandbox.sharepoint.library import Write
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant

FOLDER = Switch(
    name="recordings_folder",
    values=("Recordings", "Inspelningar"),
    about="Is the folder of recordings named in English or in the mailbox's language? "
    "(graph-facts 3.4)",
)
OWNER = Switch(
    name="recording_owner",
    values=("organizer", "initiator"),
    about="Whose OneDrive a recording lies in: MeetingRecordingOwnership of the tenant "
    "(graph-facts 3.4).",
)
SWITCHES = (FOLDER, OWNER)
_BAD = re.compile(r'["*:<>?/\\|]')


def put_recording(  # noqa: PLR0913 - what the name and the place of the file are made of
    tenant: Tenant, meeting: Row, subject: str, start: datetime, blob: Blob, by: str
) -> str | None:
    """Id of the file; None where the world has no drive for it."""
    owner = meeting["organizer"] if OWNER.read(tenant) == "organizer" else by
    found = _library(tenant, meeting, owner)
    if found is None:
        return None
    listed, way = found
    author = f"user:{owner}"
    folder = library.folders(tenant, library.root_of(tenant, listed), way, author)
    at = start.astimezone(ZoneInfo(tenant.world.time_zone))
    name = f"{_BAD.sub('_', subject).strip()}-{at:%Y%m%d_%H%M%S}-Mötesinspelning.mp4"
    write = Write(by=author, conflict="rename")
    item, _ = library.put_file(tenant, folder, name, blob, write)
    return str(item["id"])


def _library(tenant: Tenant, meeting: Row, owner: str) -> tuple[str, str] | None:
    """The list and the folder in it."""
    folder = FOLDER.read(tenant)
    if meeting["channel"]:
        channel = tenant.channels[meeting["channel"]]
        listed = _first_library(tenant, tenant.world.site)
        return None if listed is None else (listed, f"{channel.name}/{folder}")
    for site in tenant.world.sites:
        if site.owner == owner:
            listed = _first_library(tenant, site.name)
            return None if listed is None else (listed, folder)
    return None


def _first_library(tenant: Tenant, site: str) -> str | None:
    listed: str | None = tenant.store.value(
        "SELECT l.id FROM lists l JOIN sites s ON s.id = l.site "
        "WHERE s.display_name = ? AND l.drive IS NOT NULL ORDER BY l.rowid LIMIT 1",
        site,
    )
    return listed


def drop_file(tenant: Tenant, artifact: Row, by: str) -> None:
    """The file of a recording goes, if it is still there."""
    item = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", artifact["item"])
    if item is not None:
        library.delete(tenant, item, by)


def sweep(tenant: Tenant) -> None:
    """Recordings whose time is out go, and their files with them."""
    for row in tenant.store.all(
        "SELECT a.*, m.organizer FROM artifacts a JOIN meetings m ON m.id = a.meeting "
        "WHERE a.expires <= ?",
        tenant.clock.text,
    ):
        drop_file(tenant, row, f"user:{row['organizer']}")
        tenant.store.do("DELETE FROM artifacts WHERE id = ?", row["id"])
