"""
The ways out: which channels and lists there are, and by what they are reached.

A transport is a file in `service/graph` and a case here; CONTRIBUTING.md names what else knows it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
    doors = _Doors(chosen=chosen, network=network, gateway=gateway, tags=tags)
    return (*doors.to_channels(), *doors.to_mailboxes())


async def _tags(chosen: NetworkSettings, gateway: Gateway) -> dict[str, Mention]:
    """The team's tags by focus group, where they are mentioned."""
    if chosen.mention != "tag" or Transport.GRAPH not in chosen.routes.used:
        return {}
    return {
        group: await gateway.tag(chosen.team or "", name)
        for group, name in (chosen.tags or {}).items()
    }


@dataclass(frozen=True, kw_only=True)
class _Doors:
    """What the settings of one network open."""

    chosen: NetworkSettings
    network: Network
    gateway: Gateway
    tags: Mapping[str, Mention]

    def to_channels(self) -> Iterator[Outlet]:
        for role, channel in channels_of(self.chosen).items():
            for via in self._transports(role):
                poster = self._poster(via, role, channel)
                if poster is not None:
                    yield Outlet(channel=channel, role=role, via=via, poster=poster)

    def to_mailboxes(self) -> Iterator[Outlet]:
        chosen, mail = self.chosen, Transport.MAIL
        if mail in chosen.routes.used and chosen.mail_lists:
            is_draft = chosen.mail_as == "draft"
            made = self.gateway.drafting if is_draft else self.gateway.mailing
            poster = made(chosen.mailbox, chosen.mail_lists)
            yield Outlet(channel=MAIL_CHANNEL, role=COMMON, via=mail, poster=poster)
        if chosen.coordinator_mail:
            own = self.gateway.mailing(chosen.mailbox, {COMMON: chosen.coordinator_mail})
            yield Outlet(channel=COORDINATORS_MAIL, role=COORDINATORS, via=mail, poster=own)

    def _transports(self, role: str) -> Iterator[Transport]:
        """Yield what posts to a channel; to the coordinators' its own flow, else what is usual."""
        chosen = self.chosen
        if role != COORDINATORS:
            yield from (via for via in sorted(chosen.routes.used) if via is not Transport.MAIL)
        elif chosen.coordinator_url and Transport.DRY not in chosen.post_via:
            yield Transport.WORKFLOW
        elif chosen.coordinator_channel or chosen.coordinator_url:
            yield from (via for via in chosen.post_via if via is not Transport.MAIL)

    def _poster(self, via: Transport, role: str, channel: str) -> Poster | None:
        """Return what posts to a channel; None where the settings name no way there."""
        match via:
            case Transport.DRY:
                return DryPoster(self.chosen.posts_folder)
            case Transport.WORKFLOW:
                url = _flows(self.chosen).get(role)
                return self.gateway.workflow(url) if url else None
            case Transport.BOT:
                return self.gateway.bot(channel)
            case Transport.GRAPH:
                mentions = self._mentions(role, channel)
                return self.gateway.person(self.chosen.team or "", channel, mentions)
            case _:
                return None

    def _mentions(self, role: str, channel: str) -> Mapping[str, Mention]:
        """Return who is called by name in a channel's posts: by group, or whoever reads it."""
        if role == COORDINATORS:
            return {}
        if self.chosen.mention != "channel":
            return self.tags
        name = self.network.name if role == COMMON else self.network.group(role).name
        return {COMMON: Mention(kind=Mentioned.CHANNEL, id=channel, name=name)}


def retired_flows(chosen: NetworkSettings) -> Iterator[str]:
    """Yield what to tell of flows whose addresses are outdated, by the channel's role."""
    for role, url in _flows(chosen).items():
        if note := retired(url):
            yield f"channel {role}: {note}"


def _flows(chosen: NetworkSettings) -> dict[str, str]:
    """Return the flows' addresses by role: each belongs to one channel."""
    named = {COMMON: chosen.workflow_url, COORDINATORS: chosen.coordinator_url}
    own = {role: url.get_secret_value() for role, url in named.items() if url}
    return own | chosen.group_flows
