"""
Posting by mail, from the network's own mailbox to its lists.

Sent as JSON, whose blind copies and attachments are documented; Exchange makes the plain text
beside our HTML by itself. 202 means that the mail was taken, not that it was delivered.
https://learn.microsoft.com/graph/api/user-sendmail
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import quote

import httpx
from kiota_abstractions.method import Method

from service.domain.post import COMMON, Appointment
from service.errors import BadRequest, Forbidden, NotFound, TenantError, Throttled
from service.graph.attachments import PREFER
from service.graph.client import Graph
from service.graph.policy import Repeat
from service.graph.receipts import MENDING, no_answer, refused
from service.graph.translate import About
from service.graph.transport import Call
from service.ports import Delivery, Message, Receipt
from service.render.letter import letter

Lists = Mapping[str, tuple[str, ...]]
"""Addresses by `common` or a group's id."""

RIGHT = (
    "the app Exchange's role `Application Mail.Send` on this mailbox "
    "(RBAC for Applications, scoped; not `Mail.Send` in Entra ID)"
)
MOST_RECIPIENTS = 500
"""Exchange Online's default, to and copies together; it returns a mail to more, after a 202."""
PAUSE = timedelta(minutes=5)
"""Before a post of which surely nothing was sent is tried again, where nobody named a time."""

_ONCE = Call(repeat=Repeat.NEVER)
_FINAL = (BadRequest, NotFound)
# Of headers JSON takes only those that begin with x-. This is Exchange's own word against
# answers by robots (MS-OXCMAIL); Auto-Submitted is stripped even from MIME
# (msgraph-sdk-dotnet#2209).
_QUIET = {"name": "X-Auto-Response-Suppress", "value": "OOF, AutoReply"}


class MailPoster:
    """
    Implements `Poster`: each post is a mail to the mailbox itself, with blind copies to lists.

    Needs Exchange's role `Application Mail.Send` on the mailbox.
    """

    def __init__(self, graph: Graph, mailbox: str, lists: Lists) -> None:
        self._outbox = Outbox(graph, mailbox, RIGHT)
        self._lists = lists

    async def post(self, message: Message) -> Receipt:
        mail = written(message, self._outbox.mailbox, self._lists)
        if isinstance(mail, Receipt):
            return mail
        answer = await self._outbox.ask("sendMail", {"message": mail})
        return answer if isinstance(answer, Receipt) else Receipt(delivery=Delivery.QUEUED)


class Outbox:
    """Asks Exchange to do something with a mailbox, once, and tells what became of it."""

    def __init__(self, graph: Graph, mailbox: str, right: str) -> None:
        self.graph = graph
        self.mailbox = mailbox
        self.about = About(subject=f"mailbox {mailbox}", right=right)
        self._base = f"{graph.base}/users/{quote(mailbox)}"

    def at(self, path: str) -> str:
        return f"{self._base}/{path}"

    async def ask(self, path: str, json: object) -> httpx.Response | Receipt:
        """Post; return what was answered, or a receipt if it was not done or may not have been."""
        info = self.graph.at(
            self.at(path), method=Method.POST, headers={"Prefer": PREFER}, json=json
        )
        try:
            response = await self.graph.exchange(info, _ONCE)
        except httpx.TransportError as error:
            return no_answer(error, self.graph.clock.now() + PAUSE)
        except TenantError as error:
            # No token was to be had, or an earlier pause still holds: this one was not sent.
            return self.refusal(error)
        if response.is_success:
            return response
        meant = await self.graph.refusal(response, self.about)
        if response.is_server_error and not isinstance(meant, Throttled):
            return Receipt(delivery=Delivery.UNKNOWN, reason=meant.reason)
        return self.refusal(meant)

    def refusal(self, error: TenantError) -> Receipt:
        """Tell of what was surely not done, and when it is worth another try, if it is."""
        if isinstance(error, Throttled):
            return self._later(error.reason, error.until)
        remedy = error.remedy
        if "ErrorInvalidRecipients" in error.reason:
            remedy = "Mend the address in NATVERKET_NETWORK_MAIL_LISTS."
        said = f"{error} {remedy}"
        if isinstance(error, Forbidden):
            return self._later(said, self.graph.clock.now() + MENDING)
        return refused(said) if isinstance(error, _FINAL) else self._later(said)

    def _later(self, reason: str, until: datetime | None = None) -> Receipt:
        return refused(reason, until or self.graph.clock.now() + PAUSE)


def recipients(groups: tuple[str, ...], lists: Lists) -> tuple[str, ...]:
    """
    Addresses that a post concerns, each once: the group's own list, of several the common one.

    Where there is no common one, all of theirs; none at all if one of the groups has no list,
    since half of those concerned would not be told.
    """
    common = lists.get(COMMON, ())
    if len(groups) == 1:
        return lists.get(groups[0]) or common
    if common or not all(lists.get(group) for group in groups):
        return common
    return tuple(dict.fromkeys(address for group in groups for address in lists[group]))


def written(message: Message, mailbox: str, lists: Lists) -> dict[str, object] | Receipt:
    """Write a post as Graph's message, or say why it has nobody to go to."""
    addresses = recipients(message.groups, lists)
    if not addresses:
        whom = ", ".join(message.groups) or COMMON
        return refused(f"There is no mail list for {whom}: set NATVERKET_NETWORK_MAIL_LISTS.")
    if len(addresses) >= MOST_RECIPIENTS:
        return refused(
            f"{len(addresses)} recipients are more than Exchange takes: "
            "name a distribution list in NATVERKET_NETWORK_MAIL_LISTS."
        )
    drawn = letter(message)
    mail: dict[str, object] = {
        "subject": drawn.subject,
        # Said, since headers of one's own have been seen to make it high (graph-docs#18305).
        "importance": "normal",
        "body": {"contentType": "HTML", "content": drawn.html},
        # To itself: a mail to nobody looks like spam, and coordinators see what was sent.
        "toRecipients": [_recipient(mailbox)],
        "bccRecipients": [_recipient(address) for address in addresses],
        "internetMessageHeaders": [_QUIET],
    }
    if message.appointment is not None:
        mail["attachments"] = [_calendar(message.appointment, mailbox)]
    return mail


def _recipient(address: str) -> dict[str, object]:
    return {"emailAddress": {"address": address}}


def _calendar(appointment: Appointment, mailbox: str) -> dict[str, object]:
    # It loads what writes calendars, which takes longer than most starts.
    from service.render.calendar_file import calendar_file  # noqa: PLC0415

    return {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": f"{appointment.start:%Y-%m-%d}.ics",
        "contentType": "text/calendar",
        "contentBytes": b64encode(calendar_file(appointment, organizer=mailbox)).decode(),
    }
