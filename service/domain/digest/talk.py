"""What people say in a channel: which of it waits for an answer, and which links are tips."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from service.domain.post import is_https, key_in, unwrapped
from service.observe import LATELY, Change, SeenLink, SeenMessage

_QUOTED = 80

_CHECK_MARKS = frozenset("✔✅☑")
_VARIANT = "\ufe0f"
"""Written after a sign that is to be shown in colours."""

_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_GREETING = re.compile(
    r"^(hej|hei|hallå|hallo|hello|hi|dear all|god (morgon|dag)|god (morgen|dag)|good morning)\b"
    r"( (alla|alle|all|everyone|på er|sammen))*[\s!,.:–-]*",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"(vad|vem|vilka|vilken|vilket|hur|varför|varifrån|finns det|någon som|"
    r"(har|kan|vet|känner|finns|är|var|ska|får) (det |ni|någon|nån|du|man|vi)|"
    r"när (är|ska|blir|börjar|kommer|går)|"
    r"hva|hvem|hvilke[nt]?|hvordan|hvorfor|hvor|finnes det|noen som|"
    r"(har|kan|vet|kjenner|er|skal|får) (det|dere|noen|du|man|vi)|når (er|skal|blir|kommer)|"
    r"what|who|whom|whose|which|how|why|where|when (is|are|will|does|do)|"
    r"(is|are|does|do|did|has|have|can|could|would|will|should) "
    r"(there|anyone|anybody|someone|somebody|you|we|it|any))\b",
    re.IGNORECASE,
)

_INSIDE = ("sharepoint.com", "teams.microsoft.com", "teams.live.com", "teams.cloud.microsoft")
"""Where links lead that are no tips: the network's own files, messages and meetings."""

_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id|nv", re.IGNORECASE)


def waits_for_answer(message: SeenMessage) -> bool:
    """Tell whether a person asks something to which no other person has replied."""
    asks = _is_question(message.text) and not _is_ours(message)
    return bool(message.author) and asks and not _is_answered(message)


def _is_ours(message: SeenMessage) -> bool:
    """Tell whether it is a post of the service, even in the name of a signed-in account."""
    return any(key_in(link.url) for link in message.links)


def _is_answered(message: SeenMessage) -> bool:
    """
    By a reply of somebody else, or by somebody else's check mark.

    Whoever ticks a question off has seen to it: members do it as well as coordinators.
    """
    ticked = (one.by for one in message.reactions if one.type.strip(_VARIANT) in _CHECK_MARKS)
    others = (*(reply.author for reply in message.replies), *ticked)
    return any(who not in ("", message.author) for who in others)


def _is_question(text: str) -> bool:
    said = _without_links(text)
    return "?" in said or _ASKS.match(_GREETING.sub("", said)) is not None


def quoted(text: str) -> str:
    """Return the first characters of what is said, ending at a word where there is one."""
    said = _without_links(text)
    if len(said) <= _QUOTED:
        return said
    cut = said[:_QUOTED]
    whole_words, blank, _ = cut.rpartition(" ")
    return (whole_words if blank else cut).rstrip(" ,.;:–-") + "…"


def _without_links(text: str) -> str:
    return " ".join(_URL.sub(" ", text).split())


def worth_remembering(message: SeenMessage, now: datetime) -> bool:
    """
    Tell whether something may still be made of a message; whatever changes it comes again.

    A question that waits, a tip, or a post of ours, which may have to be proved yet.
    """
    of_use = waits_for_answer(message) or (message.author and message.links) or _is_ours(message)
    return bool(of_use) and now - message.created < LATELY


def remembered(
    changes: Iterable[Change[SeenMessage]], now: datetime
) -> tuple[Change[SeenMessage], ...]:
    """Return the changes of a channel with what nothing will be made of as gone."""
    return tuple(
        one
        if one.value is None or worth_remembering(one.value, now)
        else Change[SeenMessage](id=one.id, value=None)
        for one in changes
    )


@dataclass(frozen=True, kw_only=True)
class Tip:
    url: str
    title: str
    """As the message has it; empty where it has only the address."""
    domain: str
    name: str = ""
    """Of who shared it first, as Teams shows it."""


def tips(messages: Iterable[SeenMessage], internal_hosts: Iterable[str]) -> tuple[Tip, ...]:
    """Return the links that people have shared, each page once, in order of time."""
    inside = (*_INSIDE, *(host.lower() for host in internal_hosts))
    found: dict[str, Tip] = {}
    for message in sorted(messages, key=lambda one: one.created):
        for tip in _of_message(message):
            if is_tip(tip.url, inside):
                found.setdefault(_same_page(tip.url), tip)
    return tuple(found.values())


def _of_message(message: SeenMessage) -> Iterator[Tip]:
    """An app's or a flow's links are no tips, nor are ours."""
    for link in message.links if message.author and not _is_ours(message) else ():
        url = unwrapped(link.url)
        if is_https(url):
            title = _title(link, message, url)
            yield Tip(url=url, title=title, domain=_host(url), name=message.author_name)


def is_tip(url: str, inside: Iterable[str]) -> bool:
    """Tell whether a link leads by https to a named host that is not inside."""
    if not is_https(url):
        return False
    host = _host(url)
    named = "." in host and not host.rpartition(".")[2].isdigit() and ":" not in host
    return named and not any(host == one or host.endswith(f".{one}") for one in inside)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def _same_page(url: str) -> str:
    """Return what two links to the same page have in common."""
    parts = urlsplit(url)
    pairs = [pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0])]
    return f"{_host(url)}{parts.path.rstrip('/')}?{urlencode(sorted(pairs))}"


def _title(link: SeenLink, message: SeenMessage, url: str) -> str:
    """Take the title from the message, never from the page; an address is no title."""
    for said in (link.title, message.text):
        title = quoted(said).rstrip(" :–-")
        if title and _host(url) not in title:
            return title
    return ""


def channel_link(message_url: str) -> str:
    """
    Return where the channel of a message opens; empty where its address does not tell.

    https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
    """
    try:
        parts = urlsplit(message_url)
    except ValueError:
        return ""
    match parts.path.split("/"):
        case ["", "l", "message", channel, _]:
            given = dict(parse_qsl(parts.query))
            whose = urlencode([(name, given.get(name, "")) for name in ("groupId", "tenantId")])
            return f"https://{parts.netloc}/l/channel/{channel}/channel?{whose}"
        case _:
            return ""
