"""What the demo asks of the sandbox and of the libraries when the year is over."""

import json
import ssl
import urllib.request
from pathlib import Path
from typing import Any

from service.observe import SeenItem
from service.sandbox.process import Sandbox
from service.wiring import Office
from service.workplace import Workplace


def writes(sandbox: Sandbox) -> int:
    """How many requests have changed something in the tenant so far."""
    counted: int = ask(sandbox, "requests?summary=1")["writes"]
    return counted


def ask(sandbox: Sandbox, what: str, body: object = None) -> Any:
    """Ask the sandbox itself, past the tenant: GET, or POST where there is a body."""
    context = ssl.create_default_context(cafile=str(sandbox.ca_file))
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{sandbox.url}/_sandbox/{what}", data)  # noqa: S310
    with urllib.request.urlopen(request, context=context) as answer:  # noqa: S310 - loopback
        return json.load(answer)


async def copy_libraries(office: Office, folder: Path) -> None:
    """Lay both libraries out as folders and files, to be looked at without the tenant."""
    for at in office.workplaces:
        for name, drive_id in (
            ("Dokumentation", at.places.documentation),
            ("Samordning", at.places.coordination),
        ):
            await _copy(at, drive_id, folder / name)


async def _copy(at: Workplace, drive_id: str, folder: Path) -> None:
    async for page in at.drives.changes(drive_id, None):
        for change in page.changes:
            if change.value is not None:
                _lay_out(change.value, await _content(at, change.value), folder)


async def _content(at: Workplace, item: SeenItem) -> bytes:
    if item.folder:
        return b""
    content = at.drives.content(item.drive_id, item.id)
    return b"".join([piece async for piece in content.read()])


def _lay_out(item: SeenItem, content: bytes, folder: Path) -> None:
    target = folder / item.path / item.name
    if item.folder:
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
