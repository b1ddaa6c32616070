"""
What coordinators decide about posts that are to come, and what they have decided.

All of it is from the ledger alone: no tenant is asked, and nothing is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.actions import Announce
from service.domain.post import COORDINATORS, Post
from service.domain.routes import KINDS, MAIL_CHANNEL, SERIES, Transport
from service.effects import approving
from service.effects.posting import APPROVED, POST, WAITS_FOR_APPROVAL
from service.errors import NotFound
from service.jobs.coming import coming_as_known
from service.jobs.known import known
from service.jobs.posts import Ways, announcements, ways_of
from service.jobs.said import How, Said, how, said
from service.ports import Effect
from service.workplace import Workplace

AHEAD = 2
"""Weeks that are looked ahead."""


class Approval(StrEnum):
    NOT_NEEDED = "not_needed"
    NEEDED = "needed"
    """It will wait, once it is due."""
    WAITS = "waits"
    GIVEN = "given"


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """A post that will be made, if nothing changes until then."""

    post: Post
    messages: tuple[Announce, ...]
    approval: Approval
    held_by: str
    """What is to be held to stop it: its meeting, its series or its kind."""

    @property
    def ways(self) -> tuple[Transport, ...]:
        return tuple(dict.fromkeys(message.via for message in self.messages))


async def foreseen(at: Workplace, weeks: int = AHEAD) -> tuple[Foreseen, ...]:
    """Return what will be posted in so many weeks from now, by time; what waits among it."""
    if not at.places.register_url:
        # Never opened yet: no card has a link that could carry its key.
        return ()
    effects = await at.ledger.effects(f"v1/{at.network.id}/")
    waiting = {_post_of(one) for one in effects.values() if one.reason == WAITS_FOR_APPROVAL}
    posts = await coming_as_known(at, weeks, anew=waiting)
    found = (_foreseen(post, effects, at) for post in posts)
    return tuple(one for one in found if one.messages)


async def waiting_besides(shown: tuple[Foreseen, ...], at: Workplace) -> tuple[Said, ...]:
    """What waits for approval and is not among what is foreseen: nobody can draw it ahead."""
    drawn = {one.post.key for one in shown}
    return tuple(
        one
        for one in await said(at)
        if one.how is How.AWAITS_APPROVAL and _post_of(one.effect) not in drawn
    )


async def approve(key: str, at: Workplace) -> None:
    """Let out a post by its key, now or when it is due. Raises NotFound."""
    effects = await at.ledger.effects(f"v1/{at.network.id}/")
    now = at.clock.now()
    waits = [
        one
        for one in effects.values()
        if key in (one.key, _post_of(one)) and how(one, now) is How.AWAITS_APPROVAL
    ]
    for effect in waits:
        await approving.approve(effect, at)
    ahead = [one for one in await foreseen(at) if one.post.key == key] if not waits else []
    for message in (message for one in ahead for message in one.messages):
        await approving.approve_ahead(message, at)
    if not (waits or ahead):
        raise NotFound("post", "It does not wait any more.", remedy="Look at the page anew.")


async def hold(what: str, at: Workplace) -> None:
    """Post nothing of a meeting (its id), a series or a kind. Raises NotFound."""
    await approving.hold(what, await _shown(what, at), at)


async def release(what: str, at: Workplace) -> None:
    """Undo it. Raises NotFound where it was not held."""
    if what not in await approving.held(at):
        raise NotFound(what, "It is not held.", remedy="Look at the page anew.")
    await approving.release(what, at)


async def pause(at: Workplace) -> None:
    """Tell members nothing at all, until it is resumed."""
    for kind in KINDS:
        await approving.hold(kind, kind, at)


async def resume(at: Workplace) -> None:
    """Undo a pause; meetings and series that were held stay so."""
    for kind in (await approving.held(at)).keys() & set(KINDS):
        await approving.release(kind, at)


def is_paused(held: Mapping[str, str]) -> bool:
    return set(KINDS) <= held.keys()


async def _shown(what: str, at: Workplace) -> str:
    """What people call it."""
    if what in KINDS:
        return what
    named = {series.id: series.name for series in at.series}
    named |= {meeting.id: meeting.title for meeting in (await known(at)).meetings}
    if what not in named:
        raise NotFound(what, "There is no such meeting, series or kind of posts.")
    return named[what]


# ---------------------------------------------------------------- one post


def _foreseen(post: Post, effects: Mapping[str, Effect], at: Workplace) -> Foreseen:
    messages = announcements(post, _ways(post, at))
    begun = [effects[message.key] for message in messages if message.key in effects]
    return Foreseen(
        post=post,
        messages=messages,
        approval=_approval(post, begun, at),
        held_by=post.meeting_id or _series_of(post, at) or post.kind,
    )


def _ways(post: Post, at: Workplace) -> Ways:
    """As the settings say: the state alone has no ways out of the house."""
    wanted = frozenset(
        (MAIL_CHANNEL if via is Transport.MAIL else post.channel, via)
        for via in at.rules.routes.of(post.kind)
    )
    ways = ways_of(at)
    return ways if at.outlets else Ways(routes=ways.routes, there=wanted)


def _approval(post: Post, begun: list[Effect], at: Workplace) -> Approval:
    if any(one.reason == WAITS_FOR_APPROVAL for one in begun):
        return Approval.WAITS
    if any(one.baseline.get(APPROVED) for one in begun):
        return Approval.GIVEN
    needed = max(post.due, at.clock.now()) < at.posts_wait_until
    to_members = post.channel not in (COORDINATORS, at.places.channels[COORDINATORS])
    return Approval.NEEDED if needed and to_members else Approval.NOT_NEEDED


def _series_of(post: Post, at: Workplace) -> str:
    """Its series' id, as the key names it."""
    if post.kind != SERIES:
        return ""
    return next((one.id for one in at.series if f"/{one.id}/" in post.key), "")


def _post_of(effect: Effect) -> str:
    return str(effect.baseline.get(POST) or effect.key)
