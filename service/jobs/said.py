"""What was posted, what waits, and how it is known: for whoever asks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from service.domain.actions import Announce
from service.domain.period import end_of, local_day
from service.domain.post import PREFIX, Button, Card, Key, parse_key
from service.domain.routes import TAKEN_BACK, Transport
from service.effects.amending import VIA
from service.effects.approving import WITHDRAWN
from service.effects.posting import (
    ACCEPTED,
    DOUBTFUL,
    SEEN,
    TITLE,
    USEFUL,
    WAITS_FOR_APPROVAL,
)
from service.errors import Ambiguous, NotFound
from service.jobs.known import known
from service.ports import Effect, Status
from service.workplace import Workplace


class How(StrEnum):
    """How it is known that a post is there, or why it is not."""

    GIVEN = "given"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    UNDER_WAY = "under_way"
    AWAITS_APPROVAL = "awaits_approval"
    EXPIRED = "expired"
    """Nobody approved it in time."""
    WAITS = "waits"
    REFUSED = "refused"
    DROPPED = "dropped"
    TAKEN_BACK = "taken_back"
    WRITTEN = "written"


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message of a post."""

    key: str
    title: str
    kind: str
    role: str
    """`common`, `coordinators`, a group's id; else as the key names it."""
    via: str
    how: How
    at: datetime
    """When it came to stand so."""
    not_before: datetime | None
    reason: str
    effect: Effect


async def said(at: Workplace, *, since: datetime | None = None) -> list[Said]:
    """Return a network's posts in order of time; those that wait, however old they are."""
    effects = (await at.ledger.effects(PREFIX)).values()
    roles = {channel: role for role, channel in at.places.channels.items()}
    titles = {meeting.id: meeting.title for meeting in (await known(at)).meetings}
    found = [
        _said(effect, key, roles, titles.get(key.subject, ""), at.clock.now())
        for effect, key in _with_keys(effects)
    ]
    waits = {How.UNDER_WAY, How.AWAITS_APPROVAL, How.WAITS, How.REFUSED}
    shown = (one for one in found if since is None or one.at >= since or one.how in waits)
    return sorted(shown, key=lambda one: (one.at, one.key))


def _with_keys(effects: Iterable[Effect]) -> Iterator[tuple[Effect, Key]]:
    for effect in effects:
        if (key := parse_key(effect.key)) is not None:
            yield effect, key


def _said(effect: Effect, key: Key, roles: dict[str, str], meeting: str, now: datetime) -> Said:
    return Said(
        key=effect.key,
        title=str(effect.baseline.get(TITLE) or meeting),
        kind=key.kind,
        role=roles.get(key.channel, key.channel),
        via=str(effect.baseline.get(VIA, "")),
        how=how(effect, now),
        at=effect.updated,
        not_before=effect.not_before,
        reason=effect.reason,
        effect=effect,
    )


def how(effect: Effect, now: datetime) -> How:
    """Tell how a post stands."""
    if effect.status is Status.DONE:
        if effect.baseline.get(VIA) == Transport.DRY:
            return How.WRITTEN
        doubts = {ACCEPTED: How.ACCEPTED, DOUBTFUL: How.DOUBTFUL}
        proved = How.SEEN if effect.phase == SEEN else How.GIVEN
        return doubts.get(effect.reason, proved)
    if effect.status is Status.DROPPED:
        return How.TAKEN_BACK if effect.reason.startswith(WITHDRAWN) else How.DROPPED
    if effect.status is Status.PARKED:
        if effect.reason == WAITS_FOR_APPROVAL:
            until = effect.baseline.get(USEFUL)
            late = until is not None and datetime.fromisoformat(str(until)) <= now
            return How.EXPIRED if late else How.AWAITS_APPROVAL
        return How.REFUSED if effect.not_before is None else How.WAITS
    return How.UNDER_WAY


def can_be_withdrawn(one: Said) -> bool:
    """Tell whether there is something to take back, or to keep from going out."""
    return one.how not in (How.DROPPED, How.TAKEN_BACK) and one.kind != TAKEN_BACK


def named(text: str, posts: Sequence[Said]) -> Said:
    """The one post of that key, or of that part of a key or title. Raises NotFound, Ambiguous."""
    wanted = text.casefold()
    for fits in (
        lambda one: one.key == text,
        lambda one: wanted in one.key.casefold(),
        lambda one: wanted in one.title.casefold(),
    ):
        found = [one for one in posts if fits(one)]
        if len(found) == 1:
            return found[0]
        if found:
            told = "".join(f"\n  {one.title} ({one.kind}): {one.key}" for one in found[:8])
            raise Ambiguous(text, f"{len(found)} posts are called so:{told}")
    raise NotFound(
        text,
        "Of the posts that this can be done with, none is called so.",
        remedy="`natverket posts --all` lists all.",
    )


def taking_back(one: Said, at: Workplace) -> Announce:
    """
    Return a post that says of another that it does not hold.

    For where nothing can be taken back; the channel's readers have seen it.
    """
    key = parse_key(one.key)
    assert key is not None
    now, zone = at.clock.now(), at.network.time_zone
    own = replace(key, kind=TAKEN_BACK, occurrence=f"{key.kind}-{key.occurrence}")
    card = Card(
        language=at.texts.language,
        label=at.network.name,
        title=at.texts.say("words.title_withdrawn", title=one.title),
        text=at.texts.say("posts.withdrawn", date=at.texts.day(local_day(one.at, zone))),
        buttons=(Button(at.texts.say("buttons.page"), at.places.site_url),),
    )
    return Announce(
        key=str(own),
        post=str(own),
        channel=key.channel,
        via=Transport(one.via),
        kind=TAKEN_BACK,
        card=card,
        useful_until=end_of(local_day(now, zone), zone),
        all_of=(str(own),),
        links=card.links(),
    )
