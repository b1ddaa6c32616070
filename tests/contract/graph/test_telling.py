"""Administrators are reached by a flow and from the network's mailbox, in the sandbox's tenant."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import SecretStr

from service.domain.standing import Need, Standing, Who
from service.graph.clock import SandboxClock
from service.settings import NetworkSettings, Settings
from service.store import open_store
from service.telling import Teller
from tests.contract.graph import post_office


@pytest.fixture
async def clock(office):
    clock = SandboxClock(office.env["NATVERKET_CLOCK_URL"], ca_file=office.ca_file)
    await clock.refresh()
    yield clock
    await clock.close()


@pytest.fixture
def store(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/state.db")
    yield store
    store.close()


def settings(office, app, **changes):
    return Settings(
        **{
            "tenant_id": office.env["NATVERKET_TENANT_ID"],
            "client_id": app.client_id,
            "client_secret": SecretStr(app.secret),
            "graph_url": office.url,
            "authority_url": office.url,
            "ca_file": office.ca_file,
            "admin_url": SecretStr(office.env["NATVERKET_NETWORK_WORKFLOW_URL"]),
            "admin_mail": ("it@nat.example",),
            "networks": (NetworkSettings(mailbox=post_office.BOX, site="s"),),
            **changes,
        }
    )


def standing(clock, subject):
    need = Need(
        id=f"right/n/{subject}",
        network_id="n",
        who=Who.ADMIN,
        kind="right",
        subject=subject,
        said="The app may not read it.",
        remedy="Grant it.",
        since=clock.now() - timedelta(hours=2),
    )
    return Standing(
        at=clock.now(), version="1", mode="act", started=None, networks=(), needs=(need,)
    )


async def test_by_card_and_by_mail(office, clock, store, person):
    """One of each, to those who were named and nobody else."""
    teller = Teller(settings(office, post_office.SENDER), clock)
    assert await teller.tell(standing(clock, "library"), store)
    assert await teller.tell(standing(clock, "library"), store) == ()
    (mail,) = post_office.inside(person, "sentitems", "1 thing to see to")
    assert [one["emailAddress"]["address"] for one in mail["bccRecipients"]] == ["it@nat.example"]
    assert "library: The app may not read it." in mail["body"]["content"]


@pytest.mark.parametrize("trouble", ["mail is forbidden", "the secret is wrong"])
async def test_the_card_needs_no_sign_in(office, clock, store, person, trouble):
    """When the sign-in is what needs somebody, the flow is told all the same."""
    stranger = post_office.STRANGER
    app = stranger if trouble.startswith("mail") else replace(stranger, secret="wrong")
    before = len(post_office.inside(person, "sentitems", ""))
    teller = Teller(settings(office, app), clock)
    assert await teller.tell(standing(clock, trouble), store)
    assert len(post_office.inside(person, "sentitems", "")) == before


async def test_where_no_way_is_open(office, clock, store):
    """It stays to be told, and is when the way has been mended."""
    shut = settings(office, post_office.STRANGER, admin_url=None)
    assert await Teller(shut, clock).tell(standing(clock, "calendar"), store) == ()
    await clock.sleep(2 * 3600)
    mended = settings(office, post_office.SENDER, admin_url=None)
    assert await Teller(mended, clock).tell(standing(clock, "calendar"), store)
