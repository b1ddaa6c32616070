"""Who signs in as whom: the app, the bot and a person's account, from the settings."""

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Protocol

import structlog

from service.domain.credential import ClientCertificate
from service.domain.login import Login
from service.domain.notice import Credential, CredentialKind
from service.domain.period import local_day
from service.domain.routes import Transport
from service.errors import TenantError
from service.graph.auth import TokenSource
from service.graph.bot import BotSettings
from service.graph.certificate import expires
from service.graph.gateway import Gateway, TenantSettings
from service.graph.lent import MANAGE_LISTS
from service.graph.login import LoginSettings
from service.ports import Clock, Meter
from service.settings import NetworkSettings, Settings

log = structlog.get_logger()


def gateway_of(
    settings: Settings,
    clock: Clock,
    *,
    provisioning: bool = False,
    person: TokenSource | None = None,
    meter: Meter | None = None,
) -> Gateway:
    """The way into the tenant: as the daemon, as the app that may create libraries, or lent."""
    proof, client_id = settings.credential, settings.client_id
    if provisioning and settings.provisioning is not None:
        proof, client_id = settings.provisioning.secret, settings.provisioning.client_id
    return Gateway(
        TenantSettings(
            tenant_id=settings.tenant_id,
            client_id=client_id,
            proof=proof,
            graph_url=settings.graph_url,
            authority_url=settings.authority_url,
            cloud_graph=settings.hosts.graph,
            ca_file=settings.ca_file,
            organisation=settings.organisation,
            version=version("natverket"),
            bot=_bot(settings),
            login=login_of(settings) if _is_used(settings, Transport.GRAPH) else None,
        ),
        clock,
        sign_in=person,
        meter=meter,
    )


def _bot(settings: Settings) -> BotSettings:
    own = settings.bot_credential
    return BotSettings(
        url=settings.bot_url,
        client_id=settings.bot_client_id,
        secret=own.value if own else None,
        file=own.file if own else None,
        scope=settings.hosts.bot_scope,
    )


def login_of(settings: Settings) -> LoginSettings:
    """Tell where an account signs in, and where that is kept."""
    key = settings.login_key
    return LoginSettings(
        tenant_id=settings.tenant_id,
        client_id=settings.login_client_id or settings.client_id,
        authority_url=settings.authority_url,
        graph_url=settings.graph_url,
        cloud_graph=settings.hosts.graph,
        file=settings.login_file,
        key=key.get_secret_value() if key else None,
        reads_tags=any(each.mention == "tag" for each in settings.networks),
    )


def lender_of(settings: Settings) -> LoginSettings:
    """Tell through which app a person lends her rights to `natverket provision`."""
    return replace(login_of(settings), wanted=(MANAGE_LISTS,))


def _is_used(settings: Settings, transport: Transport) -> bool:
    return any(transport in each.routes.used for each in settings.networks)


# ---------------------------------------------------------------- what comes to an end


class KnowsLogin(Protocol):
    def login(self) -> Login | None:
        """Tell who has signed in. Raises SettingsError."""


def credentials_of(
    settings: Settings, chosen: NetworkSettings, gateway: KnowsLogin, time_zone: str
) -> Callable[[], tuple[Credential, ...]]:
    """
    Return what tells when certificate and sign-in end. It raises UnreadableFile.

    Of the sign-in those networks are told that post by it.
    """

    def credentials() -> tuple[Credential, ...]:
        found = list[Credential]()
        proof = settings.credential
        login = gateway.login() if Transport.GRAPH in chosen.routes.used else None
        if isinstance(proof, ClientCertificate):
            ends = local_day(expires(proof.file, proof.password), time_zone)
            found.append(Credential(kind=CredentialKind.CERTIFICATE, expires=ends))
        if login is not None:
            last = login.used if login.refused else login.lapses_at
            ends = local_day(last, time_zone)
            found.append(Credential(kind=CredentialKind.SIGN_IN, name=login.account, expires=ends))
        return tuple(found)

    return credentials


async def stay_signed_in(gateway: Gateway) -> None:
    """Use a person's sign-in once a day, since only use renews it; a refusal is kept with it."""
    if gateway.login() is None:
        return
    try:
        await gateway.renew_login()
    except TenantError as error:
        log.warning("sign_in_not_renewed", error=type(error).__name__)
