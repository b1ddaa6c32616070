"""Each link of the documentation leads somewhere, in the repository and on the site."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").rglob("*.md"),
    ]
)
FENCED = re.compile(r"^( *)```.*?^\1```", re.M | re.S)


def links(page: Path) -> Iterator[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    yield from re.findall(r"\]\(([^)\s]+)\)", text)
    yield from re.findall(r"<(?:img|a) [^>]*(?:src|href)=\"([^\"]+)\"", text)


def anchors(page: Path) -> set[str]:
    """Slugs of its headings, as GitHub and the site make them."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    found = set()
    for heading in re.findall(r"^#+ +(.+?) *$", text, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        found.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_in_the_repository(page: Path) -> None:
    """A file or folder that is there, and a heading of it where one is named."""
    broken = []
    for link in links(page):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        is_heading = target.suffix == ".md" and target.is_file() and parts.fragment
        if not target.exists() or (is_heading and unquote(parts.fragment) not in anchors(target)):
            broken.append(link)
    assert broken == []


# ---------------------------------------------------------------- on the site


class Seen(HTMLParser):
    """What a built page links to, what it loads, and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given["id"]} if given.get("id") else set()
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in ("script", "img", "iframe") and given.get("src"):
            self.loads.append(str(given["src"]))
        if tag == "link" and given.get("rel") in ("stylesheet", "preconnect", "icon"):
            self.loads.append(str(given["href"]))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built; a warning would fail it."""
    folder = tmp_path_factory.mktemp("site")
    mkdocs = Path(sys.executable).with_name("mkdocs")
    built = subprocess.run(
        [mkdocs, "build", "--strict", "--quiet", "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stdout + built.stderr) == (0, "")
    return folder


@pytest.fixture(scope="module")
def seen(site: Path) -> dict[Path, Seen]:
    found = {}
    for page in site.rglob("*.html"):
        found[page] = Seen()
        found[page].feed(page.read_text(encoding="utf-8"))
    return found


def test_on_the_site(seen: dict[Path, Seen]) -> None:
    """Each link that stays on the site leads to a file of it, and to an anchor that is there."""
    broken = []
    for page, one in seen.items():
        for link in one.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or page.name == "404.html":
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            lacks = target in seen and unquote(parts.fragment) not in {"", *seen[target].anchors}
            if not target.is_file() or lacks:
                broken.append((page.name, link))
    assert broken == []


def test_it_loads_nothing_from_elsewhere(site: Path, seen: dict[Path, Seen]) -> None:
    """No font, script, style or picture of another host; each of its own is there."""
    for page, one in seen.items():
        for load in one.loads:
            assert not urlsplit(load).netloc, (page, load)
            if page.name != "404.html":
                assert (page.parent / unquote(urlsplit(load).path)).is_file(), (page, load)
    styles = [path.read_text(encoding="utf-8") for path in site.rglob("*.css")]
    assert not [url for text in styles for url in re.findall(r"url\((?:\"|')?(https?:[^)]*)", text)]


def test_every_page_is_there(site: Path) -> None:
    """Those of `docs`, and those of other folders to which they lead."""
    for page in (ROOT / "docs").rglob("*.md"):
        name = "index.html" if page.stem == "README" else f"{page.stem}.html"
        assert (site / page.parent.relative_to(ROOT / "docs") / name).is_file(), page
    assert (site / "repo" / "deploy" / "permissions" / "index.html").is_file()
    assert (site / "repo" / "deploy" / "permissions" / "1-app.ps1").is_file()


def test_search_knows_three_languages(site: Path) -> None:
    """Bokmål is called `no` there; each has its file, from this host."""
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert '"lang":["en","sv","no"]' in index
    for language in ("sv", "no"):
        assert list(site.glob(f"assets/javascripts/lunr/min/lunr.{language}.min.js"))
