"""
Names: what a meeting is called, what its folder and files are called, whose a file is.

What a library refuses in names is taken from `rclone`'s list, which follows Microsoft's.
Reasons are shown to coordinators, and so in Swedish.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from service.domain.dates import dates_in
from service.domain.meeting import Form, Kind, Meeting, Status
from service.domain.network import Network
from service.observe import SeenAttachment

INBOX = "Inkorg"
PATH_BUDGET, _SITE, _FILE = 400, 100, 140
"""Characters of a whole path, and what of it is left to site with library, and to a file."""
_NAMELESS = "Namnlös"

_REFUSED = re.compile(r'["*:<>?/\\|\x00-\x1f\x7f]+')
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d|desktop\.ini|forms|\.lock)$", re.IGNORECASE)


@dataclass(frozen=True)
class Placed:
    """The file is the meeting's."""

    meeting: Meeting
    reason: str


@dataclass(frozen=True)
class Unsure:
    """A person has to say; the likeliest first."""

    candidates: tuple[Meeting, ...]
    reason: str


# ---------------------------------------------------------------- names of files and folders


def safe_name(name: str, most: int = _FILE) -> str:
    """A name that the library takes: NFC, nothing refused, at most so many characters."""
    cleaned = _cleaned(name)
    if len(cleaned) > most:
        cleaned = _shorter(cleaned, most)
    return cleaned if cleaned == name else safe_name(cleaned, most)


def _cleaned(name: str) -> str:
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFC", name.replace("\xa0", " "))
        if unicodedata.category(letter) not in {"Cf", "Cs"}
    )
    bare = re.sub("_vti_", "", _REFUSED.sub(" ", shown), flags=re.IGNORECASE)
    bare = re.sub(r"\s+([,;](?=\s|$)|\.\w{1,5}$)", r"\1", " ".join(bare.split()))
    bare = re.sub(r"^[~$ ,;]+", "", bare).rstrip(". ")
    stem, dot, extension = bare.partition(".")
    if _DEVICES.match(stem) or _DEVICES.match(bare):
        bare = f"{stem or 'fil'}_{dot}{extension}".replace(".lock", "lock")
    return bare or _NAMELESS


