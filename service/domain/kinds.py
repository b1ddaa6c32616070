"""What a file is: a programme, notes, a picture; or nothing for the participants."""

import re
import unicodedata

from service.observe import SeenAttachment

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
    words = words_of_name(name)
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


def words_of(text: str) -> list[str]:
    """Words in lower case, without numbers; accents of other languages are kept."""
    return re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", text).casefold())


def words_of_name(name: str) -> list[str]:
    """The words of a file name, without its extension."""
    return words_of(without_ending(name))


def without_ending(name: str) -> str:
    return re.sub(r"\.\w{2,5}$", "", name)


def is_kind(word: str) -> bool:
    """Tell whether a word says only what a file is."""
    return any(known.fullmatch(word) for _, known in _BY_WORD)
