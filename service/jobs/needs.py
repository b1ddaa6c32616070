"""
What of a network does not heal by itself, each with its remedy: from the ledger alone.

Needs reach an administrator's mail and the log, so that they name jobs, days and numbers,
and neither files nor people nor the titles of meetings.
"""

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.gaps import Expiring, Thing
from service.domain.redaction import redacted
from service.domain.standing import (
    LATE_AFTER,
    Counted,
    CredentialStanding,
    JobStanding,
    Need,
    NeedKind,
    Who,
)
from service.errors import (
    Forbidden,
    NoSpace,
    NotProvisioned,
    SettingsError,
    SignInRefused,
    SourceEmptied,
    StateError,
    TenantFailed,
    Throttled,
    TooManyChanges,
    Unreachable,
    Verdict,
)
from service.jobs.counted import OF_LATE, waiting_files
from service.jobs.failing import Failing, code_of, failing
from service.jobs.known import Known
from service.jobs.overview import Overview
from service.jobs.said import How, Said
from service.jobs.troubles import troubles
from service.jobs.upkeep import doubtful, refusals
from service.ports import Status
from service.workplace import Workplace

WARNED = (0, 1, 7, 30, 60)
"""Days before a credential ends at which is told of it (again)."""
TRIED = 2
"""A single 403 may be a mood of the service."""

_KINDS = {
    SignInRefused.__name__: NeedKind.CREDENTIAL,
    Forbidden.__name__: NeedKind.RIGHT,
    NotProvisioned.__name__: NeedKind.SETTINGS,
    SettingsError.__name__: NeedKind.SETTINGS,
    StateError.__name__: NeedKind.STATE,
    NoSpace.__name__: NeedKind.SPACE,
    SourceEmptied.__name__: NeedKind.VALVE,
    TooManyChanges.__name__: NeedKind.VALVE,
    Unreachable.__name__: NeedKind.UNREACHABLE,
    TenantFailed.__name__: NeedKind.UNREACHABLE,
    Throttled.__name__: NeedKind.UNREACHABLE,
}
_OF_ALL_JOBS = {
    NeedKind.CREDENTIAL: "sign-in",
    NeedKind.STATE: "state",
    NeedKind.UNREACHABLE: "Microsoft 365",
}
"""Causes that every job meets: told once for the network."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was read of the network's ledger already."""

    facts: Known
    seen: Overview
    posts: Sequence[Said]
    counted: Counted
    jobs: Sequence[JobStanding]
    credentials: Sequence[CredentialStanding]


async def needs_of(at: Workplace, looked: Looked) -> tuple[Need, ...]:
    """Return the network's needs, those of administrators first, the oldest first."""
    now = at.clock.now()
    why = await failing(at)
    found = _without_echo(
        *_failing(why.values(), now),
        *_late(looked.jobs, why, now),
        *[one async for one in _forbidden(at)],
        *_ending(looked.credentials, now),
        *_closed(looked.posts, now),
        *_posts(looked, now),
        *_recordings(looked, now),
        *_files(looked, now),
    )
    whose = [replace(one, network_id=at.network.id, id=_id(one, at.network.id)) for one in found]
    return tuple(sorted(whose, key=lambda one: (one.who, one.since, one.id)))


def _without_echo(*needs: Need) -> list[Need]:
    """A certificate that has ended refuses the sign-in, too: the end alone is told."""
    has_ended = any(one.id == "certificate@0" for one in needs)
    return [one for one in needs if not (has_ended and one.kind == NeedKind.CREDENTIAL)]


def _id(need: Need, network_id: str) -> str:
    return f"{need.kind}/{network_id}/{need.id}"


# ---------------------------------------------------------------- jobs


