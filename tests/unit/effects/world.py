"""A workplace over the tenant in memory, and builders of what lies in it."""

import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from service.domain.actions import Announce, Folder, Made, RefreshFile, Shelf
from service.domain.digest import digest_rules_from
from service.domain.expected import expectations_from
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import FocusGroup, Network
from service.domain.notice import notice_rules_from
from service.domain.post import Button, Card, Key
from service.domain.register import Columns, columns_from
from service.domain.reminder import policy_from
from service.domain.routes import Routes, Transport
from service.memory import Memory
from service.observe import SeenAttachment, SeenEvent
from service.parse.vocabulary import Vocabulary, vocabulary_from
from service.render.documents import Labels, labels_from
from service.render.texts import Texts, texts_from
from service.store import Store
from service.workplace import Outlet, Places, Rules, Watched, Workplace
from tests.unit.effects.fakes import Calendar, Channel, Mail, MortalLedger, OnlineMeetings, Rows
from tests.unit.effects.fate import CLIENT_ID, SITE, START, Clock, Fate
from tests.unit.effects.library import Drives

CONFIG = Path(__file__).parents[3] / "config"
ZONE = "Europe/Stockholm"
NATURE, CLIMATE = "naturvard", "miljostrategi"
MEMBERS, KEPT = "drive-documentation", "drive-coordination"
FOLDER = "2023/2023-03-08 Natur"
TEAM = "drive-team"
WATCHED = Watched(drive_id=TEAM, path="Material", address="https://exempel.sharepoint.com/team")
NUMBERS = count(1)


def network(network_id: str = "natverk") -> Network:
    return Network(
        id=network_id,
        name="Exempelnätverket",
        language="sv",
        time_zone=ZONE,
        country="SE",
        groups=(
            FocusGroup(id=CLIMATE, name="Miljöstrategigruppen"),
            FocusGroup(id=NATURE, name="Naturvårdsgruppen"),
        ),
        mailbox="natverk@exempel.se",
    )


COMMON_ID, COORDINATORS_ID = "19:kanal", "19:samordnare"
FLOW = Transport.WORKFLOW


@dataclass
class World:
    """The tenant, the state and the service in it."""

    store: Store
    fate: Fate = field(default_factory=Fate)
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.network = network(f"natverk-{next(NUMBERS)}")
        self.drives = Drives(self.fate, self.clock)
        self.rows = Rows(self.fate)
        self.channel = Channel(self.fate, self.clock)
        self.notices = Channel(self.fate, self.clock)
        self.calendar = Calendar()
        self.meetings = OnlineMeetings()
        self.mail = Mail()
        self.journal = self.store.journal(self.network.id)
        self.ledger = MortalLedger(self.store.ledger(self.network.id), self.fate)
        self.at = self.restarted()

    def restarted(self, *, reads_channel: bool = True) -> Workplace:
        """The service begun anew: what it remembers is in the ledger."""
        self.at = Workplace(
            network=self.network,
            places=Places(
                client_id=CLIENT_ID,
                site_url=SITE,
                documentation=MEMBERS,
                coordination=KEPT,
                survey_drive="drive-surveys",
                survey_folder="Enkäter",
                register_url=f"{SITE}/Lists/Moten",
                channels={"common": COMMON_ID, "coordinators": COORDINATORS_ID},
                watched=(WATCHED,),
            ),
            rules=rules(),
            texts=texts(),
            labels=labels(),
            columns=columns(),
            vocabulary=vocabulary(),
            memory=Memory(),
            clock=self.clock,
            ledger=self.ledger,
            journal=self.journal,
            calendar=self.calendar,
            drives=self.drives,
            register=self.rows,
            meetings=self.meetings,
            mail=self.mail,
            messages={COMMON_ID: self.channel, COORDINATORS_ID: self.notices}
            if reads_channel
            else {},
            posts_wait_until=START - timedelta(days=1),
            outlets=(
                Outlet(channel=COMMON_ID, role="common", via=FLOW, poster=self.channel),
                Outlet(channel=COORDINATORS_ID, role="coordinators", via=FLOW, poster=self.notices),
            ),
        )
        return self.at


# ---------------------------------------------------------------- what the network has chosen


def _parsed(*parts: str) -> dict[str, object]:
    return tomllib.loads(CONFIG.joinpath(*parts).read_text(encoding="utf-8"))


