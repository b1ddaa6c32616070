"""The page's addresses, and who is let in to each."""

from collections.abc import Awaitable, Callable

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.errors import NatverketError, NotFound
from service.web.page import sessions
from service.web.page.acts import SAID, act, to_page
from service.web.page.desk import SESSION, Desk, Visit
from service.web.page.entrance import TOKEN, Entrance, Refusal, is_token
from service.web.page.gathering import gather
from service.web.page.house import House
from service.web.page.rendering import FILES, file
from service.web.page.saying import Saying
from service.web.page.showing import shown

log = structlog.get_logger()

AGAIN_AFTER = "300"
"""Seconds."""
_STATUS = {
    Refusal.WRONG_HOST: 421,
    Refusal.CLOSED: 403,
    Refusal.PROXY_ONLY: 403,
    Refusal.SIGN_IN: 401,
    Refusal.WRONG_TOKEN: 401,
}

Answer = Callable[[Visit], Awaitable[Response]]


def page_routes(house: House, entrance: Entrance) -> list[Route]:
    """Return the routes; the last one takes every address that no other route has."""
    desk = Desk(house=house, entrance=entrance)
    return [
        Route("/", _guarded(_page, desk), methods=["GET"]),
        Route("/act", _guarded(act, desk), methods=["POST"]),
        Route("/sign-in", _open(_sign_in, desk), methods=["POST"]),
        Route("/sign-out", _guarded(_sign_out, desk), methods=["POST"]),
        *(Route(f"/page/{name}", _file(name), methods=["GET"]) for name in FILES),
        Route("/{rest:path}", _guarded(_nothing, desk), methods=["GET", "POST"]),
    ]


def admits(house: House, entrance: Entrance) -> Callable[[Request], bool]:
    """Return the page's rule of access, for what is served beside it."""
    desk = Desk(house=house, entrance=entrance)
    return lambda request: not isinstance(Visit(request, desk).who, Refusal)


Endpoint = Callable[[Request], Awaitable[Response]]


def _guarded(answer: Answer, desk: Desk) -> Endpoint:
    """Let in whom the entrance admits; tell the others how."""

    async def admitted(visit: Visit) -> Response:
        if isinstance(visit.who, Refusal):
            return _refused(visit, visit.who)
        return await answer(visit)

    return _open(admitted, desk)


def _open(answer: Answer, desk: Desk) -> Endpoint:
    """Answer, or say that the state cannot be read now."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, desk)
        try:
            return await answer(visit)
        except NatverketError as error:
            log.warning("page_failed", error=type(error).__name__)
            told = visit.message("unavailable", 503)
            told.headers["Retry-After"] = AGAIN_AFTER
            return told

    return endpoint


def _refused(visit: Visit, why: Refusal) -> Response:
    match why:
        case Refusal.SIGN_IN:
            return visit.page("sign_in.html", {"problem": ""}, status=401)
        case Refusal.WRONG_TOKEN:
            return _wrong(visit)
        case _:
            return visit.message(why.value, _STATUS[why], back=False)


# ---------------------------------------------------------------- the page


async def _page(visit: Visit) -> Response:
    query = visit.request.query_params
    year = query.get("year", "")
    try:
        seen = await gather(
            visit.desk.house,
            query.get("network", ""),
            int(year) if year.isascii() and year.isdigit() else None,
        )
    except NotFound:
        return await _nothing(visit)
    said = query.get("said", "")
    values = shown(seen, visit.words(seen.at))
    return visit.page("page.html", {**values, "flash": said if said in SAID else ""})


async def _nothing(visit: Visit) -> Response:
    return visit.message("not_found", 404)


def _file(name: str) -> Endpoint:
    async def answer(_: Request) -> Response:
        return file(name)

    return answer


# ---------------------------------------------------------------- signing in


async def _sign_in(visit: Visit) -> Response:
    """Take the token, once; a browser is known by its session from then on."""
    desk, who = visit.desk, visit.who
    if isinstance(who, Refusal) and who is not Refusal.SIGN_IN:
        return _refused(visit, who)
    form = await visit.form()
    if form is None:
        return visit.message("stale", 403)
    if desk.guesses.wait(visit.peer, desk.now):
        return _wrong(visit)
    if not is_token(form.get("token", ""), desk.entrance):
        desk.guesses.wrong(visit.peer, desk.now)
        log.warning("page_sign_in_refused")
        return _wrong(visit)
    desk.guesses.right(visit.peer)
    log.info("page_signed_in", who=TOKEN)
    answer = to_page(visit)
    session = sessions.new_session(desk.entrance.token, desk.now)
    visit.cookie(answer, SESSION, session, seconds=int(sessions.LASTS.total_seconds()))
    return answer


def _wrong(visit: Visit) -> Response:
    """A wrong token; after too many nothing more is compared for a while."""
    say = Saying(visit.words(), visit.desk.house.workplaces()[0], visit.desk.now)
    wait = visit.desk.guesses.wait(visit.peer, visit.desk.now)
    if wait is None:
        return visit.page("sign_in.html", {"problem": say("wrong_token")}, status=401)
    minutes = 1 + int(wait.total_seconds() // 60)
    answer = visit.page("sign_in.html", {"problem": say("too_many", n=minutes)}, status=429)
    answer.headers["Retry-After"] = str(1 + int(wait.total_seconds()))
    return answer


async def _sign_out(visit: Visit) -> Response:
    if await visit.form() is None:
        return visit.message("stale", 403)
    answer = to_page(visit)
    answer.delete_cookie(SESSION, path=visit.desk.entrance.root or "/")
    return answer
