"""Register, channel, calendar and Teams in memory, and the real ledger made mortal."""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from service.errors import BadRequest, Changed, Conflict, DownloadBlocked, Forbidden
from service.observe import (
    Change,
    Fields,
    FieldValue,
    Page,
    SeenAttachment,
    SeenEvent,
    SeenLink,
    SeenMail,
    SeenMessage,
    SeenPresence,
    SeenRecording,
    SeenRow,
    SeenTranscript,
)
from service.ports import Content, Delivery, Effect, Message, Receipt
from service.render.cards import adaptive_card
from service.store import SqlLedger
from tests.unit.effects.fate import Bytes, Clock, Fate

T = TypeVar("T")
Capture = TypeVar("Capture", SeenRecording, SeenTranscript)

# ---------------------------------------------------------------- the register


class Rows:
    """A list whose column NvMeetingId is unique."""

    def __init__(self, fate: Fate) -> None:
        self.fate = fate
        self.rows: dict[str, SeenRow] = {}
        self.named: dict[str, str] = {}
        """Columns by internal name, as people call them."""
        self._log: list[str] = []

    async def titles(self) -> Mapping[str, str]:
        return self.named

    def fill(self, **fields: FieldValue) -> str:
        """A flow adds a row, whatever is in it."""
        row_id = str(len(self._log) + 1)
        self._put(row_id, fields)
        return row_id

    def take_out(self, row_id: str) -> None:
        """A person deletes a row."""
        del self.rows[row_id]
        self._log.append(row_id)

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenRow]]:
        ids = dict.fromkeys(self._log[int(cursor or 0) :])
        found = tuple(Change(id=i, value=self.rows.get(i)) for i in ids)
        yield Page(changes=found, cursor=str(len(self._log)))

    async def find(self, column: str, value: str) -> SeenRow | None:
        return next((r for r in self.rows.values() if r.fields.get(column) == value), None)

    async def add(self, fields: Fields) -> SeenRow:
        if await self.find("NvMeetingId", str(fields["NvMeetingId"])):
            raise Conflict("register")
        with self.fate.write("row added"):
            return self._put(str(len(self._log) + 1), fields)

    async def update(self, row_id: str, fields: Fields, *, etag: str | None) -> SeenRow:
        row = self.rows[row_id]
        if etag is not None and etag != row.etag:
            raise Changed("register")
        with self.fate.write("row updated"):
            return self._put(row_id, {**row.fields, **fields})

    def type(self, row_id: str, **fields: str | float | bool | None) -> None:
        """A coordinator writes in the list."""
        self._put(row_id, {**self.rows[row_id].fields, **fields})

    def _put(self, row_id: str, fields: Fields) -> SeenRow:
        self._log.append(row_id)
        self.rows[row_id] = SeenRow(id=row_id, etag=f"e{len(self._log)}", fields=dict(fields))
        return self.rows[row_id]


# ---------------------------------------------------------------- the channel


class Channel:
    """A channel, the flow that posts to it, and the way to read it."""

    def __init__(self, fate: Fate, clock: Clock) -> None:
        self.fate, self.clock = fate, clock
        self.messages: list[SeenMessage] = []
        self.under_way: list[Message] = []
        """Accepted by the flow, and not in the channel yet."""
        self.answers: list[Receipt | str] = []
        """What the next posts are answered; `lost` is lost after the effect, `dead` before it."""
        self.posted = 0

    async def post(self, message: Message) -> Receipt:
        answer = self.answers.pop(0) if self.answers else Receipt(delivery=Delivery.QUEUED)
        if isinstance(answer, Receipt) and answer.delivery is Delivery.REFUSED:
            return answer
        if answer == "dead":
            return Receipt(delivery=Delivery.UNKNOWN)
        with self.fate.write("post"):
            self.posted += 1
            self.under_way.append(message)
        return Receipt(delivery=Delivery.UNKNOWN) if isinstance(answer, str) else answer

    def deliver(self) -> None:
        """The flow has done its work."""
        for message in self.under_way:
            card = adaptive_card(message.card, key=message.key)
            number = f"m{len(self.messages) + 1}"
            links = tuple(SeenLink(title="Öppna", url=url) for url in urls_of(card))
            self.messages.append(
                SeenMessage(
                    id=number,
                    created=self.clock.now(),
                    author="",
                    author_name="Flöde",
                    text="",
                    links=links,
                    replies=(),
                    url=f"https://teams.exempel.se/{number}",
                )
            )
        self.under_way.clear()

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMessage]]:
        news = self.messages[int(cursor or 0) :]
        found = tuple(Change(id=message.id, value=message) for message in news)
        yield Page(changes=found, cursor=str(len(self.messages)))


