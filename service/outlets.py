"""
The ways out: which channels and lists there are, and by what they are reached.

A transport is a file in `service/graph` and a case here; CONTRIBUTING.md names what else knows it.
"""

from collections.abc import Iterator, Mapping

from service.domain.network import Network
from service.domain.post import COMMON, COORDINATORS
from service.domain.routes import COORDINATORS_MAIL, MAIL_CHANNEL, Transport
from service.effects.dry import DryPoster
from service.graph.gateway import Gateway
from service.graph.signed_in import Mention, Mentioned
from service.graph.workflow import retired
from service.ports import Messages, Poster
from service.settings import NetworkSettings
from service.workplace import Outlet


def channels_of(chosen: NetworkSettings) -> dict[str, str]:
    """
    Return the channels by role, as keys name them: by id, or by role where none is known.

    The common one and the coordinators' are always there, groups' where they have their own.
    """
    return {
        COMMON: chosen.channel or COMMON,
        COORDINATORS: chosen.coordinator_channel or COORDINATORS,
        **(chosen.group_channels or {}),
    }


def messages_of(chosen: NetworkSettings, gateway: Gateway) -> dict[str, Messages]:
    """Return what may be read to see what is there: channels by id, and the mailbox."""
    return {**_mailboxes(chosen, gateway), **_read(chosen, gateway)}


def _mailboxes(chosen: NetworkSettings, gateway: Gateway) -> dict[str, Messages]:
    """The app need not be allowed to read them; the post is believed then."""
    found: dict[str, Messages] = {}
    if Transport.MAIL in chosen.routes.used:
        drafts = chosen.mail_as == "draft"
        found[MAIL_CHANNEL] = (gateway.drafted_mail if drafts else gateway.sent_mail)(
            chosen.mailbox
        )
    if chosen.coordinator_mail:
        found[COORDINATORS_MAIL] = gateway.sent_mail(chosen.mailbox)
    return found


def _read(chosen: NetworkSettings, gateway: Gateway) -> dict[str, Messages]:
    if not chosen.read_channel or chosen.team is None:
        return {}
    named = (chosen.channel, chosen.coordinator_channel, *(chosen.group_channels or {}).values())
    return {channel: gateway.messages(chosen.team, channel) for channel in named if channel}


async def outlets_of(
    chosen: NetworkSettings, network: Network, gateway: Gateway
) -> tuple[Outlet, ...]:
    """
    Return every way in which this network's posts may leave.

    Raises NotFound, Ambiguous, Forbidden for a tag that is to be mentioned.
    """
    tags = await _tags(chosen, gateway)
    return (*_channels(chosen, network, gateway, tags), *_mails(chosen, gateway))


async def _tags(chosen: NetworkSettings, gateway: Gateway) -> dict[str, Mention]:
    """The team's tags by focus group, where they are mentioned."""
    if chosen.mention != "tag" or Transport.GRAPH not in chosen.routes.used:
        return {}
    return {
        group: await gateway.tag(chosen.team or "", name)
        for group, name in (chosen.tags or {}).items()
    }


def _channels(
    chosen: NetworkSettings, network: Network, gateway: Gateway, tags: Mapping[str, Mention]
) -> tuple[Outlet, ...]:
    return tuple(
        Outlet(channel=channel, role=role, via=via, poster=poster)
        for role, channel in channels_of(chosen).items()
        for via in _transports(chosen, role)
        if (
            poster := _poster(
                (via, role, channel),
                chosen,
                gateway,
                _mentions(role, channel, chosen, network, tags),
            )
        )
        is not None
    )


def _mails(chosen: NetworkSettings, gateway: Gateway) -> Iterator[Outlet]:
    mailbox, mail = chosen.mailbox, Transport.MAIL
    if mail in chosen.routes.used and chosen.mail_lists:
        made = gateway.drafting if chosen.mail_as == "draft" else gateway.mailing
        poster = made(mailbox, chosen.mail_lists)
        yield Outlet(channel=MAIL_CHANNEL, role=COMMON, via=mail, poster=poster)
    if chosen.coordinator_mail:
        poster = gateway.mailing(mailbox, {COMMON: chosen.coordinator_mail})
        yield Outlet(channel=COORDINATORS_MAIL, role=COORDINATORS, via=mail, poster=poster)


def retired_flows(chosen: NetworkSettings) -> Iterator[str]:
    """Yield what to tell of flows whose addresses are outdated, by the channel's role."""
    for role, url in _flows(chosen).items():
        if note := retired(url):
            yield f"channel {role}: {note}"


def _transports(chosen: NetworkSettings, role: str) -> Iterator[Transport]:
    """Yield what posts to a channel; to the coordinators' its own flow, else what is usual."""
    if role == COORDINATORS and chosen.coordinator_url and Transport.DRY not in chosen.post_via:
        yield Transport.WORKFLOW
        return
    used = chosen.post_via if role == COORDINATORS else sorted(chosen.routes.used)
    yield from (via for via in used if via is not Transport.MAIL)


def _poster(
    way: tuple[Transport, str, str],
    chosen: NetworkSettings,
    gateway: Gateway,
    mentions: Mapping[str, Mention],
) -> Poster | None:
    """Return what posts to a channel; None where the settings name no way there."""
    via, role, channel = way
    if role == COORDINATORS and not (chosen.coordinator_channel or chosen.coordinator_url):
        return None
    match via:
        case Transport.DRY:
            return DryPoster(chosen.posts_folder)
        case Transport.WORKFLOW:
            url = _flows(chosen).get(role)
            return gateway.workflow(url) if url else None
        case Transport.BOT:
            return gateway.bot(channel)
        case Transport.GRAPH:
            return gateway.person(chosen.team or "", channel, mentions)
        case _:
            return None


def _mentions(
    role: str, channel: str, chosen: NetworkSettings, network: Network, tags: Mapping[str, Mention]
) -> Mapping[str, Mention]:
    """Return who is called by name in a channel's posts: by group, or whoever reads it."""
    if role == COORDINATORS:
        return {}
    if chosen.mention != "channel":
        return tags
    name = network.name if role == COMMON else network.group(role).name
    return {COMMON: Mention(kind=Mentioned.CHANNEL, id=channel, name=name)}


def _flows(chosen: NetworkSettings) -> dict[str, str]:
    """Return the flows' addresses by role: each belongs to one channel."""
    named = {COMMON: chosen.workflow_url, COORDINATORS: chosen.coordinator_url}
    own = {role: url.get_secret_value() for role, url in named.items() if url}
    return own | chosen.group_flows
