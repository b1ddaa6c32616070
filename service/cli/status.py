"""
`natverket status`: whether all is well, in ten lines; from the state alone.

What it prints names jobs, networks, days and numbers: it may be pasted into a ticket.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from service.cli.app import app, chosen, until_done
from service.cli.words import DONE, FAILED, IN_PART
from service.domain.alarm import thing_of
from service.domain.standing import (
    JobStanding,
    Need,
    NeedKind,
    NetworkStanding,
    Standing,
    Who,
)
from service.errors import StateError
from service.from_state import from_state
from service.settings import Settings
from service.standing import running_since, standing
from service.store import is_there, open_store
from service.wiring import timetable_of

MOST_NEEDS = 5
"""Shown in the terminal; --json has all."""
_FAILURES = frozenset(NeedKind) - {
    NeedKind.ENDING,
    NeedKind.POSTS,
    NeedKind.RECORDING,
    NeedKind.FILES,
    NeedKind.FORMS,
}


@dataclass(frozen=True, kw_only=True)
class Status:
    standing: Standing
    is_running: bool
    """A daemon holds this state."""
    since: datetime | None

    @property
    def code(self) -> int:
        """0: all is well; 1: something failed or is late; 3: something waits for a person."""
        late = any(job.is_late for one in self.standing.networks for job in one.jobs)
        if late or any(has_failed(need) for need in self.standing.needs):
            return FAILED
        return IN_PART if self.standing.needs else DONE


def has_failed(need: Need) -> bool:
    """Tell what has failed from what only waits, such as a credential that ends in a month."""
    has_ended = need.kind == NeedKind.ENDING and thing_of(need)[1] == 0
    return need.who is Who.ADMIN and (need.kind in _FAILURES or has_ended)


@app.command()
def status(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Whether all is well: what ran, what waits and why, and what needs whom."""
    until_done(_status(chosen(context).settings(), as_json=as_json))


async def _status(settings: Settings, *, as_json: bool) -> int:
    found = await look(settings)
    if as_json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        print(*_lines(found), sep="\n")
    return found.code


async def look(settings: Settings) -> Status:
    """Read the state; nothing is asked of the tenant, and no state is made. Raises StateError."""
    url = settings.state_url.get_secret_value()
    if not is_there(url):
        raise StateError(
            "state",
            "there is none yet: nothing has run",
            remedy="Start the service (natverket run), or name its state in NATVERKET_STATE_URL.",
        )
    async with from_state(settings) as workplaces:
        found = {at.network.id for at in workplaces if at.places.documentation}
        return Status(
            standing=await standing(
                workplaces,
                await timetable_of(workplaces, settings),
                settings=settings,
                now=workplaces[0].clock.now(),
                is_open=lambda id_: id_ in found,
            ),
            is_running=_is_running(url),
            since=await running_since(workplaces),
        )


def _is_running(url: str) -> bool:
    store = open_store(url)
    try:
        with store.exclusive("run") as free:
            return not free
    finally:
        store.close()


# ---------------------------------------------------------------- for people


def _lines(found: Status) -> Iterator[str]:
    now = found.standing
    yield _sentence(found)
    yield _daemon(found)
    for network in now.networks:
        yield from _network(network, now.at)
    for need in now.needs[:MOST_NEEDS]:
        whose = f"{need.network_id}: " if need.network_id and len(now.networks) > 1 else ""
        yield f"{need.who}: {whose}{need.subject}: {need.said} {need.remedy}"
    if len(now.needs) > MOST_NEEDS:
        yield f"… and {len(now.needs) - MOST_NEEDS} more: natverket status --json"


def _sentence(found: Status) -> str:
    needs = found.standing.needs
    failed = sum(map(has_failed, needs))
    waiting = len(needs) - failed
    if found.code == DONE:
        return "All is well."
    told = [
        f"{count} {what}"
        for count, what in (
            (failed, "failed and need an administrator" if failed > 1 else "has failed"),
            (waiting, "wait for a person" if waiting > 1 else "waits for a person"),
        )
        if count
    ]
    return f"Not all is well: {', '.join(told)}." if failed else f"Nothing has failed; {told[0]}."


