"""What is told of posts that wait or do not get out, from how each of them stands."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from service.cli import posts
from service.domain.notice import Awaiting
from service.effects.amending import VIA
from service.effects.posting import DOUBTFUL, NO_USE, POST, TITLE, USEFUL, WAITS_FOR_APPROVAL
from service.jobs.said import Said, how
from service.jobs.upkeep import awaiting, doubtful, refusals
from service.ports import Status
from tests.unit.effects.world import texts
from tests.unit.jobs.builders import effect

NOW = datetime(2023, 3, 17, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=2)


def one(key: str, status: Status, reason: str = "", via: str = "workflow", **told: object) -> Said:
    kept = effect(key, status=status, reason=reason, baseline={TITLE: "Natur", VIA: via, **told})
    return Said(
        key=key,
        title="Natur",
        kind="soon",
        role="common",
        via=via,
        how=how(kept, NOW),
        at=NOW,
        not_before=None,
        reason=reason,
        effect=kept,
    )


def waiting(key: str, **told: object) -> Said:
    return one(key, Status.PARKED, WAITS_FOR_APPROVAL, **told)


def test_a_post_waits_once() -> None:
    """In two channels, by two transports: it is one thing to approve."""
    told = {POST: "v1/post", USEFUL: LATER.isoformat()}
    posts = [waiting("v1/a", **told), waiting("v1/b", **told), waiting("v1/c")]
    assert awaiting(posts) == (Awaiting(key="v1/post", until=LATER), Awaiting(key="v1/c"))


def test_what_came_too_late_waits_for_nobody() -> None:
    """Approving it would change nothing."""
    assert awaiting([waiting("v1/a", **{USEFUL: NOW.isoformat()})]) == ()


def test_only_lost_answers_are_doubtful() -> None:
    """A flow that took a card and tells no more is how flows are."""
    posts = [one("v1/a", Status.DONE, DOUBTFUL), one("v1/b", Status.DONE), waiting("v1/c")]
    assert [post.key for post in doubtful(posts)] == ["v1/a"]


def test_a_way_is_closed_while_its_latest_try_was_refused() -> None:
    """One that got through since has opened it; other ways are their own."""
    refused = one("v1/a", Status.PARKED, "403")
    mail = one("v1/m", Status.PARKED, "403 ErrorAccessDenied", via="mail")
    assert [(r.via, r.reason) for r in refusals([refused, mail, waiting("v1/w")])] == [
        ("workflow", "403"),
        ("mail", "403 ErrorAccessDenied"),
    ]
    assert refusals([refused, one("v1/b", Status.DONE)]) == ()


def test_reasons_of_our_own_are_told_in_the_networks_language() -> None:
    """What we have decided is said in Swedish; what a service answered stays as it said it."""
    for reason, said in ((NO_USE, "inte aktuellt längre"), ("403 Forbidden", "403 Forbidden")):
        post = one("v1/a", Status.PARKED, reason)
        shown = posts._how(post, SimpleNamespace(texts=texts()))  # type: ignore[arg-type]
        assert shown == f"stoppat: {said}"
