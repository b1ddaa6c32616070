"""Every setting: its name, kind, default, a sentence on what it is for, and what to write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, FilePath, SecretStr
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from service.settings.kinds import (
    PARTS_OF_A_DAY,
    Country,
    Folders,
    Groups,
    Id,
    Mail,
    Polling,
    SecretAddress,
    TimeZone,
    WebAddress,
    lower,
)

PREFIX = "NATVERKET_"
NETWORK_PREFIX = "NATVERKET_NETWORK_"


LogLevel = Literal["debug", "info", "warning", "error"]


class Mode(StrEnum):
    ACT = "act"
    OBSERVE = "observe"
    """Plan and show everything, write nothing."""


class PostVia(StrEnum):
    WORKFLOW = "workflow"
    BOT = "bot"
    GRAPH = "graph"
    MAIL = "mail"
    DRY = "dry"


@dataclass(frozen=True, kw_only=True)
class ClientSecret:
    """A secret of an app registration."""

    value: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class ClientCertificate:
    """A certificate of an app registration: a PFX or PEM file with its key."""

    file: Path
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Provisioning:
    """The second app, which may create libraries and columns."""

    client_id: str
    secret: ClientSecret


@dataclass(frozen=True, kw_only=True)
class Poll:
    """Minutes between two readings of each source."""

    calendar: int
    drives: int
    channel: int
    surveys: int
    meetings: int
    reminders: int


def _setting(  # noqa: PLR0913  (called by the partials below, with two to four of them)
    group: str,
    default: Any,
    sentence: str,
    write: str = "",
    *,
    name: str | None = None,
    shown: str | None = None,
) -> Any:
    """Make a field; `shown` is the default to tell where the field's own says only `not set`."""
    extra: dict[str, Any] = {"group": group, "write": write or "a value", "shown": shown}
    return Field(default, description=sentence, validation_alias=name, json_schema_extra=extra)


class Named(BaseSettings):
    """Fields that are known to people by their NATVERKET_ names."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        str_strip_whitespace=True,
        hide_input_in_errors=True,
        validate_default=False,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given and nothing else: `reading` has merged file and environment."""
        del settings_cls
        return (init_settings,)

    @classmethod
    def from_names(cls, given: Mapping[str, str]) -> Self:
        """Make the values from texts by NATVERKET_ name. Raises pydantic's ValidationError."""
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): text for name, text in given.items()}
        return cls(**source())


_sign_in = partial(_setting, "Sign-in")
_reach = partial(_setting, "Where Microsoft 365 is reached")
_own = partial(_setting, "The service itself")
_times = partial(_setting, "Times")
_network = partial(_setting, "The network")
_places = partial(_setting, "The network's places in Microsoft 365")
_posts = partial(_setting, "The network's posts")

GUID = "its id, from the app registration's overview"
DAY_PARTS = "one of " + ", ".join(str(minutes) for minutes in PARTS_OF_A_DAY)
A_FILE = "the path of a file that is there"
A_NAME = "its id, address or display name"
AN_ID = "its id, as in the link that Teams gives to it"


