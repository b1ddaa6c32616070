"""One folder of the network mailbox."""

import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import quote

import msgspec

from service.errors import NotFound
from service.graph.attachments import PREFER, Attachments
from service.graph.client import Graph
from service.graph.translate import About
from service.graph.wire import Facet, Listing, Wire, aware, decode
from service.observe import Change, Page, SeenAttachment, SeenMail
from service.ports import Content

RIGHT = (
    "the app Exchange's role `Application Mail.Read` on this mailbox "
    "(RBAC for Applications, scoped; not `Mail.Read` in Entra ID)"
)
FIELDS = "subject,receivedDateTime,hasAttachments"
PAGE = 50
FOLDERS = 100
WELL_KNOWN = frozenset({"inbox", "archive", "sentitems", "deleteditems", "junkemail", "drafts"})
"""Names that Graph takes for ids, whatever the mailbox's language."""


class WireFolder(Wire):
    id: str
    display_name: str = ""


class WireMail(Wire):
    id: str
    subject: str | None = None
    received_date_time: datetime | None = None
    has_attachments: bool = False
    removed: Facet | None = msgspec.field(default=None, name="@removed")


_folders = msgspec.json.Decoder(Listing[WireFolder])
_mails = msgspec.json.Decoder(Listing[WireMail])
_mail = msgspec.json.Decoder(WireMail)


class GraphMail:
    """
    Implements `Mail` for one folder, which is looked for when it is first read.

    It is named by its path below the root of the mailbox, as people see it there, or by one
    of Outlook's own words such as `inbox`; a single name may also lie in the inbox.
    """

    def __init__(self, graph: Graph, mailbox: str, folder: str) -> None:
        self._graph = graph
        self._base = f"{graph.base}/users/{quote(mailbox)}"
        self._path = folder.strip("/")
        self._about = About(subject=f"mail folder {folder} of mailbox {mailbox}", right=RIGHT)
        self._attached = Attachments(graph, mailbox, "messages", self._about)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMail]]:
        if cursor is None:
            folder = quote(await self.folder(), safe="")
            address = f"{self._base}/mailFolders/{folder}/messages/delta?$select={FIELDS}"
            info = self._graph.at(address, headers=_PAGED)
        else:
            info = self._graph.follow(cursor, _PAGED)
        async for page in self._graph.listing(info, _mails, self._about):
            changes = tuple([await self._change(one) for one in page.value])
            yield Page(changes=changes, cursor=page.delta_link)

    async def attachments(self, mail_id: str) -> tuple[SeenAttachment, ...]:
        return await self._attached.of(mail_id)

    def attachment(self, attachment: SeenAttachment) -> Content:
        return self._attached.content(attachment)

    # ------------------------------------------------------------ within

    async def _change(self, mail: WireMail) -> Change[SeenMail]:
        if mail.removed is not None:
            return Change(id=mail.id, value=None)
        whole: WireMail | None = mail
        if mail.received_date_time is None:
            # Of one that has changed since, delta may tell only what is other now.
            whole = await self._fetch(mail.id)
        return Change(id=mail.id, value=_seen_mail(whole) if whole else None)

    async def _fetch(self, mail_id: str) -> WireMail | None:
        address = f"{self._base}/messages/{quote(mail_id, safe='')}?$select={FIELDS}"
        info = self._graph.at(address, headers={"Prefer": PREFER})
        data = await self._graph.find(info, self._about)
        return None if data is None else decode(_mail, data, self._about.subject)

    async def folder(self) -> str:
        """Find the id of the folder, or Outlook's own word for it. Raises NotFound."""
        names = self._path.split("/")
        here = "msgfolderroot"
        for depth, name in enumerate(names):
            if depth == 0 and name.lower() in WELL_KNOWN:
                here = name.lower()
                continue
            below = await self._below(here)
            found = below.get(_folded(name))
            if found is None and len(names) == 1:
                found = (await self._below("inbox")).get(_folded(name))
            if found is None:
                raise self._none(name, [one.display_name for one in below.values()])
            here = found.id
        return here

    async def _below(self, folder: str) -> dict[str, WireFolder]:
        """Folders in a folder, by their names as they are compared."""
        address = (
            f"{self._base}/mailFolders/{quote(folder, safe='')}/childFolders"
            f"?$select=id,displayName&$top={FOLDERS}"
        )
        info = self._graph.at(address, headers={"Prefer": PREFER})
        return {
            _folded(one.display_name): one
            async for page in self._graph.listing(info, _folders, self._about)
            for one in page.value
        }

    def _none(self, name: str, there: list[str]) -> NotFound:
        return NotFound(
            self._about.subject,
            f"There is no {name!r}; there are: {', '.join(sorted(there)) or 'none'}.",
            remedy="Make the folder in Outlook, or mend NATVERKET_NETWORK_MAIL_FOLDER.",
        )


_PAGED = {"Prefer": f"{PREFER}, odata.maxpagesize={PAGE}"}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _seen_mail(mail: WireMail) -> SeenMail:
    received = mail.received_date_time or datetime.fromtimestamp(0, UTC)
    return SeenMail(
        id=mail.id,
        subject=mail.subject or "",
        received=aware(received),
        has_attachments=mail.has_attachments,
    )
