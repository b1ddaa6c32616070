"""A tenant with a very large library, and a recording that no memory has to hold."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.sandbox.timeline import App, Channel, Person, Seed, Upload, UploadMany, World

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