class Installation(Named):
    """What holds for all networks."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    tenant_id: str = _sign_in(..., "The Microsoft 365 tenant: its id or domain.", GUID)
    client_id: str = _sign_in(..., "The app registration that the service signs in as.", GUID)
    client_secret: SecretStr | None = _sign_in(
        None, "Secret of the app registration; a secret or a certificate is needed, not both."
    )
    client_certificate_file: FilePath | None = _sign_in(
        None, "Certificate of the app registration with its key, PFX or PEM.", A_FILE
    )
    client_certificate_password: SecretStr | None = _sign_in(
        None, "Password of the certificate file, where it has one."
    )
    provision_client_id: str | None = _sign_in(
        None, "A second, temporary app with the rights that `natverket provision` needs.", GUID
    )
    provision_client_secret: SecretStr | None = _sign_in(None, "Secret of that second app.")

    graph_url: WebAddress = _reach(
        "https://graph.microsoft.com",
        "Microsoft Graph; another for national clouds and the sandbox.",
        "an address such as https://graph.microsoft.com",
    )
    authority_url: WebAddress = _reach(
        "https://login.microsoftonline.com",
        "Entra ID; another for national clouds and the sandbox.",
        "an address such as https://login.microsoftonline.com",
    )
    ca_file: FilePath | None = _reach(
        None,
        "Certificates to trust besides the usual ones, PEM: a proxy's or the sandbox's.",
        A_FILE,
    )
    clock_url: WebAddress | None = _reach(
        None,
        "The sandbox's clock, to take its time; only where Graph is on this machine.",
        "the address that `natverket sandbox` printed, or nothing",
    )

    state_url: SecretStr = _own(
        SecretStr("sqlite:///natverket.db"),
        "The service's own state: an SQLite file, or postgresql:// where several share the work.",
        "sqlite:///path/to/file.db or postgresql://user:password@host/database",
    )
    networks_at: Path | None = _own(
        None,
        "A network's TOML file, or a folder of them, instead of the NATVERKET_NETWORK_ settings.",
        "the path of a TOML file or of a folder of them",
        name="NATVERKET_NETWORKS",
    )
    mode: Mode = _own(
        Mode.ACT, "`observe` plans and shows everything and writes nothing.", "act or observe"
    )
    organisation: str = _own(
        "municipality network",
        "Who runs this, as Microsoft sees it in the User-Agent.",
        "a name of up to 60 letters",
    )
    keep_attendees: bool = _own(
        default=False,
        sentence="Keep a list of who was at each online meeting, for coordinators: personal data.",
        write="true or false",
    )
    log_level: Annotated[LogLevel, BeforeValidator(lower)] = _own(
        "info", "How much is logged.", "debug, info, warning or error"
    )
    log_format: Literal["text", "json"] = _own("text", "`json` for log collectors.", "text or json")
    web_host: str = _own(
        "127.0.0.1",
        "Where health, metrics and status page will listen. Not used yet.",
        "an address or host name",
    )
    web_port: Annotated[int, Field(ge=0, le=65535)] = _own(
        8080, "Their port. Not used yet.", "a number from 0 (any) to 65535"
    )

    poll_calendar: Polling = _times(15, "Minutes between readings of the calendar.", DAY_PARTS)
    poll_drives: Polling = _times(10, "Minutes between readings of the libraries.", DAY_PARTS)
    poll_channel: Polling = _times(
        60,
        "Minutes between readings of the channel. Not used yet: posts and the letter read it.",
        DAY_PARTS,
    )
    poll_surveys: Polling = _times(60, "Minutes between readings of the surveys.", DAY_PARTS)
    poll_meetings: Polling = _times(
        60, "Minutes between looks for recordings and attendance.", DAY_PARTS
    )
    poll_reminders: Polling = _times(15, "Minutes between looks for posts that are due.", DAY_PARTS)
    settle_minutes: Annotated[int, Field(ge=0, le=1440)] = _times(
        30, "A file is taken when it has been still for so many minutes.", "0 to 1440"
    )
    proof_wait: Annotated[int, Field(ge=1, le=1440)] = _times(
        60, "Minutes to look for a post in the channel before it is sent again.", "1 to 1440"
    )
    recording_days: Annotated[int, Field(ge=1, le=3650)] = _times(
        120,
        "A recording expires so many days after it was made, where Teams gives no date.",
        "the days of the tenant's meeting policy, 1 to 3650",
    )
    most_changes: Annotated[int, Field(ge=1, le=100_000)] = _times(
        500,
        "A plan of more changes than this is refused until a person says so.",
        "a number, 1 to 100000",
    )
    copy_blocked_recordings: bool = _times(
        default=False,
        sentence="IT has approved that recordings whose download a policy blocks are copied all "
        "the same, where they lie in a library that the app may read.",
        write="true or false",
    )


class NetworkSettings(Named):
    """What holds for one network. What its description may tell as well is None if not set."""

    model_config = SettingsConfigDict(env_prefix=NETWORK_PREFIX)

    id: Id | None = _network(
        None,
        "Names the network in every key of the state: never change it.",
        "a short word of a–z, 0–9 and hyphen",
        shown="network",
    )
    name: str | None = _network(None, "The network's name, as people know it.", "a name")
    description: str | None = _network(
        None,
        "Members, addresses, aliases and chapters: a shipped description or a TOML file.",
        "the name of a file in config/networks without .toml, or the path of one",
    )
    focus_groups: Annotated[Groups | None, NoDecode] = _network(
        None,
        "The focus groups in their order; the description's addresses go with the same id.",
        "id=Name;id=Name, the ids of a–z, 0–9 and hyphen",
    )
    language: Literal["sv", "nb", "en"] | None = _network(
        None, "Language of posts and reports.", "sv, nb or en", shown="sv"
    )
    timezone: TimeZone | None = _network(
        None,
        "Time zone of the meetings.",
        "an IANA name such as Europe/Stockholm",
        shown="Europe/Stockholm",
    )
    country: Country | None = _network(
        None,
        "Country whose public holidays are no workdays.",
        "a code such as SE, NO or FI",
        shown="SE",
    )

    mailbox: Mail = _places(
        ..., "The network mailbox, which every meeting invites.", "a mail address"
    )
    site: str = _places(..., "The network's SharePoint site.", "its address or id")
    library: str = _places("Dokumentation", "The library that members read.", A_NAME)
    coordination: str = _places("Samordning", "The library that only coordinators open.", A_NAME)
    register_list: str = _places(
        "Möten", "The list of meetings.", A_NAME, name="NATVERKET_NETWORK_REGISTER"
    )
    survey_folder: str | None = _places(
        None,
        "Where the Forms workbooks of answers lie.",
        "library/path, such as Samordning/Enkäter",
    )
    watched_folders: Annotated[Folders | None, NoDecode] = _places(
        None,
        "Further folders whose files may belong to meetings: a channel's, a coordinator's.",
        "their addresses as the browser shows them, separated by ;",
    )
    mail_folder: str | None = _places(
        None,
        "A folder of the network mailbox into which people put mails with material.",
        "its path as Outlook shows it, such as Inkorgen/Material",
    )
    team: str | None = _places(None, "The network's team.", AN_ID)
    channel: str | None = _places(None, "The channel for posts and questions.", AN_ID)
    coordinator_channel: str | None = _places(
        None, "A channel for notices to coordinators alone.", AN_ID
    )
    read_channel: bool = _places(
        default=True,
        sentence="Read the channel: proves posts and feeds the digest.",
        write="true or false",
    )

    post_via: PostVia = _posts(
        PostVia.DRY, "How posts reach the channel; `dry` shows them only.", "workflow or dry"
    )
    workflow_url: SecretAddress | None = _posts(
        None, "The workflow's address; whoever has it can post.", "the address that the flow shows"
    )
    coordinator_url: SecretAddress | None = _posts(
        None,
        "The workflow's address of the coordinators' channel; without it they get no notices.",
        "the address that the flow shows",
    )
    approve_first_weeks: Annotated[int, Field(ge=0, le=520)] = _posts(
        8, "For so many weeks posts wait for a coordinator's tick.", "0 (never wait) to 520"
    )

    origin: Path | None = Field(None, exclude=True)
    """The TOML file of NATVERKET_NETWORKS that told this."""


class Settings(Installation):
    """All that was set, checked."""

    networks: tuple[NetworkSettings, ...]
    notes: tuple[str, ...] = ()
    """What was ignored, for the log."""

    @property
    def credential(self) -> ClientSecret | ClientCertificate:
        """The one way to sign in that was given."""
        if self.client_certificate_file is None:
            return ClientSecret(value=_plain(self.client_secret) or "")
        password = _plain(self.client_certificate_password)
        return ClientCertificate(file=self.client_certificate_file, password=password)

    @property
    def provisioning(self) -> Provisioning | None:
        """The second app, where there is one."""
        secret = _plain(self.provision_client_secret)
        if self.provision_client_id is None or secret is None:
            return None
        return Provisioning(client_id=self.provision_client_id, secret=ClientSecret(value=secret))

    @property
    def poll(self) -> Poll:
        """Minutes between two readings of each source."""
        return Poll(
            calendar=self.poll_calendar,
            drives=self.poll_drives,
            channel=self.poll_channel,
            surveys=self.poll_surveys,
            meetings=self.poll_meetings,
            reminders=self.poll_reminders,
        )


def _plain(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
