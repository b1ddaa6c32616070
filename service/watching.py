"""Finds the folders that the settings name by their addresses, at the start."""

import re
from urllib.parse import unquote, urlsplit

from service.errors import TenantError
from service.observe import SeenItem
from service.ports import Drives
from service.workplace import Places, Unwatched, Watched

WATCHED = "NATVERKET_NETWORK_WATCHED_FOLDERS"


async def look(
    address: str, places: Places, drives: Drives
) -> tuple[Watched | None, Unwatched | None]:
    """
    Find a folder that is to be watched, and what is to be said of it.

    One whose library cannot be found or read is left out until the next start: the other
    sources and jobs must not wait for it. One that is not there yet is watched all the same.
    """
    try:
        item, below = await _nearest(address, drives)
    except TenantError as error:
        why = f"{error.reason} {_granting(address, places.client_id)}"
        return None, _left_out(address, why)
    why = _unfit(item, places)
    if item is None or why:
        return None, _left_out(address, why)
    names = () if item.parent_id is None else (item.path, item.name)
    path = "/".join(name for name in (*names, below) if name)
    watched = Watched(drive_id=item.drive_id, path=path, address=address)
    return watched, _left_out(address, _NOT_YET) if below else None


async def _nearest(address: str, drives: Drives) -> tuple[SeenItem | None, str]:
    """What an address leads to, or the nearest folder above it, and the path below that."""
    below: list[str] = []
    while True:
        item = await drives.shared(address)
        above, _, name = address.rstrip("/").rpartition("/")
        if item is not None or urlsplit(above).path.count("/") < _LIBRARY_DEPTH:
            return item, "/".join(reversed(below))
        below.append(unquote(name))
        address = above


_LIBRARY_DEPTH = 3
"""Slashes in the path of a library's address: /sites/name/library."""
_NOT_YET = "Nothing is there yet: it is watched from when it is made. Is the address right?"


def _left_out(address: str, why: str) -> Unwatched:
    return Unwatched(address=address, why=f"{WATCHED}: {why}")


def _unfit(item: SeenItem | None, places: Places) -> str:
    if item is None:
        return "Nothing is there: mend the address, or take it out of the settings."
    if not item.folder:
        return "It is a file: give the address of the folder."
    if item.drive_id in {places.documentation, places.coordination}:
        return "It lies in the network's own library: take it out of the settings."
    return ""


def _granting(address: str, client_id: str) -> str:
    """The command that lets the service read there."""
    parts = urlsplit(address)
    site = re.search(r"/(?:sites|teams|personal)/[^/]+", parts.path)
    return (
        "If it may not be read: Grant-PnPAzureADAppSitePermission "
        f"-AppId {client_id} -DisplayName Nätverket -Permissions Read "
        f"-Site https://{parts.hostname}{site.group() if site else ''} "
        "and start the service anew."
    )
