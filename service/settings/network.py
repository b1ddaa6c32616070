"""The settings of one network."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import NoDecode, SettingsConfigDict

from service.domain.routes import InDoubt, Routes, Transport
from service.settings.fields import NETWORK_PREFIX, Named, setting
from service.settings.kinds import (
    Country,
    Folders,
    Groups,
    Id,
    Language,
    Listed,
    Mail,
    SecretAddress,
    TimeZone,
)
from service.settings.posting import Flows, Kinds, Lists, Mails, OfGroups, Ways, flows
from service.shipped import languages

_network = partial(setting, "The network")
_places = partial(setting, "The network's places in Microsoft 365")
_posts = partial(setting, "The network's posts")
_reports = partial(setting, "The network's documents and answers")

A_NAME = "its id, address or display name"
AN_ID = "its id, as in the link that Teams gives to it"


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
    language: Language | None = _network(
        None, "Language of posts and reports.", f"one of {', '.join(languages())}", shown="sv"
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
    survey_list: str | None = _places(
        None,
        "A list of the site that a flow fills with the answers of forms.",
        A_NAME,
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

    post_via: Annotated[Ways, NoDecode] = _posts(
        (Transport.DRY,),
        "How posts reach people; several joined by +. `dry` writes cards to files.",
        "workflow, bot, graph, mail or dry, or several as workflow+mail",
        shown="dry",
    )
    post_kinds: Annotated[Kinds | None, NoDecode] = _posts(
        None,
        "Kinds of posts that go otherwise, or not at all.",
        "kind=transports;kind=off, such as yearly_open=workflow+mail;survey_nudge=off",
    )
    workflow_url: SecretAddress | None = _posts(
        None, "The workflow's address; whoever has it can post.", "the address that the flow shows"
    )
    group_channels: Annotated[OfGroups | None, NoDecode] = _posts(
        None,
        "Channels of focus groups that have their own; the others share the common one.",
        "group=channel id;group=channel id, the groups by their ids",
    )
    group_urls: Flows | None = _posts(
        None,
        "Their workflows' addresses, where posts go by workflow.",
        "group=address;group=address",
    )
    coordinator_url: SecretAddress | None = _posts(
        None,
        "The workflow's address of the coordinators' channel.",
        "the address that the flow shows",
    )
    coordinator_mail: Annotated[Mails | None, NoDecode] = _posts(
        None,
        "Mail addresses to which coordinators' notices go, beside their channel or instead of it.",
        "addresses separated by commas",
    )
    mail_lists: Annotated[Lists | None, NoDecode] = _posts(
        None,
        "Where posts by mail go, as Bcc: lists of all and of single focus groups.",
        "common=address,address;group=address",
    )
    mail_as: Literal["send", "draft"] = _posts(
        "send",
        "`draft` lays mails into the mailbox's drafts, for a person to look at and send.",
        "send or draft",
    )
    mention: Literal["none", "channel", "tag"] = _posts(
        "none",
        "Whom a post by the signed-in account notifies: nobody, the channel, or a group's tag.",
        "none, channel or tag",
    )
    tags: Annotated[OfGroups | None, NoDecode] = _posts(
        None, "Names of the team's tags, by focus group.", "group=tag;group=tag"
    )
    posts_folder: Path = _posts(
        Path("posts"), "Where `dry` writes the cards.", "the path of a folder"
    )
    in_doubt: InDoubt = _posts(
        InDoubt.ONCE,
        "Where nothing tells if a post arrived: leave it (`once`) or send it again, up to 5 times.",
        "once or again",
    )
    posts_a_day: Annotated[int, Field(ge=1, le=1000)] = _posts(
        20, "At most so many posts to a channel and day; the rest waits.", "1 to 1000"
    )
    oldest_post: Annotated[int, Field(ge=1, le=336)] = _posts(
        24,
        "After a pause of the service, what was due more hours ago than this is not sent.",
        "hours, 1 to 336",
    )
    series: Annotated[Listed | None, NoDecode] = _posts(
        None,
        "Series of posts, such as a calendar of tips: shipped ones, or TOML files.",
        "names from config/series without .toml, or paths, separated by ;",
    )
    templates: Path | None = _reports(
        None,
        "A folder with Word templates of the network's own, in place of shipped ones.",
        "the path of a folder that holds annual.docx or plan.docx",
    )
    calendar_token: SecretStr | None = _reports(
        None,
        "Opens published plans as a calendar, /calendar/<token>.ics; whoever has it reads them.",
        "at least 20 letters and digits that nobody guesses",
    )
    retention: Annotated[int, Field(ge=1, le=240)] | None = _reports(
        None,
        "Months after which single answers of a closed survey may be deleted; the figures stay.",
        "1 to 240; nothing: they are kept",
    )
    retention_decision: str | None = _reports(
        None,
        "The decision that says so, as receipts cite it.",
        "its reference, such as KS 2024/0123 § 45",
    )

    texts: Path | None = _posts(
        None,
        "A TOML file with texts of the network's own, in place of shipped ones.",
        "the path of a TOML file",
    )
    approve_first_weeks: Annotated[int, Field(ge=0, le=520)] = _posts(
        8, "For so many weeks posts wait for a coordinator's tick.", "0 (never wait) to 520"
    )

    origin: Path | None = Field(None, exclude=True)
    """The TOML file of NATVERKET_NETWORKS that told this."""

    @property
    def routes(self) -> Routes:
        """By which transports each kind of post goes."""
        return Routes(usual=self.post_via, of_kind=self.post_kinds or {})

    @property
    def group_flows(self) -> dict[str, str]:
        """Addresses of the groups' workflows."""
        return flows(self.group_urls)
