"""When `natverket demo --serve` opens a browser, and when it only prints the address."""

import sys
import webbrowser

import pytest

from service.cli.browser import open_page

PAGE = "http://localhost:1/_sandbox/"


@pytest.mark.parametrize(
    ("platform", "display", "opened"),
    [
        ("linux", {}, []),
        ("linux", {"DISPLAY": ""}, []),
        ("linux", {"DISPLAY": ":0"}, [PAGE]),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, [PAGE]),
        ("darwin", {}, [PAGE]),
    ],
)
def test_a_browser_is_opened_where_there_is_a_display(monkeypatch, platform, display, opened):
    """Over ssh or in a container the address is all there is."""
    asked: list[str] = []
    monkeypatch.setattr(webbrowser, "open", asked.append)
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in display.items():
        monkeypatch.setenv(name, value)
    open_page(PAGE)
    assert asked == opened
