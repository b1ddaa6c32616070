"""A tenant with one meeting, whose recording is larger than any memory that it may take."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.sandbox.timeline import App, Channel, Invite, Person, Record, Seed, World

FILE = "LONG_RECORDING"
"""Names the file of the recording to the sandbox's process."""
START = datetime(2023, 3, 1, 6, tzinfo=UTC)
HELD = (datetime(2023, 3, 8, 8, tzinfo=UTC), datetime(2023, 3, 8, 16, tzinfo=UTC))
RECORDED = HELD[1] + timedelta(hours=1)
HOST = Person(
    id="a1000000-0000-4000-8000-000000000001", name="Anna Exempel", mail="anna@lang.example"
)
MAILBOX = Person(
    id="a2000000-0000-4000-8000-000000000002", name="Nätverket", mail="natverk@lang.example"
)
WORLD = World(
    tenant_id="1c9f0d1e-6f5c-4d0a-8a53-2f6f2a3b7c11",
    domain="lang.example",
    start=START,
    time_zone="Europe/Stockholm",
    people=(HOST, MAILBOX),
    apps=(
        App(
            client_id="11000000-0000-4000-8000-000000000001",
            secret="daemon~secret",
            name="Nätverket",
            roles=(
                "Sites.Selected",
                "OnlineMeetings.Read.All",
                "OnlineMeetingRecording.Read.All",
                "OnlineMeetingTranscript.Read.All",
            ),
            site_role="write",
            calendars=(MAILBOX.mail,),
            organizers=(HOST.id,),
        ),
        App(
            client_id="22000000-0000-4000-8000-000000000002",
            secret="provision~secret",
            name="Uppläggning",
            roles=("Sites.FullControl.All", "Sites.Manage.All"),
            site_role="fullcontrol",
        ),
    ),
    mailbox=MAILBOX.mail,
    site="Långa möten",
    team="e1000000-0000-4000-8000-000000000005",
    channels=(Channel(id="19:long@thread.tacv2", name="Allmänt"),),
    environment={
        "NATVERKET_NETWORK_NAME": "Långa möten",
        "NATVERKET_NETWORK_FOCUS_GROUPS": "miljo=Miljö",
        "NATVERKET_NETWORK_POST_VIA": "dry",
    },
)


def tenant() -> Seed:
    """A whole day, recorded."""
    start, end = HELD
    invited = Invite(
        at=START + timedelta(hours=1),
        key="dag",
        organizer=HOST.id,
        subject="Miljödagen",
        body_html="<p>Plats: Alingsås</p>",
        start=start,
        end=end,
        attendees=(MAILBOX.mail,),
        categories=("Miljö",),
        online=True,
    )
    recorded = Record(
        at=RECORDED,
        key="dag",
        start=start,
        end=end,
        content=lambda: Path(os.environ[FILE]),
    )
    return Seed(world=WORLD, acts=(invited, recorded))


def write(path: Path, size: int, seed: int) -> None:
    """Bytes that repeat at no range's border, so that a range too many or too few is noticed."""
    block = random.Random(seed).randbytes(4_000_037)
    with path.open("wb") as file:
        for at in range(0, size, len(block)):
            file.write(block[: size - at])
