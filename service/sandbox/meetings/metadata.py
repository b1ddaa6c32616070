"""A transcript's metadataContent: the utterances of its captions as JSON inside WebVTT."""

import re
from datetime import datetime, timedelta

import msgspec

from service.sandbox.wire import fine_stamp

_CUE = re.compile(r"^(\S+) --> (\S+).*\n((?:.+\n?)*)", re.MULTILINE)
_VOICE = re.compile(r"<v ([^>]+)>(.*?)(?:</v>|$)", re.DOTALL)


def metadata_content(vtt: str, start: str) -> str:
    """
    Each caption with its moment and who spoke, as the page of callTranscript shows it: the
    cues keep their times, and their text is a JSON object.
    """
    begun = datetime.fromisoformat(start)
    cues = []
    for found in _CUE.finditer(vtt):
        voice = _VOICE.search(found[3])
        first, last = _offset(found[1]), _offset(found[2])
        told = {
            "startDateTime": fine_stamp(begun + first),
            "endDateTime": fine_stamp(begun + last),
            "speakerName": voice[1] if voice else None,
            "spokenText": (voice[2] if voice else found[3]).strip(),
            "spokenLanguage": "sv-se",
        }
        cues.append(f"{found[1]} --> {found[2]}\n{msgspec.json.encode(told).decode()}\n")
    return "\n".join(["WEBVTT\n", *cues])


def _offset(text: str) -> timedelta:
    """`01:02:03.456` or `02:03.456`"""
    clock, _, fraction = text.partition(".")
    parts = [int(part) for part in clock.split(":")]
    seconds = sum(part * 60**place for place, part in enumerate(reversed(parts)))
    return timedelta(seconds=seconds, milliseconds=int(fraction or 0))
