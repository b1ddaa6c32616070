"""Whom the service signs in as, and which network is told when that ends."""

from datetime import UTC, date, datetime
from typing import cast

from pydantic import SecretStr

from service.domain.login import Login
from service.domain.routes import Transport
from service.graph.gateway import Gateway
from service.settings import NetworkSettings, Settings
from service.signing import credentials_of

LOGIN = Login(
    account="natverk.post@exempel.se",
    account_id="a",
    name="Nätverket",
    permissions=(),
    used=datetime(2026, 9, 1, 22, 30, tzinfo=UTC),
)


class SignedIn:
    """A way in where an account has signed in."""

    def login(self) -> Login:
        return LOGIN


def ends(via: Transport) -> list[tuple[str, date]]:
    network = NetworkSettings(mailbox="natverk@exempel.se", site="s", post_via=(via,))
    settings = Settings(
        tenant_id="t", client_id="c", client_secret=SecretStr("x"), networks=(network,)
    )
    gateway = cast(Gateway, SignedIn())
    found = credentials_of(settings, network, gateway, "Europe/Stockholm")()
    return [(one.name, one.expires) for one in found]


def test_a_sign_in_is_told_to_whom_it_serves() -> None:
    """Of two networks the one that posts by it; the day is the local one, ninety days on."""
    assert ends(Transport.GRAPH) == [(LOGIN.account, date(2026, 11, 30))]
    assert ends(Transport.WORKFLOW) == []
