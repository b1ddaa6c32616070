"""Tenants of unusual size: a large library or recording, a full inbox, a talkative channel."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.sandbox.timeline import (
    App,
    Channel,
    Invite,
    Person,
    Say,
    Seed,
    Upload,
    UploadMany,
    World,
)

START = datetime(2023, 1, 1, tzinfo=UTC)
TENANT = "5d0c3c1e-7c7f-4f0e-9a54-0c2f8b1d7e20"
ANNA = Person(
    id="a0000000-0000-4000-8000-000000000001", name="Anna Exempel", mail="anna.exempel@nat.example"
)
APP = App(
    client_id="11111111-aaaa-4000-8000-000000000001",
    secret="benchmark~secret",
    name="Mätning",
    roles=("Sites.Selected",),
    site_role="write",
)
WORLD = World(
    tenant_id=TENANT,
    domain="nat.example",
    start=START,
    time_zone="Europe/Stockholm",
    people=(ANNA,),
    apps=(APP,),
    mailbox=ANNA.mail,
    site="Stort bibliotek",
    team="e0000000-0000-4000-8000-000000000005",
    channels=(Channel(id="19:common@thread.tacv2", name="Allmänt"),),
)
ITEMS = int(os.environ.get("NATVERKET_BENCHMARK_ITEMS", "100000"))
A_FOLDER = 1000
RECORDING = 5 * 10**9
MARKER = "NATVERKET_BENCHMARK_RECORDING"


def bare() -> Seed:
    """The tenant alone."""
    return Seed(world=WORLD, acts=())


def large() -> Seed:
    """`ITEMS` files in folders of a thousand."""
    acts = tuple(
        UploadMany(
            at=START,
            drive="Dokument",
            folder=f"Mapp {folder:03}",
            names=tuple(f"Fil {number:04}.txt" for number in range(A_FOLDER)),
            content=lambda: b"x",
            by=ANNA.id,
        )
        for folder in range(ITEMS // A_FOLDER)
    )
    return Seed(world=WORLD, acts=acts)


def recorded() -> Seed:
    """A recording that comes when the clock moves."""
    recording = Upload(
        at=START + timedelta(days=1),
        drive="Dokument",
        folder="Recordings",
        name="Inspelning.mp4",
        content=lambda: Path(os.environ[MARKER]),
        by=ANNA.id,
        make_folder=True,
    )
    return Seed(world=WORLD, acts=(recording,))


# ---------------------------------------------------------------- the first day

NETWORK = Person(
    id="b0000000-0000-4000-8000-000000000002", name="Nätverket", mail="natverk@nat.example"
)
DAEMON = replace(APP, calendars=(NETWORK.mail,))
PROVISIONER = App(
    client_id="22222222-bbbb-4000-8000-000000000002",
    secret="provision~secret",
    name="Uppläggning",
    roles=("Sites.Selected",),
    site_role="fullcontrol",
)
NAMED = {
    "NATVERKET_NETWORK_NAME": "Exempelnätverket",
    "NATVERKET_NETWORK_LANGUAGE": "sv",
    "NATVERKET_NETWORK_TIMEZONE": WORLD.time_zone,
    "NATVERKET_NETWORK_FOCUS_GROUPS": "naturvard=Naturvård",
}
FILES = int(os.environ.get("NATVERKET_BENCHMARK_FILES", "10000"))
MEETINGS = 25
KINDS = ("docx", "pdf", "pptx", "xlsx", "txt")
DROPPED = START + timedelta(days=1)
"""When a coordinator puts what is held of the year before into the inbox."""


def first_day() -> Seed:
    """Meetings of the autumn before, and a folder for each of them in the inbox, full of files."""
    days = [datetime(2022, 11, 1, 8, tzinfo=UTC) + timedelta(days=2 * n) for n in range(MEETINGS)]
    invitations = tuple(
        Invite(
            at=START,
            key=f"meeting-{number}",
            organizer=ANNA.id,
            subject=f"Möte {number + 1}",
            body_html="<p>Plats: Skara</p>",
            start=day,
            end=day + timedelta(hours=3),
            attendees=(NETWORK.mail,),
            categories=("Naturvård",),
        )
        for number, day in enumerate(days)
    )
    files = tuple(
        Upload(
            at=DROPPED,
            drive="Samordning",
            folder=f"Inkorg/{days[number % MEETINGS]:%Y-%m-%d} Möte {number % MEETINGS + 1}",
            name=f"Underlag {number:05}.{KINDS[number // MEETINGS % len(KINDS)]}",
            content=_different(number),
            by=ANNA.id,
            make_folder=True,
        )
        for number in range(FILES)
    )
    environment = {
        **NAMED,
        "NATVERKET_NETWORK_POST_VIA": "dry",
        "NATVERKET_NETWORK_READ_CHANNEL": "false",
    }
    world = replace(
        WORLD,
        people=(ANNA, NETWORK),
        apps=(DAEMON, PROVISIONER),
        mailbox=NETWORK.mail,
        environment=environment,
    )
    return Seed(world=world, acts=(*invitations, *files))


def _different(number: int) -> Callable[[], bytes]:
    """2 KB of its own: the same bytes of one meeting would be filed once."""
    return lambda: f"{number:08}".encode() * 256


# ---------------------------------------------------------------- the talkative channel

MESSAGES = int(os.environ.get("NATVERKET_BENCHMARK_MESSAGES", "10000"))
FIRST_LETTER = datetime(2023, 10, 2, 7, tzinfo=UTC)
"""A Monday morning, after the half past eight of the letter."""
SECOND_LETTER = FIRST_LETTER + timedelta(weeks=1)
SPOKEN = timedelta(weeks=34)
"""Delta reaches back 35 weeks: all of it could be read."""
MESSAGES_A_WEEK = MESSAGES * timedelta(weeks=1) // SPOKEN
SAID = (
    "<p>Tack för en bra dag! Vi tar med oss det om uppföljning till vår egen grupp. {n}</p>",
    "<p>Hur gör ni med uppföljningen av miljömålen, och vem äger siffrorna hos er? {n}</p>",
    '<p>Läs gärna <a href="https://exempel.se/rapport/{n}">rapporten om dagvatten</a>.</p>',
    "<p>Vi bokar om till torsdag, hör av er om det inte passar. Protokollet kommer senare. {n}</p>",
)


def talkative() -> Seed:
    """A quarter asks, and a third of that is answered; a quarter shares links; the rest chats."""
    every = SPOKEN / MESSAGES
    acts = []
    for number in range(MESSAGES + MESSAGES_A_WEEK):
        root = number - 3
        answers = number % 12 == 4
        acts.append(
            Say(
                at=FIRST_LETTER - SPOKEN + number * every,
                key=f"say-{number}",
                channel=WORLD.channels[0].id,
                author=NETWORK.id if number % 2 else ANNA.id,
                html=SAID[number % len(SAID)].format(n=number),
                reply_to=f"say-{root}" if answers else None,
            )
        )
    world = replace(
        WORLD,
        people=(ANNA, NETWORK),
        apps=(replace(DAEMON, reads_channels=True), PROVISIONER),
        mailbox=NETWORK.mail,
        channels=(replace(WORLD.channels[0], workflow="f1000000"),),
        environment={**NAMED, "NATVERKET_NETWORK_APPROVE_FIRST_WEEKS": "0"},
    )
    return Seed(world=world, acts=tuple(acts))
