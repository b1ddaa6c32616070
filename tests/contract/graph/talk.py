"""A channel in which something is said twice a day for half a year, and an open invitation."""

from datetime import datetime, timedelta

from service.sandbox.timeline import Invite, React, Respond, Say, Seed
from tests.contract.graph import worlds

SEED = f"{__file__}:tenant"
BEGUN = worlds.START
READ = BEGUN + timedelta(days=150)
"""When the channel is read for the first time."""
A_WEEK_LATER = READ + timedelta(days=7)
OLD, NEW = "say-000", "say-290"
"""The first that is said, and one of the last before it is read; ticked off the week after."""
OPEN = "oppet"
ACCEPTING = "k@nat.example"


def said_at(number: int) -> datetime:
    return BEGUN + timedelta(hours=12 * number)


def tenant() -> Seed:
    messages = [
        Say(
            at=said_at(number),
            key=f"say-{number:03}",
            channel=worlds.COMMON,
            author=worlds.ORGANIZER.id,
            html=f"<p>Hur gör ni, {number}?</p>",
        )
        for number in range(2 * 160)
    ]
    ticks = [
        React(
            at=READ + timedelta(hours=number),
            key=key,
            by=worlds.COLLEAGUE.id,
            reaction="✔️",
        )
        for number, key in enumerate((OLD, NEW), start=1)
    ]
    invited = Invite(
        at=BEGUN,
        key=OPEN,
        organizer=worlds.MAILBOX.id,
        subject="Naturvård: öppet möte",
        body_html="",
        start=worlds.day(20),
        end=worlds.day(20, 10),
        attendees=(ACCEPTING, worlds.OUTSIDER.mail),
    )
    answers = [
        Respond(at=BEGUN + timedelta(hours=n), key=OPEN, by=by, response=response)
        for n, (by, response) in enumerate(
            ((ACCEPTING, "accepted"), (worlds.OUTSIDER.mail, "declined")), start=1
        )
    ]
    acts = (invited, *answers, *messages, *ticks)
    return Seed(world=worlds.WORLD, acts=tuple(sorted(acts, key=lambda act: act.at)))
