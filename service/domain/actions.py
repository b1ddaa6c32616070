"""
What a plan is made of: a closed set of actions, each a frozen value.

An action with a key happens once: the key is the effect's identity in the ledger. An
action that converges (`WriteRow`) carries what it was decided on instead, and is decided
anew from what the tenant shows. One that names its meeting (`meeting_id`) touches that
meeting's files alone, and may run beside those of other meetings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import quote, unquote

from service.domain.post import Appointment, Card
from service.domain.routes import Transport
from service.errors import NatverketError
from service.observe import (
    Fields,
    SeenAttachment,
    SeenItem,
    SeenRecording,
    SeenRow,
    SeenTranscript,
)


class Shelf(StrEnum):
    """The two libraries of a network."""

    DOCUMENTATION = "documentation"
    """Members read it."""
    COORDINATION = "coordination"
    """Only coordinators open it."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder by its identity; `path` is where it is made the first time."""

    key: str
    shelf: Shelf
    path: str
    within: "Folder | None" = None
    """The folder it lies in, wherever people have moved that; `path` is then below it."""
    lasting: bool = False
    """It is the service's own, and made again where a person has removed it."""


@dataclass(frozen=True, kw_only=True)
class AsCaptions:
    """WebVTT beside the recording, without the speakers' names."""


@dataclass(frozen=True, kw_only=True)
class AsDocument:
    """A document to read: speaker, time, paragraphs."""

    title: str
    held: date
    part: int | None
    """Of several; None: there is one."""


@dataclass(frozen=True, kw_only=True)
class FromEvent:
    """The bytes of a file attached to an event."""

    attachment: SeenAttachment


@dataclass(frozen=True, kw_only=True)
class FromMail:
    """The bytes of a file attached to a mail."""

    attachment: SeenAttachment


@dataclass(frozen=True, kw_only=True)
class FromItem:
    """A file of another library: copied by the service, else read and written."""

    item: SeenItem


@dataclass(frozen=True, kw_only=True)
class FromRecording:
    """A recording by the meeting API; copied by the service, where it lies in reach."""

    organizer: str
    recording: SeenRecording
    lies_as: SeenItem | None = None
    """The file, where it lies in a library that the app may read."""


@dataclass(frozen=True, kw_only=True)
class FromTranscript:
    """What was said, in one of its forms."""

    organizer: str
    transcript: SeenTranscript
    form: AsCaptions | AsDocument


@dataclass(frozen=True, kw_only=True)
class Made:
    """A document that we make; `fingerprint` tells whether what it says has changed."""

    make: Callable[[], bytes]
    fingerprint: str


Source = FromEvent | FromMail | FromItem | FromRecording | FromTranscript | Made


@dataclass(frozen=True, kw_only=True)
class PrepareFolder:
    folder: Folder


@dataclass(frozen=True, kw_only=True)
class StoreFile:
    """Put a new file into a folder, with its columns. Never overwrites."""

    key: str
    folder: Folder
    name: str
    source: Source
    columns: Fields
    meeting_id: str
    why: str = ""
    """How it was told whose it is, in the network's language."""
    version: str = ""
    """Of the source; another one is a new version of the same file."""
    beside: str = ""
    """Key of a filing without which this one is nothing: captions lie beside a recording."""


@dataclass(frozen=True, kw_only=True)
class RenewFile:
    """
    Write what has changed at its source over the filed file.

    Beside it, where a person has edited that; not at all, where she has removed it.
    """

    key: str
    of: str
    """Key of the filing."""
    name: str
    label: str
    """What a version beside is called: `ny version`."""
    source: Source
    version: str


@dataclass(frozen=True, kw_only=True)
class RefreshFile:
    """Write a document of ours, or write it anew; beside it, where a person has edited it."""

    key: str
    folder: Folder
    name: str
    name_beside: str
    source: Made


@dataclass(frozen=True, kw_only=True)
class MoveFile:
    """Move a file that a person put into the inbox, keeping its id, and set its columns."""

    key: str
    item: SeenItem
    folder: Folder
    name: str
    columns: Fields
    meeting_id: str
    why: str = ""
    """How it was told whose it is, in the network's language."""


@dataclass(frozen=True, kw_only=True)
class TagFile:
    """Set the columns of a file that a person put where it belongs."""

    key: str
    item: SeenItem
    columns: Fields
    meeting_id: str


@dataclass(frozen=True, kw_only=True)
class RetagFile:
    """Bring columns of a filed file after its meeting; what people own is not among them."""

    key: str
    of: str
    """Key of the filing."""
    item: SeenItem
    columns: Fields
    """Those that are to change."""
    meeting_id: str
    """Whose file it is from now on."""


