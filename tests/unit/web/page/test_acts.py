"""What is pressed, and who may."""

from dataclasses import replace
from ipaddress import ip_network

import pytest
from structlog.testing import capture_logs

from service.domain.routes import KINDS
from service.effects.approving import held
from service.effects.posting import APPROVED
from service.store import Store
from service.web.page import Entrance
from service.web.page.sessions import TRIES
from tests.unit.web.page import house as houses
from tests.unit.web.page.conftest import Opened, Reader

KEY = "nyckel-som-ingen-gissar"
PUBLIC = "https://natverket.exempel.se"
BEYOND = Entrance(listens_at="0.0.0.0", url=PUBLIC, token=KEY)


async def test_run_now(store: Store, opened: Opened) -> None:
    """The job is woken, the page tells of it, and the log who pressed."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        await reader.goes()
        with capture_logs() as logs:
            page = await reader.presses("Kör nu")

    network = house.networks[0].network_id
    assert house.woken == [(network, "sync_calendar")]
    assert page.find(id="said").get_text().startswith("Startat.")
    pressed = [line for line in logs if line["event"] == "page_pressed"]
    assert pressed == [
        {
            "event": "page_pressed",
            "log_level": "info",
            "who": "loopback",
            "act": "run",
            "network": network,
            "what": "sync_calendar",
        }
    ]


async def test_approve(store: Store, opened: Opened) -> None:
    """It cannot be undone, so it is asked once more, with the card; then it is approved."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        await reader.goes()
        asked = await reader.presses("Godkänn: Natur i stadsplanering")
        assert await house.places[0].ledger.effects("v1/") == {}
        page = await reader.presses("Ja, godkänn")
    (effect,) = (await house.places[0].ledger.effects("v1/")).values()

    assert asked.find("h1").get_text() == "Godkänna inlägget?"
    assert asked.find("figure").find("h2").get_text() == "Natur i stadsplanering"
    assert page.find(id="said").get_text() == "Inlägget är godkänt."
    assert effect.baseline[APPROVED] is True
    assert "Godkänt" in page.find(id="posts").get_text()


async def test_hold_and_release(store: Store, opened: Opened) -> None:
    """A meeting's posts go from the page and come back; the letter likewise."""
    house = await houses.in_spring(store)
    at = house.places[0]
    async with opened(house) as reader:
        await reader.goes()
        await reader.presses("Pausa allt om mötet")
        assert await held(at) == {"uid-0308": "Natur i stadsplanering"}
        assert len(reader.seen.find_all("figure")) == 1
        await reader.presses("Pausa alla inlägg av den sorten")
        assert (await held(at)).keys() == {"uid-0308", "digest"}
        assert reader.seen.find_all("figure") == []
        await reader.presses("Släpp")
        await reader.presses("Släpp")
        assert await held(at) == {}
        assert len(reader.seen.find_all("figure")) == 4


async def test_pause_and_resume(store: Store, opened: Opened) -> None:
    """All that members are told stops at one press; a meeting that was held stays so."""
    house = await houses.in_spring(store)
    at = house.places[0]
    async with opened(house) as reader:
        await reader.goes()
        await reader.presses("Pausa allt om mötet")
        page = await reader.presses("Pausa alla inlägg", act="pause")
        assert "Alla inlägg till medlemmarna är pausade." in page.find(id="posts").get_text()
        assert set(KINDS) < (await held(at)).keys()
        await reader.presses("Släpp alla inlägg")
    assert await held(at) == {"uid-0308": "Natur i stadsplanering"}


@pytest.mark.parametrize(
    "fields",
    [
        {"act": "approve", "what": "v1/x/y/z/soon/once", "sure": "yes"},
        {"act": "hold", "what": "uid-unknown"},
        {"act": "release", "what": "uid-0308"},
        {"act": "run", "what": "no_such_job"},
        {"act": "pause", "network": "other"},
    ],
    ids=lambda fields: fields["act"],
)
async def test_what_is_gone(store: Store, opened: Opened, fields: dict[str, str]) -> None:
    """What is not there (any more) changes nothing, and the page says so."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        await reader.goes()
        before = await house.places[0].ledger.effects()
        page = await reader.presses("Kör nu", **fields)

    assert page.find(id="said").get_text().startswith("Inget ändrades")
    assert await house.places[0].ledger.effects() == before
    assert house.woken == []


async def test_observing(store: Store, opened: Opened) -> None:
    """There is no button, with a word why; a form sent all the same does nothing."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        await reader.goes()
        house.mode = "observe"
        await reader.presses("Kör nu")
        status = reader.answer.status_code
        page = await reader.goes()

    assert (status, house.woken) == (409, [])
    assert page.find_all("button") == []
    assert "Provläge" in reader.text


# ---------------------------------------------------------------- other people's pages


@pytest.mark.parametrize(
    ("fields", "headers"),
    [
        ({"csrf": "guessed"}, {}),
        ({"csrf": ""}, {}),
        ({}, {"Origin": "https://evil.example"}),
        ({}, {"Origin": "null"}),
        ({}, {"Sec_Fetch_Site": "cross-site"}),
        ({}, {"Sec_Fetch_Site": "same-site"}),
        ({"act": "x" * 20_000}, {}),
    ],
    ids=["token", "no token", "origin", "no origin", "cross-site", "same-site", "too long"],
)
async def test_forged(
    store: Store, opened: Opened, fields: dict[str, str], headers: dict[str, str]
) -> None:
    """A form that our page did not send does nothing."""
    house = await houses.in_spring(store)
    async with opened(house) as reader:
        page = await reader.goes()
        form = {
            one["name"]: one["value"] for one in page.find(id="runs").find("form").find_all("input")
        }
        await reader.sends("/act", {**form, **fields}, **headers)
        assert reader.answer.status_code == 403
        reader.http.cookies.clear()
        await reader.sends("/act", form)

    assert reader.answer.status_code == 403
    assert house.woken == []


