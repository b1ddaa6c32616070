"""The network mailbox: each of Exchange's roles, by a call that changes nothing."""

from urllib.parse import quote

from kiota_abstractions.method import Method

from service.errors import BadRequest, NotFound
from service.graph.client import Graph
from service.graph.mail import GraphMail
from service.graph.policy import Repeat
from service.graph.translate import About

NO_MAIL = "natverket-check"
"""The id of no message."""


class MailboxProbes:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def prove_folder(self, mailbox: str, folder: str) -> None:
        """Find a folder of the mailbox. Raises Forbidden, NotFound with the names there are."""
        await GraphMail(self._graph, mailbox, folder).folder()

    async def prove_reading(self, mailbox: str, folder: str) -> None:
        """Read the id of one mail, as `Application Mail.Read` lets. Raises Forbidden."""
        await self._ask(mailbox, f"mailFolders/{folder}/messages?$top=1&$select=id")

    async def prove_sending(self, mailbox: str) -> None:
        """
        Have a mail to nobody refused: for want of recipients, if the app may send.

        Raises Forbidden. https://learn.microsoft.com/graph/api/user-sendmail
        """
        mail = {"subject": "", "body": {"contentType": "text", "content": ""}, "toRecipients": []}
        body = {"message": mail, "saveToSentItems": False}
        try:
            await self._ask(mailbox, "sendMail", Method.POST, body)
        except BadRequest:
            return

    async def prove_drafting(self, mailbox: str) -> None:
        """Have the change of no mail refused: as absent, if the app may write. Raises Forbidden."""
        try:
            await self._ask(mailbox, f"messages/{NO_MAIL}", Method.PATCH, {"subject": ""})
        except (BadRequest, NotFound):
            return

    async def _ask(
        self, mailbox: str, what: str, method: Method = Method.GET, body: object = None
    ) -> None:
        url = f"{self._graph.base}/users/{quote(mailbox)}/{what}"
        info = self._graph.at(url, method=method, json=body)
        await self._graph.send(info, About(subject=f"mailbox {mailbox}"), repeat=Repeat.NEVER)
