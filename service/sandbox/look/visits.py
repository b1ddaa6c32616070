"""Takes a visitor to the page that was asked for, and moves the clock when told to."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from importlib import resources
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from service.sandbox.look import calendar, channels, files, lists, log
from service.sandbox.look.frame import NotThereError, Page, framed
from service.sandbox.look.links import HOME
from service.sandbox.look.markup import el
from service.sandbox.look.overview import overview
from service.sandbox.story import BackwardsError, Story
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer

_OURS = frozenset({"localhost", "127.0.0.1", "::1"})
_PAGES = frozenset(
    {
        "",
        "look.css",
        "files",
        "file",
        "attachment",
        "lists",
        "channels",
        "calendar",
        "log",
        "gone",
    }
)
_STEPS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
_GONE = "Det som adressen pekar på finns inte. Det kan ha flyttats, bytt namn eller tagits bort."


class Look:
    def __init__(self, tenant: Tenant, story: Story) -> None:
        self._tenant = tenant
        self._story = story

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes
    ) -> Answer | None:
        """`target` is path and query, as sent. None: no page of ours."""
        parts = urlsplit(target)
        if parts.path in ("/", HOME.rstrip("/")) and method == "GET":
            return Answer(status=302, headers={"Location": HOME})
        if not _is_page(method, parts.path):
            return None
        if not _from_here(method, headers):
            return Answer(status=403)
        if method == "POST":
            return self._move(parse_qs(body.decode("utf-8", "replace")))
        with self._tenant.store.transaction():
            return self._shown(parts.path, parse_qs(parts.query))

    def _shown(self, path: str, query: Mapping[str, list[str]]) -> Answer:
        moved = query.get("moved", [None])[0]
        try:
            page = self._found(_names(path), query)
        except NotThereError:
            page = Page(title="Finns inte", content=el("p", _GONE), status=404)
        if isinstance(page, Answer):
            return page
        return _html(framed(self._tenant, page, path=path, moved=moved), page.status)

    def _found(self, names: list[str], query: Mapping[str, list[str]]) -> Page | Answer:
        tenant = self._tenant
        match names:
            case []:
                return overview(tenant)
            case ["look.css"]:
                return _style()
            case ["files"]:
                return files.libraries(tenant)
            case ["files", folder]:
                return files.folder(tenant, folder)
            case ["file", file]:
                return files.file(tenant, file)
            case ["attachment", attachment]:
                return files.attachment(tenant, attachment)
            case ["lists"]:
                return lists.lists(tenant)
            case ["lists", one]:
                return lists.rows_of(tenant, one)
            case ["lists", one, row]:
                return lists.one_row(tenant, one, row)
            case ["channels"]:
                return channels.channels(tenant)
            case ["channels", one]:
                return channels.channel(tenant, one, query.get("page", ["1"])[0])
            case ["calendar"]:
                return calendar.events(tenant)
            case ["log"]:
                return log.requests(tenant)
        raise NotThereError

    def _move(self, form: Mapping[str, list[str]]) -> Answer:
        """Goes back to the page that the form was on, with what came of it as `moved`."""
        try:
            moved = str(self._story.advance(self._wanted(form)))
        except (BackwardsError, ValueError, OverflowError):
            moved = "no"
        back = urlsplit(form.get("back", [HOME])[0]).path
        place = back if back.startswith(HOME) and _is_page("GET", back) else HOME
        return Answer(status=303, headers={"Location": f"{place}?{urlencode({'moved': moved})}"})

    def _wanted(self, form: Mapping[str, list[str]]) -> datetime:
        """By the tenant's own clock a day is a day, also when summer time begins."""
        zone = ZoneInfo(self._tenant.world.time_zone)
        step = form.get("step", [""])[0]
        if step in _STEPS:
            return self._tenant.clock.now.astimezone(zone) + _STEPS[step]
        day = datetime.fromisoformat(form.get("date", [""])[0]).date()
        return datetime.combine(day, time(), zone)


def _names(path: str) -> list[str]:
    return [unquote(name) for name in path.removeprefix(HOME).split("/") if name]


def _is_page(method: str, path: str) -> bool:
    if not path.startswith(HOME):
        return False
    if method == "POST":
        return path == HOME
    first = path.removeprefix(HOME).partition("/")[0]
    return method == "GET" and first in _PAGES


def _from_here(method: str, headers: Mapping[str, str]) -> bool:
    """
    A stranger's page in the same browser could otherwise read the tenant under a name that
    it lets lead to this machine, or move the clock by a form of its own.
    """
    host = urlsplit(f"//{headers.get('host', '')}").hostname
    is_own = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    is_click = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return host in _OURS and (is_own or is_click)


def _html(document: bytes, status: int) -> Answer:
    return Answer(
        status=status,
        raw=document,
        headers={"Content-Type": "text/html; charset=utf-8", **_HEADERS},
    )


def _style() -> Answer:
    sheet = resources.files(__package__).joinpath("look.css").read_bytes()
    return Answer(raw=sheet, headers={"Content-Type": "text/css; charset=utf-8", **_HEADERS})
