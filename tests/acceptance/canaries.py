"""
A tenant in which everything that anybody typed holds one word, so that it can be looked for.

The word stands in names, addresses, subjects, texts, file names, contents, messages, answers,
secrets and what services say in their refusals.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from service.sandbox.timeline import (
    Act,
    Answer,
    Attach,
    AttachLink,
    Attend,
    Channel,
    CreateForm,
    Invite,
    MailArrives,
    Person,
    Presence,
    Question,
    Record,
    Say,
    Seed,
)
from tests.acceptance import recorded
from tests.acceptance.recorded import BOX, COMMON, START, film, moment, said

WORD = "kanarie"
SECRET = f"{WORD}~secret~of~the~app"

ANNA = Person(id=recorded.ANNA.id, name=f"Anna {WORD.title()}", mail=f"{WORD}.anna@nat.example")
WORLD = replace(
    recorded.WORLD,
    people=(ANNA, *(each for each in recorded.WORLD.people if each.id != ANNA.id)),
    apps=tuple(
        replace(app, secret=SECRET, sends_as=(BOX.mail,)) if app is recorded.DAEMON else app
        for app in recorded.WORLD.apps
    ),
    channels=(
        *recorded.WORLD.channels,
        Channel(id="19:it@thread.tacv2", name="IT", workflow="f1000001"),
    ),
)
ENDINGS = ("docx", "xlsx", "pdf", "zip", "pptx")


def tenant() -> Seed:
    return Seed(world=WORLD, acts=tuple(sorted(_acts(), key=lambda act: act.at)))


def _content(number: int) -> bytes:
    return f"{WORD} {number}".encode() * 50


def _text(what: str) -> str:
    return f"Naturvårdsgruppen: {WORD} {what}"


def _acts() -> Iterator[Act]:
    yield Invite(
        at=START,
        key="past",
        organizer=ANNA.id,
        subject=_text("träff"),
        body_html=f"<p>Program</p><p>09.00 Anna {WORD} talar, {WORD}@skol.example</p>",
        location=f"{WORD}salen",
        start=moment(6),
        end=moment(6, 11),
        attendees=(BOX.mail,),
        online=True,
    )
    for number, ending in enumerate(ENDINGS):
        yield Attach(
            at=START + timedelta(minutes=number),
            key="past",
            name=f"{WORD} löner {number}.{ending}",
            content_type="application/octet-stream",
            content=partial(_content, number),
        )
    url = f"https://nat.sharepoint.example/sites/x/{WORD}.docx?sig={WORD}"
    yield AttachLink(at=START, key="past", name=f"{WORD}.docx", url=url)
    records = tuple(
        Presence(
            name=f"{WORD} {number}",
            mail=f"{WORD}{number}@skol.example",
            role="Attendee",
            joined=moment(6),
            left=moment(6, 11),
        )
        for number in range(3)
    )
    yield Attend(at=moment(6, 12), key="past", start=moment(6), end=moment(6, 11), records=records)
    yield Record(
        at=moment(6, 13),
        key="past",
        start=moment(6),
        end=moment(6, 11),
        content=lambda: film(WORD),
        transcript=said(WORD),
    )
    yield Invite(
        at=START,
        key="next",
        organizer=ANNA.id,
        subject=_text("nästa träff"),
        body_html=f"<p>Anmälan: https://forms.example/{WORD} senast 20 mars</p>",
        location=WORD,
        start=moment(24),
        end=moment(24, 11),
        attendees=(BOX.mail,),
        online=True,
    )
    yield Say(at=moment(7), key="q", channel=COMMON, author=ANNA.id, html=f"Vad gör {WORD}?")
    yield MailArrives(
        at=moment(7),
        key="m",
        sender=f"{WORD}@skol.example",
        subject=_text("2023-03-06"),
        body_html=f"<p>{WORD}</p>",
    )
    yield CreateForm(
        at=moment(6, 10),
        key="f",
        title=_text("utvärdering 2023-03-06"),
        owner=ANNA.id,
        questions=(
            Question(title="Hur nöjd är du?", kind="rating"),
            Question(title=f"Vad tyckte du om {WORD}?"),
        ),
        folder="Enkäter",
    )
    for number in range(6):
        answers = {"Hur nöjd är du?": "5", f"Vad tyckte du om {WORD}?": f"{WORD} {number}"}
        yield Answer(at=moment(6, 12, number), form="f", answers=answers)


def dropped(name: str, day: int) -> dict[str, Any]:
    """An act that puts one more file into the inbox."""
    return {
        "act": "Upload",
        "drive": "Samordning",
        "folder": "Inkorg",
        "name": f"{WORD} {name} 2023-03-06.docx",
        "content": {"text": f"{WORD} {name} {day}"},
        "by": ANNA.id,
        "make_folder": True,
    }


_SAID = f"No access for {WORD}@nat.example to {WORD}.docx"
FAULTS: dict[str, dict[str, Any]] = {
    "token": {"match": {"listener": "graph"}, "times": 3, "status": 401, "message": _SAID},
    "right": {"match": {"path": "drives"}, "times": 2, "status": 403, "message": _SAID},
    "calendar": {"match": {"path": "calendarView"}, "times": 9, "status": 403, "message": _SAID},
    "throttled": {"match": {"path": "drives"}, "times": 2, "status": 429, "retry_after": 5},
    "broken": {"match": {"listener": "graph"}, "times": 9, "status": 500, "message": _SAID},
    "meetings": {
        "match": {"path": "onlineMeetings"},
        "times": 9,
        "status": 403,
        "message": _SAID,
    },
    "upload": {"match": {"method": "PUT"}, "times": 9, "cut": "request"},
    "refused upload": {"match": {"method": "PUT"}, "times": 9, "status": 507, "message": _SAID},
    "columns": {"match": {"method": "PATCH"}, "times": 30, "status": 403, "message": _SAID},
    "flow": {"match": {"path": "triggers"}, "times": 9, "status": 404, "message": _SAID},
    "sign-in": {"match": {"listener": "sign-in"}, "times": 9, "status": 500, "message": _SAID},
}
