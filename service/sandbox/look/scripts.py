"""
The style sheet and the scripts of the page: our own two files, and the card renderer.

The renderer is there where it was built (see `renderer`); a page that is served without it
shows the cards as `adaptive` draws them.
"""

from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from service.sandbox.look.links import HOME
from service.sandbox.look.visit import NotThereError, Part, Visit
from service.sandbox.markup import Markup, el
from service.sandbox.wire import Answer

_OWN = ("look.css", "look.js", "cards.js", "icon.svg")
_BUILT = ("adaptivecards.js", "markdown-it.js", "LICENSES.txt")
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
}


@cache
def renderer() -> str | None:
    """The version of Microsoft's renderer that was built in, if one was."""
    file = resources.files(__package__) / "built" / "version.txt"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def wanted() -> list[Markup]:
    """The elements that load them; deferred, so that the page stands first, and in order."""
    names = ["look.js"]
    if renderer():
        names += ["built/adaptivecards.js", "built/markdown-it.js", "cards.js"]
    return [el("script", src=f"{HOME}{name}", defer=True) for name in names]


def _own(visit: Visit) -> Answer:
    name = visit.path.removeprefix(HOME)
    return _answer(name, (resources.files(__package__) / name).read_bytes())


def _built(visit: Visit) -> Answer:
    if len(visit.names) != 1 or visit.names[0] not in _BUILT or renderer() is None:
        raise NotThereError
    name = visit.names[0]
    return _answer(name, (resources.files(__package__) / "built" / name).read_bytes())


def _answer(name: str, content: bytes) -> Answer:
    kind = _TYPES[PurePosixPath(name).suffix]
    return Answer(raw=content, headers={"Content-Type": f"{kind}; charset=utf-8"})


def _change(visit: Visit) -> Answer:
    """A number that is another as soon as any page would be; asked for every second."""
    return Answer(raw=change(visit).encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def change(visit: Visit) -> str:
    tenant = visit.tenant
    asked = tenant.store.value("SELECT max(number) FROM requests") or 0
    return f"{tenant.store.seq}/{tenant.clock.text}/{asked}/{visit.faults()}"


PARTS = (
    *(Part(name=name, page=_own) for name in _OWN),
    Part(name="built", page=_built),
    Part(name="change", page=_change),
)
