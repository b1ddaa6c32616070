"""Files on events and mails: what hangs there, and the bytes."""

from typing import Literal
from urllib.parse import quote

import msgspec
from kiota_abstractions.request_information import RequestInformation

from service.graph.client import Graph
from service.graph.download import Download
from service.graph.translate import About
from service.graph.wire import Listing, WireAttachment, seen_attachment
from service.observe import SeenAttachment
from service.ports import Content

# Ids that survive a move between folders, and times in UTC.
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'
# `contentBytes` left out: the whole files would come with the list.
FIELDS = "id,name,contentType,size,isInline,lastModifiedDateTime"

_attachments = msgspec.json.Decoder(Listing[WireAttachment])


class Attachments:
    """What hangs on the events or the messages of one mailbox."""

    def __init__(
        self, graph: Graph, mailbox: str, kind: Literal["events", "messages"], about: About
    ) -> None:
        self._graph = graph
        self._holders = f"{graph.base}/users/{quote(mailbox)}/{kind}"
        self._about = about

    async def of(self, holder_id: str) -> tuple[SeenAttachment, ...]:
        address = f"{self._at(holder_id)}?$select={FIELDS}"
        info = self._graph.at(address, headers={"Prefer": PREFER})
        return tuple(
            [
                seen_attachment(holder_id, one)
                async for page in self._graph.listing(info, _attachments, self._about)
                for one in page.value
            ]
        )

    def content(self, attachment: SeenAttachment) -> Content:
        address = f"{self._at(attachment.holder_id)}/{quote(attachment.id, safe='')}/$value"

        async def request() -> RequestInformation:
            return self._graph.at(address, headers={"Prefer": PREFER, "Accept": "*/*"})

        about = About(subject=f"attachment {attachment.name}", right=self._about.right)
        return Download(self._graph, request, about, ranges=False)

    def _at(self, holder_id: str) -> str:
        return f"{self._holders}/{quote(holder_id, safe='')}/attachments"