def urls_of(card: bytes) -> list[str]:
    """Every link of a card."""
    return re.findall(r'"(https://[^"]+)"', json.dumps(json.loads(card)))


# ---------------------------------------------------------------- calendar and Teams


class Calendar:
    def __init__(self) -> None:
        self.events: dict[str, SeenEvent] = {}
        self.files: dict[str, tuple[SeenAttachment, bytes]] = {}

    async def changes(
        self, cursor: str | None, window: tuple[datetime, datetime]
    ) -> AsyncIterator[Page[SeenEvent]]:
        first, end = window
        within = (e for e in self.events.values() if e.start < end and e.end > first)
        found = tuple(Change(id=e.id, value=e) for e in within)
        yield Page(changes=found, cursor="kept")

    async def event(self, event_id: str) -> SeenEvent | None:
        return self.events.get(event_id)

    async def attachments(self, event_id: str) -> tuple[SeenAttachment, ...]:
        return tuple(a for a, _ in self.files.values() if a.holder_id == event_id)

    def attachment(self, attachment: SeenAttachment) -> Content:
        return Bytes(self.files[attachment.id][1])


class Blocked:
    """Content that a policy keeps from being read."""

    size: int | None = None

    def __init__(self, name: str) -> None:
        self.name = name

    async def read(self, offset: int = 0) -> AsyncIterator[bytes]:
        raise DownloadBlocked(self.name)
        yield b""


class Mail:
    """A folder of the mailbox; mails are put into it and taken out, and never change."""

    def __init__(self) -> None:
        self.mails: dict[str, SeenMail] = {}
        self.files: dict[str, tuple[SeenAttachment, bytes]] = {}
        self._log: list[str] = []

    async def changes(self, cursor: str | None) -> AsyncIterator[Page[SeenMail]]:
        ids = dict.fromkeys(self._log[int(cursor or 0) :])
        found = tuple(Change(id=i, value=self.mails.get(i)) for i in ids)
        yield Page(changes=found, cursor=str(len(self._log)))

    async def attachments(self, mail_id: str) -> tuple[SeenAttachment, ...]:
        return tuple(a for a, _ in self.files.values() if a.holder_id == mail_id)

    def attachment(self, attachment: SeenAttachment) -> Content:
        return Bytes(self.files[attachment.id][1])

    def arrive(self, mail: SeenMail, *files: tuple[SeenAttachment, bytes]) -> None:
        self.mails[mail.id] = mail
        self.files |= {file.id: (file, data) for file, data in files}
        self._log.append(mail.id)

    def leave(self, mail_id: str) -> None:
        """A person takes it out of the folder."""
        del self.mails[mail_id]
        self._log.append(mail_id)