@cache
def rules() -> Rules:
    policy = policy_from(_parsed("posts.toml"))
    return Rules(
        settle=timedelta(minutes=30),
        proof_wait=timedelta(minutes=60),
        recording_life=timedelta(days=120),
        most_changes=500,
        routes=Routes(usual=(FLOW,)),
        reminders=policy,
        digest=digest_rules_from(_parsed("posts.toml"), policy.limits),
        expected=expectations_from(_parsed("register.toml")),
        notices=notice_rules_from(_parsed("posts.toml")),
    )


@cache
def texts(language: str = "sv") -> Texts:
    return texts_from(_parsed("texts", f"{language}.toml"), language=language, time_zone=ZONE)


@cache
def labels() -> Labels:
    return labels_from(_parsed("report", "sv.toml"))


@cache
def columns() -> Columns:
    return columns_from(_parsed("register.toml"))


@cache
def vocabulary() -> Vocabulary:
    return vocabulary_from(_parsed("surveys", "headers.toml"), _parsed("surveys", "questions.toml"))


# ---------------------------------------------------------------- values


def meeting(
    day: date = date(2023, 3, 8), title: str = "Natur i stadsplanering", **other: object
) -> Meeting:
    """A meeting at a place, from 08:30 to 14:30 UTC."""
    start = datetime(day.year, day.month, day.day, 8, 30, tzinfo=START.tzinfo)
    plain = Meeting(
        id=f"uid-{day:%m%d}",
        title=title,
        groups=(NATURE,),
        form=Form.PHYSICAL,
        kind=Kind.GATHERING,
        start=start,
        end=start + timedelta(hours=6),
        first_day=day,
        last_day=day,
        place="Skara",
        status=Status.INVITED,
        organizer="eva.exempel@exempel.se",
        event_id=f"event-{day:%m%d}",
    )
    return replace(plain, **other)


def event(
    day: date = date(2023, 3, 8), title: str = "Natur i stadsplanering", **other: object
) -> SeenEvent:
    """The event of the same meeting."""
    start = datetime(day.year, day.month, day.day, 8, 30, tzinfo=START.tzinfo)
    plain = SeenEvent(
        id=f"event-{day:%m%d}",
        ical_uid=f"uid-{day:%m%d}",
        subject=f"Naturvårdsgruppen: {title}",
        body_html="",
        start=start,
        end=start + timedelta(hours=6),
        location="Skara",
        organizer="eva.exempel@exempel.se",
        invited=(),
        categories=(),
        cancelled=False,
        private=False,
        join_url=None,
        has_attachments=False,
        modified=START - timedelta(days=1),
    )
    return replace(plain, **other)


def attachment(
    attachment_id: str = "a1", name: str = "Agenda.docx", **other: object
) -> SeenAttachment:
    plain = SeenAttachment(
        holder_id="event-0308",
        id=attachment_id,
        name=name,
        content_type="application/octet-stream",
        size=80_000,
        inline=False,
        is_file=True,
        modified=START - timedelta(days=1),
    )
    return replace(plain, **other)


def folder(name: str = "2023-03-08 Natur", shelf: Shelf = Shelf.DOCUMENTATION) -> Folder:
    return Folder(key=f"folder/{shelf}/{name}", shelf=shelf, path=f"2023/{name}")


def post(occurrence: str = "once", *, hours: float = 24) -> Announce:
    """A post that is useful for so many hours from the start."""
    parts = {"network": "natverk", "channel": COMMON_ID, "subject": "uid-0308", "kind": "soon"}
    key = str(Key(**parts, occurrence=occurrence))
    card = Card(
        language="sv",
        label="Nätverket",
        title="Natur i stadsplanering",
        buttons=(Button("Program", f"{SITE}/a"),),
    )
    return Announce(
        key=key,
        post=key,
        channel=COMMON_ID,
        via=FLOW,
        kind="soon",
        card=card,
        all_of=(key,),
        useful_until=START + timedelta(hours=hours),
    )


def drafting(text: str, beside: str = "Rapport (2023-03-31).docx") -> RefreshFile:
    return RefreshFile(
        key="report/annual/2023",
        folder=folder("Utkast", Shelf.COORDINATION),
        name="Rapport.docx",
        name_beside=beside,
        source=Made(make=text.encode, fingerprint=text),
    )


def contents(world: World, path: str = FOLDER, drive: str = MEMBERS) -> dict[str, bytes]:
    """What lies in a folder: content by name."""
    drives = world.drives
    ids = [i for i in drives.items if drives._shown(i).path == path]
    return {drives.items[i].name: drives.data[i] for i in ids if drives.items[i].drive_id == drive}
