"""The data files of a seed, each read into types that refuse an unknown field."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

T = TypeVar("T")

Day = date
"""A type of its own name, since fields are called `date`."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a data file."""


class Published(Record, frozen=True, kw_only=True):
    """Means as the annual report prints them; their decimals are part of the figure."""

    satisfaction: str
    usefulness: str


class Fact(Record, frozen=True, kw_only=True):
    """What the annual report says of a meeting."""

    start: Day
    groups: tuple[str, ...]
    form: Literal["digital", "physical"]
    title: str
    participants: tuple[int, ...]
    end: Day | None = None
    kind: str = "meeting"
    place: str = ""
    published: Published | None = None


class YearlyQuestion(Record, frozen=True, kw_only=True):
    question: str
    means: dict[str, str]


class PublishedYear(msgspec.Struct, frozen=True):
    annual_survey: tuple[YearlyQuestion, ...]
    annual_survey_respondents: dict[str, int]


class Facts(msgspec.Struct, frozen=True):
    """The published year; what a seed has no use for is passed over."""

    meetings: tuple[Fact, ...]
    published: PublishedYear


class Organisation(msgspec.Struct, frozen=True):
    name: str
    domains: tuple[str, ...]
    joined: str | None = None


class Organisations(Record, frozen=True, kw_only=True):
    members: tuple[Organisation, ...]
    other: tuple[Organisation, ...]


class PersonData(Record, frozen=True, kw_only=True):
    key: str
    id: str
    name: str
    mail: str
    role: str = ""
    guest: bool = False
    organizer: bool = False


class AppData(Record, frozen=True, kw_only=True):
    client_id: str
    secret: str
    name: str
    roles: tuple[str, ...]
    site_role: str
    reads_channels: bool = False
    daemon: bool = False


class ChannelData(Record, frozen=True, kw_only=True):
    key: str
    id: str
    name: str
    workflow: str


class Tenant(Record, frozen=True, kw_only=True):
    """Who and what is there on the first day."""

    tenant_id: str
    domain: str
    time_zone: str
    network: str
    mailbox: str
    site: str
    team: str
    group_addresses: dict[str, str]
    category: dict[str, str]
    prefix: dict[str, str]
    people: tuple[PersonData, ...]
    apps: tuple[AppData, ...]
    channels: tuple[ChannelData, ...]
    environment: dict[str, str]
    surnames: tuple[str, ...]
    first_names: tuple[str, ...]
    anonymous: tuple[str, ...]


class Speaker(Record, frozen=True, kw_only=True):
    """`name` is empty where an invitation names only the organisation."""

    of: str
    name: str = ""
    domain: str = ""
    """Of the address, where `of` is not a name in the members' file."""


class FileData(Record, frozen=True, kw_only=True):
    """
    A file of a meeting and the way it comes.

    `days` counts from the first day if negative, else from the last; without it the file
    comes with the invitation. Files that are `like` the same are equal to the byte.
    """

    name: str
    to: Literal["event", "folder", "inbox"]
    days: int | None = None
    at: time = time(9, 20)
    by: str = "sanna"
    like: str = ""


class Move(Record, frozen=True, kw_only=True):
    """A later change of the hours, within the same day."""

    at: datetime
    start: time
    end: time
    note: str


class Detail(Record, frozen=True, kw_only=True):
    """What is made up around a meeting of the report."""

    date: Day
    organizer: str
    known_by: Literal["address", "category", "subject"] = "address"
    invited: datetime
    start: time
    end: time
    location: str
    intro: tuple[str, ...]
    programme: tuple[str, ...]
    speakers: tuple[Speaker, ...] = ()
    points: tuple[str, ...]
    register: str = ""
    register_by: Day | None = None
    terms: tuple[str, ...] = ()
    questions_by: Day | None = None
    evaluation: str = ""
    moved: Move | None = None
    files: tuple[FileData, ...] = ()
    summary: str
    attended_from: str
    quotes: str = ""
    publish_result: bool = False
    publish_recording: bool = True
    invited_count: int | None = None
    reports: int = 1
    megabytes: float | None = None
    """Size of the recording; usually left to chance."""


class Cancelled(Record, frozen=True, kw_only=True):
    """A meeting that was called off, and so is not in the report."""

    date: Day
    organizer: str
    groups: tuple[str, ...]
    title: str
    invited: datetime
    start: time
    end: time
    location: str
    intro: tuple[str, ...]
    programme: tuple[str, ...]
    cancelled: datetime


class Noise(Record, frozen=True, kw_only=True):
    """An event in the mailbox's calendar that is no network meeting."""

    organizer: str
    invited: datetime
    start: datetime
    end: datetime
    subject: str
    body: str
    location: str = ""
    categories: tuple[str, ...] = ()
    private: bool = False


class Unplaceable(Record, frozen=True, kw_only=True):
    """A file in the inbox that nothing ties to a meeting."""

    name: str
    at: datetime
    by: str = "sanna"


class FileSeries(Record, frozen=True, kw_only=True):
    """One file or a series of them; `like` and `mac` as the file of the table says."""

    at: datetime
    name: str
    where: str = msgspec.field(name="in", default="")
    inline: bool = False
    mac: bool = False
    like: str = ""


class Files(Record, frozen=True, kw_only=True):
    """A thousand files over the year, by where people leave them."""

    folders: dict[str, str]
    """Of the meetings in the members' library, by first day: the service makes them."""
    inbox: tuple[FileSeries, ...]
    event: tuple[FileSeries, ...]
    mail: tuple[FileSeries, ...]
    channel: tuple[FileSeries, ...]
    onedrive: tuple[FileSeries, ...]
    link: tuple[FileSeries, ...]
    folder: tuple[FileSeries, ...]


class Meetings(Record, frozen=True, kw_only=True):
    meetings: tuple[Detail, ...]
    cancelled: tuple[Cancelled, ...]
    noise: tuple[Noise, ...]
    unplaceable: tuple[Unplaceable, ...]


class Version(Record, frozen=True, kw_only=True):
    """A sync of the workbook: days after the last day, the local hour, responses by then."""

    days: int
    at: time
    n: int


class EvaluationData(Record, frozen=True, kw_only=True):
    date: Day
    file: str
    satisfaction: str
    usefulness: str
    texts: tuple[str, ...]
    answers: tuple[str, ...]
    headers: Literal["sv", "en"] = "sv"
    anonymous: bool = False
    versions: tuple[Version, ...]


class YearlyData(Record, frozen=True, kw_only=True):
    opens: Day
    file: str
    texts: tuple[str, ...]
    answers: tuple[str, ...]
    versions: tuple[Version, ...]


class Surveys(Record, frozen=True, kw_only=True):
    folder: str
    library: str
    comment: str
    answers: tuple[str, ...]
    evaluations: tuple[EvaluationData, ...]
    yearly: YearlyData


class ReplyData(Record, frozen=True, kw_only=True):
    by: str
    at: datetime
    html: str


class MessageData(Record, frozen=True, kw_only=True):
    by: str
    at: datetime
    html: str
    channel: str = "common"
    replies: tuple[ReplyData, ...] = ()


class Messages(Record, frozen=True, kw_only=True):
    messages: tuple[MessageData, ...]


def folder() -> Path:
    """`config/seeds`: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parents[2]
    installed = package / "config"
    return (installed if installed.exists() else package.parent / "config") / "seeds"


def read(name: str, kind: type[T]) -> T:
    return msgspec.toml.decode((folder() / f"{name}.toml").read_bytes(), type=kind)