class OnlineMeetings:
    def __init__(self) -> None:
        self.made: list[SeenRecording] = []
        self.written: list[SeenTranscript] = []
        self.present: tuple[SeenPresence, ...] = ()
        self.asked: list[str] = []
        """Online meetings whose attendance was asked for."""
        self.closed: set[str] = set()
        """Organisers without an application access policy."""
        self.bytes: dict[str, bytes] = {}
        self.requests: list[str] = []
        """What was asked for, of meetings, recordings and transcripts."""
        self.in_channels: set[str] = set()
        """Online meetings that the listings by organiser leave out."""
        self.without_policy: set[str] = set()
        """Organisers whose meetings cannot even be looked up."""
        self.without_delta = False
        self.transcription_off = False
        self.blocked: set[str] = set()
        """Recordings whose download a policy blocks."""

    async def find(self, organizer: str, join_url: str) -> str | None:
        self._ask(f"find {organizer}", organizer)
        return join_url.rpartition("/")[2] or None

    async def recordings(self, organizer: str, meeting_id: str) -> tuple[SeenRecording, ...]:
        self._ask(f"recordings {meeting_id}", organizer)
        return tuple(r for r in self.made if r.meeting_id == meeting_id)

    async def transcripts(self, organizer: str, meeting_id: str) -> tuple[SeenTranscript, ...]:
        self._ask(f"transcripts {meeting_id}", organizer)
        if self.transcription_off:
            raise Forbidden("transcripts")
        return tuple(t for t in self.written if t.meeting_id == meeting_id)

    def new_recordings(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenRecording]]:
        return self._new("new recordings", organizer, self.made, cursor)

    def new_transcripts(
        self, organizer: str, join_url: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page[SeenTranscript]]:
        return self._new("new transcripts", organizer, self.written, cursor)

    async def _new(
        self, what: str, organizer: str, all_: list[Capture], cursor: str | None
    ) -> AsyncIterator[Page[Capture]]:
        self._ask(f"{what} {organizer}", organizer)
        if self.without_delta:
            raise BadRequest(what)
        shown = [one for one in all_ if one.meeting_id not in self.in_channels]
        # The last one comes again (known issue 22934).
        news = shown[max(int(cursor or 0) - 1, 0) :]
        yield Page(
            changes=tuple(Change(id=one.id, value=one) for one in news), cursor=str(len(shown))
        )

    def _ask(self, what: str, organizer: str) -> None:
        self.requests.append(what)
        if organizer in self.without_policy:
            raise Forbidden(f"online meetings of {organizer}")

    async def attendance(
        self, organizer: str, meeting_id: str, window: tuple[datetime, datetime]
    ) -> tuple[SeenPresence, ...]:
        self.asked.append(meeting_id)
        if organizer in self.closed:
            raise Forbidden(f"online meetings of {organizer}")
        return self.present

    def recording(self, organizer: str, recording: SeenRecording) -> Content:
        if recording.id in self.blocked:
            return Blocked(recording.id)
        return Bytes(self.bytes[recording.id])

    async def transcript(self, organizer: str, transcript: SeenTranscript) -> bytes:
        return self.bytes[transcript.id]


# ---------------------------------------------------------------- the ledger


class MortalLedger:
    """The real ledger, with a boundary before and after each of its writes."""

    def __init__(self, ledger: SqlLedger, fate: Fate) -> None:
        self.real, self.fate = ledger, fate

    async def cursor(self, source: str) -> str | None:
        return await self.real.cursor(source)

    async def absorb(
        self, source: str, changes: Sequence[Change[T]], *, cursor: str | None = None
    ) -> None:
        with self.fate.write("absorb", outward=False):
            await self.real.absorb(source, changes, cursor=cursor)

    async def forget(self, source: str) -> None:
        await self.real.forget(source)

    async def let_go(self, source: str) -> None:
        with self.fate.write("let go", outward=False):
            await self.real.let_go(source)

    async def seen(self, source: str, kind: type[T]) -> dict[str, T]:
        return await self.real.seen(source, kind)

    async def effects(self, prefix: str = "") -> dict[str, Effect]:
        return await self.real.effects(prefix)

    async def claim(self, key: str, *, job: str, now: datetime) -> tuple[Effect, bool]:
        with self.fate.write("claim", outward=False):
            return await self.real.claim(key, job=job, now=now)

    async def keep(self, effect: Effect) -> None:
        with self.fate.write("keep", outward=False):
            await self.real.keep(effect)


class Bot(Channel):
    """A way by which messages are proved by their ids, and can be changed."""

    def __init__(self, fate: Fate, clock: Clock) -> None:
        super().__init__(fate, clock)
        self.cards: dict[str, Message] = {}
        """What stands in the channel, by id."""

    async def post(self, message: Message) -> Receipt:
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Receipt):
            return answer
        if answer == "dead":
            return Receipt(delivery=Delivery.UNKNOWN)
        with self.fate.write("post"):
            self.posted += 1
            number = f"b{self.posted}"
            self.cards[number] = message
        if answer == "lost":
            return Receipt(delivery=Delivery.UNKNOWN)
        return Receipt(delivery=Delivery.PROVED, message_id=number)

    async def update(self, message_id: str, message: Message) -> Receipt:
        if self.answers and isinstance(self.answers[0], Receipt):
            return self.answers.pop(0)
        if message_id not in self.cards:
            return Receipt(delivery=Delivery.REFUSED, reason="gone")
        with self.fate.write("update"):
            self.cards[message_id] = message
        return Receipt(delivery=Delivery.PROVED, message_id=message_id)

    async def withdraw(self, message_id: str) -> Receipt:
        with self.fate.write("withdraw"):
            self.cards.pop(message_id, None)
        return Receipt(delivery=Delivery.PROVED, message_id=message_id)
