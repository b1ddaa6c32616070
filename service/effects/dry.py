"""The transport that posts nothing: cards are written to files, to be looked at."""

import asyncio
import re
import zlib
from collections.abc import Callable
from pathlib import Path

from service.domain.post import parse_key
from service.ports import Delivery, Message, Receipt
from service.render.cards import adaptive_card

_MOST = 80


class DryPoster:
    """Implements `Changeable`. What it was given counts as said for as long as posts are dry."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def post(self, message: Message) -> Receipt:
        return await self.update(file_name(message), message)

    async def update(self, message_id: str, message: Message) -> Receipt:
        card = adaptive_card(message.card, key=message.key)
        return await self._told(message_id, lambda: self._write(message_id, card))

    async def withdraw(self, message_id: str) -> Receipt:
        return await self._told(message_id, lambda: self._take_back(message_id))

    async def _told(self, name: str, deed: Callable[[], None]) -> Receipt:
        try:
            await asyncio.to_thread(deed)
        except OSError as error:
            return Receipt(delivery=Delivery.REFUSED, reason=f"{self._folder}: {error.strerror}")
        return Receipt(delivery=Delivery.PROVED, message_id=name)

    def _write(self, name: str, card: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_bytes(card)

    def _take_back(self, name: str) -> None:
        there = self._folder / name
        if there.exists():
            there.replace(there.with_suffix(".withdrawn"))


def file_name(message: Message) -> str:
    """Name a post's file: kind, occurrence, title, and a mark that tells twins apart."""
    key = parse_key(message.key)
    parts = (key.kind, key.occurrence, message.card.title) if key else (message.card.title,)
    told = " ".join(re.sub(r"[^\w.-]+", " ", part).strip() for part in parts)
    return f"{told[:_MOST].strip()} {zlib.crc32(message.key.encode()):08x}.json"
