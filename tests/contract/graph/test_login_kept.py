"""An account stays signed in: kept safe, renewed by use, and told of before it lapses."""

import asyncio
import json
import os
import stat
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from service.domain.login import IDLE
from service.errors import SettingsError, SignInRefused, TenantFailed, Unreachable
from service.graph.clock import SandboxClock
from service.graph.login import PersonSignIn, refusal
from service.graph.login_file import LoginFile
from service.graph.login_ways import signing_in
from service.graph.transport import trust
from service.sandbox.process import Sandbox
from tests.contract.graph import accounts
from tests.contract.graph.accounts import POSTER, login_settings, sign_in, who

KEY = Fernet.generate_key().decode()


@pytest.mark.parametrize("key", [None, KEY], ids=["open", "encrypted"])
async def test_the_file_is_its_owners_alone(house, house_clock, file, key):
    """Also where the umask is lax; with a key nothing in it can be read."""
    before = os.umask(0)
    try:
        await sign_in(house, login_settings(house, file, key=key), house_clock)
    finally:
        os.umask(before)
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}
    assert sorted(one.name for one in file.parent.iterdir()) == ["login.bin", "login.bin.lock"]
    assert (POSTER.mail.encode() in file.read_bytes()) == (key is None)


async def test_the_key_must_be_the_one(house, house_clock, file):
    """A wrong or missing key is told with its setting, before anybody is asked to sign in."""
    login = login_settings(house, file, key=KEY)
    await sign_in(house, login, house_clock)
    for key, said in (
        (None, "NATVERKET_LOGIN_KEY is not set"),
        (Fernet.generate_key().decode(), "cannot be opened with this NATVERKET_LOGIN_KEY"),
        ("short", "32 bytes"),
    ):
        with pytest.raises(SettingsError, match=said) as caught:
            async with signing_in(replace(login, key=key), house_clock, house.ca_file):
                pass
        assert KEY not in str(caught.value)


async def test_a_key_that_comes_later(house, house_clock, file, opened):
    """The next renewal encrypts what was not."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    await house_clock.sleep(timedelta(days=2).total_seconds())
    await opened(replace(login, key=KEY)).token()
    assert LoginFile(file, KEY).read().login.account == POSTER.mail
    assert not file.read_bytes().startswith(b"{")


def test_a_file_of_something_else(file, tmp_path):
    """Garbage, or a folder where the file should be: the setting is named."""
    file.write_text('{"x": 1}')
    with pytest.raises(SettingsError, match="NATVERKET_LOGIN_FILE"):
        LoginFile(file, None).read()
    for use in (LoginFile.read, LoginFile.remove):
        with pytest.raises(SettingsError, match="cannot be used"):
            use(LoginFile(tmp_path, None))
    with (
        pytest.raises(SettingsError, match="cannot be used"),
        LoginFile(tmp_path / "none" / "login.bin", None).locked(),
    ):
        pass


async def test_secrets_are_nowhere_told(house, house_clock, file, opened, capsys):
    """Neither in the log nor in what a person sees of the settings: no token, no key."""
    login = login_settings(house, file, key=KEY)
    await sign_in(house, login, house_clock)
    token = await opened(login).token()
    kept = LoginFile(file, KEY).read()
    (refresh,) = json.loads(kept.tokens)["RefreshToken"].values()
    out = "".join(capsys.readouterr()) + repr(login) + repr(kept)
    for secret in (token, refresh["secret"], KEY):
        assert secret not in out


# ---------------------------------------------------------------- how it lasts


async def test_one_token_serves_many_requests(house, house_clock, file, opened, events):
    """Kept in memory, and in the file for the next process; a refused one is replaced."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    asked = events.count("POST", "/oauth2/v2.0/token")
    first, second = opened(login), opened(login)
    token = await first.token()
    assert await first.token() == token == await second.token()
    first.forget(token)
    assert await first.token() != token
    assert events.count("POST", "/oauth2/v2.0/token") == asked


async def test_a_use_renews_it(house, house_clock, file, opened):
    """
    A day after the last it is renewed, so that it lapses ninety days after that: by a process
    that begins then, and by one that still has a token that is good.
    """
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    source = opened(login)
    for days in (1, 60, 89, 80):
        await house_clock.sleep(timedelta(days=days).total_seconds())
        source = source if days < 80 else opened(login)
        await source.token()
        assert source.login().lapses_at == house_clock.now() + IDLE