def _failing(why: Iterable[Failing], now: datetime) -> Iterator[Need]:
    """At once what a person has to mend; the rest when it has lasted."""
    found = dict[tuple[str, str], Need]()
    for one in sorted(why, key=lambda one: (one.since, one.job)):
        at_once = one.stopped and one.verdict == Verdict.STOP
        if not at_once and now - one.since < LATE_AFTER:
            continue
        kind = _kind(one)
        subject = _OF_ALL_JOBS.get(kind) or _right(one) or f"job {one.job}"
        need = Need(
            id=subject.removeprefix("job ").removeprefix("right ").replace(" ", "-").lower(),
            network_id=None,
            who=Who.COORDINATOR if one.verdict == Verdict.NOT_THIS_ITEM else Who.ADMIN,
            kind=kind,
            subject=subject,
            said=one.said,
            remedy=one.remedy,
            since=one.since,
        )
        found.setdefault((kind, need.id), need)
    yield from found.values()


def _kind(failing: Failing) -> NeedKind:
    return _KINDS.get(failing.error, NeedKind.STUCK)


_RIGHT = re.compile(r"`(?P<name>[A-Z]\w*(?:[. ][A-Z]\w*)+)`")


def _right(failing: Failing) -> str:
    """Name the right that is lacking, as its remedy does: every job that needs it tells of it."""
    found = _RIGHT.search(failing.remedy) if _kind(failing) == NeedKind.RIGHT else None
    return f"right {found['name']}" if found else ""


_STANDS_STILL = frozenset(_OF_ALL_JOBS) | {NeedKind.RIGHT, NeedKind.SETTINGS}
"""Of these a network is not opened, and its jobs wait: they are late by what is told already."""


def _late(jobs: Iterable[JobStanding], why: Mapping[str, Failing], now: datetime) -> Iterator[Need]:
    """Jobs that are due and were not even tried; what they fail by or wait for, others tell."""
    late = [one for one in jobs if one.is_late and one.job not in why]
    if late and not any(one.stopped and _kind(one) in _STANDS_STILL for one in why.values()):
        yield Need(
            id="jobs",
            network_id=None,
            who=Who.ADMIN,
            kind=NeedKind.LATE,
            subject=f"job {late[0].job}" if len(late) == 1 else f"{len(late)} jobs",
            said="Due, and not run for hours.",
            remedy="See whether the service runs (`natverket status`), and what its log says.",
            since=now - timedelta(seconds=max(one.late for one in late)),
        )


async def _forbidden(at: Workplace) -> AsyncIterator[Need]:
    """Meetings that the app may not read, by whichever job."""
    found = {
        meeting: min(refused, key=lambda one: one.since)
        for meeting, of_meeting in (await troubles(at)).items()
        if (
            refused := [
                one
                for one in of_meeting
                if one.error in ("", Forbidden.__name__) and one.tries >= TRIED
            ]
        )
    }
    if found:
        first = min(found.values(), key=lambda one: one.since)
        yield Need(
            id="meetings",
            network_id=None,
            who=Who.ADMIN,
            kind=NeedKind.RIGHT,
            subject="online meetings",
            said=f"The app may not read {len(found)} meeting{'s' if len(found) > 1 else ''}.",
            remedy=redacted(first.remedy),
            since=first.since,
        )


# ---------------------------------------------------------------- credentials and ways out


def _ending(credentials: Iterable[CredentialStanding], now: datetime) -> Iterator[Need]:
    for one in credentials:
        stage = next((days for days in WARNED if _left(one) <= days), None)
        if stage is None:
            continue
        ended = one.days_left is not None and one.days_left < 0
        day = f"{one.expires:%Y-%m-%d}" if one.expires else ""
        yield Need(
            id=f"{one.kind}@{stage}",
            network_id=None,
            who=Who.ADMIN,
            kind=NeedKind.ENDING,
            subject=one.kind.replace("_", "-"),
            said=f"It {'ended' if ended else 'ends'} on {day}.",
            remedy=_RENEW.get(one.kind, _RENEW["secret"]),
            since=min(now, one.expires - timedelta(days=stage)) if one.expires else now,
        )


def _left(one: CredentialStanding) -> float:
    return float("inf") if one.days_left is None else one.days_left


