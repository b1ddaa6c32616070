"""What becomes of a mail that is sent: refused at once, or delivered and kept."""

import re
from collections.abc import Iterator

import msgspec

from service.sandbox.exchange import mails
from service.sandbox.exchange.mail_folders import well_known
from service.sandbox.exchange.mails import Letter
from service.sandbox.store import Row
from service.sandbox.switches import Switch
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Person
from service.sandbox.wire import GraphError, Json, bad_request

TOO_MANY = Switch(
    name="too_many_recipients",
    values=("bounced", "refused"),
    about="Is a mail to more than 500 recipients taken with 202 and returned, or refused?",
)
_MOST_RECIPIENTS = 500
_MOST_BYTES = 35 * 1024 * 1024
"""Exchange Online's default for a message with what is attached (Attach large files)."""
_ADDRESS = re.compile(r"^[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>.]+$")
_WHOLE = ("toRecipients", "ccRecipients", "bccRecipients")
_NOT_RESOLVED = "All recipients must be resolved before a message can be submitted."


def check_sender(owner: Person, message: Json) -> None:
    """Only the mailbox itself may stand as the sender."""
    for name in ("from", "sender"):
        address = ((message.get(name) or {}).get("emailAddress") or {}).get("address")
        if address and str(address).casefold() != owner.mail.casefold():
            raise GraphError(
                403,
                "ErrorSendAsDenied",
                "The user account which was used to submit this request does not have the right "
                "to send mail on behalf of the specified sending account., Cannot submit message.",
            )


def _recipients(row: Row) -> Iterator[str]:
    said = msgspec.json.decode(row["recipients"])
    for name in _WHOLE:
        for entry in said.get(name, ()):
            yield entry["address"]


def deliver(tenant: Tenant, row: Row, *, save: bool) -> None:
    """Raises GraphError for what is refused before it is taken."""
    addresses = list(dict.fromkeys(_recipients(row)))
    _check(tenant, addresses)
    letter = _letter(row)
    if len(addresses) > _MOST_RECIPIENTS:
        _bounce(tenant, row, letter)
    else:
        _hand_out(tenant, row, letter, addresses)
    if save:
        sent = well_known(tenant, row["mailbox"], "sentitems")
        now = tenant.clock.text
        mails.move(tenant, row, sent, draft=0, read=1, sent_at=now, received_at=now)
    else:
        mails.delete(tenant, row)


def _check(tenant: Tenant, addresses: list[str]) -> None:
    if not addresses:
        raise bad_request(
            "At least one recipient is not valid., A message can't be sent because it contains "
            "no recipients.",
            "ErrorInvalidRecipients",
        )
    for address in addresses:
        if not _ADDRESS.match(address):
            raise bad_request(
                f"At least one recipient is not valid., Recipient '{address}' is not resolved. "
                f"{_NOT_RESOLVED}",
                "ErrorInvalidRecipients",
            )
    if len(addresses) > _MOST_RECIPIENTS and TOO_MANY.read(tenant) == "refused":
        raise bad_request(
            "At least one recipient is not valid., The message has more recipients than the "
            f"limit of {_MOST_RECIPIENTS}.",
            "ErrorInvalidRecipients",
        )


def check_size(tenant: Tenant, mail: str, more: int = 0) -> None:
    """Of all that is attached, and `more` bytes. Raises 413."""
    attached = tenant.store.value(
        "SELECT coalesce(sum(size), 0) FROM attachments WHERE event = ?", mail
    )
    if attached + more > _MOST_BYTES:
        raise GraphError(
            413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size."
        )


def _letter(row: Row) -> Letter:
    """As those who get it see it: nobody sees who got it in secret."""
    said = msgspec.json.decode(row["recipients"])
    return Letter(
        subject=row["subject"],
        body=row["body"],
        body_type=row["body_type"],
        sender=row["sender"],
        recipients={**said, "bccRecipients": []},
        importance=row["importance"],
        conversation=row["conversation"],
    )


def _hand_out(tenant: Tenant, row: Row, letter: Letter, addresses: list[str]) -> None:
    """Into the inboxes of this tenant; what goes elsewhere is gone."""
    people = {person.id: person for person in map(tenant.person, addresses) if person is not None}
    for person in people.values():
        if person.guest:
            continue
        inbox = well_known(tenant, person.id, "inbox")
        copy = mails.keep(tenant, person.id, inbox, letter, internet_id=row["internet_id"])
        hand_files(tenant, row["id"], copy["id"])


def hand_files(tenant: Tenant, owner: str, other: str) -> None:
    """The same files for another mail."""
    for file in tenant.store.all("SELECT * FROM attachments WHERE event = ?", owner):
        values = {name: file[name] for name in file.keys()}  # noqa: SIM118 - a database row, no dict
        values |= {"id": f"{file['id'][:-1]}{tenant.store.next_seq()}=", "event": other}
        tenant.store.insert("attachments", **values)


def _bounce(tenant: Tenant, row: Row, letter: Letter) -> None:
    """A report of non-delivery, in the sender's own inbox (550 5.5.3, too many recipients)."""
    inbox = well_known(tenant, row["mailbox"], "inbox")
    report = Letter(
        subject=f"Går inte att leverera: {letter.subject}",
        body="<p>550 5.5.3 RESOLVER.ADR.RecipLimit; too many recipients</p>",
        body_type="html",
        sender=f"postmaster@{tenant.world.domain}",
        recipients={"toRecipients": [{"address": letter.sender}]},
        conversation=letter.conversation,
    )
    mails.keep(tenant, row["mailbox"], inbox, report)
