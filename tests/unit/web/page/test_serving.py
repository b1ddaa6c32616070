"""The daemon's routes put together, and its settings made into an entrance."""

from pathlib import Path

import httpx
import pytest

from service.cli.serving import entrance_of, routes_of
from service.settings import Settings, read_settings
from service.store import Store
from service.web.app import application
from tests.unit.settings.test_reading import LEAST
from tests.unit.web.page import house as houses

CALENDAR = "k" * 40


def settings(folder: Path, monkeypatch: pytest.MonkeyPatch, **more: str) -> Settings:
    monkeypatch.chdir(folder)
    return read_settings(None, {**LEAST, **more})


def test_entrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an administrator has written decides who may come in, and nothing shows the token."""
    found = entrance_of(
        settings(
            tmp_path,
            monkeypatch,
            NATVERKET_WEB_HOST="0.0.0.0",
            NATVERKET_WEB_URL="https://natverket.exempel.se/status/",
            NATVERKET_WEB_TOKEN="nyckel-som-ingen-gissar",
            NATVERKET_WEB_USER_HEADER="X-Forwarded-User",
            NATVERKET_WEB_PROXIES="10.0.0.7; 192.168.0.0/16",
        )
    )

    assert (found.root, found.secure, found.guarded) == ("/status", True, True)
    assert [str(one) for one in found.proxies] == ["10.0.0.7/32", "192.168.0.0/16"]
    assert found.user_header == "X-Forwarded-User"
    assert "nyckel" not in repr(found)


def test_usual_entrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing set, this machine alone."""
    assert not entrance_of(settings(tmp_path, monkeypatch)).guarded


async def test_beside_each_other(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A calendar's address is refused without a word; any other unknown one in words."""
    house = await houses.in_spring(store)
    chosen = settings(tmp_path, monkeypatch, NATVERKET_NETWORK_CALENDAR_TOKEN=CALENDAR)
    app = application(routes_of(house, chosen))
    through = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=through, base_url="http://localhost") as http:
        answers = [await http.get(path) for path in ("/", "/calendar/x.ics", "/other", "/a/b")]

    assert [one.status_code for one in answers] == [200, 404, 404, 404]
    assert [bool(one.content) for one in answers] == [True, False, True, True]