async def test_it_lapses(house, house_clock, file, opened):
    """After more than ninety days without use: the reason, and the command to run."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    await house_clock.sleep(timedelta(days=91).total_seconds())
    source = opened(login)
    with pytest.raises(SignInRefused) as caught:
        await source.token()
    assert "not used for 90 days" in caught.value.reason
    assert "AADSTS700082" in caught.value.reason
    assert caught.value.remedy == "Run `natverket login`."
    assert "not used for 90 days" in source.login().refused
    await sign_in(house, login, house_clock)
    assert await source.token()
    assert not source.login().refused


@pytest.mark.parametrize(
    ("act", "number", "remedy"),
    [
        ({"act": "RevokeSignIns"}, 50173, "natverket login"),
        ({"act": "BlockAccount"}, 50057, "enable it"),
        ({"act": "ConditionalAccess", "name": "x", "control": "mfa"}, 50076, "natverket login"),
        ({"act": "ConditionalAccess", "name": "x", "control": "block"}, 53003, "conditional"),
    ],
)
async def test_it_is_ended_from_elsewhere(fresh_house, file, act, number, remedy):
    """Each reason in words, with what to do; what is kept tells it to whoever looks."""
    sandbox, clock, events = fresh_house
    login = login_settings(sandbox, file)
    await sign_in(sandbox, login, clock)
    events.act(**{"person": POSTER.id, **act})
    await clock.sleep(timedelta(days=1).total_seconds())
    source = PersonSignIn(login, clock, trust(sandbox.ca_file))
    with pytest.raises(SignInRefused) as caught:
        await source.token()
    source.close()
    assert f"AADSTS{number}" in caught.value.reason
    assert remedy in (caught.value.remedy + caught.value.reason)
    assert source.login().refused


@pytest.fixture
async def fresh_house(tmp_path):
    """A tenant of one test's own: what happens to an account there stays."""
    with Sandbox(seed=accounts.SEED, directory=tmp_path / "house") as sandbox:
        clock = SandboxClock(sandbox.env["NATVERKET_CLOCK_URL"], ca_file=sandbox.ca_file)
        await clock.refresh()
        events = accounts.Control(sandbox)
        yield sandbox, clock, events
        events.close()
        await clock.close()


async def test_a_permission_that_was_not_asked_for_before(house, house_clock, file, opened):
    """Tags are mentioned from now on, which nobody has consented to: it says by whom and where."""
    login = login_settings(house, file, accounts.WITHOUT_TAGS)
    await sign_in(house, login, house_clock)
    with pytest.raises(SignInRefused) as caught:
        await opened(replace(login, reads_tags=True)).token()
    assert "administrator consent" in caught.value.remedy
    assert "TeamworkTag.Read" in caught.value.remedy
    assert await opened(login).token()


async def test_two_processes_renew_it_at_once(house, house_clock, file, opened):
    """One after the other, the second with what the first has kept; the file is whole."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    await house_clock.sleep(timedelta(days=2).total_seconds())
    sources = [opened(login) for _ in range(4)]
    tokens = await asyncio.gather(*(source.token() for source in sources))
    assert len(set(tokens)) == 1
    assert sources[0].login().used == house_clock.now()


async def test_the_sign_in_service_fails(house, house_clock, file, opened, events):
    """It is not the account's fault: nothing is written down, and the next use works."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    await house_clock.sleep(timedelta(days=2).total_seconds())
    token = {"listener": "sign-in", "path": "/token"}
    events.fault(match=token, status=503)
    with pytest.raises(TenantFailed):
        await opened(login).token()
    events.fault(match=token, drop=True)
    with pytest.raises(Unreachable):
        await opened(login).token()
    source = opened(login)
    assert not source.login().refused
    assert who(await source.token()) == POSTER.id


def test_words_for_what_is_not_known():
    """An unknown code is told as Entra ID tells it; a passing failure may pass."""
    error = refusal("x", {"error": "invalid_grant", "error_description": "AADSTS1: No.\r\nTrace"})
    assert isinstance(error, SignInRefused)
    assert error.reason.startswith("AADSTS1: No. (")
    assert isinstance(refusal("x", {"error": "server_error"}), TenantFailed)
    assert "natverket login" in refusal("x", {}).remedy
