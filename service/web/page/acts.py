"""What can be pressed: each button is a form, and each form a name in `ACTS`."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.responses import RedirectResponse, Response

from service.domain.post import Card
from service.errors import NotFound
from service.jobs import deciding
from service.web.page.desk import Desk, Visit
from service.web.page.gathering import workplace
from service.web.page.rendering import HEADERS
from service.web.page.saying import Saying, safe
from service.workplace import Workplace

log = structlog.get_logger()

_OBSERVE = "observe"
_GONE = "gone"

Act = Callable[[str, Workplace, Desk], Awaitable[str]]
"""Does it; returns the name of what is said afterwards. Raises NotFound."""


async def _run(job: str, at: Workplace, desk: Desk) -> str:
    return "running" if desk.house.run_now(at.network.id, job) else _GONE


async def _approve(key: str, at: Workplace, _: Desk) -> str:
    await deciding.approve(key, at)
    return "approved"


async def _hold(what: str, at: Workplace, _: Desk) -> str:
    await deciding.hold(what, at)
    return "held"


async def _release(what: str, at: Workplace, _: Desk) -> str:
    await deciding.release(what, at)
    return "released"


async def _pause(_: str, at: Workplace, __: Desk) -> str:
    await deciding.pause(at)
    return "paused"


async def _resume(_: str, at: Workplace, __: Desk) -> str:
    await deciding.resume(at)
    return "resumed"


ACTS: Mapping[str, Act] = {
    "run": _run,
    "approve": _approve,
    "hold": _hold,
    "release": _release,
    "pause": _pause,
    "resume": _resume,
}
SAID = frozenset({"running", "approved", "held", "released", "paused", "resumed", _GONE})


async def act(visit: Visit) -> Response:
    """Do what a form asks, once it is sure that our page asked; tell of it on the page."""
    form = await visit.form()
    if form is None:
        return visit.message("stale", 403)
    done = ACTS.get(form.get("act", ""))
    if done is None:
        return visit.message("refused", 400)
    if (await visit.desk.house.standing()).mode == _OBSERVE:
        return visit.message("observing", 409)
    try:
        at = workplace(visit.desk.house, form.get("network", ""))
    except NotFound:
        return to_page(visit, f"?said={_GONE}#said")
    if done is _approve and form.get("sure") != "yes":
        return await _ask(form.get("what", ""), at, visit)
    said = await _done(done, form, at, visit)
    return to_page(visit, f"?network={at.network.id}&said={said}#said")


async def _done(done: Act, form: Mapping[str, str], at: Workplace, visit: Visit) -> str:
    what = form.get("what", "")
    try:
        said = await done(what, at, visit.desk)
    except NotFound:
        return _GONE
    if said != _GONE:
        log.info("page_pressed", who=visit.who, act=form["act"], network=at.network.id, what=what)
    return said


async def _ask(key: str, at: Workplace, visit: Visit) -> Response:
    """A post that has gone out cannot be fetched back: ask once more."""
    ahead = [one for one in await deciding.foreseen(at) if one.post.key == key]
    card: Card | None = ahead[0].post.card if ahead else None
    say = Saying(visit.words(at), at, visit.desk.now)
    lead = say("confirm_now")
    if ahead and ahead[0].post.due > visit.desk.now:
        lead = say("confirm_ahead", time=say.time(ahead[0].post.due))
    values: dict[str, object] = {
        "say": say,
        "lead": lead,
        "card": card,
        "network": at.network.id,
        "what": key,
        "safe": safe,
        "words_of_card": lambda _: at.texts,
    }
    return visit.page("confirm.html", values)


def to_page(visit: Visit, rest: str = "") -> Response:
    return RedirectResponse(f"{visit.desk.entrance.root}/{rest}", 303, HEADERS)
