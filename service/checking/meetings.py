"""Online meetings: each organiser's policy, her recordings, and who was there."""

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from service.checking.asked import AskedOfNetwork
from service.checking.check import Check
from service.checking.events import known_events
from service.domain.check import Finding, consent, failed, meetings, ok, unused
from service.domain.check.meetings import Route
from service.errors import Forbidden, NotFound
from service.graph.probes.meetings import is_in_channel
from service.observe import SeenEvent

NAME, ATTENDANCE = meetings.NAME, "attendance"
RECENT = timedelta(days=1)
MOST_MEETINGS = 3
"""Of one organiser, whose recordings are asked for."""


async def recordings(at: AskedOfNetwork) -> Iterable[Finding]:
    organizers = await _organizers(at)
    if not organizers:
        return [unused(NAME, "no meeting is known yet: its organiser's policy is seen then")]
    asked = (_of_one(at, organizer, events) for organizer, events in organizers.items())
    return await asyncio.gather(*asked)


async def _organizers(at: AskedOfNetwork) -> dict[str, list[SeenEvent]]:
    """Online meetings by organiser, the newest first; none of them for some."""
    found: dict[str, list[SeenEvent]] = {}
    for event in sorted(await known_events(at), key=lambda event: event.start, reverse=True):
        if not event.cancelled:
            found.setdefault(event.organizer, []).extend([event] if event.join_url else [])
    return dict(sorted(found.items()))


async def _of_one(at: AskedOfNetwork, organizer: str, events: list[SeenEvent]) -> Finding:
    if not events:
        return meetings.judged(Route(organizer=organizer, unnamed=True), watches_channel=False)
    try:
        route = await _route(at, organizer, events)
    except Forbidden as error:
        remedy = meetings.policy(at.settings.client_id, organizer)
        return failed(NAME, f"{organizer}: {error.reason}", remedy)
    except NotFound:
        return unused(NAME, f"{organizer}: the account is not there any more")
    return meetings.judged(route, watches_channel=bool(at.chosen.watched_folders))


async def _route(at: AskedOfNetwork, organizer: str, events: list[SeenEvent]) -> Route:
    probes, roles, since = at.probes.meetings, await at.roles(), at.now - RECENT
    link = events[0].join_url or ""
    lists = consent.has(consent.RECORDINGS, roles)
    ids = await _ids(at, organizer, events)
    if lists:
        await probes.prove_recordings(organizer, link, since)
    transcribes = all([await probes.transcribes(organizer, one) for one in ids[:1]])
    if transcribes and consent.has(consent.TRANSCRIPTS, roles):
        await probes.prove_transcripts(organizer, link, since)
    blocked = lists and any([await probes.is_blocked(organizer, one) for one in ids])
    return Route(
        organizer=organizer,
        found=bool(ids),
        by_api=lists,
        in_channel=any(is_in_channel(one.join_url or "") for one in events),
        transcribes=transcribes,
        blocked=blocked,
        untried=tuple(
            role for role in (consent.RECORDINGS, consent.TRANSCRIPTS) if role not in roles
        ),
    )


async def _ids(at: AskedOfNetwork, organizer: str, events: list[SeenEvent]) -> list[str]:
    """Ids of the newest online meetings that have begun, or of the next one."""
    begun = [one for one in events if one.start <= at.now][:MOST_MEETINGS] or events[-1:]
    asked = [await at.probes.meetings.find(organizer, one.join_url or "") for one in begun]
    return [one for one in asked if one is not None]


async def attendance(at: AskedOfNetwork) -> Iterable[Finding]:
    for organizer, events in (await _organizers(at)).items():
        for meeting in await _ids(at, organizer, events) if events else ():
            await at.probes.meetings.prove_attendance(organizer, meeting)
            return [ok(ATTENDANCE, f"reports of a meeting of {organizer} are listed")]
    return [unused(ATTENDANCE, "no online meeting is known yet")]


CHECKS = (
    Check(
        name=NAME,
        does="Asks for each organiser's meeting, recordings and transcripts.",
        run=recordings,
        needs=("sign-in", "calendar"),
        roles=(consent.MEETINGS,),
    ),
    Check(
        name=ATTENDANCE,
        does="Lists the attendance reports of one meeting.",
        run=attendance,
        needs=("recordings",),
        roles=(consent.ATTENDANCE,),
    ),
)
