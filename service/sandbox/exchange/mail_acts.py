"""What happens to mail: it arrives, is answered, dragged about and deleted."""

from service.sandbox.exchange import mails
from service.sandbox.exchange.attachments import add_attachment
from service.sandbox.exchange.mail_folders import folder_named, well_known
from service.sandbox.exchange.mails import Letter
from service.sandbox.performing import Performer
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, DeleteMail, MailArrives, MoveMail, ReplyMail


def _arrives(tenant: Tenant, act: MailArrives) -> bool:
    to = act.to or (tenant.world.mailbox,)
    letter = Letter(
        subject=act.subject,
        body=act.body_html,
        body_type="html",
        sender=act.sender,
        recipients={
            "toRecipients": [{"address": address} for address in to],
            "ccRecipients": [{"address": address} for address in act.cc],
        },
    )
    mailbox = _mailbox(tenant)
    row = mails.keep(
        tenant, mailbox, folder_named(tenant, mailbox, act.folder), letter, key=act.key
    )
    for file in act.files:
        add_attachment(
            tenant,
            row["id"],
            file.name,
            tenant.blobs.take(file.content()),
            content_type=file.content_type,
            inline=file.inline,
        )
    return True


def _mailbox(tenant: Tenant) -> str:
    person = tenant.person(tenant.world.mailbox)
    assert person is not None, "the mailbox must be one of the people"
    return person.id


def _reply(tenant: Tenant, act: ReplyMail) -> bool:
    mailbox = _mailbox(tenant)
    to = tenant.store.one(
        "SELECT * FROM mails WHERE deleted = 0 AND mailbox = ? "
        "AND (key = ? OR (subject = ? AND folder = ?)) ORDER BY seq DESC LIMIT 1",
        mailbox,
        act.to,
        act.to,
        well_known(tenant, mailbox, "sentitems"),
    )
    if to is None:
        return False
    letter = Letter(
        subject=f"SV: {to['subject']}",
        body=act.body_html,
        body_type="html",
        sender=act.sender,
        recipients={"toRecipients": [{"address": tenant.world.mailbox}]},
        conversation=to["conversation"],
    )
    mails.keep(tenant, mailbox, well_known(tenant, mailbox, "inbox"), letter, key=act.key)
    return True


def _mail(tenant: Tenant, key: str) -> Row:
    row = tenant.store.one("SELECT * FROM mails WHERE key = ? AND deleted = 0", key)
    if row is None:
        raise ValueError(f"No mail {key} has arrived.")
    return row


def _move(tenant: Tenant, act: MoveMail) -> bool:
    row = _mail(tenant, act.key)
    mails.move(tenant, row, folder_named(tenant, row["mailbox"], act.folder))
    return True


def _delete(tenant: Tenant, act: DeleteMail) -> bool:
    mails.delete(tenant, _mail(tenant, act.key))
    return True


PERFORMERS: dict[type[Act], Performer] = {
    DeleteMail: _delete,
    MailArrives: _arrives,
    MoveMail: _move,
    ReplyMail: _reply,
}