@dataclass(frozen=True, kw_only=True)
class RelocateFile:
    """Move a filed file, that nobody has touched, to where it belongs from now on."""

    key: str
    of: str
    """Key of the filing."""
    item: SeenItem
    folder: Folder
    name: str
    columns: Fields
    """Written after the move; none, where it goes to the coordinators' library."""


@dataclass(frozen=True, kw_only=True)
class RenameFolder:
    """Bring a meeting's folder, that nobody has touched, after the meeting."""

    key: str
    """Of the folder."""
    item: SeenItem
    path: str
    """Below the library's root, its own name included."""


@dataclass(frozen=True, kw_only=True)
class WriteRow:
    """Bring a row of the register to what it should say; `row` is None for a new one."""

    key: str
    row: SeenRow | None
    fields: Fields
    """To be written now."""
    base: Fields
    """Everything that we shall then have written: the base of the next three-way merge."""


@dataclass(frozen=True, kw_only=True)
class Announce:
    """Post a card to a channel, once, unless it is no longer useful."""

    key: str
    """Of this very message; of several that are one post, each has its own."""
    post: str
    """Key of the post that it belongs to."""
    channel: str
    """As the key names it: a channel's id, or `mail`."""
    via: Transport
    kind: str
    card: Card
    useful_until: datetime
    all_of: tuple[str, ...]
    """Keys of all messages of the post; it is settled when all of them are."""
    groups: tuple[str, ...] = ()
    """Ids of the focus groups that it concerns; empty: all."""
    appointment: Appointment | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    """What the card says of time and place: what a later correction is measured against."""
    links: tuple[str, ...] = ()
    """Every address that it gives to members."""
    corrects: str = ""
    """Id of the meeting whose earlier posts are put right, in their places where that can be."""


@dataclass(frozen=True, kw_only=True)
class Forgo:
    """Write down that something due will not be done, so that it is not decided again."""

    key: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Leave:
    """Do nothing about something, and say why."""

    subject: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Unread:
    """Go without something that could not be read, and have the run end in part for it."""

    subject: str
    error: NatverketError


Action = (
    PrepareFolder
    | StoreFile
    | RefreshFile
    | RenewFile
    | MoveFile
    | RelocateFile
    | TagFile
    | RetagFile
    | RenameFolder
    | WriteRow
    | Announce
    | Forgo
    | Leave
    | Unread
)


def sentence(action: Action) -> str:
    """Say what an action would do, for `natverket plan`."""
    match action:
        case PrepareFolder(folder=folder):
            return f"make folder {folder.shelf}/{folder.path}"
        case StoreFile(folder=folder, name=name, why=why):
            return f"file {folder.shelf}/{folder.path}/{name}{_because(why)}"
        case RefreshFile(folder=folder, name=name):
            return f"file {folder.shelf}/{folder.path}/{name}"
        case MoveFile(item=item, folder=folder, name=name, why=why):
            there = f"{folder.shelf}/{folder.path}/{name}"
            return f"move {item.path}/{item.name} to {there}{_because(why)}"
        case RelocateFile(item=item, folder=folder, name=name):
            return f"move {item.path}/{item.name} to {folder.shelf}/{folder.path}/{name}"
        case RenewFile(name=name, of=of):
            return f"write the new version of {name} ({of})"
        case TagFile(item=item) | RetagFile(item=item):
            return f"set columns of {item.path}/{item.name}"
        case RenameFolder(item=item, path=path):
            return f"rename folder {item.path}/{item.name} to {path}"
        case WriteRow(row=None, fields=fields):
            return f"add register row {fields.get('Title')}"
        case WriteRow(base=base, fields=fields):
            return f"write {', '.join(sorted(fields))} of register row {base.get('Title')}"
        case Announce(channel=channel, via=via, card=card, kind=kind):
            return f"post “{card.title}” ({kind}) by {via} to {channel}"
        case Forgo(key=key, why=why):
            return f"forgo {key.split('/')[-2]} ({why})"
        case Leave(subject=subject, why=why):
            return f"leave {subject}: {why}"
        case Unread(subject=subject, error=error):
            return f"go without {subject}: {error}"


def _because(why: str) -> str:
    return f" ({why})" if why else ""


def file_key(meeting_id: str, origin: str, source_id: str) -> str:
    """
    Identity of a file's filing: whose it is, where it came from, and which it was there.

    `origin` is one of event, mail, link, watched, inbox, folder, recording, captions,
    transcript.
    """
    return f"file/{quote(meeting_id, safe='')}/{origin}/{quote(source_id, safe='')}"


def begun_for(key: str) -> str:
    """Id of the meeting for which a file was filed first; a person may have moved it since."""
    return unquote(key.split("/")[1])


def origin_of(key: str) -> str:
    return key.split("/")[2]


def item_id_of(key: str) -> str:
    """The id at the source of what was filed under this key."""
    return unquote(key.split("/")[3])
