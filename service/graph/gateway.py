"""The way in: everything that one tenant offers to one app."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import httpx

from service.graph.auth import Credential, SignIn, TokenSource
from service.graph.calendar import GraphCalendar
from service.graph.channels import GraphMessages
from service.graph.client import Graph
from service.graph.drafting import DraftPoster
from service.graph.drives import GraphDrives
from service.graph.lists import GraphRows
from service.graph.mail import GraphMail
from service.graph.mailing import Lists, MailPoster
from service.graph.meetings import GraphMeetings
from service.graph.policy import Limits
from service.graph.provision import Provisioner
from service.graph.sent_mail import SentMail
from service.graph.sites import Sites
from service.graph.transport import Roads, trust, user_agent
from service.graph.workflow import WorkflowPoster
from service.ports import Clock

GRAPH_URL = "https://graph.microsoft.com"
AUTHORITY_URL = "https://login.microsoftonline.com"


@dataclass(frozen=True, kw_only=True)
class TenantSettings:
    """How a tenant is reached, and as whom."""

    tenant_id: str
    client_id: str
    secret: str | None = field(default=None, repr=False)
    certificate_file: Path | None = None
    certificate_passphrase: str | None = field(default=None, repr=False)
    federated_token_file: Path | None = None
    graph_url: str = GRAPH_URL
    authority_url: str = AUTHORITY_URL
    ca_file: Path | None = None
    organisation: str = ""
    version: str = "0"

    def sign_in(self, context: ssl.SSLContext) -> SignIn:
        return SignIn(
            self._credential(),
            authority_url=self.authority_url,
            graph_url=self.graph_url,
            trust=context,
        )

    def _credential(self) -> Credential:
        return Credential(
            tenant_id=self.tenant_id,
            client_id=self.client_id,
            secret=self.secret,
            certificate_file=self.certificate_file,
            certificate_passphrase=self.certificate_passphrase,
            federated_token_file=self.federated_token_file,
        )


class Gateway:
    """
    One app's connection to one tenant, for one event loop; nothing is sent on opening it.

    `sign_in` and `inner` stand in for Entra ID and the network in tests.
    """

    def __init__(
        self,
        settings: TenantSettings,
        clock: Clock,
        *,
        limits: Limits | None = None,
        sign_in: TokenSource | None = None,
        inner: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        context = trust(settings.ca_file)
        self._graph = Graph(
            sign_in or settings.sign_in(context),
            client_id=settings.client_id,
            graph_url=settings.graph_url,
            clock=clock,
            user_agent=user_agent(settings.organisation, settings.version),
            inner=inner or Roads(context),
            limits=limits,
        )
        self._drives = GraphDrives(self._graph)
        self._meetings = GraphMeetings(self._graph)

    async def __aenter__(self) -> "Gateway":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self._graph.close()

    async def sign_in(self) -> None:
        """Get a token, to prove that the app may. Raises SignInRefused, Unreachable."""
        await self._graph.sign_in()

    def calendar(self, mailbox: str) -> GraphCalendar:
        return GraphCalendar(self._graph, mailbox)

    def mail(self, mailbox: str, folder: str) -> GraphMail:
        """One folder by its name or path, as the mailbox shows it: `Inkorgen/Material`."""
        return GraphMail(self._graph, mailbox, folder)

    def drives(self) -> GraphDrives:
        return self._drives

    def rows(self, site_id: str, list_id: str) -> GraphRows:
        return GraphRows(self._graph, site_id, list_id)

    def online_meetings(self) -> GraphMeetings:
        return self._meetings

    def messages(self, team_id: str, channel_id: str) -> GraphMessages:
        return GraphMessages(self._graph, team_id, channel_id)

    def workflow(self, url: str) -> WorkflowPoster:
        return WorkflowPoster(self._graph, url)

    def mailing(self, mailbox: str, lists: Lists) -> MailPoster:
        return MailPoster(self._graph, mailbox, lists)

    def drafting(self, mailbox: str, lists: Lists) -> DraftPoster:
        return DraftPoster(self._graph, mailbox, lists)

    def sent_mail(self, mailbox: str) -> SentMail:
        return SentMail(self._graph, mailbox)

    def drafted_mail(self, mailbox: str) -> SentMail:
        return SentMail(self._graph, mailbox, "drafts")

    def sites(self) -> Sites:
        return Sites(self._graph)

    def provisioner(self) -> Provisioner:
        return Provisioner(self._graph)
