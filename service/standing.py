"""How an installation stands, put together from its state and its timetable: asks no tenant."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from importlib.metadata import version

from service.domain.notice import Credential
from service.domain.period import end_of, local_day
from service.domain.redaction import redacted
from service.domain.standing import (
    CredentialStanding,
    JobStanding,
    LastRun,
    Need,
    NeedKind,
    NetworkStanding,
    Standing,
    Who,
)
from service.errors import SettingsError, UnreadableFile
from service.jobs.counted import counted, recent
from service.jobs.known import known
from service.jobs.needs import Looked, needs_of
from service.jobs.overview import overview
from service.jobs.said import said
from service.ports import Latest
from service.schedule import Entry, Timetable
from service.settings import Mode, Settings
from service.workplace import Workplace


async def standing(  # noqa: PLR0913  whose, by what timetable, and what only the daemon knows
    workplaces: Sequence[Workplace],
    timetable: Timetable,
    *,
    settings: Settings,
    now: datetime,
    started: datetime | None = None,
    is_open: Callable[[str], bool] = lambda _: True,
    needs: Iterable[Need] = (),
) -> Standing:
    """
    Tell how every network stands. `started`: since when the daemon runs that asks.

    `needs` are what the state cannot tell: networks that could not be opened, refused settings.
    Raises StateError.
    """
    found = [
        await _network(
            at,
            [entry for entry in timetable.entries if entry.network_id == at.network.id],
            now=now,
            is_open=is_open(at.network.id),
            counts_late=settings.mode is Mode.ACT or started is not None,
        )
        for at in workplaces
    ]
    told = [*needs, *(need for _, of_network in found for need in of_network)]
    return Standing(
        at=now,
        version=version("natverket"),
        mode=settings.mode.value,
        started=started,
        networks=tuple(network for network, _ in found),
        needs=tuple(sorted(told, key=lambda need: need.who)),
    )


async def _network(
    at: Workplace, entries: Sequence[Entry], *, now: datetime, is_open: bool, counts_late: bool
) -> tuple[NetworkStanding, tuple[Need, ...]]:
    facts = await known(at)
    seen = await overview(at, facts)
    posts = await said(at)
    credentials, unreadable = _credentials(at, now)
    looked = Looked(
        facts=facts,
        seen=seen,
        posts=posts,
        counted=counted(facts, seen, posts),
        jobs=await _jobs(at, entries, now, counts_late=counts_late),
        credentials=credentials,
    )
    year = local_day(now, at.network.time_zone).year
    return NetworkStanding(
        network_id=at.network.id,
        name=at.network.name,
        language=at.network.language,
        time_zone=at.network.time_zone,
        open=is_open,
        jobs=tuple(looked.jobs),
        counted=looked.counted,
        rows=tuple(row for row in seen.rows if row.meeting.first_day.year == year),
        credentials=credentials,
        recent=recent(facts, posts, now),
    ), _told_once(unreadable, await needs_of(at, looked))


def _told_once(unreadable: tuple[Need, ...], needs: tuple[Need, ...]) -> tuple[Need, ...]:
    """What cannot be read refuses the sign-in, which tells why: then that is told alone."""
    refused = any(need.kind == NeedKind.CREDENTIAL for need in needs)
    return needs if refused else (*unreadable, *needs)


# ---------------------------------------------------------------- the daemon

_DAEMON = "daemon"


async def note_start(workplaces: Iterable[Workplace], started: datetime) -> None:
    """Write down since when the daemon runs: another process may ask (`natverket status`)."""
    for at in workplaces:
        await at.ledger.absorb(_DAEMON, [], cursor=started.isoformat())


async def running_since(workplaces: Iterable[Workplace]) -> datetime | None:
    """When a daemon last started on this state; whether it still runs, the lock tells."""
    told = [await at.ledger.cursor(_DAEMON) for at in workplaces]
    return max((datetime.fromisoformat(one) for one in told if one), default=None)


# ---------------------------------------------------------------- jobs


async def _jobs(
    at: Workplace, entries: Iterable[Entry], now: datetime, *, counts_late: bool
) -> list[JobStanding]:
    """A job that was never done is late by when the service first ran, if it ever has."""
    began = (await at.ledger.effects("started")).get("started")
    first = began.created if began else None
    return [
        _job(
            entry,
            await at.journal.latest(entry.job.name, at.network.id),
            now,
            first if counts_late else None,
            counts_late=counts_late,
        )
        for entry in entries
    ]


def _job(
    entry: Entry, latest: Latest, now: datetime, first: datetime | None, *, counts_late: bool
) -> JobStanding:
    run = latest.run
    done = latest.done or (entry.last if entry.again is None else None)
    return JobStanding(
        job=entry.job.name,
        last=LastRun(
            period=run.period,
            started=run.started,
            finished=run.finished,
            outcome=run.outcome,
            did=run.did,
            note=redacted(run.note),
        )
        if run
        else None,
        done=done,
        next=entry.next_wake(now),
        failures=max(entry.failures, latest.failures),
        late=entry.late(now, done or first) if counts_late else 0.0,
    )


# ---------------------------------------------------------------- credentials


def _credentials(
    at: Workplace, now: datetime
) -> tuple[tuple[CredentialStanding, ...], tuple[Need, ...]]:
    """What the service signs in by, and the need where that cannot be read."""
    try:
        found = at.credentials()
    except (UnreadableFile, SettingsError) as error:
        need = Need(
            id=f"{NeedKind.CREDENTIAL}/{at.network.id}/unreadable",
            network_id=at.network.id,
            who=Who.ADMIN,
            kind=NeedKind.CREDENTIAL,
            subject="certificate or sign-in",
            said=redacted(error.reason),
            remedy=error.remedy,
            since=now,
        )
        return (), (need,)
    today = local_day(now, at.network.time_zone)
    return tuple(
        CredentialStanding(
            kind=one.kind.value,
            name=one.name,
            expires=_ends(one, at),
            days_left=(one.expires - today).days,
        )
        for one in found
    ), ()


def _ends(one: Credential, at: Workplace) -> datetime:
    return end_of(one.expires, at.network.time_zone)