def _daemon(found: Status) -> str:
    now = found.standing
    named = f"natverket {now.version}, mode {now.mode}"
    if not found.is_running:
        return f"{named}: no daemon runs on this state."
    since = f" since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else ""
    return f"{named}: a daemon runs on this state{since}."


def _network(network: NetworkStanding, now: datetime) -> Iterator[str]:
    last = max((job for job in network.jobs if job.last), key=_finished, default=None)
    following = min(network.jobs, key=lambda job: job.next)
    ran = (
        f"{last.job} {local_time(last.last.finished, network, now)} {last.last.outcome}"
        if last and last.last
        else "nothing yet"
    )
    next_at = local_time(following.next, network, now)
    yield f"{network.network_id}: last {ran}; next {following.job} {next_at}"
    yield f"  waits: {_waiting(network, now)}"
    for one in network.credentials:
        day = f"{one.expires:%Y-%m-%d}" if one.expires else "an unknown day"
        yield f"  {one.kind.replace('_', '-')}: ends in {one.days_left} days, on {day}"


def _finished(job: JobStanding) -> datetime:
    assert job.last is not None
    return job.last.finished


def _waiting(network: NetworkStanding, now: datetime) -> str:
    counted = network.counted
    told = [
        f"{count} {what}"
        for count, what in (
            (counted.posts_to_approve, "posts for approval"),
            (counted.posts_unproved, "posts for their proof"),
            (counted.files_waiting, "files"),
            (counted.files_unplaced, "files without a meeting"),
        )
        if count
    ]
    if not told or counted.oldest_waiting is None:
        return ", ".join(told) or "no post and no file"
    return f"{', '.join(told)}; the oldest for {(now - counted.oldest_waiting).days} days"


def local_time(moment: datetime, network: NetworkStanding, now: datetime) -> str:
    """Local time, with its day where that is another."""
    zone = ZoneInfo(network.time_zone)
    local = moment.astimezone(zone)
    same_day = local.date() == now.astimezone(zone).date()
    return f"{local:%H:%M}" if same_day else f"{local:%Y-%m-%d %H:%M}"


# ---------------------------------------------------------------- for machines


def _as_json(found: Status) -> dict[str, Any]:
    now = found.standing
    return {
        "at": _time(now.at),
        "version": now.version,
        "mode": now.mode,
        "well": found.code == DONE,
        "exit_code": found.code,
        "daemon": {"running": found.is_running, "since": _time(found.since)},
        "networks": [_network_as_json(network) for network in now.networks],
        "needs": [_need_as_json(need) for need in now.needs],
    }


def _network_as_json(network: NetworkStanding) -> dict[str, Any]:
    counted = network.counted
    return {
        "network": network.network_id,
        "open": network.open,
        "jobs": [job_as_json(job) for job in network.jobs],
        "waiting": {
            "posts_to_approve": counted.posts_to_approve,
            "posts_unproved": counted.posts_unproved,
            "files": counted.files_waiting,
            "files_unplaced": counted.files_unplaced,
            "oldest": _time(counted.oldest_waiting),
        },
        "meetings": {
            "this_year": len(network.rows),
            "lacking": sum(bool(row.lacks) for row in network.rows),
        },
        "credentials": [
            {"kind": one.kind, "expires": _time(one.expires), "days_left": one.days_left}
            for one in network.credentials
        ],
    }


def job_as_json(job: JobStanding) -> dict[str, Any]:
    """Without the run's note: that may name files and meetings."""
    last = job.last
    return {
        "job": job.job,
        "last": {
            "period": _time(last.period),
            "finished": _time(last.finished),
            "outcome": last.outcome,
            "did": last.did,
        }
        if last
        else None,
        "done": _time(job.done),
        "next": _time(job.next),
        "failures": job.failures,
        "late_seconds": round(job.late),
    }


def _need_as_json(need: Need) -> dict[str, Any]:
    return {
        "id": need.id,
        "network": need.network_id,
        "who": need.who.value,
        "kind": need.kind,
        "subject": need.subject,
        "said": need.said,
        "remedy": need.remedy,
        "since": _time(need.since),
    }


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
