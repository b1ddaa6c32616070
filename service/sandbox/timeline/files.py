"""
Acts on files and list rows.

A library is named by its display name on the network's site, or `key/Name` on a site of the
world; an item by its path below the library's root. `item` (its id) may stand instead of both.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.sandbox.timeline.act import Act, Content, FieldValue


@dataclass(frozen=True, kw_only=True)
class Upload(Act):
    """A person puts a file, or a new version of it, into a library: the inbox, for one."""

    drive: str
    """Display name of the library, such as `Dokument` or `Samordning`."""
    folder: str
    """Path below the library's root; made if `make_folder`, else waited for."""
    name: str
    content: Content
    by: str
    make_folder: bool = False


@dataclass(frozen=True, kw_only=True)
class UploadMany(Act):
    """A library is filled with files of one content, quickly: for size, not for a story."""

    drive: str
    folder: str
    """Path below the library's root; made."""
    names: Iterable[str]
    content: Content
    by: str


@dataclass(frozen=True, kw_only=True)
class OnItem(Act):
    """What is done to one file or folder that is there already."""

    by: str
    """Id of the person."""
    library: str = ""
    path: str = ""
    item: str = ""


@dataclass(frozen=True, kw_only=True)
class RenameFile(OnItem):
    name: str


@dataclass(frozen=True, kw_only=True)
class MoveFile(OnItem):
    folder: str
    """Path below the root of the library it goes to; empty for the root."""
    to_library: str = ""
    """Empty: the library in which it lies."""


@dataclass(frozen=True, kw_only=True)
class EditFile(OnItem):
    content: Content


@dataclass(frozen=True, kw_only=True)
class DeleteFile(OnItem):
    """Into the recycle bin, with everything below."""


@dataclass(frozen=True, kw_only=True)
class RestoreFile(OnItem):
    """Out of the recycle bin, to where it lay; the last one deleted there."""


@dataclass(frozen=True, kw_only=True)
class OpenFile(OnItem):
    """The file is open in Word, and locked, until it is closed."""


@dataclass(frozen=True, kw_only=True)
class CloseFile(OnItem):
    pass


@dataclass(frozen=True, kw_only=True)
class CheckOutFile(OnItem):
    pass


@dataclass(frozen=True, kw_only=True)
class CheckInFile(OnItem):
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class DiscardCheckOut(OnItem):
    pass


@dataclass(frozen=True, kw_only=True)
class LabelFile(OnItem):
    """A retention label; one of the world's. Empty takes the label away."""

    label: str
    locked: bool = True
    """Whether a record is locked."""


@dataclass(frozen=True, kw_only=True)
class EncryptFile(OnItem):
    """A sensitivity label that encrypts: what is read from now on is no Office file."""


@dataclass(frozen=True, kw_only=True)
class BlockDownload(OnItem):
    """One file, such as a recording, that can only be looked at."""

    blocked: bool = True


@dataclass(frozen=True, kw_only=True)
class ApproveFile(OnItem):
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class RejectFile(OnItem):
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class ShareFile(OnItem):
    """A link, or for `people` (ids or addresses) access of their own."""

    type: str = "view"
    """`view` or `edit`."""
    scope: str = "organization"
    people: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RestrictFile(OnItem):
    """Inheritance ends here: only these people read, and these write. The root by an empty path."""

    readers: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SetLibrary(Act):
    """A library's settings; what is None stays."""

    library: str
    by: str
    force_checkout: bool | None = None
    approval: bool | None = None
    block_download: bool | None = None
    required: tuple[str, ...] = ()
    """Internal names of columns that become required."""
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EditRow(Act):
    """A coordinator types into a list row; waits until a row matches."""

    list_name: str
    where: Mapping[str, str]
    """Internal column name to value, compared as text; dates by their day (YYYY-MM-DD)."""
    fields: Mapping[str, FieldValue]
    by: str


@dataclass(frozen=True, kw_only=True)
class AddRow(Act):
    list_name: str
    by: str
    fields: Mapping[str, FieldValue] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DeleteRow(Act):
    list_name: str
    where: Mapping[str, str]
    by: str
