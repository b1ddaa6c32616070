"""
Posting by drafts: mails in the network mailbox that a person checks and sends.

https://learn.microsoft.com/graph/api/user-post-messages
"""

from dataclasses import replace
from enum import Enum, auto
from urllib.parse import quote

import msgspec

from service.errors import NotFound, TenantError, TenantFailed
from service.graph.attachments import PREFER
from service.graph.client import Graph
from service.graph.mailing import Lists, Outbox, written
from service.graph.receipts import refused
from service.graph.wire import WithId, decode
from service.ports import Delivery, Message, Receipt

RIGHT = (
    "the app Exchange's role `Application Mail.ReadWrite` on this mailbox "
    "(RBAC for Applications, scoped; not `Mail.ReadWrite` in Entra ID), "
    "or set NATVERKET_NETWORK_MAIL_AS=send, which needs `Application Mail.Send` alone"
)
DRAFT = "draft"
"""Reason of a receipt: it is there, and waits for somebody to send it."""


class State(Enum):
    """What has become of a draft."""

    WAITING = auto()
    SENT = auto()
    THROWN_AWAY = auto()


class WireDraft(WithId):
    is_draft: bool
    parent_folder_id: str


_made = msgspec.json.Decoder(WithId)
_draft = msgspec.json.Decoder(WireDraft)


class DraftPoster:
    """
    Implements `Changeable`: each post is a draft, known by an id that it keeps when it is sent.

    Needs Exchange's role `Application Mail.ReadWrite` on the mailbox. What a person has sent or
    thrown away stays so.
    """

    def __init__(self, graph: Graph, mailbox: str, lists: Lists) -> None:
        self._outbox = Outbox(graph, mailbox, RIGHT)
        self._lists = lists

    async def post(self, message: Message) -> Receipt:
        mail = written(message, self._outbox.mailbox, self._lists)
        if isinstance(mail, Receipt):
            return mail
        answer = await self._outbox.ask("messages", mail)
        if isinstance(answer, Receipt):
            return answer
        try:
            made = decode(_made, answer.content, self._outbox.about.subject)
        except TenantFailed as error:
            return Receipt(delivery=Delivery.UNKNOWN, reason=str(error))
        return Receipt(delivery=Delivery.PROVED, message_id=made.id, reason=DRAFT)

    async def update(self, message_id: str, message: Message) -> Receipt:
        """
        Put a new draft in its place; the receipt gives its id.

        The former one goes to Deleted Items with all that somebody may have written into it.
        """
        try:
            state = await self._state(message_id)
        except TenantError as error:
            return self._outbox.refusal(error)
        match state:
            case State.SENT:
                return _sent()
            case State.THROWN_AWAY:
                return refused("Somebody has thrown the draft away.")
            case State.WAITING:
                return await self._replace(message_id, message)

    async def withdraw(self, message_id: str) -> Receipt:
        """Put it into Deleted Items."""
        try:
            state = await self._state(message_id)
        except TenantError as error:
            return self._outbox.refusal(error)
        match state:
            case State.SENT:
                return _sent()
            case State.THROWN_AWAY:
                return Receipt(delivery=Delivery.PROVED, message_id=message_id)
            case State.WAITING:
                return await self._throw_away(message_id)

    async def _replace(self, message_id: str, message: Message) -> Receipt:
        new = await self.post(message)
        if new.delivery is not Delivery.PROVED:
            return new
        old = await self._throw_away(message_id)
        if old.delivery is Delivery.PROVED:
            return new
        return replace(new, reason=f"{DRAFT}; the former one may lie there still: {old.reason}")

    async def _throw_away(self, message_id: str) -> Receipt:
        path = f"messages/{quote(message_id, safe='')}/move"
        answer = await self._outbox.ask(path, {"destinationId": "deleteditems"})
        if isinstance(answer, Receipt):
            return answer
        return Receipt(delivery=Delivery.PROVED, message_id=message_id)

    async def _state(self, message_id: str) -> State:
        fields = "$select=isDraft,parentFolderId"
        try:
            found = await self._get(f"messages/{quote(message_id, safe='')}?{fields}")
        except NotFound:
            return State.THROWN_AWAY
        draft = decode(_draft, found, self._outbox.about.subject)
        if not draft.is_draft:
            return State.SENT
        bin_ = decode(
            _made, await self._get("mailFolders/deleteditems?$select=id"), "Deleted Items"
        )
        return State.THROWN_AWAY if draft.parent_folder_id == bin_.id else State.WAITING

    async def _get(self, path: str) -> bytes:
        graph = self._outbox.graph
        info = graph.at(self._outbox.at(path), headers={"Prefer": PREFER})
        return await graph.fetch(info, self._outbox.about)


def _sent() -> Receipt:
    return refused("Somebody has sent the draft already.")
