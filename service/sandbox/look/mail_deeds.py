"""What others do with mail: they write to the network's mailbox, and answer what it has sent."""

import mimetypes
from html import escape

from service.sandbox.look.deeds import needed
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, MailArrives, MailFile, ReplyMail

_SENDER = Field(
    name="sender", label="Från", kind="email", hint="Adressen till vem som helst, även utanför."
)
_TEXT = Field(name="text", label="Text", kind="long")


def _html(posted: Posted) -> str:
    lines = needed(posted, "text", "Texten").splitlines()
    return "".join(f"<p>{escape(line)}</p>" for line in lines if line.strip())


def _sender(posted: Posted) -> str:
    address = needed(posted, "sender", "Avsändaren")
    if "@" not in address:
        raise WrongError("Avsändaren skrivs som en e-postadress.")
    return address


def _files(posted: Posted) -> tuple[MailFile, ...]:
    chosen = posted.files.get("file")
    if chosen is None:
        return ()
    name, content = chosen
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return (MailFile(name=name, content_type=kind, content=lambda: content),)


def _arrives(tenant: Tenant, posted: Posted) -> Act:
    return MailArrives(
        at=tenant.clock.now,
        key=tenant.store.new_guid("look", "mail"),
        sender=_sender(posted),
        subject=needed(posted, "subject", "Ämnet"),
        body_html=_html(posted),
        files=_files(posted),
    )


def _reply(tenant: Tenant, posted: Posted) -> Act:
    """Acts name a mail by its key; what the mailbox itself has sent goes by its subject."""
    row = tenant.store.one("SELECT * FROM mails WHERE id = ? AND deleted = 0", posted.text("mail"))
    if row is None:
        raise WrongError("Brevet finns inte, eller inte längre.")
    return ReplyMail(
        at=tenant.clock.now,
        key=tenant.store.new_guid("look", "reply"),
        to=row["key"] or row["subject"],
        sender=_sender(posted),
        body_html=_html(posted),
    )


ARRIVES = Form(
    name="mail",
    title="Skriv till nätverkets brevlåda",
    button="Skicka",
    done="Brevet har kommit fram.",
    fields=(
        _SENDER,
        Field(name="subject", label="Ämne"),
        _TEXT,
        Field(name="file", label="Bifogad fil", kind="file", required=False),
    ),
    act=_arrives,
)
REPLY = Form(
    name="mail-reply",
    title="Någon svarar",
    button="Svara",
    done="Svaret har kommit fram.",
    fields=(Field(name="mail", label="Brev", fixed=True), _SENDER, _TEXT),
    act=_reply,
)
FORMS = (ARRIVES, REPLY)
