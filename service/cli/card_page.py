"""
Cards as Teams will show them: on a page for a person to look at, and a picture of each.

Microsoft's renderer draws them, where it was built in (`make cards`); the sandbox's own drawing
stands where it was not. Pictures are taken by Chromium, if the machine has it.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from service.sandbox.look import adaptive
from service.sandbox.markup import Markup, el, is_safe, written

WIDTH = 390
"""Of a picture, in CSS pixels: a telephone's. Twice as many dots."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60
"""Seconds that a browser gets for one page."""

_LOOK = "service.sandbox.look"
_RENDERER = ("built/adaptivecards.js", "built/markdown-it.js", "cards.js")
_HEIGHTS = re.compile(r'data-heights="([\d ]+)"')
_BARE = """
const asked = new URLSearchParams(location.search);
const [first, end] = [Number(asked.get("first") ?? 0), Number(asked.get("end") ?? Infinity)];
const sections = [...document.querySelectorAll("section")];
document.documentElement.classList.add("bare");
sections.forEach((one, place) => { one.hidden = place < first || place >= end; });
addEventListener("load", () => {
  const heights = sections.map((one) => Math.ceil(one.getBoundingClientRect().height));
  sections.forEach((one, place) => { one.style.height = `${heights[place]}px`; });
  document.documentElement.dataset.heights = heights.join(" ");
});
"""
_TALLEST = 6_000
"""CSS pixels of one screenshot; a browser's canvas ends somewhere above twice as many."""
_COLOURS = 64
"""Enough for text and lines; half the bytes of all of them."""


class NoPicturesError(Exception):
    """Why there are none, and how to get them."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A card, what it is called in a folder, and what stands above it on the page."""

    name: str
    caption: str
    card: bytes
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """By the address of a picture, the data URL that is drawn in its place."""


def page(cards: Sequence[Shown], *, title: str, lead: str, language: str) -> str:
    """Return a page of its own: styles and scripts are inside."""
    return _page(cards, title=title, lead=lead, language=language, script="")


def pictures(cards: Sequence[Shown], folder: Path) -> None:
    """Write a PNG of each card into the folder. Raises NoPicturesError."""
    if not _has("built/adaptivecards.js"):
        raise NoPicturesError("Microsoft's card renderer was not built: make cards")
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        raise NoPicturesError("there is no browser: install Debian's chromium, or Google Chrome")
    with tempfile.TemporaryDirectory(prefix="natverket-cards-") as name:
        sheet = Path(name) / "cards.html"
        content = _page(cards, title="", lead="", language="", script=_BARE)
        sheet.write_text(content, encoding="utf-8")
        drawn = _HEIGHTS.search(_browse(browser, Path(name), "--dump-dom", sheet.as_uri()))
        if drawn is None:
            raise NoPicturesError(f"{browser} did not draw the page")
        heights = [int(one) for one in drawn[1].split()]
        for first, end in _sheets(heights):
            shot = Path(name) / f"{first}.png"
            size = f"--window-size={WIDTH},{sum(heights[first:end])}"
            asked = f"{sheet.as_uri()}?first={first}&end={end}"
            _browse(browser, Path(name), size, f"--screenshot={shot}", asked)
            _cut(shot, heights[first:end], [folder / f"{one.name}.png" for one in cards[first:end]])


def _sheets(heights: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Share the cards out to screenshots: from which to which each shows."""
    first, tall = 0, 0
    for place, height in enumerate(heights):
        if place > first and tall + height > _TALLEST:
            yield first, place
            first, tall = place, 0
        tall += height
    yield first, len(heights)


def _cut(shot: Path, heights: Sequence[int], targets: Sequence[Path]) -> None:
    # Comes with matplotlib; slow to import.
    from PIL import Image  # noqa: PLC0415

    with Image.open(shot) as whole:
        top, dots = 0, whole.width // WIDTH
        for height, target in zip(heights, targets, strict=True):
            box = (0, top * dots, whole.width, (top + height) * dots)
            whole.crop(box).convert("RGB").quantize(_COLOURS).save(target, optimize=True)
            top += height


def _browse(browser: str, folder: Path, *arguments: str) -> str:
    # Chromium's own sandbox cannot be had as root, and is never given up otherwise.
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [
        *(browser, "--headless", "--disable-gpu", "--no-first-run", "--hide-scrollbars", *alone),
        *("--force-device-scale-factor=2", f"--user-data-dir={folder / 'profile'}", *arguments),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - the machine's browser, with arguments of ours
            command, capture_output=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NoPicturesError(f"{browser} failed ({type(error).__name__})") from error
    return done.stdout.decode()


# ---------------------------------------------------------------- the page


def _page(cards: Sequence[Shown], *, title: str, lead: str, language: str, script: str) -> str:
    names = [name for name in _RENDERER if _has("built/adaptivecards.js")]
    scripts = [_inline("script", text) for text in (script, *map(_read, names)) if text]
    own = resources.files("service.cli").joinpath("card_page.css").read_text(encoding="utf-8")
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        _inline("style", _read("look.css") + own),
    )
    main = el("main", el("h1", title), el("p", lead, class_="lead"), map(_section, cards))
    return "<!doctype html>" + written(el("html", head, el("body", main, scripts), lang=language))


def _section(shown: Shown) -> Markup:
    def picture(address: str) -> str | None:
        return shown.stand_ins.get(address, address)

    drawn = adaptive.card(shown.card.decode(), _target, level=3, picture=picture)
    return el("section", el("h2", shown.caption), drawn)


def _target(address: str) -> str | None:
    return address if is_safe(address) else None


def _inline(name: str, text: str) -> Markup:
    """Files of ours, and Microsoft's: no other text is put into a page as it is."""
    whole = text.replace(f"</{name}", f"<\\/{name}")
    return Markup(f"<{name}>{whole}</{name}>")


def _has(name: str) -> bool:
    return resources.files(_LOOK).joinpath(name).is_file()


def _read(name: str) -> str:
    return resources.files(_LOOK).joinpath(name).read_text(encoding="utf-8")