_RENEW = {
    "certificate": "Make a new certificate, upload it to the app registration beside the old one, "
    "and put it where NATVERKET_CLIENT_CERTIFICATE_FILE points.",
    "secret": "Make a new secret in the app registration, and give it to the service.",
    "sign_in": "Sign the account in again: natverket login.",
}


def _closed(posts: Sequence[Said], now: datetime) -> Iterator[Need]:
    for one in refusals(posts):
        yield Need(
            id=one.via,
            network_id=None,
            who=Who.ADMIN,
            kind=NeedKind.WAY,
            subject=f"posts by {one.via}",
            said=f"The last post was refused ({code_of(one.reason) or 'no status'}).",
            remedy="`natverket check` tries the way out; `natverket posts` lists what waits.",
            since=max((said.at for said in posts if said.via == one.via), default=now),
        )


# ---------------------------------------------------------------- coordinators


def _posts(looked: Looked, now: datetime) -> Iterator[Need]:
    waiting = [one for one in looked.posts if one.how is How.AWAITS_APPROVAL]
    if waiting:
        words = (
            f"{looked.counted.posts_to_approve} wait for approval.",
            "`natverket posts` shows them; --approve lets them out.",
        )
        since = min(one.at for one in waiting)
        yield _theirs("approval", NeedKind.POSTS, "posts", words, since)
    lost = [one for one in doubtful(looked.posts) if now - one.at < OF_LATE]
    if lost:
        words = (
            f"Nothing tells whether {len(lost)} arrived.",
            "Look in the channel; `natverket posts` tells which.",
        )
        yield _theirs("doubtful", NeedKind.POSTS, "posts", words, min(one.at for one in lost))


def _recordings(looked: Looked, now: datetime) -> Iterator[Need]:
    for row in looked.seen.rows:
        state = row.states.get(Thing.RECORDING)
        if isinstance(state, Expiring):
            reason = state.reason.replace("_", " ") if state.reason else "nobody has filed it"
            yield _theirs(
                row.meeting.id,
                NeedKind.RECORDING,
                f"recording of {row.meeting.first_day}",
                (
                    f"Its source deletes it on {state.on}, and it is not filed: {reason}.",
                    "`natverket meetings --missing` tells what is in the way.",
                ),
                min(now, row.meeting.end),
            )


def _files(looked: Looked, now: datetime) -> Iterator[Need]:
    unplaced, forms = looked.seen.unplaced, looked.seen.surveys.asked
    parked = [one for one in waiting_files(looked.facts) if one.status is Status.PARKED]
    if unplaced:
        since = min((one.since for one in unplaced if one.since), default=now)
        said = f"Nobody can tell whose {_counted(unplaced, 'file is', 'files are')}."
        remedy = "Move each to its meeting's folder in Inkorg, or: natverket file."
        yield _theirs("unplaced", NeedKind.FILES, "files", (said, remedy), since)
    if parked:
        said = f"{_counted(parked, 'file', 'files')} could not be filed."
        remedy = "`natverket file` tells why, file by file."
        since = min(one.updated for one in parked)
        yield _theirs("parked", NeedKind.FILES, "files", (said, remedy), since)
    if forms:
        since = min((one.since for one in forms if one.since), default=now)
        said = (
            f"Nobody can tell to which meeting {_counted(forms, 'form belongs', 'forms belong')}."
        )
        remedy = "`natverket survey list` tells whose they may be, and how it is said."
        yield _theirs("forms", NeedKind.FORMS, "forms", (said, remedy), since)


def _counted(things: Sequence[object], one: str, several: str) -> str:
    return f"{len(things)} {one if len(things) == 1 else several}"


def _theirs(
    id_: str, kind: NeedKind, subject: str, words: tuple[str, str], since: datetime
) -> Need:
    """One that coordinators settle; `words` are what is said, and the remedy."""
    return Need(
        id=id_,
        network_id=None,
        who=Who.COORDINATOR,
        kind=kind,
        subject=subject,
        said=words[0],
        remedy=words[1],
        since=since,
    )
