"""What was posted: read where it is, else told by the register, else held."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from service.domain.actions import Announce
from service.domain.meeting import Meeting
from service.domain.post import PREFIX, Key, key_in, parse_key
from service.domain.reminder.candidates import candidates
from service.effects.amending import MEETING, VIA
from service.effects.posting import (
    ACCEPTED,
    ALL_OF,
    LINKS,
    POST,
    SEEN,
    TITLE,
    USEFUL,
    WAITS_FOR_APPROVAL,
)
from service.errors import NatverketError
from service.jobs import post_reminders
from service.jobs.posts import TOLD_END, TOLD_PLACE, TOLD_START
from service.observe import LATELY, SeenMessage
from service.ports import Effect, Status
from service.rebuilding.found import Findings, Held, What
from service.workplace import Workplace

HELD = "held"
"""In the baseline of what a rebuild could not prove."""


async def read_posts(found: Findings, meetings: Iterable[Meeting]) -> None:
    """Take in our posts of every channel, and of sent mails, that may be read."""
    at, by_id = found.at, {meeting.id: meeting for meeting in meetings}
    for channel, messages in at.messages.items():
        seen: dict[str, SeenMessage] = {}
        try:
            async for page in messages.changes(None):
                for change in page.changes:
                    if change.value is not None:
                        seen |= dict.fromkeys(_keys(change.value), change.value)
        except NatverketError as error:
            found.note(f"channel {channel}: {error.reason} Its posts are held.")
            continue
        found.readable |= {channel}
        for effect in _seen(seen, by_id, at):
            await found.keep(What.POST_SEEN, effect)
    channels = {outlet.channel for outlet in at.outlets}
    if unread := channels - found.readable:
        found.note(
            f"{len(unread)} of {len(channels)} channels cannot be read: what is due there now is "
            "held until a person lets it go."
        )


def _keys(message: SeenMessage) -> Iterator[str]:
    for link in message.links:
        if key := key_in(link.url):
            yield key


def _seen(
    messages: dict[str, SeenMessage], meetings: dict[str, Meeting], at: Workplace
) -> Iterator[Effect]:
    vias = {outlet.channel: outlet.via for outlet in at.outlets}
    posts: dict[str, list[str]] = {}
    for text in messages:
        posts.setdefault(_post_of(text), []).append(text)
    for text, message in messages.items():
        key = parse_key(text)
        if key is None or key.network != at.network.id:
            continue
        post = _post_of(text)
        told: dict[str, object] = {
            VIA: vias[key.channel].value if key.channel in vias else "",
            POST: post,
            ALL_OF: "\n".join(sorted(posts[post])),
            LINKS: "\n".join(link.url for link in message.links),
            **_told(meetings.get(key.subject)),
        }
        yield _effect(text, told, message.created, remote_id=message.id, phase=SEEN)


def _post_of(text: str) -> str:
    """Key of the post of which a message is a part: `…~2` is the second."""
    stem, tilde, number = text.rpartition("~")
    return stem if tilde and number.isdigit() else text


def _told(meeting: Meeting | None) -> dict[str, object]:
    """Members know what holds now, as far as anybody can tell."""
    if meeting is None:
        return {}
    return {
        TITLE: meeting.title,
        MEETING: meeting.id,
        TOLD_START: meeting.start.isoformat(),
        TOLD_END: meeting.end.isoformat(),
        TOLD_PLACE: meeting.place,
    }


def _effect(
    key: str,
    baseline: Mapping[str, object],
    when: datetime,
    *,
    remote_id: str = "",
    phase: str = "",
) -> Effect:
    return Effect(
        key=key,
        job="posts",
        status=Status.DONE,
        phase=phase,
        remote_id=remote_id or None,
        baseline=baseline,
        attempts=1,
        reason="" if remote_id else ACCEPTED,
        created=when,
        updated=when,
    )


# ---------------------------------------------------------------- reminders that may have gone out


async def settle_reminders(found: Findings) -> None:
    """Of everything that a rule makes of what is known, what is due by now is settled or held."""
    at, now = found.at, found.at.clock.now()
    seen = await post_reminders.observe(at)
    meetings = {meeting.id: meeting for meeting in seen.situation.meetings}
    for one in candidates(seen.situation, seen.policy, seen.already):
        key, about = str(one.key), _told(meetings.get(one.meeting_id or ""))
        if found.was_done(key):
            said = {**about, POST: key, ALL_OF: key}
            await found.keep(What.POST_TOLD, _effect(key, said, now - LATELY))
        elif one.key.channel not in found.readable and one.due <= now < one.useful_until:
            await hold(found, one.key, {**about, USEFUL: one.useful_until.isoformat()})


async def settle_announcement(action: Announce, found: Findings) -> None:
    """A post that a job would make now: made already, held, or new where that can be told."""
    key = parse_key(action.post)
    if key is None:
        return
    if found.was_done(action.post):
        said = {**action.told, POST: action.post, ALL_OF: action.post, VIA: action.via.value}
        effect = _effect(action.post, said, found.at.clock.now() - LATELY)
        await found.keep(What.POST_TOLD, effect)
    elif key.channel not in found.readable:
        shown = {TITLE: action.card.title, USEFUL: action.useful_until.isoformat()}
        await hold(found, key, {**action.told, **shown, VIA: action.via.value})


async def hold(found: Findings, key: Key, said: Mapping[str, object]) -> None:
    now, text = found.at.clock.now(), str(key)
    effect = Effect(
        key=text,
        job="posts",
        status=Status.PARKED,
        baseline={**said, POST: text, ALL_OF: text, HELD: True},
        reason=WAITS_FOR_APPROVAL,
        created=now,
        updated=now,
    )
    name = f"{said.get(TITLE) or key.subject} ({key.kind})"
    await found.hold(Held(key=text, what="post", name=name), effect)


def held_posts(effects: Iterable[Effect]) -> list[Effect]:
    """Posts that a rebuild could not prove, and that nobody has let go yet."""
    return [
        one
        for one in effects
        if one.baseline.get(HELD) and one.key.startswith(PREFIX) and one.not_before is None
        if one.status is Status.PARKED
    ]
