"""A small tenant for the ports' contracts: one meeting with everything, and some more."""

from datetime import UTC, datetime, timedelta

from service.sandbox.timeline import (
    App,
    Attach,
    Attend,
    CancelInvite,
    Channel,
    Invite,
    Person,
    Presence,
    Record,
    Reinvite,
    Say,
    Seed,
    World,
)

START = datetime(2023, 3, 1, 6, tzinfo=UTC)
SITE_NAME = "Nätverkets sida"

ORGANIZER = Person(id="aa000000-0000-4000-8000-000000000001", name="Värd", mail="vard@nat.example")
COLLEAGUE = Person(id="bb000000-0000-4000-8000-000000000002", name="Kollega", mail="k@nat.example")
MAILBOX = Person(
    id="cc000000-0000-4000-8000-000000000003", name="Nätverket", mail="natverk@nat.example"
)
OUTSIDER = Person(
    id="dd000000-0000-4000-8000-000000000004", name="Utan policy", mail="utan@nat.example"
)
COMMON = "19:common@thread.tacv2"
QUIET = "19:quiet@thread.tacv2"
TEAM = "ee000000-0000-4000-8000-000000000005"

DAEMON = App(
    client_id="10000000-0000-4000-8000-000000000001",
    secret="daemon~secret",
    name="Nätverket",
    roles=(
        "Sites.Selected",
        "OnlineMeetings.Read.All",
        "OnlineMeetingRecording.Read.All",
        "OnlineMeetingTranscript.Read.All",
        "OnlineMeetingArtifact.Read.All",
    ),
    site_role="write",
    calendars=(MAILBOX.mail,),
    organizers=(ORGANIZER.id, MAILBOX.id),
    reads_channels=True,
)
PROVISIONER = App(
    client_id="20000000-0000-4000-8000-000000000002",
    secret="provision~secret",
    name="Uppläggning",
    roles=("Sites.Selected",),
    site_role="fullcontrol",
)
STRANGER = App(
    client_id="30000000-0000-4000-8000-000000000003",
    secret="stranger~secret",
    name="Främling",
    roles=(),
)

WORLD = World(
    tenant_id="0c9f0d1e-6f5c-4d0a-8a53-2f6f2a3b7c10",
    domain="nat.example",
    start=START,
    time_zone="Europe/Stockholm",
    people=(ORGANIZER, COLLEAGUE, MAILBOX, OUTSIDER),
    apps=(DAEMON, PROVISIONER, STRANGER),
    mailbox=MAILBOX.mail,
    site=SITE_NAME,
    team=TEAM,
    channels=(
        Channel(id=COMMON, name="Allmänt", workflow="f1000000"),
        Channel(id=QUIET, name="Tyst", workflow="f1000001"),
    ),
)

PROGRAM = bytes(range(256)) * 40
RECORDING = b"\x00\x00\x00\x18ftypmp42" + bytes(range(251)) * 5000
TRANSCRIPT = "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Värd>Välkomna, åäö.</v>\n"
MEETING = (datetime(2023, 3, 8, 8, tzinfo=UTC), datetime(2023, 3, 8, 11, tzinfo=UTC))


def day(number: int, hour: int = 9) -> datetime:
    """An hour of the first days of March, from 1."""
    return datetime(2023, 3, number, hour, tzinfo=UTC)


def tenant() -> Seed:
    """Days: 1 invited, 2 changed and spoken, 3 cancelled, 8 held and recorded."""
    start, end = MEETING
    return Seed(
        world=WORLD,
        acts=(
            Invite(
                at=day(1, 7),
                key="natur",
                organizer=ORGANIZER.id,
                subject="Natur i stadsplanering",
                body_html="<p>Plats: Alingsås</p>",
                start=start,
                end=end,
                location="Alingsås",
                attendees=(COLLEAGUE.mail, "Grupp@Nat.Example"),
                categories=("Miljöstrategi",),
                online=True,
            ),
            Invite(
                at=day(1, 7),
                key="egen",
                organizer=MAILBOX.id,
                subject="Planering",
                body_html="",
                start=day(9),
                end=day(9, 10),
            ),
            Invite(
                at=day(1, 7),
                key="privat",
                organizer=ORGANIZER.id,
                subject="Läkarbesök",
                body_html="<p>hemligt</p>",
                start=day(6),
                end=day(6, 10),
                location="Hemligt",
                private=True,
            ),
            Attach(
                at=day(1, 8),
                key="natur",
                name="program å.bin",
                content_type="application/octet-stream",
                content=lambda: PROGRAM,
            ),
            Attach(
                at=day(1, 8),
                key="natur",
                name="logo.png",
                content_type="image/png",
                content=lambda: b"\x89PNG",
                inline=True,
            ),
            Reinvite(at=day(2), key="natur", subject="Natur i staden"),
            Say(
                at=day(2),
                key="fraga",
                channel=COMMON,
                author=COLLEAGUE.id,
                html='<p>Någon som har en mall? Se <a href="https://exempel.se/mall">mallen</a></p>',
            ),
            Say(
                at=day(2, 10),
                key="svar",
                channel=COMMON,
                author=ORGANIZER.id,
                html="<p>Ja!</p>",
                reply_to="fraga",
            ),
            CancelInvite(at=day(3), key="egen"),
            Record(
                at=end + timedelta(hours=1),
                key="natur",
                start=start,
                end=end,
                content=lambda: RECORDING,
                transcript=TRANSCRIPT,
            ),
            Attend(
                at=end + timedelta(hours=1),
                key="natur",
                start=start,
                end=end,
                records=(
                    Presence(
                        name="Värd", mail=ORGANIZER.mail, role="Organizer", joined=start, left=end
                    ),
                    Presence(
                        name="Gäst",
                        mail=None,
                        role="Attendee",
                        joined=start + timedelta(minutes=5),
                        left=end,
                    ),
                ),
            ),
        ),
    )
