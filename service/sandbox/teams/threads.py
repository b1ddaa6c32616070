"""The messages of a channel: writing one, and everything that can happen to it afterwards."""

from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json, fine_stamp

SYSTEM_HTML = "<systemEventMessage/>"
_NOTHING = {"html": "", "attachments": "[]", "mentions": "[]", "reactions": "[]", "subject": None}
"""What a deleted message says."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What is about to be written."""

    author: str
    """`user:ID` or `bot:ID`; who caused it, where it is a system message."""
    html: str
    key: str | None = None
    reply_to: str | None = None
    """Id of the root, never of another reply."""
    attachments: list[Json] = field(default_factory=list)
    mentions: list[Json] = field(default_factory=list)
    content_type: str = "html"
    subject: str | None = None
    importance: str = "normal"
    event: Json | None = None


def write(tenant: Tenant, channel: str, draft: Draft) -> Row:
    """At the clock's time; the id is that time in milliseconds, made unique."""
    store = tenant.store
    number = int(tenant.clock.now.timestamp() * 1000)
    while store.one("SELECT 1 FROM messages WHERE channel = ? AND id = ?", channel, str(number)):
        number += 1
    at = fine_stamp(datetime.fromtimestamp(number / 1000, tenant.clock.now.tzinfo))
    store.insert(
        "messages",
        channel=channel,
        id=str(number),
        reply_to=draft.reply_to,
        key=draft.key,
        author=draft.author,
        html=draft.html,
        content_type=draft.content_type,
        attachments=_text(draft.attachments),
        mentions=_text(draft.mentions),
        subject=draft.subject,
        importance=draft.importance,
        event=None if draft.event is None else _text(draft.event),
        created_at=at,
        modified_at=at,
        chain_at=at,
        seq=store.next_seq(),
    )
    if draft.reply_to is not None:
        _move_root(tenant, channel, draft.reply_to, at)
    return message(tenant, channel, str(number))


def tell(tenant: Tenant, channel: str, by: str, kind: str, **detail: object) -> Row:
    """A system message, such as `membersAddedEventMessageDetail`; `by` is a person's id."""
    initiator = {
        "application": None,
        "device": None,
        "user": {
            "@odata.type": "#microsoft.graph.teamworkUserIdentity",
            "id": by,
            "displayName": None,
            "userIdentityType": "aadUser",
        },
    }
    event: Json = {"@odata.type": f"#microsoft.graph.{kind}", **detail, "initiator": initiator}
    return write(tenant, channel, Draft(author=f"user:{by}", html=SYSTEM_HTML, event=event))


def message(tenant: Tenant, channel: str, key: str) -> Row:
    row = found(tenant, channel, key)
    assert row is not None
    return row


def found(tenant: Tenant, channel: str, key: str) -> Row | None:
    return tenant.store.one("SELECT * FROM messages WHERE channel = ? AND id = ?", channel, key)


def keyed(tenant: Tenant, key: str) -> Row:
    """By the seed's own key. Raises ValueError for what nobody has said."""
    row = tenant.store.one("SELECT * FROM messages WHERE key = ?", key)
    if row is None:
        raise ValueError(f"Nobody has said {key}.")
    return row


def edit(tenant: Tenant, row: Row, **values: object) -> None:
    """Something else stands there from now on, and people see that it was edited."""
    _change(tenant, row, edited_at=tenant.clock.text, **values)


def delete(tenant: Tenant, row: Row) -> None:
    """The message stays in its place, without anything that it said."""
    said = {name: row[name] for name in _NOTHING}
    tenant.store.do(
        "INSERT OR REPLACE INTO taken_back VALUES (?, ?, ?)", row["channel"], row["id"], _text(said)
    )
    _change(tenant, row, deleted_at=tenant.clock.text, **_NOTHING)


def restore(tenant: Tenant, row: Row) -> None:
    """What a deleted message said stands there again."""
    kept = tenant.store.value(
        "SELECT said FROM taken_back WHERE channel = ? AND id = ?", row["channel"], row["id"]
    )
    said = msgspec.json.decode(kept, type=dict[str, str | None])
    _change(tenant, row, deleted_at=None, **said)


def react(tenant: Tenant, row: Row, by: str, reaction: str, *, away: bool) -> None:
    """One reaction a person, as people know it: another one takes its place."""
    kept = [r for r in msgspec.json.decode(row["reactions"]) if r["by"] != by]
    if not away:
        kept.append({"by": by, "type": reaction, "at": tenant.clock.text})
    _change(tenant, row, reactions=_text(kept))


def mark(tenant: Tenant, row: Row, policy: Json | None) -> None:
    """Data loss prevention, or whoever is sent by it, says something about the message."""
    _change(tenant, row, policy=None if policy is None else _text(policy))


def _change(tenant: Tenant, row: Row, **values: object) -> None:
    """A change of any kind moves the message in delta, and its root with it."""
    at = tenant.clock.text
    pairs = ", ".join(f"{name} = ?" for name in values)
    tenant.store.do(
        f"UPDATE messages SET {pairs}, modified_at = ?, chain_at = ?, seq = ? "  # noqa: S608
        "WHERE channel = ? AND id = ?",
        *values.values(),
        at,
        at,
        tenant.store.next_seq(),
        row["channel"],
        row["id"],
    )
    if row["reply_to"] is not None:
        _move_root(tenant, row["channel"], row["reply_to"], at)


def _move_root(tenant: Tenant, channel: str, root: str, at: str) -> None:
    tenant.store.do(
        "UPDATE messages SET seq = ?, chain_at = ? WHERE channel = ? AND id = ?",
        tenant.store.next_seq(),
        at,
        channel,
        root,
    )


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()
