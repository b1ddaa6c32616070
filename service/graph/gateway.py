"""The way in: everything that one tenant offers to one app."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import httpx

from service.domain.credential import ClientSecret, Proof
from service.domain.login import Login
from service.errors import SettingsError
from service.graph.auth import SignIn, TokenSource
from service.graph.bot import BotPoster, BotSettings, Connector
from service.graph.calendar import GraphCalendar
from service.graph.channels import GraphMessages
from service.graph.client import Graph
from service.graph.clouds import scope
from service.graph.drafting import DraftPoster
from service.graph.drives import GraphDrives
from service.graph.lists import GraphRows
from service.graph.login import LoginSettings, PersonSignIn
from service.graph.mail import GraphMail
from service.graph.mailing import Lists, MailPoster
from service.graph.meetings import GraphMeetings
from service.graph.policy import Limits
from service.graph.probes import Probes, probes_of
from service.graph.proofs import way_of
from service.graph.provision import Provisioner
from service.graph.sent_mail import SentMail
from service.graph.signed_in import Mention, PersonPoster, tag_named
from service.graph.sites import Sites
from service.graph.transport import Roads, trust, user_agent
from service.graph.workflow import WorkflowPoster
from service.ports import Clock, Meter

GRAPH_URL = "https://graph.microsoft.com"
AUTHORITY_URL = "https://login.microsoftonline.com"


@dataclass(frozen=True, kw_only=True)
class TenantSettings:
    """How a tenant is reached, and as whom."""

    tenant_id: str
    client_id: str
    proof: Proof | None = None
    """What the app proves itself by; None: it never signs in."""
    graph_url: str = GRAPH_URL
    authority_url: str = AUTHORITY_URL
    cloud_graph: str = GRAPH_URL
    """Graph of the cloud, for which an address that is none of Microsoft's stands."""
    ca_file: Path | None = None
    organisation: str = ""
    version: str = "0"
    bot: BotSettings = field(default_factory=BotSettings)
    login: LoginSettings | None = None
    """Where an account signs in by itself, if one does."""

    def sign_in(self, context: ssl.SSLContext, clock: Clock) -> SignIn:
        wanted = scope(self.graph_url, stands_for=self.cloud_graph)
        return self._signed_in(self.client_id, self.proof, wanted, context, clock)

    @property
    def bot_id(self) -> str:
        return self.bot.client_id or self.client_id

    def bot_sign_in(self, context: ssl.SSLContext, clock: Clock) -> SignIn:
        proof = self.proof
        if self.bot.client_id is not None:
            secret = self.bot.secret
            proof = ClientSecret(value=secret, file=self.bot.file) if secret else None
        return self._signed_in(self.bot_id, proof, self.bot.scope, context, clock)

    def _signed_in(
        self,
        client_id: str,
        proof: Proof | None,
        wanted: str,
        context: ssl.SSLContext,
        clock: Clock,
    ) -> SignIn:
        if proof is None:
            return SignIn(None, clock)
        authority = f"{self.authority_url.rstrip('/')}/{self.tenant_id}"
        way = way_of(proof, client_id=client_id, authority=authority, scope=wanted, trust=context)
        return SignIn(way, clock)


class Gateway:
    """
    One app's connection to one tenant, for one event loop; nothing is sent on opening it.

    `sign_in` and `inner` stand in for Entra ID and the network in tests.
    """

    def __init__(  # noqa: PLR0913  the wiring's choices
        self,
        settings: TenantSettings,
        clock: Clock,
        *,
        limits: Limits | None = None,
        sign_in: TokenSource | None = None,
        inner: httpx.AsyncBaseTransport | None = None,
        meter: Meter | None = None,
    ) -> None:
        context = trust(settings.ca_file)
        roads = inner or Roads(context)

        def signed_in(tokens: TokenSource, client_id: str) -> Graph:
            return Graph(
                tokens,
                client_id=client_id,
                graph_url=settings.graph_url,
                clock=clock,
                user_agent=user_agent(settings.organisation, settings.version),
                inner=roads,
                limits=limits,
                meter=meter,
            )

        self._graph = signed_in(sign_in or settings.sign_in(context, clock), settings.client_id)
        self._connector = Connector(
            self._graph,
            sign_in or settings.bot_sign_in(context, clock),
            client_id=settings.bot_id,
            url=settings.bot.url,
        )
        self._login: PersonSignIn | None = None
        self._person: Graph | None = None
        if settings.login is not None:
            self._login = PersonSignIn(settings.login, clock, context)
            self._person = signed_in(sign_in or self._login, settings.login.client_id)
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
        self._connector.close()
        if self._person is not None:
            await self._person.close()
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

    def bot(self, channel_id: str) -> BotPoster:
        return BotPoster(self._connector, channel_id)

    def person(
        self, team_id: str, channel_id: str, mentions: Mapping[str, Mention] | None = None
    ) -> PersonPoster:
        """Post as the account that has signed in. Raises SettingsError where none may."""
        return PersonPoster(self._as_person(), team_id, channel_id, mentions)

    async def tag(self, team_id: str, name: str) -> Mention:
        """Find a tag of the team, as that account. Raises NotFound, Ambiguous, Forbidden."""
        return await tag_named(self._as_person(), team_id, name)

    def login(self) -> Login | None:
        """Tell whose sign-in is kept, and until when it is good; None where nobody's is."""
        return self._login.login() if self._login else None

    async def renew_login(self) -> None:
        """Use it, so that it does not lapse. Raises SignInRefused, Unreachable, TenantFailed."""
        await self._as_person().sign_in()

    async def prove_login(self) -> None:
        """Have it renewed now, good though its token be. Raises as `renew_login` does."""
        person = self._as_person()
        token = await person.token()
        if self._login is not None:
            self._login.forget(token)
        await person.token()

    def _as_person(self) -> Graph:
        if self._person is None:
            raise SettingsError(("no account signs in by itself: NATVERKET_LOGIN_FILE is not set",))
        return self._person

    def sites(self) -> Sites:
        return Sites(self._graph)

    def provisioner(self) -> Provisioner:
        return Provisioner(self._graph)

    def probes(self) -> Probes:
        """What sees whether rights are there, and leaves no trace."""
        return probes_of(self._graph, self._connector)
