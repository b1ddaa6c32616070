"""
Pictures of the status page for `docs/status-page`, by the machine's own browser.

    python -m tests.browser.page_pictures docs/status-page
"""

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.page import Made, serving
from tests.unit.web.page import house as houses

CHROMIUM = "chromium"
_COLOURS = 96
"""Enough for text and lines; a third of the bytes of all of them."""


@dataclass(frozen=True, kw_only=True)
class Picture:
    name: str
    made: Made
    width: int = 1200
    height: int = 1500
    scheme: str = "light"
    language: str = "sv"


PICTURES = (
    Picture(name="usual-day", made=houses.in_spring, height=1650),
    Picture(name="needs-people-dark", made=houses.in_trouble, scheme="dark", height=1250),
    Picture(name="telephone", made=houses.in_trouble, width=390, height=2100),
    Picture(name="two-networks-in-english", made=houses.of_two, language="en", height=1100),
)


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which(CHROMIUM), args=alone)
        for picture in PICTURES:
            with tempfile.TemporaryDirectory() as name:
                _take(picture, browser, Path(name), folder / f"{picture.name}.png")
        browser.close()
    return 0


def _take(picture: Picture, browser: Browser, state: Path, target: Path) -> None:
    with serving(picture.made, state) as served:
        window = browser.new_context(
            viewport={"width": picture.width, "height": picture.height},
            color_scheme="dark" if picture.scheme == "dark" else "light",
            device_scale_factor=1.5,
        )
        page = window.new_page()
        page.goto(f"{served.home}/?lang={picture.language}")
        page.screenshot(path=target)
        window.close()
    with Image.open(target) as whole:
        whole.convert("RGB").quantize(_COLOURS).save(target, optimize=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
