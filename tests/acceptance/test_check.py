"""`natverket check`: all is well, then every single right is taken away, one at a time."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.domain.check import Verdict
from service.sandbox.process import Sandbox
from tests.acceptance import checked
from tests.acceptance.checked import (
    BOX,
    Tenant,
    bad,
    self_signed,
    told,
)
from tests.acceptance.losses import APP, LOSSES, Loss
from tests.contract.graph import accounts, worlds

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    """Provisioned, and an account signed in; on the day after the meetings."""
    folder = tmp_path_factory.mktemp("check")
    with Sandbox(seed=checked.SEED, directory=folder / "tenant") as sandbox:
        tenant = Tenant(sandbox, folder)
        asyncio.run(_prepare(tenant))
        yield tenant


async def _prepare(tenant: Tenant) -> None:
    clock = await checked.provisioned(tenant)
    kept = accounts.login_settings(tenant.sandbox, tenant.folder / "login.bin", checked.DESK)
    await accounts.sign_in(tenant.sandbox, kept, clock)
    await clock.close()


async def test_all_is_well(tenant: Tenant) -> None:
    """Everything is granted and used: nothing fails, nothing is warned of, nothing is left."""
    before = tenant.tree()

    findings = await tenant.check()

    assert {one.verdict for one in findings} <= {Verdict.OK, Verdict.UNUSED}, told(findings)
    assert tenant.tree() == before


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES.keys())
async def test_what_is_taken_away_is_named(tenant: Tenant, loss: Loss) -> None:
    """One thing is gone: that one fails and no other, its remedy is told; given back, all holds."""
    loss.take(tenant)
    try:
        findings = await tenant.check(**loss.settings)
    finally:
        loss.give(tenant)
    failing = [one for one in findings if one.verdict is Verdict.FAILED]
    assert [one.name for one in failing] == [loss.fails], told(findings)
    (one,) = failing
    assert one.remedy is not None
    whole = "\n".join((one.said, one.remedy.who, *one.remedy.steps, one.remedy.takes))
    for words in loss.says:
        assert words in whole, whole

    restored = await tenant.check()

    assert bad(restored) == [], told(restored)


async def test_what_is_looked_at_writes_nothing(tenant: Tenant) -> None:
    """In either mode nothing stays: no request is a write but one that is refused (sendMail)."""
    last = tenant.last()

    assert bad(await tenant.check(NATVERKET_MODE="observe")) == []

    written = {(one["path"], one["status"]) for one in tenant.since(last) if one["write"]}
    assert written <= {(f"/v1.0/users/{BOX.mail}/sendMail", 400)}


async def test_a_certificate(tenant: Tenant) -> None:
    """Told by its last day; from 60 days before as a warning; unknown to the app as a failure."""
    file = certificate(tenant, days=20)
    by_it = {
        "NATVERKET_CLIENT_SECRET": "",
        "NATVERKET_CLIENT_CERTIFICATE_FILE": str(file),
    }
    findings = await tenant.check(**by_it)
    assert bad(findings) == [], told(findings)
    (one,) = [one for one in findings if one.verdict is Verdict.WARNING]
    assert (one.name, "fewer than 30" in one.said) == ("sign-in", True)

    tenant.act("RemoveCertificates", app=APP)
    findings = await tenant.check(**by_it)
    assert bad(findings) == ["sign-in"], told(findings)
    assert "AADSTS700027" in told(findings)


def certificate(tenant: Tenant, *, days: int) -> Path:
    """One that ends so soon by the sandbox's clock, and that the app may sign in with."""
    file = tenant.folder / "app.pem"
    file.write_bytes(self_signed(worlds.day(9), worlds.day(9) + timedelta(days=days, hours=1)))
    tenant.let_in(file)
    return file


async def test_what_only_limits_is_a_warning(tenant: Tenant) -> None:
    """A role too many, transcription off by policy, permissions that Graph keeps to itself."""
    tenant.act("GrantRole", app=APP, role="Mail.Send")
    tenant.act("SetTranscription", allowed=False)
    tenant.turn(permissions_of_others="kept")
    try:
        findings = await tenant.check()
    finally:
        tenant.act("GrantRole", app=APP, role="Mail.Send", withdrawn=True)
        tenant.act("SetTranscription", allowed=True)
        tenant.turn(permissions_of_others="told")

    warned = [one.name for one in findings if one.verdict is Verdict.WARNING]
    assert (bad(findings), sorted(set(warned))) == ([], ["members", "recordings", "roles"])


async def test_what_depends_is_not_told_twice(tenant: Tenant) -> None:
    """Without a token one thing is red, and what needs one says why it was not tried."""
    findings = await tenant.check(NATVERKET_CLIENT_SECRET="wrong")

    untried = [one.name for one in findings if one.verdict is Verdict.UNTRIED]
    assert bad(findings) == ["sign-in"]
    assert {"roles", "site", "calendar", "members", "recordings", "channel read"} <= {*untried}
    assert "not tried because sign-in failed" in told(findings)
