"""The network mailbox's calendar."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
from kiota_abstractions.request_information import RequestInformation

from service.graph.client import Graph, asking
from service.graph.download import Download
from service.graph.sdk import AttachmentsQuery, EventQuery, EventsDeltaQuery
from service.graph.translate import About
from service.graph.wire import (
    Listing,
    WireAttachment,
    WireEvent,
    decode,
    seen_attachment,
    seen_event,
)
from service.observe import Change, Page, SeenAttachment, SeenEvent
from service.ports import Content

# Ids that survive a move between folders, and times in UTC.
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'
PREFER_PAGE = f"{PREFER}, odata.maxpagesize=50"
# `contentBytes` left out: the whole files would come with the list.
ATTACHMENT_FIELDS = ["id", "name", "contentType", "size", "isInline", "lastModifiedDateTime"]
RIGHT = (
    "the app Exchange's role `Application Calendars.Read` on this mailbox "
    "(RBAC for Applications, scoped; not `Calendars.Read` in Entra ID)"
)

_events = msgspec.json.Decoder(Listing[WireEvent])
_event = msgspec.json.Decoder(WireEvent)
_attachments = msgspec.json.Decoder(Listing[WireAttachment])


class GraphCalendar:
    """Implements `Calendar` for one mailbox."""

    def __init__(self, graph: Graph, mailbox: str) -> None:
        self._graph = graph
        self._user = graph.sdk.users.by_user_id(mailbox)
        self._about = About(subject=f"calendar of mailbox {mailbox}", right=RIGHT)

    async def changes(
        self, cursor: str | None, window: tuple[datetime, datetime]
    ) -> AsyncIterator[Page[SeenEvent]]:
        info = self._begin(window) if cursor is None else self._graph.follow(cursor, _PAGED)
        async for page in self._graph.listing(info, _events, self._about):
            changes = [change for one in page.value if (change := await self._change(one))]
            yield Page(changes=tuple(changes), cursor=page.delta_link)

    async def event(self, event_id: str) -> SeenEvent | None:
        event = await self._fetch(event_id)
        return seen_event(event) if event else None

    async def attachments(self, event_id: str) -> tuple[SeenAttachment, ...]:
        query = AttachmentsQuery(select=ATTACHMENT_FIELDS)
        attachments = self._user.events.by_event_id(event_id).attachments
        info = attachments.to_get_request_information(asking(query, Prefer=PREFER))
        return tuple(
            [
                seen_attachment(event_id, one)
                async for page in self._graph.listing(info, _attachments, self._about)
                for one in page.value
            ]
        )

    def attachment(self, attachment: SeenAttachment) -> Content:
        builder = self._user.events.by_event_id(attachment.holder_id).attachments.by_attachment_id(
            attachment.id
        )

        async def request() -> RequestInformation:
            # The SDK has no builder for the raw value of an attachment.
            plain = builder.to_get_request_information()
            plain.path_parameters["baseurl"] = self._graph.base
            return self._graph.at(f"{plain.url}/$value", headers={"Prefer": PREFER, **_ANY})

        about = About(subject=f"attachment {attachment.name}", right=RIGHT)
        return Download(self._graph, request, about, ranges=False)

    # ------------------------------------------------------------ within

    def _begin(self, window: tuple[datetime, datetime]) -> RequestInformation:
        start, end = window
        query = EventsDeltaQuery(start_date_time=_stamp(start), end_date_time=_stamp(end))
        delta = self._user.calendar_view.delta
        return delta.to_get_request_information(asking(query, **_PAGED))

    async def _change(self, event: WireEvent) -> Change[SeenEvent] | None:
        if event.removed is not None:
            return Change(id=event.id, value=None)
        if event.type == "seriesMaster":
            # Not an occasion: its occurrences come beside it.
            return None
        whole = event if event.whole() else await self._fetch(event.id)
        return Change(id=event.id, value=seen_event(whole) if whole else None)

    async def _fetch(self, event_id: str) -> WireEvent | None:
        query = EventQuery()
        builder = self._user.events.by_event_id(event_id)
        info = builder.to_get_request_information(asking(query, Prefer=PREFER))
        data = await self._graph.find(info, self._about)
        return None if data is None else decode(_event, data, self._about.subject)


_PAGED = {"Prefer": PREFER_PAGE}
_ANY = {"Accept": "*/*"}


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
