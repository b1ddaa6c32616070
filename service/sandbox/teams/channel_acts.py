"""What people do in channels and with the flows and apps that write there."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import msgspec

from service.sandbox.entra import directory
from service.sandbox.performing import Performer
from service.sandbox.store import Row, guid
from service.sandbox.teams import flows, packages, roster, threads
from service.sandbox.teams.render_messages import mention_json
from service.sandbox.teams.runs import marker
from service.sandbox.teams.threads import Draft
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import (
    Act,
    AddMember,
    AddTeamsApp,
    BlockApp,
    BreakFlow,
    Channel,
    ConsentInTeam,
    DeleteMessage,
    EditMessage,
    EndCall,
    InstallApp,
    MendFlow,
    Person,
    React,
    RemoveMember,
    RenameChannel,
    RenewFlowAddress,
    Say,
    StartCall,
    SwitchFlow,
    UninstallApp,
    ViolatePolicy,
)
from service.sandbox.wire import Json


def _person(tenant: Tenant, name: str) -> Person:
    person = tenant.person(name)
    if person is None:
        raise ValueError(f"There is no {name}.")
    return person


def _channel(tenant: Tenant, key: str) -> Channel:
    channel = tenant.channels.get(key)
    if channel is None:
        raise ValueError(f"There is no channel {key}.")
    return channel


def _message(tenant: Tenant, key: str) -> Row:
    """One that still says something."""
    row = threads.keyed(tenant, key)
    if row["deleted_at"] is not None or row["event"] is not None:
        raise ValueError(f"{key} is deleted or no message of a person.")
    return row


def _say(tenant: Tenant, act: Say) -> bool:
    channel, author = _channel(tenant, act.channel), _person(tenant, act.author)
    if not roster.is_member(tenant, channel, author):
        raise ValueError(f"{author.name} is not in {channel.name} and cannot write there.")
    root = _root(tenant, act, channel)
    mentions = [mention_json(tenant, n, name) for n, name in enumerate(act.mentions)]
    before = "".join(
        f'<at id="{one["id"]}">{one["mentionText"]}</at> '
        for one in mentions
        if f'<at id="{one["id"]}">' not in act.html
    )
    files = [_file(url) for url in act.files]
    draft = Draft(
        author=f"user:{author.id}",
        html=before + act.html + "".join(marker(one["id"]) for one in files),
        key=act.key,
        reply_to=root,
        attachments=files,
        mentions=mentions,
        subject=act.subject,
        importance=act.importance,
    )
    threads.write(tenant, channel.id, draft)
    return True


def _root(tenant: Tenant, act: Say, channel: Channel) -> str | None:
    if act.reply_to is None:
        return None
    answered = tenant.store.one("SELECT * FROM messages WHERE key = ?", act.reply_to)
    if answered is None or answered["channel"] != channel.id:
        raise ValueError(f"{act.key} replies to {act.reply_to}, which nobody has said there.")
    return str(answered["reply_to"] or answered["id"])


def _file(url: str) -> Json:
    return {
        "id": guid("file", url),
        "contentType": "reference",
        "contentUrl": url,
        "content": None,
        "name": unquote(urlsplit(url).path.rpartition("/")[2]),
        "thumbnailUrl": None,
        "teamsAppId": None,
    }


def _edit(tenant: Tenant, act: EditMessage) -> bool:
    row = _message(tenant, act.key)
    markers = "".join(marker(one["id"]) for one in msgspec.json.decode(row["attachments"]))
    threads.edit(tenant, row, html=act.html + markers)
    return True


def _delete(tenant: Tenant, act: DeleteMessage) -> bool:
    threads.delete(tenant, _message(tenant, act.key))
    return True


def _react(tenant: Tenant, act: React) -> bool:
    row, person = _message(tenant, act.key), _person(tenant, act.by)
    threads.react(tenant, row, person.id, act.reaction, away=act.away)
    return True


def _violate(tenant: Tenant, act: ViolatePolicy) -> bool:
    policy: Json = {
        "dlpAction": "notifySender,blockAccess" if act.blocked else "notifySender",
        "justificationText": None,
        "policyTip": {
            "generalText": act.tip,
            "complianceUrl": None,
            "matchedConditionDescriptions": [act.tip],
        },
        "userAction": "none",
        "verdictDetails": "allowOverrideWithJustification",
    }
    threads.mark(tenant, _message(tenant, act.key), policy)
    return True


def _where(tenant: Tenant, channel: str | None) -> str:
    """The channel in which a change of the roster is told: the team's is told in the first."""
    return _channel(tenant, channel).id if channel else tenant.world.channels[0].id


