"""Small worlds for the tests of the sandbox."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from service.sandbox.timeline import (
    Act,
    AddRow,
    App,
    ApproveFile,
    Attach,
    Attend,
    BlockDownload,
    CancelInvite,
    Channel,
    CheckInFile,
    CheckOutFile,
    CloseFile,
    DeleteFile,
    DeleteRow,
    EditFile,
    EditRow,
    EncryptFile,
    Invite,
    LabelFile,
    MailArrives,
    MailFile,
    MoveFile,
    OpenFile,
    Person,
    Presence,
    Record,
    Recurrence,
    Reinvite,
    RejectFile,
    RenameFile,
    RestoreFile,
    Say,
    Seed,
    SetLibrary,
    ShareFile,
    Site,
    Upload,
    World,
)

TENANT = "0b9f0d1e-6f5c-4d0a-8a53-2f6f2a3b7c10"
START = datetime(2023, 1, 1, tzinfo=UTC)
ANNA = Person(id="a0000000-0000-4000-8000-000000000001", name="Anna Ek", mail="anna@nat.example")
BO = Person(id="b0000000-0000-4000-8000-000000000002", name="Bo Alm", mail="bo@nat.example")
BOX = Person(
    id="c0000000-0000-4000-8000-000000000003", name="Nätverket", mail="natverket@nat.example"
)
GUEST = Person(
    id="d0000000-0000-4000-8000-000000000004", name="Cia Bo", mail="cia@ort.example", guest=True
)
COMMON = "19:common0000000000000000000000000@thread.tacv2"
OTHER = "19:other00000000000000000000000000@thread.tacv2"

DAEMON = App(
    client_id="11111111-aaaa-4000-8000-000000000001",
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
    calendars=(BOX.mail,),
    organizers=(ANNA.id,),
    reads_channels=True,
)
PROVISIONER = App(
    client_id="22222222-aaaa-4000-8000-000000000002",
    secret="provision~secret",
    name="Uppläggning",
    roles=(
        "Sites.Selected",
        "User.Read.All",
        "Channel.ReadBasic.All",
        "Team.ReadBasic.All",
        "TeamMember.Read.All",
        "TeamworkTag.Read.All",
        "ChannelMember.Read.All",
    ),
    site_role="fullcontrol",
)
STRANGER = App(
    client_id="33333333-aaaa-4000-8000-000000000003",
    secret="stranger~secret",
    name="Främling",
    roles=("Sites.Selected",),
)
READER = App(
    client_id="44444444-aaaa-4000-8000-000000000004",
    secret="reader~secret",
    name="Läsare",
    roles=("Sites.Selected",),
    site_role="read",
)
POSTMAN = App(
    client_id="55555555-aaaa-4000-8000-000000000005",
    secret="postman~secret",
    name="Brevbärare",
    roles=(),
    calendars=(BOX.mail,),
    sends_as=(BOX.mail,),
    writes_mail=(BOX.mail,),
)
ADMIN = App(
    client_id="66666666-aaaa-4000-8000-000000000006",
    secret="admin~secret",
    name="Administratör",
    roles=("Sites.FullControl.All",),
)

WORLD = World(
    tenant_id=TENANT,
    domain="nat.example",
    start=START,
    time_zone="Europe/Stockholm",
    people=(ANNA, BO, BOX, GUEST),
    apps=(DAEMON, PROVISIONER, STRANGER, READER, POSTMAN, ADMIN),
    mailbox=BOX.mail,
    site="Nätverk för hållbarhet",
    team="e0000000-0000-4000-8000-000000000005",
    tags={"Miljöstrateger": (BO.id,)},
    labels={"Bevaras": "retain", "Allmän handling": "retainAsRecord"},
    channels=(
        Channel(id=COMMON, name="Allmänt", workflow="f10e0000"),
        Channel(id=OTHER, name="Samordnare", workflow="f10e0001"),
    ),
    environment={
        "NATVERKET_NETWORK_NAME": "Nätverket i väst",
        "NATVERKET_NETWORK_COORDINATOR_URL": "{workflow:f10e0001}",
    },
)


def day(number: int, hour: int = 9) -> datetime:
    return START + timedelta(days=number, hours=hour)


def empty() -> Seed:
    """The tenant, and nothing that happens."""
    return Seed(world=WORLD, acts=())


def lively() -> Seed:
    """A fortnight in which everything that can happen happens."""
    acts: list[Act] = [
        Invite(
            at=day(0, 0),
            key="own",
            organizer=BOX.id,
            subject="Planering",
            body_html="<p>Vi planerar.</p>",
            start=day(40),
            end=day(40, 11),
            attendees=(BO.mail,),
        ),
        Invite(
            at=day(1),
            key="energi",
            organizer=ANNA.id,
            subject="Energidag",
            body_html="<p>Välkommen &amp; hjärtligt</p>",
            start=day(7),
            end=day(7, 12),
            location="Borås",
            attendees=(BO.mail, GUEST.mail),
            categories=("Energi",),
            online=True,
        ),
        Attach(
            at=day(1, 10),
            key="energi",
            name="program.txt",
            content_type="text/plain",
            content=lambda: b"Program",
        ),
        Say(at=day(1, 11), key="q", channel=COMMON, author=GUEST.id, html="<p>Fika?</p>"),
        Invite(
            at=day(2),
            key="privat",
            organizer=ANNA.id,
            subject="Lunch",
            body_html="",
            start=day(6),
            end=day(6, 10),
            private=True,
        ),
        Invite(
            at=day(2),
            key="serie",
            organizer=ANNA.id,
            subject="Återkommande",
            body_html="",
            start=day(60),
            end=day(60, 10),
            recurrence=Recurrence(type="weekly", count=3),
        ),
        MailArrives(
            at=day(2),
            key="brev",
            sender=GUEST.mail,
            subject="Underlag",
            body_html="<p>Bifogas.</p>",
            files=(MailFile(name="u.txt", content_type="text/plain", content=lambda: b"Underlag"),),
        ),
        Reinvite(at=day(3), key="energi", subject="Energidagen", start=day(8), end=day(8, 12)),
        Say(at=day(3), key="a", channel=COMMON, author=BO.id, html="Ja", reply_to="q"),
        CancelInvite(at=day(4), key="privat"),
        CancelInvite(at=day(4), key="own"),
        Upload(
            at=day(5),
            drive="Samordning",
            folder="Inkorg",
            name="bild.png",
            content=lambda: b"png one",
            by=ANNA.id,
        ),
        Upload(
            at=day(5),
            drive="Dokument",
            folder="Ny/Mapp",
            name="anteckning.txt",
            content=lambda: b"first",
            by=ANNA.id,
            make_folder=True,
        ),
        Upload(
            at=day(6),
            drive="Dokument",
            folder="Ny/Mapp",
            name="Anteckning.txt",
            content=lambda: b"second",
            by=BO.id,
        ),
        EditRow(
            at=day(6),
            list_name="Möten",
            where={"Title": "Energidagen", "Date": "2023-01-09"},
            fields={"Count": 17.0, "Done": True, "Note": None},
            by=ANNA.id,
        ),
        Record(
            at=day(8, 14),
            key="energi",
            start=day(8),
            end=day(8, 12),
            content=lambda: b"mp4" * 1000,
            transcript="WEBVTT\n\n00:00.000 --> 00:01.000\n<v Anna Ek>Hej</v>\n",
        ),
        Attend(
            at=day(8, 15),
            key="energi",
            start=day(8),
            end=day(8, 12),
            records=(
                Presence(
                    name="Anna Ek", mail=ANNA.mail, role="Organizer", joined=day(8), left=day(8, 10)
                ),
                Presence(
                    name="Anna Ek",
                    mail=ANNA.mail,
                    role="Organizer",
                    joined=day(8, 11),
                    left=day(8, 12),
                ),
                Presence(name="okänd", mail=None, role="Attendee", joined=day(8), left=day(8, 12)),
            ),
        ),
    ]
    return Seed(world=WORLD, acts=tuple(acts))


OWN_SITE = "19:private0000000000000000000000000@thread.tacv2"
GUARDED = replace(
    WORLD,
    owners=(ANNA.id,),
    sites=(
        Site(key="energi", name="Energi och klimat", libraries=("Dokument", "Bilder")),
        Site(key="anna", name="Anna Ek", owner=ANNA.id, libraries=("Documents",)),
        Site(key="slutet", name="Slutna rummet"),
    ),
    channels=(
        *WORLD.channels,
        Channel(id=OWN_SITE, name="Slutna rummet", membership="private", site="slutet"),
    ),
    apps=(
        replace(DAEMON, site_grants={"energi": "read", "anna": "write"}),
        replace(PROVISIONER, roles=("Sites.FullControl.All",)),
        STRANGER,
        READER,
    ),
)


def guarded() -> Seed:
    """Several sites, and people who lock, label, approve and share; each file has its own day."""
    at, in_dokument = day, {"by": ANNA.id, "library": "Dokument"}
    return Seed(
        world=GUARDED,
        acts=(
            OpenFile(at=at(1), path="öppen.docx", **in_dokument),
            CloseFile(at=at(2), path="öppen.docx", **in_dokument),
            CheckOutFile(at=at(2, 11), path="utcheckad.txt", **in_dokument),
            EditFile(at=at(4), path="utcheckad.txt", content=lambda: b"annas", **in_dokument),
            CheckInFile(at=at(4), path="utcheckad.txt", comment="klar", **in_dokument),
            SetLibrary(
                at=at(5),
                library="Utcheckning",
                by=ANNA.id,
                force_checkout=True,
                required=("Form",),
            ),
            LabelFile(at=at(6), path="akt.docx", label="Allmän handling", **in_dokument),
            LabelFile(at=at(6), path="spara.txt", label="Bevaras", **in_dokument),
            EncryptFile(at=at(7), path="hemlig.docx", **in_dokument),
            BlockDownload(at=at(7), path="film.mp4", **in_dokument),
            SetLibrary(at=at(8), library="Godkännande", by=ANNA.id, approval=True),
            ApproveFile(at=at(9), library="Godkännande", path="ja.txt", by=ANNA.id),
            RejectFile(at=at(9), library="Godkännande", path="nej.txt", by=ANNA.id),
            RenameFile(at=at(10), path="a.txt", name="b.txt", **in_dokument),
            MoveFile(at=at(11), path="b.txt", folder="Mapp", **in_dokument),
            DeleteFile(at=at(12), path="Mapp", **in_dokument),
            RestoreFile(at=at(13), path="Mapp", **in_dokument),
            ShareFile(at=at(14), path="Mapp/b.txt", people=(GUEST.id,), **in_dokument),
            AddRow(at=at(15), list_name="Lista", fields={"Title": "ett"}, by=ANNA.id),
            DeleteRow(at=at(16), list_name="Lista", where={"Title": "ett"}, by=ANNA.id),
            SetLibrary(at=at(17), library="Bara titta", by=ANNA.id, block_download=True),
        ),
    )


MANY = 5001


def crowded() -> Seed:
    """Somebody fills a list with more rows than a view may look through."""
    rows = (
        AddRow(at=day(1), list_name="Full", fields={"Key": f"k{number}"}, by=ANNA.id)
        for number in range(MANY)
    )
    return Seed(world=WORLD, acts=tuple(rows))
