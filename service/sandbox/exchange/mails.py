"""Mails in the store: how one is kept, moved and deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from service.sandbox.exchange.ids import outlook_id
from service.sandbox.exchange.render_events import html_page
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

Recipients = Mapping[str, Sequence[Json]]
"""`toRecipients`, `ccRecipients`, `bccRecipients` and `replyTo`."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What is written and to whom, before it lies in a folder."""

    subject: str
    body: str
    body_type: str
    sender: str
    """Address."""
    recipients: Recipients
    importance: str = "normal"
    categories: tuple[str, ...] = ()
    conversation: str | None = None
    """Of the mail that it answers; a new one if it answers none."""


def keep(  # noqa: PLR0913 - a row of a table
    tenant: Tenant,
    mailbox: str,
    folder: str,
    letter: Letter,
    *,
    key: str | None = None,
    draft: bool = False,
    read: bool = False,
    internet_id: str | None = None,
) -> Row:
    """Puts a letter into a folder: as a draft, or as sent and received now."""
    store, now = tenant.store, tenant.clock.text
    own = str(store.next_seq())
    mail = outlook_id(tenant, "mail", mailbox, own)
    conversation = letter.conversation or outlook_id(tenant, "conversation", mailbox, own)
    html = letter.body_type.casefold() == "html"
    store.insert(
        "mails",
        id=mail,
        immutable_id=outlook_id(tenant, "immutable mail", mailbox, own),
        key=key,
        mailbox=mailbox,
        folder=folder,
        subject=letter.subject,
        body=html_page(letter.body) if html else letter.body,
        body_type="html" if html else "text",
        sender=letter.sender,
        recipients=_json(letter.recipients),
        importance=letter.importance,
        categories=_json(letter.categories),
        internet_id=internet_id or f"<{store.new_guid('mail')}@{tenant.world.domain}>",
        conversation=conversation,
        draft=int(draft),
        read=int(read),
        sent_at=now,
        received_at=now,
        created_at=now,
        modified_at=now,
        seq=store.next_seq(),
    )
    return mail_by_id(tenant, mail)


def mail_by_id(tenant: Tenant, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM mails WHERE id = ?", key)
    assert row is not None
    return row


def touch(tenant: Tenant, mail: Row, **values: object) -> Row:
    tenant.store.update(
        "mails",
        mail["id"],
        **values,
        modified_at=tenant.clock.text,
        seq=tenant.store.next_seq(),
    )
    return mail_by_id(tenant, str(values.get("id", mail["id"])))


def move(tenant: Tenant, mail: Row, folder: str, **values: object) -> Row:
    """Its id changes, the immutable one does not; in the old folder it is gone."""
    if folder == mail["folder"]:
        return touch(tenant, mail, **values)
    trace = {name: mail[name] for name in mail.keys()}  # noqa: SIM118 - a database row, no dict
    new = outlook_id(tenant, "moved", mail["id"], str(tenant.store.next_seq()))
    tenant.store.do("UPDATE attachments SET event = ? WHERE event = ?", new, mail["id"])
    moved = touch(tenant, mail, id=new, folder=folder, **values)
    tenant.store.insert(
        "mails", **{**trace, "key": None, "deleted": 1, "seq": tenant.store.next_seq()}
    )
    return moved


def delete(tenant: Tenant, mail: Row) -> None:
    """For good."""
    touch(tenant, mail, deleted=1)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
