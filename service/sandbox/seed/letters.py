"""The HTML of invitations, with the habits of the Outlooks that officials write in."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.sandbox.seed import days
from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import Cancelled, PersonData, Speaker
from service.sandbox.seed.meetings import Meeting

LOGO_NAME = "image001.png"
NETWORK = "Kommunnätverket för hållbar utveckling"
GREETINGS = ("Hej!", "Hej alla,", "Hej alla i nätverket!", "Hej och välkomna!")
ENTITIES = {
    "å": "&aring;",
    "ä": "&auml;",
    "ö": "&ouml;",
    "Å": "&Aring;",
    "Ä": "&Auml;",
    "Ö": "&Ouml;",
}


@dataclass(frozen=True)
class Look:
    """
    How one person's Outlook writes HTML.

    The old one, with Word inside, names letters by entities and sets every line in a
    paragraph of its own class; the new one writes plain `div`s and letters as they are.
    """

    word: bool
    bold_labels: bool

    def line(self, inner: str) -> str:
        if not self.word:
            return f"<div>{inner}</div>\n"
        for letter, entity in ENTITIES.items():
            inner = inner.replace(letter, entity)
        return f"<p class=MsoNormal><span lang=SV>{inner}<o:p></o:p></span></p>\n"

    def gap(self) -> str:
        if not self.word:
            return "<div><br></div>\n"
        return "<p class=MsoNormal><span lang=SV><o:p>&nbsp;</o:p></span></p>\n"

    def label(self, label: str, value: str) -> str:
        """A labelled line; with a hard space after the colon where Word put one."""
        shown = f"<b>{label}:</b>" if self.bold_labels else f"{label}:"
        return self.line(f"{shown}{'&nbsp;' if self.word else ' '}{value}")

    def page(self, body: str) -> str:
        if not self.word:
            return f'<html><head></head><body dir="ltr">\n{body}</body></html>'
        return (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office">\n'
            '<head><meta name=Generator content="Microsoft Word 15 (filtered medium)">\n'
            "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt;} --></style></head>\n"
            f'<body lang=SV link="#0563C1"><div class=WordSection1>\n{body}</div></body></html>'
        )


def invitation(meeting: Meeting, organizer: PersonData, *, note: str = "") -> str:
    """The whole body; `note` is what was put on top when the invitation was sent again."""
    detail = meeting.detail
    draw = chance(meeting.key, "letter")
    look = Look(word=draw.random() < 0.6, bold_labels=draw.random() < 0.5)
    parts = [look.line(escaped(draw.choice(GREETINGS))), look.gap()]
    if note:
        parts += [look.line(f"<b>{escaped(meeting.text(note))}</b>"), look.gap()]
    for paragraph in detail.intro:
        parts += [look.line(escaped(meeting.text(paragraph))), look.gap()]
    parts.append(look.line("<b>Program</b>"))
    parts += [look.line(f"{_dash(look)}{escaped(point)}") for point in detail.programme]
    parts += [look.gap(), *_labels(meeting, look), look.gap()]
    parts.append(_signature(organizer, look))
    if meeting.online:
        parts.append(_join_block(meeting.key, look))
    return look.page("".join(parts))


def short_invitation(meeting: Cancelled, organizer: PersonData) -> str:
    look = Look(word=False, bold_labels=False)
    parts = [look.line("Hej!"), look.gap()]
    for paragraph in meeting.intro:
        parts += [look.line(escaped(paragraph)), look.gap()]
    parts += [look.line(f"- {escaped(point)}") for point in meeting.programme]
    parts += [look.gap(), _signature(organizer, look)]
    parts.append(_join_block(meeting.date.isoformat(), look))
    return look.page("".join(parts))


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def speaker(speaker: Speaker) -> str:
    return f"{speaker.name} ({speaker.of})" if speaker.name else speaker.of


def listed(names: Sequence[str]) -> str:
    """`A, B och C`."""
    *first, last = names
    return f"{', '.join(first)} och {last}" if first else last


def _labels(meeting: Meeting, look: Look) -> Iterator[str]:
    detail = meeting.detail
    if detail.speakers:
        named = listed([speaker(one) for one in detail.speakers])
        yield look.label("Medverkande", escaped(named))
    if not meeting.online:
        yield look.label("Plats", escaped(detail.location))
    if detail.register_by:
        by = _day(meeting, look, days.short(meeting.calendar.day(detail.register_by)))
        yield look.label("Anmälan", f"{_link(detail.register)} senast {by}")
    for term in detail.terms:
        label, _, value = term.partition(": ")
        yield look.label(label, escaped(value)) if value else look.line(escaped(term))
    if detail.questions_by:
        by = _day(meeting, look, days.short(meeting.calendar.day(detail.questions_by)))
        yield look.label("Frågor", f"skicka in senast {by}, så hinner vi ta med dem")
    if detail.evaluation:
        by = _day(meeting, look, days.short(meeting.closes))
        yield look.label("Utvärdering", _link(detail.evaluation))
        yield look.line(f"Svara senast {by}.")


def _day(meeting: Meeting, look: Look, day: str) -> str:
    """A day of the month; Word's autotext keeps its parts together."""
    held = look.word and chance(meeting.key, "hard space", day).random() < 0.5
    return day.replace(" ", "&nbsp;") if held else day


def _link(address: str) -> str:
    return f'<a href="{address}">{address}</a>'


def _dash(look: Look) -> str:
    return "&ndash;&nbsp;&nbsp;" if look.word else "- "


def _signature(organizer: PersonData, look: Look) -> str:
    lines = (
        look.line("Med vänliga hälsningar"),
        look.line(escaped(organizer.name)),
        look.line(escaped(f"{organizer.role}, {NETWORK}" if organizer.role else NETWORK)),
        look.line(f'<a href="mailto:{organizer.mail}">{organizer.mail}</a>'),
        look.line(f'<img width=120 height=36 alt="Logotyp" src="cid:{LOGO_NAME}@01D90000">'),
    )
    return "".join(lines)


def _join_block(key: str, look: Look) -> str:
    """What Teams puts below a letter; the identifiers are made up from the key."""
    digits = f"{chance(key, 'join').randrange(10**9):09d}"
    link = (
        f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_sandlada{digits}"
        "%40thread.v2/0?context=%7b%22Tid%22%3a%22sandlada%22%7d"
    )
    number = f"300 {digits[:3]} {digits[3:6]} {digits[6:]}"
    return (
        f"{look.gap()}<div>{'_' * 80}</div>\n"
        "<div><b>Microsoft Teams-m&ouml;te</b></div>\n"
        "<div>Anslut p&aring; din dator, mobilapp eller rumsenhet</div>\n"
        f'<div><a href="{link}">Klicka h&auml;r f&ouml;r att ansluta till m&ouml;tet</a></div>\n'
        f"<div>M&ouml;tes-ID: {number}</div>\n"
        '<div><a href="https://aka.ms/JoinTeamsMeeting">Ta reda p&aring; mer</a></div>\n'
        f"<div>{'_' * 80}</div>\n"
    )
