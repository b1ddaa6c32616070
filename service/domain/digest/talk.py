"""What people say in a channel: which of it waits for an answer, and which links are tips."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from service.domain.post import is_https, unwrapped
from service.observe import SeenLink, SeenMessage

_QUOTED = 80

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
    answered = any(reply.author not in ("", message.author) for reply in message.replies)
    return bool(message.author) and not answered and _is_question(message.text)


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


@dataclass(frozen=True, kw_only=True)
class Tip:
    url: str
    title: str
    """As the message has it; empty where it has only the address."""
    domain: str


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
    """An app's or a flow's links are no tips."""
    for link in message.links if message.author else ():
        url = unwrapped(link.url)
        if is_https(url):
            yield Tip(url=url, title=_title(link, message, url), domain=_host(url))


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
