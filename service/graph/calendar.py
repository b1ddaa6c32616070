"""The network mailbox's calendar."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
from kiota_abstractions.request_information import RequestInformation

from service.graph.attachments import PREFER, Attachments
from service.graph.client import Graph, asking
from service.graph.sdk import EventQuery, EventsDeltaQuery
from service.graph.translate import About
from service.graph.wire import (
    Listing,
    WireEvent,
    decode,
    seen_event,
)
from service.observe import Change, Page, SeenAttachment, SeenEvent
from service.ports import Content

PREFER_PAGE = f"{PREFER}, odata.maxpagesize=50"
RIGHT = (
    "the app Exchange's role `Application Calendars.Read` on this mailbox "
    "(RBAC for Applications, scoped; not `Calendars.Read` in Entra ID)"
)

_events = msgspec.json.Decoder(Listing[WireEvent])
_event = msgspec.json.Decoder(WireEvent)


class GraphCalendar:
    """Implements `Calendar` for one mailbox."""

    def __init__(self, graph: Graph, mailbox: str) -> None:
        self._graph = graph
        self._user = graph.sdk.users.by_user_id(mailbox)
        self._about = About(subject=f"calendar of mailbox {mailbox}", right=RIGHT)
        self._attached = Attachments(graph, mailbox, "events", self._about)

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
        return await self._attached.of(event_id)

    def attachment(self, attachment: SeenAttachment) -> Content:
        return self._attached.content(attachment)

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


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
