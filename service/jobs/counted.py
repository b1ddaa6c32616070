"""How much waits in a network, and what was done there of late: from the ledger alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from service.domain.standing import Counted, Recent
from service.effects.posting import POST
from service.jobs.known import Known, owner_of
from service.jobs.overview import Overview
from service.jobs.said import How, Said
from service.ports import Effect, Status

OF_LATE = timedelta(days=14)

_WAITING = frozenset({Status.CLAIMED, Status.PARKED})
_THERE = frozenset({How.GIVEN, How.SEEN, How.ACCEPTED, How.WRITTEN})


def counted(facts: Known, seen: Overview, posts: Sequence[Said]) -> Counted:
    approvals = {_post(one): one.at for one in posts if one.how is How.AWAITS_APPROVAL}
    unproved = [one.at for one in posts if one.how is How.UNDER_WAY and one.effect.attempts]
    files = waiting_files(facts)
    since = [
        *approvals.values(),
        *unproved,
        *(effect.created for effect in files),
        *(file.since for file in seen.unplaced if file.since),
    ]
    return Counted(
        posts_to_approve=len(approvals),
        posts_unproved=len(unproved),
        files_waiting=len(files),
        files_unplaced=len(seen.unplaced),
        oldest_waiting=min(since, default=None),
    )


def waiting_files(facts: Known) -> list[Effect]:
    """Return the filings that were begun, with the reason why they are not done."""
    return [one for one in facts.filed.values() if one.reason and one.status in _WAITING]


def recent(facts: Known, posts: Sequence[Said], now: datetime) -> tuple[Recent, ...]:
    """Return what was filed and posted in the last two weeks, the latest first."""
    found = [*_filed(facts, now - OF_LATE), *_posted(posts, now - OF_LATE)]
    return tuple(sorted(found, key=lambda one: (one.at, one.title), reverse=True))


def _filed(facts: Known, since: datetime) -> Iterator[Recent]:
    titles = {meeting.id: meeting.title for meeting in facts.meetings}
    for effect in facts.filed.values():
        if effect.status is Status.DONE and effect.updated >= since:
            yield Recent(
                at=effect.updated,
                kind="filed",
                title=str(effect.baseline.get("name", "")),
                where=titles.get(owner_of(effect), ""),
                url=str(effect.baseline.get("web_url", "")),
            )


def _posted(posts: Sequence[Said], since: datetime) -> Iterator[Recent]:
    """A post of several messages is one."""
    found = {_post(one): one for one in posts if one.at >= since and one.how in _THERE}
    for one in found.values():
        yield Recent(at=one.at, kind="posted", title=one.title, where=one.role)


def _post(one: Said) -> str:
    return str(one.effect.baseline.get(POST) or one.key)
