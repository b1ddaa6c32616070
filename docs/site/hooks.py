"""
What the site needs that the repository does not: four parts, and pages from other folders.

Pages link to files of the repository as they lie there. One outside of `docs` comes along
under `repo/`, and links to it are turned. https://www.mkdocs.org/user-guide/configuration/#hooks
"""

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PARTS = {
    "Tutorial": ("tutorial",),
    "How-to": ("howto", ".", "repo/deploy", "repo/deploy/permissions"),
    "Reference": ("reference", "cards"),
    "Why": ("why", "decisions"),
}
"""Folders of each part; `.` is the pages that lie in none."""
TUTORIALS = ("howto/try-without-a-tenant.md",)
"""Pages that teach, wherever they lie."""

LINK = re.compile(r"(?<=\]\()(?![a-z][a-z0-9+.-]*:|#|/)([^)#\s]+)(#[^)\s]*)?(?=\))")
WHOLE_LINK = re.compile(r"\[([^\]]+)\]\((?![a-z]+:|#|/)([^)#\s]+/)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take in what pages link to outside of `docs`, and lay out the four parts."""
    waiting = [Path(one.abs_src_path) for one in files if one.src_uri.endswith(".md")]
    while waiting:
        for target in outside(waiting.pop()):
            uri = f"repo/{target.relative_to(ROOT).as_posix()}"
            if files.get_file_from_path(uri) is None:
                files.append(File.generated(config, uri, abs_src_path=str(target)))
                if target.suffix == ".md":
                    waiting.append(target)
    config.nav = [{"Start": "index.md"}, *parts(files)]
    return files


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn links to what lies elsewhere on the site; a link to a folder becomes its name."""
    origin = source(page.file)

    def turned(match: re.Match[str]) -> str:
        target = (origin.parent / unquote(match[1])).resolve()
        found = posixpath.relpath(place(target), posixpath.dirname(page.file.src_uri))
        return found + (match[2] or "")

    return indented(LINK.sub(turned, WHOLE_LINK.sub(r"\1", markdown)))


def parts(files: Files) -> Iterator[dict[str, list[str]]]:
    """Each part with its pages, an overview first, else by name; those in no part are none."""
    pages = [one.src_uri for one in files if one.src_uri.endswith(".md")]
    for title, folders in PARTS.items():
        own = [
            uri
            for uri in pages
            if (posixpath.dirname(uri) or ".") in folders and uri not in ("index.md", *TUTORIALS)
        ]
        own += TUTORIALS if title == "Tutorial" else ()
        if "decisions/README.md" in own:
            # Its page lists them all; a menu of sixty is none.
            own = [uri for uri in own if not uri.startswith("decisions/2")]
        if own:
            yield {title: sorted(own, key=lambda uri: (not uri.endswith("README.md"), uri))}


def outside(page: Path) -> Iterator[Path]:
    """Files of the repository, outside of `docs`, to which a page links."""
    for match in LINK.finditer(page.read_text(encoding="utf-8")):
        target = (page.parent / unquote(match[1])).resolve()
        if target.is_file() and target.is_relative_to(ROOT) and not target.is_relative_to(DOCS):
            yield target


def source(file: File) -> Path:
    return Path(os.path.realpath(file.abs_src_path or ""))


def place(target: Path) -> str:
    """Where a file of the repository lies on the site, as a source."""
    if target.is_relative_to(DOCS):
        return target.relative_to(DOCS).as_posix()
    return f"repo/{target.relative_to(ROOT).as_posix()}"


def indented(markdown: str) -> str:
    """Let what belongs to a list item lie four blanks in, as this Markdown wants it."""
    return re.sub(r"^ {2,3}(?=[^ ])", "    ", markdown, flags=re.M)