def _shorter(name: str, most: int) -> str:
    """Cut before the extension, at a word where there is one not too far back."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > 10 or " " in extension:
        stem, extension = name, ""
    tail = f".{extension}" if extension else ""
    return _cut(stem, most - len(tail)) + tail


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    at = text.rfind(" ", most // 2, most + 1)
    return text[: at if at > 0 else most].rstrip(" ,;–-.(")


def free_name(name: str, taken: Collection[str], label: str = "") -> str:
    """
    The name, or one beside it if a different file has it: "Agenda (2).docx".

    A label tells why there are two: "Agenda (ny version).docx", "Agenda (ny version 2).docx".
    """
    used = {_key(other) for other in taken}
    plain = safe_name(name)
    if _key(plain) not in used:
        return plain
    stem, dot, extension = plain.rpartition(".")
    stem, tail = (stem, dot + extension) if stem else (plain, "")
    for number in range(1 if label else 2, len(used) + 3):
        mark = " ".join(part for part in (label, str(number) if number > 1 else "") if part)
        ending = f" ({mark}){tail}"
        candidate = _cut(stem, _FILE - len(ending)) + ending
        if _key(candidate) not in used:
            return candidate
    raise AssertionError("more names than files that take them")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def folder_path(meeting: Meeting, network: Network, *, joint_label: str) -> str:
    """`{year}/{date} {title}, {place} ({group})`; a meeting held online has no place."""
    group = ""
    if meeting.groups:
        group = joint_label if meeting.joint else network.group(meeting.groups[0]).name
    year = str(meeting.first_day.year)
    end = safe_name(f"({group})", 60) if group else ""
    place = (
        safe_name(meeting.place, 50) if meeting.place and meeting.form is not Form.DIGITAL else ""
    )
    room = PATH_BUDGET - _SITE - _FILE - len(f"{year}/{meeting.first_day} , {place} {end}")
    title = safe_name(_cut(safe_name(meeting.title or _NAMELESS, PATH_BUDGET), room))
    name = f"{meeting.first_day} {title}" + (f", {place}" if place else "")
    return f"{year}/" + safe_name(f"{name} {end}".strip(), PATH_BUDGET)


def inbox_folder(meeting: Meeting) -> str:
    """`Inkorg/{date} {title}`."""
    title = _cut(safe_name(meeting.title or _NAMELESS), _FILE - len("2023-03-08 "))
    return f"{INBOX}/" + safe_name(f"{meeting.first_day} {title}")


# ---------------------------------------------------------------- what a file is

_KINDS = (
    ("Inbjudan", r"inbjud\w*|innbydelse\w*|invitasjon\w*|invitation\w*|kallelse\w*|innkalling\w*"),
    (
        "Program",
        r"(?:dags?|mötes|møte|konferens|kurs)?program(?:met|me)?|agenda\w*|dag(?:s)?ordning\w*|"
        r"dagsorden|(?:kör|tids)?schema|kjøreplan|saksliste|schedule",
    ),
    (
        "Anteckningar",
        r"\w*anteckning(?:ar|arna)?|\w*protokoll\w*|referat|møtereferat|notat\w*|minutes|notes|"
        r"summering|sammanfattning",
    ),
    (
        "Presentation",
        r"\w*presenta[ts]\w*|bildspel\w*|föreläsning\w*|foredrag\w*|slides?|åhörarkopior",
    ),
    ("Rapport", r"\w*rapport(?:en|er)?|report"),
    ("Bilder", r"bilder|foton?|fotografier|photos|pictures"),
)
_BY_WORD = tuple((kind, re.compile(rf"(?:{words})")) for kind, words in _KINDS)
_EXTENSIONS = {
    "Textning": {"vtt", "srt"},
    "Inspelning": {"mp4", "m4v", "mov", "webm", "mkv", "m4a", "mp3", "wav"},
    "Bilder": {"jpg", "jpeg", "png", "heic", "gif", "webp", "tif", "tiff", "bmp"},
    "Presentation": {"pptx", "ppt", "pptm", "ppsx", "odp", "key"},
}
_CONTENT = {
    "text/vtt": "Textning",
    "video/": "Inspelning",
    "audio/": "Inspelning",
    "image/": "Bilder",
}
_BESIDE = {"ics", "vcf", "vcs", "p7s", "p7m", "asc", "dat", "eml", "msg", "htm"}
_LOGO = re.compile(
    r"^(?:image\d{3}|att\d{5}|outlook-\S+|\S*logo(?:typ)?\S*)\.\w{2,4}$", re.IGNORECASE
)
_LOGO_BYTES = 60_000


def kind_of(name: str, content_type: str) -> str:
    """What the column `NvType` says: by the kind of the file, then by a word of its name."""
    extension = _extension(name)
    by_form = next((kind for kind, known in _EXTENSIONS.items() if extension in known), "") or next(
        (kind for start, kind in _CONTENT.items() if content_type.startswith(start)), ""
    )
    if by_form in {"Textning", "Inspelning", "Bilder"}:
        return by_form
    words = _tokens(name)
    by_word = next((kind for kind, known in _BY_WORD if any(map(known.fullmatch, words))), "")
    # Slides are often called after what they report or show; a programme is one in any form.
    return by_form if by_form and by_word in {"", "Rapport", "Bilder"} else by_word or "Övrigt"


def is_material(attachment: SeenAttachment) -> bool:
    """Tell a file for the participants from pictures in the text, logos and calendar files."""
    if not attachment.is_file or attachment.inline or not attachment.size:
        return False
    extension = _extension(attachment.name)
    if extension in _BESIDE or attachment.content_type in {"text/calendar", "application/ms-tnef"}:
        return False
    if not _LOGO.match(attachment.name):
        return True
    numbered = re.match(r"(?i)image\d|att\d|outlook-", attachment.name)
    return not numbered and not (
        extension in _EXTENSIONS["Bilder"] and attachment.size < _LOGO_BYTES
    )


def _extension(name: str) -> str:
    return name.rpartition(".")[2].strip().casefold() if "." in name else ""


def _tokens(name: str) -> list[str]:
    """The words of a file name, without its extension and without numbers."""
    return _words(re.sub(r"\.\w{2,5}$", "", name))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())


# ---------------------------------------------------------------- whose a file is

_BEFORE, _AFTER = timedelta(days=60), timedelta(days=90)
_CLEAR, _MARGIN = 0.5, 0.2
_ALIKE = 0.85
_COMMON = frozenset(
    """och eller för med till från den det ett som inte kring hur samt utan mot nya nye info kopia
    copy av slutlig final utkast klar version rev kommun kommuner kommunerna nätverk nätverket dag
    nätverkets träff träffen möte mötet nätverksträff nätverksmöte utbildning utbildningsdag arbete
    kommende kommande arbetet projekt the and for with from img dsc scan dokument utvärdering enkät
    evaluering evaluation survey meeting møte recording inspelning""".split()  # noqa: SIM905
)


def place(
    name: str, modified: datetime, folder: str, meetings: Sequence[Meeting], *, time_zone: str
) -> Placed | Unsure:
    """
    Find the meeting a file belongs to: by its folder, a date in its name, words of its name.

    `folder` is the path below the library's root. Words decide only where one meeting
    near in time is clearly the likeliest.
    """
    open_ones = [meeting for meeting in meetings if meeting.status is not Status.CANCELLED]
    year = modified.astimezone(ZoneInfo(time_zone)).year
    return (
        _by_folder(folder, meetings)
        or _by_date(name, year, open_ones)
        or _by_words(name, modified, open_ones)
    )


def _by_folder(folder: str, meetings: Sequence[Meeting]) -> Placed | Unsure | None:
    for segment in reversed(folder.split("/")):
        days = dates_in(segment[:10], default_year=None)
        that_day = [meeting for meeting in meetings if days and _is_on(meeting, days)]
        if that_day:
            return _one_of(that_day, segment[10:], f"ligger i mappen ”{segment}”")
    return None


def _by_date(name: str, year: int, meetings: Sequence[Meeting]) -> Placed | Unsure | None:
    """A day without a year is of the year in which the file was saved, else of a neighbour."""
    for assumed in (year, year - 1, year + 1):
        days = dates_in(name, default_year=assumed)
        that_day = [meeting for meeting in meetings if _is_on(meeting, days)]
        if that_day:
            named = next(day for day in days if _is_on(that_day[0], [day]))
            return _one_of(that_day, name, f"datumet {named} står i namnet")
    return None


def _is_on(meeting: Meeting, days: Iterable[date]) -> bool:
    return any(meeting.first_day <= day <= meeting.last_day for day in days)


def _one_of(meetings: list[Meeting], words: str, reason: str) -> Placed | Unsure:
    if len(meetings) == 1:
        return Placed(meetings[0], reason)
    winner = _clear_winner(words, meetings)
    if winner:
        return Placed(winner, f"{reason}, och rubriken stämmer")
    return Unsure(tuple(meetings), f"{reason}, men flera möten stämmer med det")


def _by_words(name: str, modified: datetime, meetings: Sequence[Meeting]) -> Placed | Unsure:
    near = [one for one in meetings if one.start - _BEFORE <= modified <= one.end + _AFTER]
    near.sort(key=lambda one: min(abs(one.start - modified), abs(one.end - modified)))
    winner = _clear_winner(name, near)
    if winner:
        return Placed(winner, "ord i namnet stämmer med mötets rubrik")
    alike = [meeting for meeting in near if likeness(name, meeting) > 0]
    if alike:
        ranked = sorted(alike, key=lambda meeting: -likeness(name, meeting))
        return Unsure(tuple(ranked[:3]), "namnet påminner om mötet, men inte tydligt nog")
    return Unsure(tuple(near[:2]), "varken datum eller ord ur någon rubrik i namnet")


def _clear_winner(words: str, meetings: Sequence[Meeting]) -> Meeting | None:
    ranked = sorted(((likeness(words, one), one) for one in meetings), key=lambda pair: -pair[0])
    if not ranked or ranked[0][0] < _CLEAR:
        return None
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if ranked[0][0] - second >= _MARGIN else None


def likeness(name: str, meeting: Meeting) -> float:
    """From 0 to 1: how many words of the name are the meeting's, and the other way round."""
    said = [word for word in _tokens(name) if _tells(word)]
    title = [word for word in _words(meeting.title) if _tells(word)]
    known = [*title, *(word for word in _words(meeting.place) if _tells(word))]
    if not said or not known:
        return 0.0
    hits = sum(any(_alike(word, other) for other in known) for word in said)
    back = sum(any(_alike(word, other) for other in said) for word in title)
    return (2 * hits / len(said) + back / max(len(title), 1)) / 3


def _tells(word: str) -> bool:
    return len(word) > 2 and word not in _COMMON and not any(k.fullmatch(word) for _, k in _BY_WORD)


def _alike(one: str, other: str) -> bool:
    """The same word in another form, or the beginning of a compound."""
    short, long = sorted((one, other), key=len)
    if len(short) >= 5 and long.startswith(short):
        return True
    return one == other or SequenceMatcher(None, one, other).ratio() >= _ALIKE


# ---------------------------------------------------------------- what a meeting is called

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
    if _TRAINING.search(subject):
        return Kind.TRAINING
    if _WEBINAR.search(subject):
        return Kind.WEBINAR
    return Kind.MEETING if form is Form.DIGITAL else Kind.GATHERING


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
