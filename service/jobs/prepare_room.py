"""
Lays ready what the room needs for a meeting that comes soon: a slide and slips with a QR code.

They lie in the coordinators' folder of the meeting, follow what changes, and are left alone
once a person has edited them.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from service.domain.actions import Action, Made, RefreshFile
from service.domain.meeting import Form, Meeting, Status
from service.domain.names import safe_name
from service.domain.network import Network
from service.domain.post import Words, is_https
from service.domain.survey.closing import closing_day
from service.domain.survey.publication import STANDING
from service.jobs.known import known, underlag_folder, written
from service.jobs.spec import Job, Poll
from service.render.room import Sign, slips
from service.workplace import Workplace

READY = timedelta(days=14)
"""So long before a meeting they lie there."""
_ANY_OCCASION = "{occasion}"


@dataclass(frozen=True, kw_only=True)
class Observed:
    network: Network
    meetings: tuple[Meeting, ...]
    words: Words
    language: str
    """BCP 47."""
    written: Mapping[str, object] = field(default_factory=dict)
    """Fingerprint of each file that was written, by key."""


async def observe(at: Workplace) -> Observed:
    return Observed(
        network=at.network,
        meetings=(await known(at)).meetings,
        words=at.texts,
        language=at.labels.language,
        written=await written(at, "room/"),
    )


def plan(seen: Observed, now: datetime) -> tuple[Action, ...]:
    files = (
        file
        for meeting in seen.meetings
        if meeting.start - READY <= now < meeting.end and _is_asked_about(meeting)
        for file in _files(meeting, seen, now)
    )
    return tuple(one for one in files if seen.written.get(one.key) != one.source.fingerprint)


def _is_asked_about(meeting: Meeting) -> bool:
    silent = {Status.PLANNED, Status.CANCELLED}
    return is_https(meeting.answer_link) and meeting.status not in silent


def _files(meeting: Meeting, seen: Observed, now: datetime) -> Iterator[RefreshFile]:
    """Yield the slide; where people meet in a room, the slips, too."""
    sign = _sign(meeting, seen)
    yield _file("slide", "pptx", _slide, sign, meeting, seen, now)
    if meeting.form is not Form.DIGITAL:
        yield _file("slip", "docx", slips, sign, meeting, seen, now)


def _file(  # noqa: PLR0913 - two files of one making
    kind: str,
    ending: str,
    draw: Callable[[Sign], bytes],
    sign: Sign,
    meeting: Meeting,
    seen: Observed,
    now: datetime,
) -> RefreshFile:
    name = seen.words.say(f"files.{kind}")
    return RefreshFile(
        key=f"room/{kind}/{meeting.id}",
        folder=underlag_folder(meeting),
        name=safe_name(f"{name}.{ending}"),
        name_beside=safe_name(f"{name} ({now:%Y-%m-%d}).{ending}"),
        source=Made(
            make=partial(draw, sign),
            fingerprint=hashlib.sha256(repr(sign).encode()).hexdigest(),
        ),
    )


def _slide(sign: Sign) -> bytes:
    from service.render.room.slide import slide  # noqa: PLC0415 - of a slow library, as said

    return slide(sign)


def _sign(meeting: Meeting, seen: Observed) -> Sign:
    say = seen.words.say
    last = closing_day(meeting, seen.network.survey.open_for)
    return Sign(
        language=seen.language,
        network=seen.network.name,
        meeting=meeting.title,
        when=seen.words.days(meeting.first_day, meeting.last_day),
        heading=say("room.heading"),
        questions=tuple(_question(meaning, seen) for meaning in STANDING),
        scan=say("room.scan"),
        minute=say("room.minute", day=seen.words.day(last)),
        link=meeting.answer_link,
        code=say("room.code", link=meeting.answer_link),
    )


def _question(meaning: str, seen: Observed) -> str:
    """In the network's own words, where it has them, as they are."""
    own = (one.wordings[0] for one in seen.network.survey.questions if one.meaning == meaning)
    wording = next(own, _ANY_OCCASION)
    return seen.words.say(f"room.{meaning}") if _ANY_OCCASION in wording else wording


JOB = Job(
    name="prepare_room",
    does="Lays a slide and slips with the evaluation's QR code ready before a meeting.",
    wakes=Poll(setting="surveys"),
    observe=observe,
    plan=plan,
)
