"""The settings that hold for all networks of an installation."""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, FilePath, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from service.domain.credential import ClientSecret
from service.settings.clouds import HOSTS, Cloud
from service.settings.fields import PREFIX, Named, setting
from service.settings.kinds import (
    PARTS_OF_A_DAY,
    Listed,
    Polling,
    SecretAddress,
    WebAddress,
    lower,
)
from service.settings.posting import Mails

LogLevel = Literal["debug", "info", "warning", "error"]


class Mode(StrEnum):
    ACT = "act"
    OBSERVE = "observe"
    """Plan and show everything, write nothing."""


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
    surveys: int
    meetings: int
    reminders: int


_sign_in = partial(setting, "Sign-in")
_reach = partial(setting, "Where Microsoft 365 is reached")
_own = partial(setting, "The service itself")
_page = partial(setting, "The daemon's page, health and metrics")
_times = partial(setting, "Times")

GUID = "its id, from the app registration's overview"
DAY_PARTS = "one of " + ", ".join(str(minutes) for minutes in PARTS_OF_A_DAY)
A_FILE = "the path of a file that is there"


class Installation(Named):
    """What holds for all networks."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    tenant_id: str = _sign_in(..., "The Microsoft 365 tenant: its id or domain.", GUID)
    client_id: str = _sign_in(
        ...,
        "The app registration, or the managed identity, that the service signs in as.",
        GUID,
    )
    client_secret: SecretStr | None = _sign_in(
        None, "Secret of the app registration. Exactly one of this and the next ways is needed."
    )
    client_certificate_file: FilePath | None = _sign_in(
        None, "Certificate of the app registration with its key, PFX or PEM.", A_FILE
    )
    client_certificate_password: SecretStr | None = _sign_in(
        None, "Password of the certificate file, where it has one."
    )
    managed_identity: str | None = _sign_in(
        None,
        "The machine's own identity in Azure, in place of a secret or certificate.",
        "system, or the client id of a user-assigned identity",
    )
    federated_token_file: FilePath | None = _sign_in(
        None,
        "A token of another issuer (Kubernetes, GitHub) that Entra ID trusts for the app; the file "
        "is read anew for each sign-in.",
        A_FILE,
    )
    provision_client_id: str | None = _sign_in(
        None, "A second, temporary app with the rights that `natverket provision` needs.", GUID
    )
    provision_client_secret: SecretStr | None = _sign_in(None, "Secret of that second app.")

    bot_client_id: str | None = _sign_in(
        None, "The app registration of the bot, where it is not the service's own.", GUID
    )
    bot_client_secret: SecretStr | None = _sign_in(None, "Secret of the bot's app registration.")
    login_client_id: str | None = _sign_in(
        None,
        "The app registration by which a person signs in (`natverket login`), where it is not "
        "the service's own.",
        GUID,
    )
    login_file: Path = _sign_in(
        Path("natverket-login.bin"),
        "Where that sign-in is kept; only its owner may read it.",
        "the path of a file",
    )
    login_key: SecretStr | None = _sign_in(
        None,
        "Encrypts that file.",
        "32 random bytes in URL-safe base64, as `openssl rand -base64 32 | tr '+/' '-_'` makes",
    )

    cloud: Annotated[Cloud, BeforeValidator(lower)] = _reach(
        Cloud.PUBLIC,
        "Which of Microsoft's clouds the tenant is in: gives the three addresses below.",
        "public, usgov, usgov-dod or china",
    )
    graph_url: WebAddress = _reach(
        HOSTS[Cloud.PUBLIC].graph,
        "Microsoft Graph, where it is not that of the cloud: the sandbox, a proxy.",
        "an address such as https://graph.microsoft.com",
    )
    authority_url: WebAddress = _reach(
        HOSTS[Cloud.PUBLIC].authority,
        "Entra ID, where it is not that of the cloud.",
        "an address such as https://login.microsoftonline.com",
    )
    bot_url: WebAddress = _reach(
        HOSTS[Cloud.PUBLIC].bot,
        "The Bot Framework's connector, where it is not that of the cloud.",
        "an address such as https://smba.trafficmanager.net/teams",
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
    log_format: Literal["auto", "text", "json"] = _own(
        "auto",
        "`json` for log collectors; `auto` is text in a terminal and json elsewhere.",
        "auto, text or json",
    )
    stop_seconds: Annotated[int, Field(ge=1, le=3600)] = _own(
        45,
        "So long the action under way may take when the daemon is told to stop.",
        "seconds, 1 to 3600, fewer than the unit or container allows",
    )
    ping_url: SecretAddress | None = _own(
        None,
        "Called after each round in which everything due was done: a dead-man's switch.",
        "the https address that the watching service shows",
    )
    admin_mail: Annotated[Mails | None, NoDecode] = _own(
        None,
        "Who is told of credentials that end, rights that are missing and jobs that are stuck; "
        "sent from the first network's mailbox.",
        "addresses separated by commas",
    )
    admin_url: SecretAddress | None = _own(
        None,
        "The same as a card, by the workflow of a channel of the IT department.",
        "the address that the flow shows",
    )

    web_host: str = _page(
        "127.0.0.1",
        "Where the daemon listens; beyond this machine a token or a proxy's header is needed.",
        "an address or host name",
    )
    web_port: Annotated[int, Field(ge=0, le=65535)] = _page(
        8080, "The port there; a proxy in front adds TLS.", "a number from 0 (any) to 65535"
    )
    web_url: WebAddress | None = _page(
        None,
        "The address by which people reach the page, where a proxy stands in front.",
        "an address such as https://natverket.exempel.se",
    )
    web_token: SecretStr | None = _page(
        None,
        "Whoever has it may read the page and press its buttons.",
        "at least 20 letters and digits that nobody guesses",
    )
    web_user_header: str | None = _page(
        None,
        "The header in which a proxy that signs people in tells who asks.",
        "a name such as X-Forwarded-User",
    )
    web_proxies: Annotated[Listed | None, NoDecode] = _page(
        None,
        "The addresses of that proxy: from others the header is not believed.",
        "addresses or networks such as 10.0.0.0/8, separated by ;",
    )

    poll_calendar: Polling = _times(15, "Minutes between readings of the calendar.", DAY_PARTS)
    poll_drives: Polling = _times(10, "Minutes between readings of the libraries.", DAY_PARTS)
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