def _identity(person: Person) -> Json:
    return {
        "@odata.type": "#microsoft.graph.teamworkUserIdentity",
        "id": person.id,
        "displayName": None,
        "userIdentityType": "aadUser",
    }


def _add_member(tenant: Tenant, act: AddMember) -> bool:
    person, by = _person(tenant, act.person), _person(tenant, act.by)
    roster.put(tenant, act.channel, person.id, "owner" if act.owner else "")
    threads.tell(
        tenant,
        _where(tenant, act.channel),
        by.id,
        "membersAddedEventMessageDetail",
        visibleHistoryStartDateTime="0001-01-01T00:00:00Z",
        members=[_identity(person)],
    )
    return True


def _remove_member(tenant: Tenant, act: RemoveMember) -> bool:
    person, by = _person(tenant, act.person), _person(tenant, act.by)
    roster.put(tenant, act.channel, person.id, None)
    threads.tell(
        tenant,
        _where(tenant, act.channel),
        by.id,
        "membersDeletedEventMessageDetail",
        members=[_identity(person)],
    )
    return True


def _rename(tenant: Tenant, act: RenameChannel) -> bool:
    """Its folder in SharePoint keeps the old name, as in Teams."""
    channel, by = _channel(tenant, act.channel), _person(tenant, act.by)
    tenant.store.do("INSERT OR REPLACE INTO channel_names VALUES (?, ?)", channel.id, act.name)
    threads.tell(
        tenant,
        channel.id,
        by.id,
        "channelRenamedEventMessageDetail",
        channelId=channel.id,
        channelDisplayName=act.name,
    )
    return True


def _start_call(tenant: Tenant, act: StartCall) -> bool:
    channel, by = _channel(tenant, act.channel), _person(tenant, act.by)
    row = threads.tell(
        tenant,
        channel.id,
        by.id,
        "callStartedEventMessageDetail",
        callId=guid("call", act.key),
        callEventType="meeting",
    )
    tenant.store.do(
        "UPDATE messages SET key = ? WHERE channel = ? AND id = ?", act.key, channel.id, row["id"]
    )
    return True


def _end_call(tenant: Tenant, act: EndCall) -> bool:
    started = threads.keyed(tenant, act.key)
    hours, rest = divmod(int(timedelta(seconds=act.took).total_seconds()), 3600)
    threads.tell(
        tenant,
        started["channel"],
        started["author"].partition(":")[2],
        "callEndedEventMessageDetail",
        callId=guid("call", act.key),
        callDuration=f"PT{hours}H{rest // 60}M{rest % 60}S",
        callEventType="meeting",
        callParticipants=[],
    )
    return True


def _switch_flow(tenant: Tenant, act: SwitchFlow) -> bool:
    flows.keep(tenant, replace(flows.known(tenant, act.flow), state=act.state))
    return True


def _break_flow(tenant: Tenant, act: BreakFlow) -> bool:
    flows.keep(tenant, replace(flows.known(tenant, act.flow), trouble=act.why))
    return True


def _mend_flow(tenant: Tenant, act: MendFlow) -> bool:
    flows.keep(tenant, replace(flows.known(tenant, act.flow), trouble=None))
    return True


def _renew_address(tenant: Tenant, act: RenewFlowAddress) -> bool:
    found = flows.known(tenant, act.flow)
    flows.keep(tenant, replace(found, key=found.key + 1))
    return True


def _install(tenant: Tenant, act: InstallApp) -> bool:
    roster.set_app_state(tenant, act.app, "installed")
    return True


def _consent(tenant: Tenant, act: ConsentInTeam) -> bool:
    team = tenant.world.team
    directory.set_right(tenant, act.app, directory.RSC, team, given=not act.withdrawn)
    return True


def _uninstall(tenant: Tenant, act: UninstallApp) -> bool:
    roster.set_app_state(tenant, act.app, "absent")
    directory.set_right(tenant, act.app, directory.RSC, tenant.world.team, given=False)
    return True


def _block(tenant: Tenant, act: BlockApp) -> bool:
    roster.set_app_state(tenant, act.app, "blocked")
    return True


PERFORMERS: dict[type[Act], Performer] = {
    AddMember: _add_member,
    AddTeamsApp: packages.add,
    BlockApp: _block,
    BreakFlow: _break_flow,
    DeleteMessage: _delete,
    EditMessage: _edit,
    EndCall: _end_call,
    ConsentInTeam: _consent,
    InstallApp: _install,
    MendFlow: _mend_flow,
    React: _react,
    RemoveMember: _remove_member,
    RenameChannel: _rename,
    RenewFlowAddress: _renew_address,
    Say: _say,
    StartCall: _start_call,
    SwitchFlow: _switch_flow,
    UninstallApp: _uninstall,
    ViolatePolicy: _violate,
}
