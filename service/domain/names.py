"""
What files and folders are called: names that a library takes, and two files of one name.

What is refused is taken from rclone's list for OneDrive and SharePoint, which follows
Microsoft's page "Restrictions and limitations in OneDrive and SharePoint".
"""

import re
import string
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from service.domain.meeting import Form, Meeting
from service.domain.network import Network

INBOX = "Inkorg"
PATH_BUDGET, SITE, _FILE = 400, 100, 140
"""Characters of a whole path, and what of it is left to site with library, and to a file."""
_LEAST_TITLE = 20
_SEGMENT_BYTES = 255
"""SharePoint counts characters; the disks that a library is synced or exported to count bytes."""
_NAMELESS = "Namnlös"

_REFUSED = re.compile(r'["*:<>?/\\|]+')
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d|desktop\.ini|forms|\.lock)$", re.IGNORECASE)
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]|[\ufffe\uffff]")


def safe_name(name: str, most: int = _FILE) -> str:
    """A name that the library takes: NFC, nothing refused, at most so many characters."""
    cleaned = _cleaned(name)
    if not _fits(cleaned, most):
        cleaned = _shorter(cleaned, most)
    return cleaned if cleaned == name else safe_name(cleaned, most)


def name_key(name: str) -> str:
    """Equal for names that cannot lie in one folder: neither case nor composition tells."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _cleaned(name: str) -> str:
    spaced = "".join(" " if unicodedata.category(c) == "Cc" else c for c in name)
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFC", spaced)
        if unicodedata.category(letter) not in _UNSEEN
    )
    shown = _NONCHARACTERS.sub("", _REFUSED.sub(" ", shown))
    bare = re.sub("_vti_", "", shown, flags=re.IGNORECASE)
    bare = re.sub(r"\s+([,;](?=\s|$)|\.\w{1,5}$)", r"\1", " ".join(bare.split()))
    bare = re.sub(r"^[~$ ,;]+", "", bare).rstrip(". ")
    stem, dot, extension = bare.partition(".")
    if _DEVICES.match(stem) or _DEVICES.match(bare):
        bare = f"{stem or 'fil'}_{dot}{extension}".replace(".lock", "lock")
    return bare or _NAMELESS


def _fits(text: str, most: int) -> bool:
    return len(text) <= most and len(text.encode()) <= _SEGMENT_BYTES


def _shorter(name: str, most: int) -> str:
    """Cut before the extension, at a word where there is one not too far back."""
    stem, dot, extension = name.rpartition(".")
    if not dot or not stem or len(extension) > 10 or " " in extension:
        stem, extension = name, ""
    return _with_tail(stem, f".{extension}" if extension else "", most)


def _with_tail(stem: str, tail: str, most: int) -> str:
    """So much of the stem that what stands behind it has room."""
    room = most - len(tail)
    while not _fits(_cut(stem, room) + tail, most):
        room -= 1
    return _cut(stem, room) + tail


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
    used = {name_key(other) for other in taken}
    plain = safe_name(name)
    if name_key(plain) not in used:
        return plain
    stem, dot, extension = plain.rpartition(".")
    stem, tail = (stem, dot + extension) if stem else (plain, "")
    for number in range(1 if label else 2, len(used) + 3):
        mark = " ".join(part for part in (label, str(number) if number > 1 else "") if part)
        candidate = _with_tail(stem, f" ({mark}){tail}", _FILE)
        if name_key(candidate) not in used:
            return candidate
    raise AssertionError("more names than files that take them")


# ---------------------------------------------------------------- folders

FIELDS = frozenset({"year", "date", "title", "place", "group"})
"""What a template of folder names may say in braces."""


def folder_path(meeting: Meeting, network: Network, *, joint_label: str, before: int = SITE) -> str:
    """
    The folder of a meeting below the library's root, by the network's template.

    An empty field takes what surrounds it along: no place leaves no comma. The title gives
    way where the whole path would grow too long; `before` is what site and library take.
    """
    fields = _fields(meeting, network, joint_label)
    template = network.template
    rest = len(_filled(template, {**fields, "title": "x"})) - 1
    room = PATH_BUDGET - max(before, SITE) - _FILE - rest
    title = _cut(safe_name(meeting.title or _NAMELESS, PATH_BUDGET), max(room, _LEAST_TITLE))
    return _filled(template, {**fields, "title": safe_name(title, PATH_BUDGET)})


def _fields(meeting: Meeting, network: Network, joint_label: str) -> dict[str, str]:
    group = ""
    if meeting.groups:
        group = joint_label if meeting.joint else network.group(meeting.groups[0]).name
    there = meeting.place if meeting.form is not Form.DIGITAL else ""
    return {
        "year": str(meeting.first_day.year),
        "date": meeting.first_day.isoformat(),
        "place": safe_name(there, 50) if there else "",
        "group": safe_name(group, 58) if group else "",
    }


def _filled(template: str, fields: Mapping[str, str]) -> str:
    return "/".join(
        safe_name(filled, PATH_BUDGET)
        for segment in template.split("/")
        if (filled := _without_empty(segment, fields).format_map(fields))
    )


def _without_empty(segment: str, fields: Mapping[str, str]) -> str:
    for name in (name for name, text in fields.items() if not text and name != "title"):
        segment = re.sub(rf"[\s,;:–—-]*[(\[]?\{{{name}\}}[)\]]?", "", segment)
    return segment


def template_problems(template: str) -> Iterator[str]:
    """Tell what is wrong with a template of folder names, and what to write."""
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        yield f"its braces do not match ({error}); write e.g. {{date}} {{title}}"
        return
    known = ", ".join(f"{{{name}}}" for name in sorted(FIELDS))
    for _, name, form, conversion in parts:
        if name is not None and (name not in FIELDS or form or conversion):
            yield f"there is no field {{{name}}}; write {known}, with nothing else in the braces"
    last = template.rpartition("/")[2]
    if "{date}" not in last or "{title}" not in last:
        yield "two meetings could get one folder; write {date} and {title} in its last part"
    for segment in template.split("/"):
        plain = re.sub(r"\{\w*\}", "x", segment)
        if safe_name(plain) != plain:
            yield f"`{segment}` is no name that SharePoint takes; leave out what it refuses"


def inbox_folder(meeting: Meeting) -> str:
    """`Inkorg/{date} {title}`."""
    title = _cut(safe_name(meeting.title or _NAMELESS), _FILE - len("2023-03-08 "))
    return f"{INBOX}/" + safe_name(f"{meeting.first_day} {title}")
