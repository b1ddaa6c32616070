"""Mail of the network mailbox: the watched folder, sending, and what was sent."""

from collections.abc import Awaitable, Iterable

from service.checking.asked import Asked, AskedOfNetwork
from service.checking.check import Check
from service.domain.check import Finding, failed, mailbox, ok, unused
from service.domain.check.sites import named
from service.domain.routes import Transport
from service.errors import Forbidden, NotFound

FOLDER, POSTS, SENT = "mail folder", "posts by mail", "sent mail"


async def folder(at: AskedOfNetwork) -> Iterable[Finding]:
    named_folder = at.chosen.mail_folder
    if not named_folder:
        return [unused(FOLDER, "no mail folder is watched: NATVERKET_NETWORK_MAIL_FOLDER")]
    asked = at.probes.mailbox.prove_folder(at.network.mailbox, named_folder)
    try:
        said = f"{named_folder} is there"
        return [await proved(at, FOLDER, at.network.mailbox, asked, mailbox.MAIL_READ, said)]
    except NotFound as error:
        where = f", or make the folder {named_folder} in Outlook"
        return [failed(FOLDER, error.reason, named("NATVERKET_NETWORK_MAIL_FOLDER", where))]


async def posts(at: AskedOfNetwork) -> Iterable[Finding]:
    probes, address, found = at.probes.mailbox, at.network.mailbox, list[Finding]()
    by_mail = Transport.MAIL in at.chosen.routes.used
    drafts = by_mail and at.chosen.mail_as == "draft"
    if drafts:
        said = "may draft (the change of a mail that is not there was refused as absent)"
        asked = probes.prove_drafting(address)
        found.append(await proved(at, POSTS, address, asked, mailbox.MAIL_WRITE, said))
    if at.chosen.coordinator_mail or (by_mail and not drafts):
        said = "may send (a mail to nobody was refused for want of recipients)"
        asked = probes.prove_sending(address)
        found.append(await proved(at, POSTS, address, asked, mailbox.MAIL_SEND, said))
    return found or [unused(POSTS, "nothing is posted by mail")]


async def sent(at: AskedOfNetwork) -> Iterable[Finding]:
    if not (at.chosen.coordinator_mail or Transport.MAIL in at.chosen.routes.used):
        return [unused(SENT, "nothing is posted by mail")]
    folders = "drafts" if at.chosen.mail_as == "draft" else "sentitems"
    try:
        await at.probes.mailbox.prove_reading(at.network.mailbox, folders)
    except Forbidden:
        remedy = mailbox.role(at.settings.client_id, at.network.mailbox, mailbox.MAIL_READ)
        said = "not read: that a mail went is believed and not proved"
        return [unused(SENT, said, remedy)]
    return [ok(SENT, f"{at.network.mailbox}: read, so that mails are proved")]


async def proved(  # noqa: PLR0913  what is asked, of which mailbox, and what it proves
    at: Asked, name: str, address: str, asked: Awaitable[None], role: str, said: str
) -> Finding:
    """Tell whether the app may do with a mailbox what was asked."""
    try:
        await asked
    except Forbidden as error:
        remedy = mailbox.role(at.settings.client_id, address, role)
        return failed(name, f"{address}: {error.reason}", remedy)
    return ok(name, f"{address}: {said}")


CHECKS = (
    Check(name=FOLDER, does="Looks for the watched mail folder.", run=folder, needs=("sign-in",)),
    Check(
        name=POSTS,
        does="Has a mail to nobody refused: nothing is sent.",
        run=posts,
        needs=("sign-in",),
    ),
    Check(
        name=SENT, does="Reads that mails were sent, where they are.", run=sent, needs=("sign-in",)
    ),
)
