"""An account signs in: in the browser, or by a code that is typed elsewhere."""

from datetime import timedelta

import httpx
import pytest

from service.errors import SignInRefused, Unreachable
from service.graph import login_ways
from service.graph.login_ways import signing_in
from service.graph.loopback import Loopback
from tests.contract.graph import accounts
from tests.contract.graph.accounts import POSTER, SPARE, Browser, login_settings, sign_in, who


async def test_by_browser(house, house_clock, file, opened):
    """Who it is, what it may do, until when; and the token is the account's."""
    login = login_settings(house, file)
    signed = await sign_in(house, login, house_clock)
    assert (signed.login.account, signed.login.name) == (POSTER.mail, POSTER.name)
    assert signed.login.permissions == ("ChannelMessage.Send", "ChannelMessage.ReadWrite")
    assert signed.login.lapses_at == house_clock.now() + timedelta(days=90)
    assert signed.before is None
    assert who(await opened(login).token()) == POSTER.id


async def test_only_what_is_used_is_asked_for(house, house_clock, file):
    """Tags only where they are mentioned; the code comes back in a form, with PKCE."""
    asked = []
    for reads_tags in (False, True):
        async with signing_in(
            login_settings(house, file, reads_tags=reads_tags), house_clock, house.ca_file
        ) as way:
            assert await way.by_browser(lambda address: asked.append(address) or False) is None
    few, all_ = (httpx.URL(address).params for address in asked)
    assert "TeamworkTag.Read" not in few["scope"]
    assert "https://graph.microsoft.com/TeamworkTag.Read" in all_["scope"]
    assert "offline_access" in few["scope"]
    assert (few["response_mode"], few["code_challenge_method"]) == ("form_post", "S256")
    assert not file.exists()


async def test_by_code(house, house_clock, file, opened):
    """The code is typed elsewhere while this side waits and asks again."""
    login = login_settings(house, file)
    browser, shown, waited = Browser(house, SPARE), [], []

    async def pause(seconds):
        waited.append(seconds)
        browser.type(*shown[0])

    async with signing_in(login, house_clock, house.ca_file) as way:
        signed = await way.by_device(lambda *told: shown.append(told), pause)
    assert signed.login.account == SPARE.mail
    assert waited == [5.0]
    assert who(await opened(login).token()) == SPARE.id


async def test_asking_too_often(house, house_clock, file, events):
    """Each slow_down makes the polls rarer."""
    events.turn(device_slow_down="yes")
    browser, shown, waited = Browser(house), [], []

    async def pause(seconds):
        waited.append(seconds)
        if len(waited) == 3:
            browser.type(*shown[0])

    async with signing_in(login_settings(house, file), house_clock, house.ca_file) as way:
        await way.by_device(lambda *told: shown.append(told), pause)
    events.turn(device_slow_down="no")
    assert waited == [5.0, 10.0, 15.0]


async def test_the_person_declines(house, house_clock, file):
    """In the browser or where the code is typed: it is told, and nothing is kept."""
    browser = Browser(house, decision="deny")
    async with signing_in(login_settings(house, file), house_clock, house.ca_file) as way:
        with pytest.raises(SignInRefused, match="declined"):
            await way.by_browser(browser.open)
        with pytest.raises(SignInRefused, match="declined"):
            await way.by_device(browser.type)
    assert not file.exists()


async def test_nobody_comes_back(house, house_clock, file, monkeypatch):
    """The wait has an end, and the other way is named."""
    monkeypatch.setattr(login_ways, "PATIENCE", 0.0)
    async with signing_in(login_settings(house, file), house_clock, house.ca_file) as way:
        with pytest.raises(SignInRefused) as caught:
            await way.by_browser(lambda _: True)
    assert "--device" in caught.value.remedy


async def test_a_stranger_at_the_listener():
    """Only what carries the state of this very sign-in is taken; the code is in no address."""
    with Loopback() as listener:
        came = listener.expect("s-1")
        async with httpx.AsyncClient() as client:
            for form in ({"code": "c"}, {"code": "c", "state": "s-2"}, {}):
                assert (await client.post(listener.address, data=form)).status_code == 400
            assert (await client.get(f"{listener.address}/?code=c&state=s-1")).status_code == 400
            assert not came.done()
            good = {"code": "c", "state": "s-1"}
            assert (await client.post(listener.address, data=good)).status_code == 200
            assert await came == good
            await client.post(listener.address, data=good)


async def test_an_app_that_may_not_sign_people_in(house, house_clock, file):
    """The place in the app's registration is named."""
    login = login_settings(house, file, accounts.NOT_PUBLIC)
    async with signing_in(login, house_clock, house.ca_file) as way:
        with pytest.raises(SignInRefused) as caught:
            await way.by_device(Browser(house).type)
    assert "Allow public client flows" in caught.value.remedy


async def test_another_account_takes_the_place(house, house_clock, file, opened):
    """It is told whose sign-in was there before; one already running takes the new one over."""
    login = login_settings(house, file)
    await sign_in(house, login, house_clock)
    running = opened(login)
    assert who(await running.token()) == POSTER.id
    assert (await sign_in(house, login, house_clock)).before is None
    signed = await sign_in(house, login, house_clock, SPARE)
    assert signed.before.account == POSTER.mail
    assert who(await running.token()) == SPARE.id
    assert running.login().account == SPARE.mail


async def test_nobody_there(house, house_clock, file):
    """No connection: told as what it is, with the settings to look at."""
    login = login_settings(house, file, authority_url="https://localhost:9")
    async with signing_in(login, house_clock, house.ca_file) as way:
        with pytest.raises(Unreachable) as caught:
            await way.by_browser(lambda _: False)
    assert "NATVERKET_AUTHORITY_URL" in caught.value.remedy


async def test_an_authority_that_is_none(house, house_clock, file):
    """A tenant that is not known."""
    login = login_settings(house, file, tenant_id="99999999-0000-4000-8000-000000000009")
    async with signing_in(login, house_clock, house.ca_file) as way:
        with pytest.raises(SignInRefused) as caught:
            await way.by_browser(lambda _: False)
    assert "NATVERKET_TENANT_ID" in caught.value.remedy
