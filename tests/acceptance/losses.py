"""Every single thing that can be taken away from a tenant, and what check is to say of it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.acceptance import checked
from tests.acceptance.checked import (
    BOX,
    COORDINATION,
    DAEMON,
    DOCUMENTATION,
    GUEST,
    OWNER,
    SECOND,
    Tenant,
)
from tests.contract.graph import worlds

Deed = Callable[[Tenant], None]


def nothing(_: Tenant) -> None:
    """There is nothing to be done."""


def act(name: str, /, **fields: object) -> Deed:
    return lambda tenant: tenant.act(name, **fields)


@dataclass(frozen=True, kw_only=True)
class Loss:
    """Something that is taken away, and what check is to say of it."""

    take: Deed = nothing
    give: Deed = nothing
    settings: dict[str, str] = field(default_factory=dict)
    fails: str
    says: tuple[str, ...]
    """In what was said and in the remedy."""


APP = DAEMON.client_id
GONE_FLOW = (
    "https://localhost/powerautomate/automations/direct/workflows/f1ffffff/triggers/manual/paths/"
    "invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=none-at-all"
)
RETIRED_FLOW = (
    "https://prod-1.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=none"
)
RIGHTS = {
    "Sites.Selected": "roles",
    "OnlineMeetings.Read.All": "roles",
    "OnlineMeetingRecording.Read.All": "roles",
    "OnlineMeetingTranscript.Read.All": "roles",
    "OnlineMeetingArtifact.Read.All": "roles",
}
SENDING = {"app": APP, "mailbox": BOX.mail, "role": "Mail.Send"}
MAILBOX = {
    "Calendars.Read": ("calendar", "Application Calendars.Read"),
    "Mail.Read": ("mail folder", "Application Mail.Read"),
    "Mail.Send": ("posts by mail", "Application Mail.Send"),
}


def mailbox(role: str) -> Loss:
    grant = {"app": APP, "mailbox": BOX.mail, "role": role}
    fails, says = MAILBOX[role]
    return Loss(
        take=act("GrantMailbox", **grant, withdrawn=True),
        give=act("GrantMailbox", **grant),
        fails=fails,
        says=(f'New-ManagementRoleAssignment -App {APP} -Role "{says}"', BOX.mail),
    )


def consent(role: str) -> Loss:
    return Loss(
        take=act("GrantRole", app=APP, role=role, withdrawn=True),
        give=act("GrantRole", app=APP, role=role),
        fails="roles",
        says=(f"Value -eq '{role}'", APP),
    )


def site(role: str) -> Loss:
    return Loss(
        take=act("GrantSite", app=APP, role=role),
        give=act("GrantSite", app=APP, role="write"),
        fails="site",
        says=(f"Grant-PnPAzureADAppSitePermission -AppId {APP}", "-Permissions Write"),
    )


def organiser(person: str, mail: str) -> Loss:
    return Loss(
        take=act("GrantOrganizer", app=APP, person=person, withdrawn=True),
        give=act("GrantOrganizer", app=APP, person=person),
        fails="recordings",
        says=(mail, "Grant-CsApplicationAccessPolicy", "half an hour"),
    )


def opened(library: str, *, writes: bool, usual: list[str], says: str) -> Loss:
    root = {"library": library, "path": "", "by": OWNER.id}
    guests = {"writers" if writes else "readers": [GUEST.id]}
    return Loss(
        take=act("RestrictFile", **root, **guests),
        give=act("RestrictFile", **root, readers=usual),
        fails="members",
        says=(library, says, "Set-PnPListPermission"),
    )


def library(fails: str, says: tuple[str, ...], take: Deed, give: Deed) -> Loss:
    return Loss(take=take, give=give, fails=fails, says=says)


MEMBERS = [one.id for one in checked.WORLD.people if one.id != OWNER.id]
ROOT = {"library": DOCUMENTATION, "by": OWNER.id}


def approve_from_now_on(tenant: Tenant) -> None:
    tenant.act("SetLibrary", **ROOT, approval=True)
    tenant.put(DOCUMENTATION)


def approve_all(tenant: Tenant) -> None:
    tenant.act("ApproveFile", **ROOT, path=checked.FILED)
    tenant.act("SetLibrary", **ROOT, approval=False)


def check_out_from_now_on(tenant: Tenant) -> None:
    tenant.act("SetLibrary", **ROOT, force_checkout=True)
    tenant.put(DOCUMENTATION)


def check_in(tenant: Tenant) -> None:
    tenant.check_in(DOCUMENTATION)
    tenant.act("SetLibrary", **ROOT, force_checkout=False)


def sign_out(tenant: Tenant) -> None:
    shutil.move(tenant.folder / "login.bin", tenant.folder / "kept.bin")


def sign_in_again(tenant: Tenant) -> None:
    shutil.move(tenant.folder / "kept.bin", tenant.folder / "login.bin")


LOSSES = {
    **{role: consent(role) for role in RIGHTS},
    **{role: mailbox(role) for role in MAILBOX},
    "site read": site("read"),
    "site nothing": site(""),
    "policy of one": organiser(OWNER.id, OWNER.mail),
    "policy of the other": organiser(SECOND.id, SECOND.mail),
    "consent in the team": Loss(
        take=act("ConsentInTeam", app=APP, withdrawn=True),
        give=act("ConsentInTeam", app=APP),
        fails="channel read",
        says=("ChannelMessage.Read.Group", "natverket teams-app"),
    ),
    "flow deleted": Loss(
        take=act("SwitchFlow", flow=checked.FLOWS[1], state="Deleted"),
        give=act("SwitchFlow", flow=checked.FLOWS[1], state="Enabled"),
        fails="posts by workflow",
        says=("coordinators", "NATVERKET_NETWORK_COORDINATOR_URL"),
    ),
    "bot uninstalled": Loss(
        take=act("UninstallApp", app=checked.BOT.client_id),
        give=act("InstallApp", app=checked.BOT.client_id),
        fails="posts by bot",
        says=("BotNotInConversationRoster", "natverket teams-app"),
    ),
    "members edit": opened(DOCUMENTATION, writes=True, usual=MEMBERS, says="-RemoveRole 'Edit'"),
    "members open": opened(COORDINATION, writes=False, usual=[], says="-RemoveRole 'Read'"),
    "required column": Loss(
        take=act("SetLibrary", **ROOT, required=["NvMeeting"]),
        give=act("SetLibrary", **ROOT, optional=["NvMeeting"]),
        fails="held files",
        says=("required", "Required=$false"),
    ),
    "content approval": Loss(
        take=approve_from_now_on,
        give=approve_all,
        fails="held files",
        says=("approves", "-EnableModeration $false"),
    ),
    "forced check-out": Loss(
        take=check_out_from_now_on,
        give=check_in,
        fails="held files",
        says=("checked out to the service", "-ForceCheckout $false"),
    ),
    "watched site": Loss(
        take=act("GrantSite", app=APP, role="", site="Energi och klimat"),
        give=act("GrantSite", app=APP, role="read", site="Energi och klimat"),
        fails="watched folders",
        says=("-Permissions Read", "EnergiOchKlimat"),
    ),
    "account signed out": Loss(
        take=sign_out,
        give=sign_in_again,
        fails="posts by graph",
        says=("nobody has signed in", "natverket login"),
    ),
    "secret expired": Loss(
        take=act("SecretExpires", app=APP),
        give=act("NewSecret", app=APP, secret=DAEMON.secret),
        fails="sign-in",
        says=("AADSTS7000222", "NATVERKET_CLIENT_SECRET"),
    ),
    "app disabled": Loss(
        take=act("DisableApp", app=APP),
        give=act("DisableApp", app=APP, disabled=False),
        fails="sign-in",
        says=("AADSTS7000112",),
    ),
    "conditional access": Loss(
        take=act("ConditionalAccess", name="Arbetslaster", control="block", app=APP, workload=True),
        give=act("ConditionalAccess", name="Arbetslaster", control="", app=APP, workload=True),
        fails="sign-in",
        says=("AADSTS53003",),
    ),
    "clock off": Loss(
        take=lambda tenant: tenant.fault(
            match={"path": "^/v1.0/$"},
            every=1,
            headers={"Date": "Thu, 09 Mar 2023 09:20:00 GMT"},
        ),
        give=lambda tenant: tenant.forget_faults(),
        fails="clock",
        says=("seconds behind Microsoft's", "timedatectl set-ntp true"),
    ),
    "recording blocked": Loss(
        take=act(
            "Record",
            key="natur",
            start="2023-03-08T08:00:00Z",
            end="2023-03-08T11:00:00Z",
            content={"text": "film"},
            transcript=worlds.TRANSCRIPT,
            blocked=True,
        ),
        give=act("DeleteRecording", key="natur"),
        fails="recordings",
        says=("blocked", "-ExcludedBlockDownloadGroupIds"),
    ),
    "tenant unknown": Loss(
        settings={"NATVERKET_TENANT_ID": "okand.example"},
        fails="sign-in",
        says=("NATVERKET_TENANT_ID",),
    ),
    "dead name": Loss(
        settings={"NATVERKET_PING_URL": "https://ping.invalid/x"},
        fails="ping",
        says=("ping.invalid", "resolv.conf"),
    ),
    "dead name of Entra": Loss(
        settings={"NATVERKET_AUTHORITY_URL": "https://entra.invalid"},
        fails="names",
        says=("entra.invalid", "resolv.conf"),
    ),
    "wrong channel": Loss(
        settings={"NATVERKET_NETWORK_COORDINATOR_CHANNEL": "19:borta@thread.tacv2"},
        fails="channel read",
        says=("19:borta@thread.tacv2", "NATVERKET_NETWORK_COORDINATOR_CHANNEL", "Get link"),
    ),
    "administrators' flow deleted": Loss(
        settings={"NATVERKET_ADMIN_URL": GONE_FLOW},
        fails="notices by card",
        says=("administrators", "NATVERKET_ADMIN_URL"),
    ),
    "retired host of a flow": Loss(
        settings={"NATVERKET_NETWORK_COORDINATOR_URL": RETIRED_FLOW},
        fails="posts by workflow",
        says=("logic.azure.com", "NATVERKET_NETWORK_COORDINATOR_URL"),
    ),
    "bot's secret": Loss(
        settings={"NATVERKET_BOT_CLIENT_SECRET": "wrong"},
        fails="posts by bot",
        says=("AADSTS7000215", "NATVERKET_BOT_CLIENT_SECRET", "the bot's sign-in"),
    ),
    "wrong group channel": Loss(
        settings={
            "NATVERKET_NETWORK_GROUP_CHANNELS": "miljo=19:grupp@thread.tacv2",
            "NATVERKET_NETWORK_POST_VIA": "mail",
        },
        fails="channel read",
        says=("19:grupp@thread.tacv2", "NATVERKET_NETWORK_GROUP_CHANNELS"),
    ),
    "drafts": Loss(
        settings={"NATVERKET_NETWORK_MAIL_AS": "draft"},
        fails="posts by mail",
        says=("Application Mail.ReadWrite",),
    ),
    "administrators' mail": Loss(
        take=act("GrantMailbox", **SENDING, withdrawn=True),
        give=act("GrantMailbox", **SENDING),
        settings={
            "NATVERKET_ADMIN_MAIL": "it@nat.example",
            "NATVERKET_NETWORK_POST_VIA": "workflow",
            "NATVERKET_NETWORK_MAIL_LISTS": "",
        },
        fails="notices by mail",
        says=("Application Mail.Send", BOX.mail),
    ),
    "column deleted": Loss(
        take=lambda tenant: tenant.drop_column("NvDone"),
        give=lambda tenant: tenant.make_column("NvDone"),
        fails="register",
        says=("NvDone", "natverket provision"),
    ),
    "no such site": Loss(
        settings={"NATVERKET_NETWORK_SITE": "Ingen sida"},
        fails="site",
        says=("NATVERKET_NETWORK_SITE",),
    ),
    "no such library": Loss(
        settings={"NATVERKET_NETWORK_LIBRARY": "Ingenting"},
        fails="libraries",
        says=("Ingenting", "natverket provision"),
    ),
    "no such register": Loss(
        settings={"NATVERKET_NETWORK_REGISTER": "Träffar"},
        fails="register",
        says=("Träffar", "natverket provision"),
    ),
    "no such mailbox": Loss(
        settings={"NATVERKET_NETWORK_MAIL_FOLDER": "Inkorgen/Annat"},
        fails="mail folder",
        says=("Annat", "NATVERKET_NETWORK_MAIL_FOLDER"),
    ),
    "no such list": Loss(
        settings={"NATVERKET_NETWORK_SURVEY_LIST": "Inga svar"},
        fails="surveys",
        says=("Inga svar", "NATVERKET_NETWORK_SURVEY_LIST"),
    ),
    "state": Loss(
        settings={"NATVERKET_STATE_URL": "sqlite:////no/such/folder/state.db"},
        fails="state",
        says=("/no/such/folder", "cannot be written"),
    ),
}
