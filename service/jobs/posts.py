"""What the posting jobs need to know of posts: what is told already, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from service.domain.actions import Announce
from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.post import COORDINATORS, Post, parse_key
from service.domain.reminder import PostKind
from service.domain.routes import COORDINATORS_MAIL, MAIL_CHANNEL, Routes, Transport
from service.domain.survey.written import line
from service.effects.amending import MEETING, VIA
from service.effects.posting import ALL_OF, POST, PUBLISHED
from service.ports import Effect, Status
from service.render.cards import parts
from service.workplace import Workplace

TOLD_START, TOLD_END, TOLD_PLACE = "told_start", "told_end", "told_place"


# ---------------------------------------------------------------- what is told already


def already(
    effects: Mapping[str, Effect],
    *,
    now: datetime,
    proof_wait: timedelta,
    time_zone: str,
    real: bool = False,
) -> dict[str, date | None]:
    """
    Posts that are settled or may still arrive: the local day of each, None if dropped.

    A post of several messages is settled when all of them are. Left out, and so decided anew:
    what was begun and was not seen within `proof_wait`, and what was refused for a time that
    is over. `real`: posts go to people now, and what was only written to files was not said.
    """
    of_posts: dict[str, dict[str, Effect]] = {}
    for key, effect in effects.items():
        of_posts.setdefault(str(effect.baseline.get(POST) or key), {})[key] = effect
    settled: dict[str, date | None] = {}
    for post, messages in of_posts.items():
        found = {
            key: local_day(effect.created, time_zone) if _is_said(effect, real=real) else None
            for key, effect in messages.items()
            if _is_settled(effect, now, proof_wait)
        }
        if _needed(post, messages) <= found.keys():
            settled[post] = min((day for day in found.values() if day), default=None)
    return settled


def _needed(post: str, messages: Mapping[str, Effect]) -> set[str]:
    """Return the keys that have to be settled: all that were to be sent, or a verdict."""
    verdict = messages.get(post)
    if verdict is not None and verdict.status is Status.DROPPED and ALL_OF not in verdict.baseline:
        return {post}
    last = max(messages.values(), key=lambda one: one.updated)
    return set(filter(None, str(last.baseline.get(ALL_OF, "")).split("\n"))) or set(messages)


def _is_settled(effect: Effect, now: datetime, proof_wait: timedelta) -> bool:
    match effect.status:
        case Status.DONE | Status.DROPPED:
            return True
        case Status.CLAIMED | Status.QUEUED:
            return effect.attempts > 0 and now < effect.updated + proof_wait
        case Status.PARKED:
            return effect.not_before is None or now < effect.not_before


def _is_said(effect: Effect, *, real: bool) -> bool:
    if effect.status in (Status.DROPPED, Status.PARKED):
        return False
    return not (real and effect.baseline.get(VIA) == Transport.DRY)


async def told(at: Workplace) -> tuple[dict[str, Effect], dict[str, date | None]]:
    """Members' posts, and which of them are settled or may still arrive."""
    return await _told(at, of_coordinators=False)


async def told_to_coordinators(
    at: Workplace,
) -> tuple[dict[str, Effect], dict[str, date | None]]:
    """Coordinators' notices, apart: what they were told, members were not."""
    return await _told(at, of_coordinators=True)


async def _told(
    at: Workplace, *, of_coordinators: bool
) -> tuple[dict[str, Effect], dict[str, date | None]]:
    theirs = {COORDINATORS, at.places.channels[COORDINATORS], COORDINATORS_MAIL}
    effects = {
        key: effect
        for key, effect in (await at.ledger.effects(f"v1/{at.network.id}/")).items()
        if (parsed := parse_key(key)) and (parsed.channel in theirs) == of_coordinators
    }
    settled = already(
        effects,
        now=at.clock.now(),
        proof_wait=at.rules.proof_wait,
        time_zone=at.network.time_zone,
        real=Transport.DRY not in at.rules.routes.used,
    )
    return effects, {**_as_called_now(settled, at.places.channels), **settled}


def _as_called_now(
    settled: Mapping[str, date | None], channels: Mapping[str, str]
) -> dict[str, date | None]:
    """Return the keys of what was posted while a channel went by its role, with its id."""
    return {
        str(replace(key, channel=channels[key.channel])): day
        for text, day in settled.items()
        if (key := parse_key(text)) is not None and key.channel in channels
    }


# ---------------------------------------------------------------- where posts go


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The ways out that there are, as plain values: what a plan needs of them."""

    routes: Routes
    there: frozenset[tuple[str, Transport]]
    """Channels, as keys name them, and the transports that lead there."""
    coordinators: str = ""
    """Their channel."""
    to_coordinators: tuple[tuple[str, Transport], ...] = ()

    def of(self, post: Post) -> tuple[tuple[str, Transport], ...]:
        """Return where a post goes: to its channel, and by mail."""
        if post.channel == self.coordinators:
            return self.to_coordinators
        wanted = (
            (MAIL_CHANNEL if via is Transport.MAIL else post.channel, via)
            for via in self.routes.of(post.kind)
        )
        return tuple(way for way in wanted if way in self.there)


def ways_of(at: Workplace) -> Ways:
    return Ways(
        routes=at.rules.routes,
        there=frozenset((outlet.channel, outlet.via) for outlet in at.outlets),
        coordinators=at.places.channels[COORDINATORS],
        to_coordinators=tuple((outlet.channel, outlet.via) for outlet in at.coordinators_outlets),
    )


def announcements(
    post: Post, ways: Ways, *, told: Mapping[str, str] | None = None, corrects: str = ""
) -> tuple[Announce, ...]:
    """Return the messages of a post: one for each way, and in Teams one for each part."""
    kept = dict(told or {})
    if post.publishes:
        kept[PUBLISHED] = "\n".join(line(id_, each) for id_, each in post.publishes)
    drawn = {
        _key_of(post, channel, number): (channel, via, card)
        for channel, via in ways.of(post)
        for number, card in enumerate(
            (post.card,) if via is Transport.MAIL else parts(post.card), start=1
        )
    }
    return tuple(
        Announce(
            key=key,
            post=post.key,
            channel=channel,
            via=via,
            kind=post.kind,
            card=card,
            useful_until=post.useful_until,
            all_of=tuple(drawn),
            told=kept,
            links=card.links(),
            groups=post.groups,
            appointment=post.appointment,
            corrects=corrects,
        )
        for key, (channel, via, card) in drawn.items()
    )


def _key_of(post: Post, channel: str, number: int) -> str:
    parsed = parse_key(post.key)
    if parsed is None:
        raise ValueError(f"no key of a post: {post.key}")
    occurrence = parsed.occurrence if number == 1 else f"{parsed.occurrence}~{number}"
    return str(replace(parsed, channel=channel, occurrence=occurrence))


_CORRECTIONS = frozenset({PostKind.MOVED, PostKind.CANCELLED})


def about(post: Post, meeting: Meeting | None, ways: Ways) -> tuple[Announce, ...]:
    """Return the messages of a post, and keep with them what they say of the meeting."""
    if meeting is None:
        return announcements(post, ways)
    told = {
        MEETING: meeting.id,
        TOLD_START: meeting.start.isoformat(),
        TOLD_END: meeting.end.isoformat(),
        TOLD_PLACE: meeting.place,
    }
    corrects = meeting.id if post.kind in _CORRECTIONS else ""
    return announcements(post, ways, told=told, corrects=corrects)
