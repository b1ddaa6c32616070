"""A real browser before a tenant in which something has happened."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.sandbox.process import Sandbox
from tests.sandbox import worlds
from tests.sandbox.conftest import Client

playwright = pytest.importorskip(
    "playwright.sync_api", reason="Playwright is missing: pip install playwright"
)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOLDER = "https://nat.sharepoint.com/sites/NatverkForHallbarhet/Dokument/Mapp"
CARD = {
    "type": "AdaptiveCard",
    "version": "1.4",
    "lang": "sv",
    "body": [
        {"type": "TextBlock", "text": "Vecka 2", "style": "heading", "size": "Large"},
        {"type": "TextBlock", "text": f"Nytt: **två** filer i [mappen]({FOLDER})", "wrap": True},
        {"type": "TextBlock", "text": "<img src=x> [fel](javascript:alert(1))", "wrap": True},
        {"type": "TextBlock", "id": "more", "text": "och 2 till"},
        {
            "type": "Container",
            "id": "folded",
            "isVisible": False,
            "items": [{"type": "TextBlock", "text": "Gömd rad"}],
        },
        {
            "type": "ActionSet",
            "actions": [
                {
                    "type": "Action.ToggleVisibility",
                    "title": "Visa hela veckobrevet",
                    "targetElements": ["more", "folded"],
                }
            ],
        },
    ],
    "actions": [
        {"type": "Action.OpenUrl", "title": "Öppna dokumentationen", "url": f"{FOLDER}?nv=x"},
        {
            "type": "Action.ShowCard",
            "title": "Mer om mötet",
            "card": {
                "type": "AdaptiveCard",
                "body": [{"type": "TextBlock", "text": "Ta med stövlar"}],
            },
        },
    ],
}


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A fortnight has passed; there are files with versions, a register and a card."""
    directory = tmp_path_factory.mktemp("tenant")
    seed = f"{Path(worlds.__file__)}:lively"
    with Sandbox(seed=seed, directory=directory, http_port=0) as running:
        app, provisioner = Client(running, worlds.DAEMON), Client(running, worlds.PROVISIONER)
        columns = [{"name": "NvMean", "displayName": "Nöjdhet", "number": {}}]
        body = {"displayName": "Möten", "columns": columns}
        assert provisioner.ask("POST", f"{app.site}/lists", json=body).is_success
        row = {"fields": {"Title": "Energidagen", "NvMean": 4.5}}
        assert app.ask("POST", f"{app.site}/lists/Möten/items", json=row).is_success
        for content in (b"utkast", b"fastst\xc3\xa4llt"):
            app.put(f"{app.drive()}/root:/Mapp/protokoll.txt:/content", content)
        attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
        envelope = {"type": "message", "attachments": [attachment]}
        app.bare("POST", running.env["NATVERKET_NETWORK_WORKFLOW_URL"], json=envelope)
        app.advance("2023-01-07T09:00:00Z")
        app.close()
        provisioner.close()
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip("No browser: install Debian's chromium, or Google Chrome.")
    # Chromium's own sandbox cannot be had as root, and is never given up otherwise.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=found, args=arguments)
        yield launched
        launched.close()


class Visitor:
    """Opens pages in a window of its own, and holds each to what it says to the console."""

    def __init__(self, browser: "playwright.Browser", home: str, **window: object) -> None:
        self.home = home
        self.complaints: list[str] = []
        self.context = browser.new_context(locale="sv-SE", **window)
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: "playwright.ConsoleMessage") -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def goes(self, path: str = "") -> "playwright.Page":
        self.page.goto(self.home + path)
        return self.page

    def channel(self) -> "playwright.Page":
        return self.goes(f"channels/{worlds.COMMON}")


@pytest.fixture
def visitor(browser: "playwright.Browser", tenant: Sandbox, request: pytest.FixtureRequest):
    """Marked `window(…)`, a test has another kind of window."""
    mark = request.node.get_closest_marker("window")
    window = dict(mark.kwargs) if mark else {}
    visiting = Visitor(browser, f"{tenant.http_url}/_sandbox/", **window)
    yield visiting
    visiting.context.close()
    assert visiting.complaints == []
