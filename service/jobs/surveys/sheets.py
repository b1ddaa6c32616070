"""Sheets of answers: how their bytes are had, and the reader of sheets with the network's words."""

from collections.abc import Sequence

from service.errors import UnreadableFile
from service.jobs.known import Judged
from service.observe import SeenItem
from service.parse import workbook
from service.parse.unreadable import Why
from service.parse.unreadable import unreadable as unreadable_for
from service.parse.workbook import Sheet
from service.ports import Content
from service.workplace import Workplace

LARGEST = 50 * 1024 * 1024
"""A workbook of 50,000 responses is far smaller; anything larger is no form's."""


async def downloaded(item: SeenItem, at: Workplace) -> bytes:
    """Raises UnreadableFile for what is too large, TenantError."""
    if item.size > LARGEST:
        raise unreadable_for(item.name, Why.TOO_LARGE, most=str(LARGEST >> 20))
    content = at.drives.content(item.drive_id, item.id)
    return b"".join([piece async for piece in content.read()])


def sheet_of(content: bytes, name: str, at: Workplace) -> Sheet:
    """Raises UnreadableFile."""
    return workbook.read_workbook(
        content, name, vocabulary=at.vocabulary, time_zone=at.network.time_zone
    )


def unreadable(error: UnreadableFile, at: Workplace) -> str:
    """Say in the network's language why a sheet cannot be read."""
    if not error.why:
        return error.reason
    return at.texts.say(f"unreadable.{error.why}", **error.facts)


def sheet_of_rows(
    header: Sequence[str], rows: Sequence[Sequence[str]], name: str, at: Workplace
) -> Sheet:
    """Read rows that come from no file. Raises UnreadableFile."""
    return workbook.read_rows(
        header, rows, name, vocabulary=at.vocabulary, time_zone=at.network.time_zone
    )


_CLOSED = frozenset(
    {
        Why.ENCRYPTED,
        Why.LABELLED,
        Why.OTHER_FORMAT,
        Why.TOO_LARGE,
        Why.TOO_WIDE,
        Why.UNPACKS,
    }
)
"""Unlike a damaged or empty file, these may hold rows."""


async def judge(content: Content, size: int, *, name: str, version: str, at: Workplace) -> Judged:
    """Tell by its headings whether a file holds a form's answers. Raises TenantError."""
    if size > LARGEST:
        return Judged(version=version, export=False, closed=True)
    data = b"".join([piece async for piece in content.read()])
    try:
        export = workbook.is_export(data, name, vocabulary=at.vocabulary)
    except UnreadableFile as error:
        return Judged(version=version, export=False, closed=error.why in _CLOSED)
    return Judged(version=version, export=export)
