"""
What the network mailbox has sent, read for one thing: the keys of our own posts.

https://learn.microsoft.com/graph/api/message-delta
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote

import msgspec

from service.domain.post import key_in
from service.graph.client import Graph
from service.graph.mail import RIGHT
from service.graph.messages import links_in
from service.graph.translate import About
from service.graph.wire import Facet, Listing, Text, Wire, aware, decode
from service.observe import Change, Page, SeenMessage

FIELDS = "sentDateTime,body,webLink"
PAGE = 50
BACK = timedelta(days=60)
"""How far a first reading goes back: what was due before then is no longer said."""
_ID = 'IdType="ImmutableId"'


class WireSent(Wire):
    id: str
    sent_date_time: datetime | None = None
    body: Text | None = None
    web_link: str | None = None
    removed: Facet | None = msgspec.field(default=None, name="@removed")


_mails = msgspec.json.Decoder(Listing[WireSent])
_mail = msgspec.json.Decoder(WireSent)


class SentMail:
    """
    Implements `Messages` for Sent Items, or for Drafts, of one mailbox.

    Needs Exchange's role `Application Mail.Read` on it. People write from the mailbox, too:
    of all mails only those that carry a key are told of, by their links that do; no text is kept.
    """

    def __init__(
        self,
        graph: Graph,
        mailbox: str,
        folder: Literal["sentitems", "drafts"] = "sentitems",
    ) -> None:
        self._graph = graph
        self._base = f"{graph.base}/users/{quote(mailbox)}"
        self._folder = folder
        self._about = About(subject=f"mail folder {folder} of mailbox {mailbox}", right=RIGHT)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]:
        """Yield the posts sent since the cursor; of the last 60 days, without one."""
        if cursor is None:
            since = (self._graph.clock.now() - BACK).astimezone(UTC)
            asked = f"$select={FIELDS}&$filter=receivedDateTime+ge+{since:%Y-%m-%dT%H:%M:%SZ}"
            address = f"{self._base}/mailFolders/{self._folder}/messages/delta?{asked}"
            info = self._graph.at(address, headers=_PAGED)
        else:
            info = self._graph.follow(cursor, _PAGED)
        async for page in self._graph.listing(info, _mails, self._about):
            changes = [change for one in page.value if (change := await self._change(one))]
            yield Page(changes=tuple(changes), cursor=page.delta_link)

    async def _change(self, mail: WireSent) -> Change[SeenMessage] | None:
        if mail.removed is not None:
            return Change(id=mail.id, value=None)
        # Of one that has changed since, delta may tell only what is other now.
        whole = mail if mail.body is not None else await self._fetch(mail.id)
        if whole is None or (seen := _seen(whole)) is None:
            return None
        return Change(id=mail.id, value=seen)

    async def _fetch(self, mail_id: str) -> WireSent | None:
        address = f"{self._base}/messages/{quote(mail_id, safe='')}?$select={FIELDS}"
        data = await self._graph.find(self._graph.at(address, headers={"Prefer": _ID}), self._about)
        return None if data is None else decode(_mail, data, self._about.subject)


_PAGED = {"Prefer": f"{_ID}, odata.maxpagesize={PAGE}"}


def _seen(mail: WireSent) -> SeenMessage | None:
    links = tuple(link for link in links_in(mail.body) if key_in(link.url))
    if not links:
        return None
    return SeenMessage(
        id=mail.id,
        created=aware(mail.sent_date_time or datetime.fromtimestamp(0, UTC)),
        author="",
        author_name="",
        text="",
        links=links,
        replies=(),
        url=mail.web_link or "",
    )
