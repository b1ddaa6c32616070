"""What both posting jobs need: what is in the channel already, and how a card becomes an action."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from service.domain.actions import Announce
from service.domain.meeting import Meeting
from service.domain.period import local_day
from service.domain.post import Post
from service.ports import Effect, Status
from service.render.cards import adaptive_card

TOLD_START, TOLD_END, TOLD_PLACE = "told_start", "told_end", "told_place"


def already(
    effects: Mapping[str, Effect], *, now: datetime, proof_wait: timedelta, time_zone: str
) -> dict[str, date | None]:
    """
    Posts that are settled or may still arrive: the local day of each, None if dropped.

    Left out, and so decided anew: what was begun and was not seen within `proof_wait`, and
    what was refused for a time that is over.
    """
    settled: dict[str, date | None] = {}
    for key, effect in effects.items():
        match effect.status:
            case Status.DONE:
                settled[key] = local_day(effect.created, time_zone)
            case Status.DROPPED:
                settled[key] = None
            case Status.CLAIMED | Status.QUEUED:
                if now < effect.updated + proof_wait:
                    settled[key] = local_day(effect.created, time_zone)
            case Status.PARKED:
                if effect.not_before is None or now < effect.not_before:
                    settled[key] = None
    return settled


def announcement(post: Post, meeting: Meeting | None) -> Announce:
    told = (
        {
            "meeting_id": meeting.id,
            TOLD_START: meeting.start.isoformat(),
            TOLD_END: meeting.end.isoformat(),
            TOLD_PLACE: meeting.place,
        }
        if meeting
        else {}
    )
    return Announce(
        key=post.key,
        channel="common",
        card=adaptive_card(post.card, key=post.key),
        title=f"{post.card.title}: {post.kind}",
        useful_until=post.useful_until,
        told=told,
    )
