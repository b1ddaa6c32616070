"""What is said in the team's channels."""

from collections.abc import Iterator

from service.sandbox.seed.data import MessageData, Tenant
from service.sandbox.seed.days import Days
from service.sandbox.seed.invitations import person
from service.sandbox.timeline import Say


def conversation(
    number: int, message: MessageData, tenant: Tenant, calendar: Days
) -> Iterator[Say]:
    """A message and its replies, known by the message's place in the data."""
    key = f"say-{number:02d}"
    channel = next(one.id for one in tenant.channels if one.key == message.channel)
    yield Say(
        at=calendar.moment(message.at),
        key=key,
        channel=channel,
        author=person(tenant, message.by).id,
        html=message.html,
    )
    for place, reply in enumerate(message.replies, start=1):
        yield Say(
            at=calendar.moment(reply.at),
            key=f"{key}-{place}",
            channel=channel,
            author=person(tenant, reply.by).id,
            html=reply.html,
            reply_to=key,
        )
