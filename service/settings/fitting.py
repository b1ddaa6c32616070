"""Which of a network's settings must stand together, and which must not."""

import re
from collections.abc import Iterator, Sequence

from service.domain.post import COMMON
from service.domain.routes import Transport
from service.errors import SettingsError
from service.settings.description import describe
from service.settings.network import NetworkSettings
from service.settings.problems import problem
from service.settings.rules import posting_rules

IN_TEAMS = frozenset({Transport.WORKFLOW, Transport.BOT, Transport.GRAPH})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")
_FLOW = "the address that the flow shows"


def of_network(network: NetworkSettings) -> Iterator[str]:
    """Yield every problem between the settings of a network's places and posts."""
    yield from _alone(network)
    yield from _decided(network)
    yield from _flows(network)
    yield from _lists(network)
    yield from _channels(network)
    yield from _coordinators(network)


def of_all(networks: Sequence[NetworkSettings]) -> Iterator[str]:
    """Yield what networks must not share: a calendar's address shows one network's plan."""
    seen: dict[str, NetworkSettings] = {}
    for network in networks:
        token = network.calendar_token.get_secret_value() if network.calendar_token else ""
        if token in seen:
            where = f"{network.origin}: calendar_token"
            yield problem(where, f"is that of {seen[token].origin} too", "another token")
        elif token:
            seen[token] = network
    yield from _one_register_each(networks)


def _one_register_each(networks: Sequence[NetworkSettings]) -> Iterator[str]:
    """Each would take the other's rows for its own, and write them anew for ever."""
    seen: dict[tuple[str, str], NetworkSettings] = {}
    for network in networks:
        place = (network.site.rstrip("/").lower(), network.register_list.lower())
        if (first := seen.setdefault(place, network)) is not network:
            where = f"{network.origin}: register"
            yield problem(where, f"is that of {first.origin} too", "a list of its own")


def of_rules(network: NetworkSettings) -> tuple[str, ...]:
    """Return what is wrong with the description's own rules of posts."""
    try:
        posting_rules(network)
    except SettingsError as error:
        return error.problems
    return ()


def of_groups(network: NetworkSettings) -> Iterator[str]:
    """Yield what names a focus group that there is not; the description is read by then."""
    known = {group.id for group in describe(network).groups}
    named = {
        "GROUP_CHANNELS": set(network.group_channels or {}),
        "GROUP_URLS": set(network.group_flows),
        "MAIL_LISTS": set(network.mail_lists or {}) - {COMMON},
        "TAGS": set(network.tags or {}),
    }
    for name, groups in named.items():
        for group in sorted(groups - known):
            reason = f"there is no focus group `{group}`"
            told = f"one of {', '.join(sorted(known))}"
            yield problem(f"NATVERKET_NETWORK_{name}", reason, told)


def _decided(network: NetworkSettings) -> Iterator[str]:
    if (network.retention is None) != (network.retention_decision is None):
        name = "RETENTION" if network.retention is None else "RETENTION_DECISION"
        reason = "is not set beside its fellow: nothing is deleted without a decision"
        yield problem(f"NATVERKET_NETWORK_{name}", reason, "both, or neither")
    token = network.calendar_token
    if token is not None and not _TOKEN.fullmatch(token.get_secret_value()):
        told = "20 to 200 letters, digits, hyphens and underscores"
        yield problem("NATVERKET_NETWORK_CALENDAR_TOKEN", "can be guessed, or not be linked", told)


def _alone(network: NetworkSettings) -> Iterator[str]:
    for ways in (network.post_via, *(network.post_kinds or {}).values()):
        if Transport.DRY in ways and len(ways) > 1:
            reason = "`dry` stands beside another transport"
            yield problem("NATVERKET_NETWORK_POST_VIA", reason, "it alone, or without it")
        if len(IN_TEAMS.intersection(ways)) > 1:
            reason = "posts the same to the same channel twice"
            yield problem(
                "NATVERKET_NETWORK_POST_VIA", reason, "one of workflow, bot and graph, and mail"
            )


def _flows(network: NetworkSettings) -> Iterator[str]:
    if Transport.WORKFLOW not in network.routes.used:
        return
    if network.workflow_url is None:
        reason = "is not set but posts go by workflow"
        yield problem("NATVERKET_NETWORK_WORKFLOW_URL", reason, _FLOW)
    for group in sorted(set(network.group_channels or {}) ^ set(network.group_flows)):
        reason = f"`{group}` has a channel or a workflow, but not both"
        yield problem("NATVERKET_NETWORK_GROUP_URLS", reason, "the address of its channel's flow")


def _lists(network: NetworkSettings) -> Iterator[str]:
    if Transport.MAIL in network.routes.used and COMMON not in (network.mail_lists or {}):
        reason = "names no list of all, but posts go by mail"
        yield problem("NATVERKET_NETWORK_MAIL_LISTS", reason, "common=address of the list")
    if network.mention == "tag" and not network.tags:
        reason = "is not set but NATVERKET_NETWORK_MENTION is tag"
        yield problem("NATVERKET_NETWORK_TAGS", reason, "group=tag;group=tag")


def _channels(network: NetworkSettings) -> Iterator[str]:
    posts = IN_TEAMS.intersection(network.routes.used)
    if not posts and not network.read_channel:
        return
    why = "posting" if posts else "reading (or set NATVERKET_NETWORK_READ_CHANNEL=false)"
    for name in ("team", "channel"):
        if getattr(network, name) is None:
            reason = f"is not set but needed for {why}"
            yield problem(f"NATVERKET_NETWORK_{name.upper()}", reason, "its id or display name")
    own = [network.channel, network.coordinator_channel, *(network.group_channels or {}).values()]
    for channel in sorted({one for one in own if one and own.count(one) > 1}):
        if channel != network.coordinator_channel:
            reason = f"names {channel} twice"
            yield problem("NATVERKET_NETWORK_GROUP_CHANNELS", reason, "a channel of its own")


def _coordinators(network: NetworkSettings) -> Iterator[str]:
    common = network.workflow_url.get_secret_value() if network.workflow_url else None
    members: dict[str, set[str | None]] = {
        "URL": {common, *network.group_flows.values()},
        "CHANNEL": {network.channel, *(network.group_channels or {}).values()},
    }
    url = network.coordinator_url and network.coordinator_url.get_secret_value()
    for role, own in (("URL", url), ("CHANNEL", network.coordinator_channel)):
        if own is not None and own in members[role]:
            name = f"NATVERKET_NETWORK_COORDINATOR_{role}"
            yield problem(
                name, "is the members' own", "that of a channel which coordinators alone read"
            )
