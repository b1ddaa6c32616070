"""What a meeting is called, of what kind it is, and whether people meet at a place."""

import re
import unicodedata

from service.domain.meeting import Form, Kind
from service.domain.network import Network

_ONLINE = re.compile(
    r"\b(?:teams|zoom|skype|webex|online|digital[ta]?|digitalt möte|nettmøte|webb?möte)\b|https?://",
    re.IGNORECASE,
)
_PLACES = re.compile(r"\s*[;|]\s*|\s+(?:eller|och|samt|og|or|and|&|/)\s+", re.IGNORECASE)
_FORWARDED = re.compile(
    r"^(?:vb|vs|fw|fwd|sv|re|inbjudan|invitasjon|invitation|innbydelse|kallelse|uppdatera[dt]|"
    r"oppdatert|updated|inställ[td]|avlyst|cancell?ed|påminnelse|reminder)\s*:\s*",
    re.IGNORECASE,
)
_LED = re.compile(r"^(?:\[(?P<bracket>[^\]]+)\]|(?P<led>[^:–—|]{2,90}?)(?:\s*:|\s[-–—|]))\s+(?=\S)")
_LISTED = re.compile(r"\s*[+,&/]\s*|\s+(?:och|og|and)\s+")
_APART = re.compile(r"\s*[;\n]\s*|\s\+\s")
_TRAINING = re.compile(
    r"\w*utbildning(?:en|ar|sdag\w*|stillfälle\w*)?\b|\bkurs(?:en|er|et|dag\w*)?\b|"
    r"\bopplæring(?:en|sdag\w*)?\b|\btraining\b|\bcourse\b",
    re.IGNORECASE,
)
_WEBINAR = re.compile(r"webb?inar", re.IGNORECASE)


def is_online(place: str) -> bool:
    return bool(_ONLINE.search(place))


def on_site(place: str) -> str:
    """The place without what is no place: "Microsoft Teams-möte", a link, "digitalt"."""
    parts = _PLACES.split(place.strip())
    there = [part for part in parts if part and not _ONLINE.search(part)]
    return place.strip() if len(there) == len(parts) else "; ".join(there)


def kind_of_meeting(subject: str, form: Form) -> Kind:
    """By a word of the subject, else by whether people meet at a place."""
    usual = Kind.MEETING if form is Form.DIGITAL else Kind.GATHERING
    return kind_named_by(subject) or usual


def kind_named_by(subject: str) -> Kind | None:
    if _TRAINING.search(subject):
        return Kind.TRAINING
    return Kind.WEBINAR if _WEBINAR.search(subject) else None


def groups_named(written: str, network: Network) -> tuple[str, ...]:
    """
    Return the ids of the focus groups that a column names, in the network's order.

    By id, name or alias, however joined; a name that has an "och" in it is tried whole first.
    """
    pieces = {_fold(piece) for piece in _APART.split(written)}
    pieces |= {_fold(part) for piece in _APART.split(written) for part in _LISTED.split(piece)}
    return tuple(
        group.id
        for group in network.groups
        if pieces & {_fold(word) for word in (group.id, group.name, *group.aliases)}
    )


def title_of(subject: str, groups: tuple[str, ...] = (), network: Network | None = None) -> str:
    """The subject without "VB:", "Inbjudan:" and the name of a focus group before it."""
    words = _group_words(groups, network)
    whole = title = " ".join(unicodedata.normalize("NFC", subject).split())
    while True:
        shorter = _FORWARDED.sub("", title)
        led = _LED.match(shorter)
        if led and all(
            _fold(word) in words for word in _LISTED.split(led["bracket"] or led["led"])
        ):
            shorter = shorter[led.end() :]
        if shorter == title:
            return title or whole
        title = shorter


def _group_words(groups: tuple[str, ...], network: Network | None) -> frozenset[str]:
    named = (
        [word for group in network.groups for word in (group.id, group.name, *group.aliases)]
        if network
        else []
    )
    folded = {_fold(word) for word in (*groups, *named) if word}
    stems = {re.sub(r"(?:grupp(?:en)?|gruppe|group)$", "", word) for word in folded}
    return frozenset({*folded, *stems, *(f"{stem}gruppen" for stem in stems)} - {"", "gruppen"})


def _fold(word: str) -> str:
    """Letters and digits only, without marks: "Miljöstrategi" is the id "miljostrategi"."""
    marked = unicodedata.normalize("NFD", word.casefold())
    return "".join(letter for letter in marked if letter.isalnum())
