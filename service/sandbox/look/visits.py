"""Takes a visitor to the page that was asked for, and does what a form on it says."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from service.sandbox.look import ahead, doing
from service.sandbox.look.frame import framed
from service.sandbox.look.links import HOME
from service.sandbox.look.parts import PARTS
from service.sandbox.look.posted import Posted, posted
from service.sandbox.look.visit import Handling, NotThereError, Page, Part, Visit
from service.sandbox.markup import el
from service.sandbox.story import BackwardsError, Story
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Json

_OURS = frozenset({"localhost", "127.0.0.1", "::1"})


def _gone(_visit: Visit) -> Page:
    raise NotThereError


_PARTS = {part.name: part for part in (*PARTS, Part(name="gone", page=_gone))}
"""With the page that links of cards lead to whose target is no more, see `links`."""
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; media-src 'self'; form-action 'self'; base-uri 'none'; "
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
    def __init__(
        self, tenant: Tenant, story: Story, faults: Callable[[], Json], handling: Handling
    ) -> None:
        """
        `faults` gives what `GET /_sandbox/faults` answers; `handling` lets answers that are to be
        stale know what is done here.
        """
        self._tenant = tenant
        self._story = story
        self._visit = Visit(tenant=tenant, story=story, faults=faults, handling=handling)

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
        names = [unquote(name) for name in parts.path.removeprefix(HOME).split("/") if name]
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        visit = replace(
            self._visit, path=parts.path, names=tuple(names[1:]), query=query, headers=headers
        )
        if method == "GET":
            with self._tenant.store.transaction():
                return self._shown(visit, names[0] if names else "")
        form = posted(headers.get("content-type", ""), body)
        return self._move(form) if parts.path == HOME else self._do(visit, form)

    def _shown(self, visit: Visit, part: str) -> Answer:
        try:
            page = _PARTS[part].page(visit)
        except NotThereError:
            page = Page(title="Finns inte", content=el("p", _GONE), status=404)
        if isinstance(page, Answer):
            return replace(page, headers={**_HEADERS, **page.headers})
        return _html(visit, page)

    def _do(self, visit: Visit, form: Posted) -> Answer:
        """Goes back to the page that the form was on; what was refused is said, and kept."""
        done = doing.do(visit, form)
        if isinstance(done, Page):
            with self._tenant.store.transaction():
                return _html(visit, done)
        return _back(form, done=done)

    def _move(self, form: Posted) -> Answer:
        """Goes back to the page that the form was on, with what came of it as `moved`."""
        try:
            with self._visit.handling() as written:
                happened = self._story.advance(self._wanted(form))
                if happened:
                    written()
            moved = str(happened)
        except (BackwardsError, ValueError, OverflowError):
            moved = "no"
        return _back(form, moved=moved)

    def _wanted(self, form: Posted) -> datetime:
        """By the tenant's own clock a day is a day, also when summer time begins."""
        zone = ZoneInfo(self._tenant.world.time_zone)
        step = form.text("step")
        if step == "next":
            return ahead.moment(self._visit) or self._tenant.clock.now
        if step == "hour":  # an hour is as long on every day
            return self._tenant.clock.now + _STEPS[step]
        if step in _STEPS:
            return self._tenant.clock.now.astimezone(zone) + _STEPS[step]
        day = datetime.fromisoformat(form.text("date")).date()
        return datetime.combine(day, time(), zone)


def _back(form: Posted, **said: str) -> Answer:
    back = urlsplit(form.text("back") or HOME)
    is_ours = not back.netloc and _is_page("GET", back.path)
    place = back.path if is_ours else HOME
    kept = {k: v[0] for k, v in parse_qs(back.query).items() if k in ("page", "sort")}
    query = urlencode({**(kept if is_ours else {}), **said})
    return Answer(status=303, headers={"Location": f"{place}?{query}"})


def _is_page(method: str, path: str) -> bool:
    if not path.startswith(HOME):
        return False
    if method == "POST":
        return path in (HOME, doing.ADDRESS)
    first = path.removeprefix(HOME).partition("/")[0]
    return method == "GET" and first in _PARTS


def _from_here(method: str, headers: Mapping[str, str]) -> bool:
    """
    A stranger's page in the same browser could otherwise read the tenant under a name that
    it lets lead to this machine, or act in it by a form of its own.
    """
    host = urlsplit(f"//{headers.get('host', '')}").hostname
    is_own = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    is_click = method == "GET" and headers.get("sec-fetch-mode") == "navigate"
    return host in _OURS and (is_own or is_click)


def _html(visit: Visit, page: Page) -> Answer:
    return Answer(
        status=page.status,
        raw=framed(visit, page, _PARTS.values()),
        headers={"Content-Type": "text/html; charset=utf-8", **_HEADERS},
    )
