"""What coordinators should know of the posts: which wait, and which ways out are closed."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.notice import Awaiting, Doubtful, Refusal
from service.effects.posting import POST, USEFUL
from service.jobs.said import How, Said

_TRIED = frozenset({How.GIVEN, How.SEEN, How.ACCEPTED, How.WRITTEN, How.REFUSED})


def awaiting(posts: Sequence[Said]) -> tuple[Awaiting, ...]:
    """Posts that wait for a tick and are of use still, each once, however many messages it is."""
    found = {}
    for one in posts:
        if one.how is How.AWAITS_APPROVAL:
            found[_post(one)] = Awaiting(key=_post(one), until=_until(one))
    return tuple(found.values())


def doubtful(posts: Sequence[Said]) -> tuple[Doubtful, ...]:
    """Messages whose answer was lost, where nothing could be looked up."""
    return tuple(
        Doubtful(key=one.key, title=one.title, at=one.at)
        for one in posts
        if one.how is How.DOUBTFUL
    )


def refusals(posts: Sequence[Said]) -> tuple[Refusal, ...]:
    """Transports of which the latest try was refused, and not for a time; `posts` in turn."""
    latest = {one.via: one for one in posts if one.how in _TRIED}
    return tuple(
        Refusal(via=via, reason=one.reason) for via, one in latest.items() if one.how is How.REFUSED
    )


def _post(one: Said) -> str:
    return str(one.effect.baseline.get(POST, one.key))


def _until(one: Said) -> datetime | None:
    told = one.effect.baseline.get(USEFUL)
    return datetime.fromisoformat(str(told)) if told else None
