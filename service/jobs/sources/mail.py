"""Files attached to mails that people put into the watched folder of the network mailbox."""

from dataclasses import dataclass

from service.domain.actions import FromMail, Leave, Unread
from service.domain.candidate import Candidate
from service.domain.kinds import is_material
from service.errors import Forbidden, NotFound, SourceEmptied
from service.jobs.known import Known
from service.jobs.reading import MAILS, mails, read
from service.jobs.sources.offer import Gathered, Offer
from service.observe import Change, SeenAttachment, SeenMail
from service.workplace import Workplace

ORIGIN = "mail"
ATTACHMENTS = "mail-attachments"


@dataclass(frozen=True, kw_only=True)
class Carried:
    """The attachments of a mail, which never change."""

    attachments: tuple[SeenAttachment, ...]


async def gather(at: Workplace, facts: Known) -> Gathered:  # noqa: ARG001 - as every source
    """Read the folder by its changes, and each mail's list of attachments once."""
    folder = mails(at)
    if at.mail is None or folder is None:
        return Gathered()
    try:
        await read(folder, at)
    except NotFound as error:
        return Gathered(notes=(Leave(subject="mail folder", why=str(error)),))
    except (Forbidden, SourceEmptied) as error:
        return Gathered(notes=(Unread(subject="mail folder", error=error),))
    known = await at.ledger.seen(ATTACHMENTS, Carried)
    offers: list[Offer] = []
    for mail in (await at.ledger.seen(MAILS, SeenMail)).values():
        if not mail.has_attachments:
            continue
        carried = known.get(mail.id)
        if carried is None:
            carried = Carried(attachments=await at.mail.attachments(mail.id))
            await at.ledger.absorb(ATTACHMENTS, [Change(id=mail.id, value=carried)])
        offers += [_offer(mail, one) for one in carried.attachments if is_material(one)]
    return Gathered(offers=tuple(offers))


def _offer(mail: SeenMail, attachment: SeenAttachment) -> Offer:
    return Offer(
        candidate=Candidate(
            origin=ORIGIN,
            id=f"{mail.id}/{attachment.id}",
            version=attachment.id,
            name=attachment.name,
            modified=mail.received,
            content_type=attachment.content_type,
            size=attachment.size,
            words=mail.subject,
        ),
        source=FromMail(attachment=attachment),
    )
