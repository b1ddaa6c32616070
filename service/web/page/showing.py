"""The page of one network, from what was gathered."""

from collections.abc import Iterator

from service.domain.gaps import Row
from service.domain.routes import KINDS
from service.domain.standing import CredentialStanding, Who
from service.jobs.deciding import is_paused
from service.render.texts import Texts
from service.web.page.gathering import Gathered
from service.web.page.languages import words_of
from service.web.page.saying import Saying, safe

_MOST_RECENT = 30
_ACT = "act"


def shown(seen: Gathered, words: Texts) -> dict[str, object]:
    """Return what the template of the page is filled with."""
    say = Saying(words, seen.at, seen.now)
    paused = is_paused(seen.held)
    return {
        "say": say,
        "seen": seen,
        "acts": seen.standing.mode == _ACT,
        "late": sum(job.is_late for one in seen.standing.networks for job in one.jobs),
        "needs": [
            (who.value, list(say.needs(seen.needs, who, seen.network.rows)))
            for who in (Who.COORDINATOR, Who.ADMIN)
        ],
        "rows": [say.row(row) for row in seen.rows],
        "paused": paused,
        "held": {what: name for what, name in seen.held.items() if not (paused and what in KINDS)},
        "recent": seen.network.recent[:_MOST_RECENT],
        "figures": list(_figures(seen, say)),
        "site": safe(seen.at.places.site_url),
        "register": safe(seen.at.places.register_url),
        "safe": safe,
        "words_of_card": lambda card: words_of(seen.at, card.language),
    }


def _figures(seen: Gathered, say: Saying) -> Iterator[tuple[str, str]]:
    counted, rows = seen.network.counted, seen.rows
    yield say("n_meetings", year=str(seen.year)), str(len(rows))
    yield say("n_files"), str(sum(row.held.materials for row in rows))
    yield say("n_recordings"), str(sum(row.held.recordings for row in rows))
    yield say("n_answers"), str(_answers(rows))
    yield say("n_to_approve"), str(counted.posts_to_approve)
    yield say("n_unproved"), str(counted.posts_unproved)
    yield say("n_waiting"), str(counted.files_waiting)
    yield say("n_unplaced"), str(counted.files_unplaced)
    if counted.oldest_waiting is not None:
        yield say("oldest"), say.time(counted.oldest_waiting)
    for one in seen.network.credentials:
        yield _credential(one, say), _left(one, say)
    if seen.standing.started is not None:
        yield say("started"), say.time(seen.standing.started)
    yield say("version"), seen.standing.version


def _answers(rows: tuple[Row, ...]) -> int:
    return sum(row.held.answers for row in rows)


def _credential(one: CredentialStanding, say: Saying) -> str:
    if one.kind in ("secret", "certificate"):
        return say(one.kind)
    return say("account", name=one.name)


def _left(one: CredentialStanding, say: Saying) -> str:
    return say("unknown") if one.days_left is None else say("days_left", n=max(0, one.days_left))
