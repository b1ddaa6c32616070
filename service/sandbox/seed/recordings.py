"""Recordings of digital meetings and what was said in them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from service.sandbox.seed.attendance import Joined
from service.sandbox.seed.chance import chance
from service.sandbox.seed.meetings import Meeting
from service.sandbox.timeline import Record

READY = timedelta(minutes=62)
CUES = 20
SMALL, LARGE = 0.4, 1.5
"""Megabytes of an ordinary recording here: enough for a file, little enough for a test."""
FRONT = (
    "Hej och välkomna till dagens möte.",
    "Vi spelar in mötet så att de som inte kan vara med kan se det i efterhand.",
    "Skriv gärna frågor i chatten så tar vi dem efter hand.",
)
BETWEEN = (
    "Hör ni mig bra?",
    "Då går vi vidare till nästa punkt.",
    "Det var en bra fråga, den tar vi med oss.",
    "Hur har ni andra gjort i era kommuner?",
    "Vi har prövat det hos oss, och det tog längre tid än vi trodde.",
    "Jag delar min skärm, säg till om ni inte ser den.",
    "Finns det någon som vill berätta om sina erfarenheter?",
    "Det vore värdefullt att kunna jämföra mellan kommunerna.",
    "Jag lägger länken i chatten.",
    "Där behöver vi nog få med ledningen tidigare.",
)
BACK = (
    "Tack för alla frågor och inspel.",
    "Presentationerna läggs ut på samarbetsytan, och inspelningen kommer dit också.",
    "Då tackar vi för i dag. Ha det bra!",
)


@dataclass(frozen=True, kw_only=True)
class Movie:
    """Bytes in the boxes of an mp4; no player would show them, every reader knows the type."""

    key: str
    size: int
    seconds: int

    def __call__(self) -> bytes:
        head = _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41")
        moov = _box(b"moov", _box(b"mvhd", _movie_header(self.seconds)))
        filling = self.size - len(head) - len(moov) - 8
        return head + moov + _box(b"mdat", chance("movie", self.key).randbytes(filling))


def recording(meeting: Meeting, joined: Joined) -> Iterator[Record]:
    start = meeting.start + timedelta(minutes=2, seconds=14)
    end = meeting.end - timedelta(minutes=1, seconds=chance(meeting.key, "end").randrange(50))
    seconds = int((end - start).total_seconds())
    # Sizes that are no round number, so that the last range of an upload is a short one.
    draw = chance(meeting.key, "size")
    megabytes = meeting.detail.megabytes or draw.uniform(SMALL, LARGE)
    size = int(megabytes * 1_000_000) + draw.randrange(9999)
    yield Record(
        at=end + READY,
        key=meeting.key,
        start=start,
        end=end,
        content=Movie(key=meeting.key, size=size, seconds=seconds),
        transcript=_transcript(meeting, joined, seconds),
    )


def _transcript(meeting: Meeting, joined: Joined, seconds: int) -> str:
    draw = chance(meeting.key, "transcript")
    middle = [*meeting.detail.points, *BETWEEN]
    draw.shuffle(middle)
    said = [*FRONT, *middle[: CUES - len(FRONT) - len(BACK)], *BACK]
    host = joined.hosts[0].name
    others = [person.name for person in (*joined.hosts, *joined.people[:3])]
    experts = [person.name for person in joined.speakers] or others
    cues = ["WEBVTT"]
    for number, text in enumerate(said):
        begin = number * (seconds - 20) / len(said) + draw.random() * 5
        until = begin + 3 + draw.random() * 6
        framing = number < len(FRONT) or text in BACK
        name = draw.choice(experts if text in meeting.detail.points else others)
        name = host if framing else name
        cues.append(f"{_clock(begin)} --> {_clock(until)}\n<v {name}>{text}</v>")
    return "\n\n".join(cues) + "\n"


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{thousandths:03d}"


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _movie_header(seconds: int) -> bytes:
    """Version 0: no times of creation, thousandths of a second, normal speed and sound."""
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    return (
        struct.pack(">IIIIIIH10x", 0, 0, 0, 1000, seconds * 1000, 0x10000, 0x0100)
        + matrix
        + bytes(24)
        + struct.pack(">I", 2)
    )