async def test_reading_changes_nothing(store: Store, opened: Opened) -> None:
    """No address acts on a GET, whatever it says."""
    house = await houses.in_spring(store)
    before = await house.places[0].ledger.effects()
    async with opened(house) as reader:
        for query in ("act=pause", "said=paused", "act=run&what=sync_calendar&sure=yes"):
            await reader.goes(f"/?{query}")
            await reader.goes(f"/act?{query}")
    assert house.woken == []
    assert await house.places[0].ledger.effects() == before


async def test_cookies(store: Store, opened: Opened) -> None:
    """No script reads them, no other site's request carries them, and TLS alone where there is."""
    house = await houses.in_spring(store)
    entrance = replace(BEYOND, proxies=(), url=f"{PUBLIC}/natverket")
    async with opened(house, entrance, url=PUBLIC) as reader:
        await reader.goes("/?lang=en")
    for cookie in reader.answer.headers.get_list("set-cookie"):
        assert {"HttpOnly", "SameSite=strict", "Secure", "Path=/natverket"} <= set(
            cookie.split("; ")
        )


# ---------------------------------------------------------------- beyond this machine


async def _signs_in(reader: Reader, key: str) -> int:
    await reader.goes()
    await reader.sends(
        "/sign-in",
        {"csrf": reader.seen.find("input", {"name": "csrf"})["value"], "token": key},
        Origin=PUBLIC,
    )
    return reader.answer.status_code


async def test_signing_in(store: Store, opened: Opened) -> None:
    """Nothing is shown before; afterwards all is, until signed out."""
    house = await houses.in_spring(store)
    async with opened(house, BEYOND, peer="10.0.0.7", url=PUBLIC) as reader:
        await reader.goes()
        assert reader.answer.status_code == 401
        assert "Exempelnätverket" not in reader.answer.text
        assert (await reader.http.get("/nothing")).status_code == 401
        assert await _signs_in(reader, "fel") == 401
        assert reader.seen.find(role="alert").get_text() == "Nyckeln stämmer inte."
        assert await _signs_in(reader, KEY) == 200
        assert "Exempelnätverket" in reader.text
        form = {"csrf": reader.seen.find("input", {"name": "csrf"})["value"]}
        await reader.sends("/sign-out", form, Origin=PUBLIC)
        assert reader.answer.status_code == 401
        assert KEY not in str(reader.http.cookies)


async def test_guessing(store: Store, opened: Opened) -> None:
    """After five wrong keys even the right one waits, for as long as is told."""
    house = await houses.in_spring(store)
    async with opened(house, BEYOND, peer="10.0.0.7", url=PUBLIC) as reader:
        codes = [await _signs_in(reader, f"fel{number}") for number in range(TRIES)]
        assert codes == [*[401] * (TRIES - 1), 429]
        assert await _signs_in(reader, KEY) == 429
        assert reader.answer.headers["retry-after"] == "601"
        bearing = {"Authorization": f"Bearer {KEY}"}
        assert (await reader.http.get("/", headers=bearing)).status_code == 429
        house.clock.on(minutes=11)
        assert await _signs_in(reader, KEY) == 200


async def test_a_program(store: Store, opened: Opened) -> None:
    """With the key in its header it needs neither cookie nor form token."""
    house = await houses.in_spring(store)
    fields = {"act": "run", "what": "sync_calendar", "network": house.networks[0].network_id}
    async with opened(house, BEYOND, peer="10.0.0.7", url=PUBLIC) as reader:
        for key, code in (("fel", 401), (KEY, 303)):
            headers = {"Authorization": f"Bearer {key}"}
            answer = await reader.http.post("/act", data=fields, headers=headers)
            assert answer.status_code == code
    assert len(house.woken) == 1


async def test_a_proxy_that_signs_in(store: Store, opened: Opened) -> None:
    """Who pressed is who the proxy says; from elsewhere its header is nobody's word."""
    house = await houses.in_spring(store)
    entrance = Entrance(
        url=PUBLIC, user_header="X-Forwarded-User", proxies=(ip_network("10.0.0.0/24"),)
    )
    for peer, code in (("10.0.0.7", 200), ("10.0.9.9", 403)):
        async with opened(house, entrance, peer=peer, url=PUBLIC) as reader:
            reader.http.headers["X-Forwarded-User"] = "eva.exempel@exempel.se"
            await reader.goes()
            assert reader.answer.status_code == code
            if code == 200:
                with capture_logs() as logs:
                    form = reader.seen.find(id="runs").find("form")
                    fields = {one["name"]: one["value"] for one in form.find_all("input")}
                    await reader.sends("/act", fields, Origin=PUBLIC)
    assert [line["who"] for line in logs] == ["eva.exempel@exempel.se"]


@pytest.mark.parametrize(
    ("peer", "url", "code"),
    [
        ("127.0.0.1", "http://evil.example:8080", 421),
        ("10.0.0.7", "http://localhost:8080", 403),
    ],
)
async def test_refused(store: Store, opened: Opened, peer: str, url: str, code: int) -> None:
    """Told how it is opened, and nothing of what is on it."""
    house = await houses.in_spring(store)
    async with opened(house, peer=peer, url=url) as reader:
        await reader.goes()
    assert reader.answer.status_code == code
    assert "NATVERKET_WEB_" in reader.text
    assert "Exempelnätverket" not in reader.answer.text
