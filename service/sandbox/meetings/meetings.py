"""Online meetings: what an invitation makes, and how one is found by its link."""

import hashlib
import re
from urllib.parse import quote

import msgspec

from service.sandbox.entra.access import known_person
from service.sandbox.meetings.policies import transcription
from service.sandbox.paging import page
from service.sandbox.store import Row, guid
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Call, GraphError, Json, bad_request, seal

_PAGE = 50
_BY_LINK = re.compile(r"^joinweburl\s+eq\s+'((?:[^']|'')*)'$", re.IGNORECASE)
_BY_NUMBER = re.compile(r"^joinmeetingidsettings/joinmeetingid\s+eq\s+'([\d ]+)'$", re.IGNORECASE)
_NUMBER_LENGTH = 12


def lay_meeting(
    tenant: Tenant, key: str, organizer: str, event: str, channel: str | None = None
) -> str:
    """
    The online meeting behind an invitation; its link names tenant and organiser. One that is
    held in a channel is a thread of the channel.
    """
    world = tenant.world
    own = guid(world.tenant_id, "thread", key).replace("-", "")
    thread = f"19:meeting_{own}@thread.v2" if channel is None else channel
    message = "0" if channel is None else str(int(tenant.clock.now.timestamp() * 1000))
    if channel is not None and channel not in tenant.channels:
        raise ValueError(f"There is no channel {channel}.")
    holder = msgspec.json.encode({"Tid": world.tenant_id, "Oid": organizer}).decode()
    meeting = seal({"o": organizer, "t": own})
    digits = int(hashlib.sha256(own.encode()).hexdigest(), 16)
    tenant.store.insert(
        "meetings",
        id=meeting,
        organizer=organizer,
        join_url=f"https://teams.microsoft.com/l/meetup-join/{_escaped(thread)}/{message}"
        f"?context={_escaped(holder)}",
        join_id=str(digits)[:_NUMBER_LENGTH],
        thread=thread,
        event=event,
        channel=channel,
        created_at=tenant.clock.text,
    )
    return meeting


def _escaped(text: str) -> str:
    """Percent escapes in small letters, as in Teams' links."""
    return quote(text, safe="").replace("%3A", "%3a").replace("%7B", "%7b").replace("%7D", "%7d")


def find_meetings(call: Call) -> Answer:
    """By JoinWebUrl or by the number to join with; there is no listing of meetings."""
    wanted = call.query.get("$filter", "").strip()
    by_link, by_number = _BY_LINK.match(wanted), _BY_NUMBER.match(wanted)
    if by_link:
        column, value = "join_url", by_link[1].replace("''", "'")
    elif by_number:
        column, value = "join_id", by_number[1].replace(" ", "")
    else:
        raise bad_request(
            "The filter must be on JoinWebUrl or on JoinMeetingIdSettings/JoinMeetingId.",
            "InvalidArgument",
        )
    rows = call.tenant.store.all(
        f"SELECT * FROM meetings WHERE {column} = ?",  # noqa: S608 - the names are ours
        value,
    )
    person = known_person(call.tenant, call.names["user"]).id
    if any(not _takes_part(call.tenant, row, person) for row in rows):
        raise GraphError(403, "Forbidden", "3003: User does not have access to lookup meeting.")
    return page(call, rows, lambda row: meeting_json(call.tenant, row), _PAGE)


def _takes_part(tenant: Tenant, meeting: Row, person: str) -> bool:
    """The organiser, or somebody in the invitation."""
    return meeting["organizer"] == person or any(
        tenant.person(address) == tenant.person(person) for address in _invited(tenant, meeting)
    )


def _invited(tenant: Tenant, meeting: Row) -> list[str]:
    return [
        entry["address"] for entry in msgspec.json.decode(event_row(tenant, meeting)["attendees"])
    ]


def event_row(tenant: Tenant, meeting: Row) -> Row:
    row = tenant.store.one("SELECT * FROM events WHERE id = ?", meeting["event"])
    assert row is not None
    return row


def meeting_of(call: Call) -> Row:
    """That of the path, for its organiser and for who was invited."""
    row = call.tenant.store.one("SELECT * FROM meetings WHERE id = ?", call.names["meeting"])
    person = known_person(call.tenant, call.names["user"]).id
    if row is None or not _takes_part(call.tenant, row, person):
        raise gone()
    return row


def gone() -> GraphError:
    return GraphError(404, "NotFound", "The requested resource was not found.")


def get_meeting(call: Call) -> Answer:
    return Answer(body=meeting_json(call.tenant, meeting_of(call)))


def meeting_json(tenant: Tenant, row: Row) -> Json:
    event = event_row(tenant, row)
    return {
        "id": row["id"],
        "creationDateTime": row["created_at"],
        "startDateTime": event["start"],
        "endDateTime": event["end"],
        "joinWebUrl": row["join_url"],
        "subject": event["subject"],
        "isBroadcast": False,
        "isEntryExitAnnounced": False,
        "recordAutomatically": False,
        "allowedPresenters": "everyone",
        "allowMeetingChat": "enabled",
        "allowTeamworkReactions": True,
        "allowAttendeeToEnableMic": True,
        "allowAttendeeToEnableCamera": True,
        "allowRecording": True,
        "allowTranscription": transcription(tenant),
        "externalId": None,
        "joinInformation": None,
        "joinMeetingIdSettings": {
            "isPasscodeRequired": False,
            "joinMeetingId": row["join_id"],
            "passcode": None,
        },
        "participants": {
            "organizer": _participant(tenant, row["organizer"], "presenter"),
            "attendees": [
                _participant(tenant, person.id, "attendee")
                for person in map(tenant.person, _invited(tenant, row))
                if person is not None
            ],
        },
        "chatInfo": {
            "threadId": row["thread"],
            "messageId": "0",
            "replyChainMessageId": None,
        },
        "lobbyBypassSettings": {"scope": "organization", "isDialInBypassEnabled": False},
    }


def _participant(tenant: Tenant, person_id: str, role: str) -> Json:
    person = tenant.person(person_id)
    assert person is not None
    user = {"id": person.id, "displayName": person.name, "tenantId": tenant.world.tenant_id}
    return {"upn": person.mail, "role": role, "identity": {"user": user}}
