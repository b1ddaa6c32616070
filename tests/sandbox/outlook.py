"""Worlds for the tests of calendars, mail and meetings."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from service.sandbox.process import Sandbox
from service.sandbox.timeline import (
    Act,
    Attach,
    AttachItem,
    AttachLink,
    Attend,
    CancelInvite,
    DeleteEvent,
    DeleteMail,
    DeleteRecording,
    Forward,
    HandOver,
    Invite,
    MailArrives,
    MailFile,
    MoveEvent,
    MoveMail,
    MoveMailbox,
    Presence,
    Record,
    Recurrence,
    Reinvite,
    ReplyMail,
    Respond,
    Seed,
    Site,
)
from tests.sandbox import worlds
from tests.sandbox.worlds import ANNA, BO, BOX, COMMON, GUEST, WORLD, day

EVERYWHERE = replace(
    worlds.STRANGER,
    client_id="66666666-aaaa-4000-8000-000000000006",
    roles=("Calendars.Read", "Mail.Read"),
)
VTT = "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Anna Ek>Hej och välkomna</v>\n"


@contextmanager
def running(seed: str, directory: Path) -> Iterator[Sandbox]:
    """A sandbox with one of the seeds below."""
    with Sandbox(seed=f"{__file__}:{seed}", directory=directory, http_port=0) as sandbox:
        yield sandbox


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _invite(key: str, start: str, end: str, **given: object) -> Invite:
    plain = {
        "at": day(0, 1),
        "organizer": ANNA.id,
        "subject": key.title(),
        "body_html": f"<p>Om {key}</p><p>Mer</p>",
    }
    return Invite(**{**plain, "key": key, "start": at(start), "end": at(end), **given})  # type: ignore[arg-type]


def calendars() -> Seed:
    """Series, exceptions, all-day and private events, and what people do to them."""
    acts: list[Act] = [
        _invite(
            "vecka",
            "2023-03-14T08:00",
            "2023-03-14T09:00",
            attendees=(BO.mail,),
            online=True,
            recurrence=Recurrence(type="weekly", days=("tuesday",), count=4),
        ),
        _invite(
            "egen",
            "2023-04-10T08:00",
            "2023-04-10T09:00",
            organizer=BOX.id,
            attendees=(BO.mail, GUEST.mail),
            recurrence=Recurrence(type="daily", until=date(2023, 4, 12)),
        ),
        _invite(
            "fredag",
            "2023-01-27T12:00",
            "2023-01-27T13:00",
            recurrence=Recurrence(type="relativeMonthly", days=("friday",), index="last"),
        ),
        _invite("heldag", "2023-04-30T22:00", "2023-05-01T22:00", all_day=True),
        _invite(
            "sal",
            "2023-05-03T08:00",
            "2023-05-03T09:00",
            attendees=(BO.mail,),
            optional=(GUEST.mail,),
            rooms=("sal@nat.example",),
            location="Stora salen",
            private=True,
            categories=("Energi",),
            importance="high",
        ),
        _invite("flytt", "2023-05-04T08:00", "2023-05-04T09:00"),
        _invite("bort", "2023-05-05T08:00", "2023-05-05T09:00"),
        _invite("byte", "2023-05-06T08:00", "2023-05-06T09:00", online=True),
        _invite("samma", "2023-05-07T08:00", "2023-05-07T09:00", join_of="byte"),
        _invite("utom", "2023-09-07T08:00", "2023-09-07T09:00"),
        Attach(
            at=day(0, 2),
            key="sal",
            name="stor.bin",
            content_type="application/octet-stream",
            content=lambda: b"z" * 4_000_000,
        ),
        Attach(
            at=day(0, 2),
            key="sal",
            name="logga.png",
            content_type="image/png",
            content=lambda: b"png",
            inline=True,
        ),
        AttachItem(
            at=day(0, 2), key="sal", subject="Tidigare", body_html="<b>Hej</b>", sender=BO.mail
        ),
        AttachLink(at=day(0, 2), key="sal", name="Plan.docx", url="https://nat.example/plan"),
        Reinvite(
            at=day(1),
            key="vecka",
            occurrence=date(2023, 3, 21),
            subject="Flyttat",
            start=at("2023-03-22T13:00"),
            end=at("2023-03-22T14:00"),
        ),
        CancelInvite(at=day(2), key="vecka", occurrence=date(2023, 3, 28)),
        CancelInvite(at=day(3), key="egen", occurrence=date(2023, 4, 11)),
        Respond(
            at=day(3), key="egen", by=BO.mail, response="accepted", occurrence=date(2023, 4, 12)
        ),
        Respond(at=day(3), key="sal", by=BO.mail, response="accepted"),
        Forward(at=day(3), key="bort", to=GUEST.mail),
        MoveEvent(at=day(4), key="flytt", calendar="Arkivet"),
        DeleteEvent(at=day(5), key="bort"),
        HandOver(at=day(6), key="byte", new_key="bytt", organizer=BO.id),
        Reinvite(at=day(7), key="utom", subject="Ändrat utom fönstret"),
        Respond(at=day(8), key="samma", by=BOX.mail, response="declined"),
        Reinvite(
            at=day(9),
            key="vecka",
            start=at("2023-03-14T14:00"),
            end=at("2023-03-14T15:00"),
        ),
        CancelInvite(at=day(10), key="vecka"),
        MoveMailbox(at=day(11), mailbox=BOX.mail),
    ]
    return Seed(world=WORLD, acts=tuple(acts))


def mailbox() -> Seed:
    """Mail that comes, is moved, answered and deleted."""
    file = MailFile(name="underlag.txt", content_type="text/plain", content=lambda: b"Underlag")
    acts: list[Act] = [
        MailArrives(
            at=day(0, 1),
            key="ett",
            sender=GUEST.mail,
            subject="Underlag",
            body_html="<p>Bifogas.</p>",
            folder="Material",
            files=(file,),
        ),
        MailArrives(
            at=day(0, 2), key="två", sender=BO.mail, subject="Fråga", body_html="<p>När?</p>"
        ),
        MoveMail(at=day(1), key="två", folder="Material"),
        MoveMail(at=day(2), key="ett", folder="archive"),
        DeleteMail(at=day(3), key="två"),
        ReplyMail(at=day(4), key="svar", to="Kallelse", sender=BO.mail, body_html="<p>Tack</p>"),
    ]
    return Seed(world=replace(WORLD, apps=(*WORLD.apps, EVERYWHERE)), acts=tuple(acts))


def _record(key: str, number: int, **given: object) -> Record:
    plain = {"content": lambda: b"mp4" * number, "transcript": VTT}
    return Record(
        **{  # type: ignore[arg-type]
            **plain,
            "at": day(number, 12),
            "key": key,
            "start": day(number),
            "end": day(number, 11),
            **given,
        }
    )


def recorded() -> Seed:
    """Meetings of a series, of a channel and by themselves, and what is left of them."""
    daily = Recurrence(type="daily", count=3)
    met = {"attendees": (BO.mail, GUEST.mail), "online": True}
    acts: list[Act] = [
        _invite("serie", "2023-01-03T09:00", "2023-01-03T11:00", recurrence=daily, **met),
        _invite("kanal", "2023-01-03T09:00", "2023-01-03T11:00", channel=COMMON, **met),
        _invite("bos", "2023-01-04T09:00", "2023-01-04T11:00", organizer=BO.id, online=True),
        _invite("tyst", "2023-01-05T09:00", "2023-01-05T11:00", **met),
        _record("serie", 2),
        _record("kanal", 2),
        _record("serie", 3, blocked=True),
        _record("bos", 3),
        _record("serie", 4),
        _record("tyst", 4, transcript=None),
        *(
            Attend(
                at=day(number, 13),
                key=key,
                start=day(number, hour),
                end=day(number, hour + 1),
                records=(
                    Presence(
                        name="Anna Ek",
                        mail=ANNA.mail,
                        role="Organizer",
                        joined=day(number, hour),
                        left=day(number, hour + 1),
                    ),
                ),
            )
            for key, number, hour in (("serie", 2, 9), ("serie", 2, 10), ("kanal", 2, 9))
        ),
        DeleteRecording(at=day(20), key="serie", occurrence=date(2023, 1, 4)),
    ]
    onedrive = Site(key="anna", name="Anna Ek", owner=ANNA.id)
    return Seed(world=replace(WORLD, sites=(onedrive,)), acts=tuple(acts))


def owned() -> Seed:
    """The network's site stands for Anna's OneDrive too; Bo pressed the button once."""
    acts = (
        _invite("möte", "2023-01-03T09:00", "2023-01-03T11:00", online=True),
        _record("möte", 2),
        _record("möte", 3, by=BO.id),
    )
    onedrive = Site(key="anna", name=WORLD.site, owner=ANNA.id)
    return Seed(world=replace(WORLD, sites=(onedrive,)), acts=acts)


def silent() -> Seed:
    """A tenant that allows no transcription, and keeps recordings for ever."""
    acts = (
        _invite("tyst", "2023-01-03T09:00", "2023-01-03T11:00", online=True),
        _record("tyst", 2),
    )
    world = replace(worlds.WORLD, transcription=False, recording_days=None)
    return Seed(world=world, acts=acts)


def nested() -> Seed:
    """Mails in folders that lie in folders."""
    places = {"djupt": "inbox/Material/2023", "bredvid": "Underlag"}
    return Seed(
        world=WORLD,
        acts=tuple(
            MailArrives(
                at=at("2023-01-01T08:00"),
                key=key,
                sender=GUEST.mail,
                subject="Långt ner" if key == "djupt" else "Nära",
                body_html="",
                folder=folder,
            )
            for key, folder in places.items()
        ),
    )
