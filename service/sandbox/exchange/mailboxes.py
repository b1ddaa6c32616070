"""Whose mailbox a call is about, and what is said of one that is not there."""

from collections.abc import Mapping

from service.sandbox.entra.access import known_person
from service.sandbox.store import Row
from service.sandbox.wire import Answer, Call, GraphError, bad_request, fine_stamp, moment

_PREFERENCES = ("outlook.timezone", "outlook.body-content-type", "IdType", "odata.maxpagesize")


def mailbox_of(call: Call) -> str:
    """Id of the person whose mailbox it is. A guest has none here."""
    person = known_person(call.tenant, call.names["user"], exchange=True)
    if person.guest:
        raise GraphError(
            404,
            "MailboxNotEnabledForRESTAPI",
            "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
        )
    return person.id


def not_in_store() -> GraphError:
    return GraphError(404, "ErrorItemNotFound", "The specified object was not found in the store.")


def item_of(call: Call, table: str, wanted: str) -> Row:
    """By its present id or its immutable one; an id from before a move finds nothing."""
    row = call.tenant.store.one(
        f"SELECT * FROM {table} "  # noqa: S608 - names are ours
        "WHERE (id = ? OR immutable_id = ?) AND mailbox = ? AND deleted = 0",
        wanted,
        wanted,
        mailbox_of(call),
    )
    if row is None:
        if not wanted.startswith("AAMkA"):
            raise bad_request("Id is malformed.", "ErrorInvalidIdMalformed")
        raise not_in_store()
    return row


def sync_state_not_found(call: Call) -> GraphError:
    return GraphError(
        410,
        "SyncStateNotFound",
        "The sync state generation is not found.",
        {"Location": call.url},
    )


def full_sync_required(call: Call) -> GraphError:
    return GraphError(
        410,
        "fullSyncRequired",
        "Full sync is required: the mailbox has been moved since the token was issued.",
        {"Location": call.url},
    )


def token_is_live(call: Call, issued: str, days: str, mailbox: str) -> None:
    """Raises 410 for a link that is too old by the clock, or from before the mailbox moved."""
    moved = call.tenant.store.state(f"mailbox moved/{mailbox}")
    if moved is not None and issued <= moved:
        raise full_sync_required(call)
    if days == "for ever":
        return
    age = call.tenant.clock.now - moment(issued)
    if age.days >= int(days):
        raise sync_state_not_found(call)


def issued(call: Call) -> str:
    """When a link is made, in the words that the check above compares."""
    return fine_stamp(call.tenant.clock.now)


def with_applied(call: Call, answer: Answer) -> Answer:
    """Says which preferences were heeded (`Preference-Applied`)."""
    heeded = [f'{name}="{value}"' for name in _PREFERENCES if (value := call.prefers(name))]
    if not heeded:
        return answer
    headers: Mapping[str, str] = {**answer.headers, "Preference-Applied": ", ".join(heeded)}
    return Answer(status=answer.status, body=answer.body, raw=answer.raw, headers=headers)
