"""
Writes the plan as text to paste: for the newsletter, and for the public calendar.

Plain text takes on the looks of wherever it is pasted, in Outlook as on a web page.
"""

from collections.abc import Iterator

from service.domain.network import Network
from service.domain.plan.plan import Entry, OperationsPlan
from service.render.documents.plan_lines import Lines
from service.render.plain import link, one_line

_NOTEPAD = "\ufeff"
"""Tells Windows' Notepad that the file is UTF-8."""


def plan_text(plan: OperationsPlan, lines: Lines) -> bytes:
    """Write both texts into one file, with the line ends of Windows."""
    written = (*_newsletter(plan, lines), "", "", *_public(plan, lines))
    return (_NOTEPAD + "\r\n".join(written) + "\r\n").encode()


def _newsletter(plan: OperationsPlan, lines: Lines) -> Iterator[str]:
    words = lines.words
    yield words.newsletter
    yield ""
    yield words.title.format(year=plan.year)
    yield words.newsletter_lead.format(network=lines.network.name, year=plan.year)
    for first, entries in plan.months:
        yield ""
        yield lines.month(first)
        yield from (f"• {_sentence(entry, lines)}" for entry in entries)
    if plan.undated:
        yield ""
        yield words.no_date
        yield from (f"• {_sentence(entry, lines)}" for entry in plan.undated)


def _sentence(entry: Entry, lines: Lines) -> str:
    """Write as in "ons 8 mars kl. 9.30–15.30: Natur i stadsplanering. Alingsås. …"."""
    words, parts = lines.words, [lines.title(entry), lines.place(entry), lines.groups(entry)]
    if not entry.booked:
        parts.append(words.tentative[:1].upper() + words.tentative[1:])
    head = lines.when(entry) if entry.first_day or entry.when else ""
    body = f"{'. '.join(part.rstrip('.') for part in parts)}."
    registration = lines.registration(entry)
    said = f"{body} {registration}" if registration else body
    return f"{head}: {said}" if head else said


def _public(plan: OperationsPlan, lines: Lines) -> Iterator[str]:
    yield lines.words.public
    yield lines.words.public_lead
    for entry in plan.dated:
        if entry.title:
            yield ""
            yield from _block(entry, lines)


def _block(entry: Entry, lines: Lines) -> Iterator[str]:
    words, network = lines.words, lines.network
    fields = (
        (words.field_title, lines.title(entry)),
        (words.field_date, lines.days(entry)),
        (words.field_time, lines.hours(entry)),
        (words.field_place, "" if lines.is_unset(entry) else lines.place(entry)),
        (words.field_for, _audience(entry, network, lines)),
        (words.field_host, network.name),
        (words.field_register, link(entry.registration_link)),
        (words.field_about, one_line(entry.summary)),
    )
    yield from (field.format(value=value) for field, value in fields if value)
    if entry.register_by:
        yield words.register_by.format(day=lines.texts.day(entry.register_by))
    if not entry.booked:
        yield words.tentative_note


def _audience(entry: Entry, network: Network, lines: Lines) -> str:
    said = [group.audience for group in network.groups if group.id in entry.groups]
    return lines.texts.listed([one for one in said if one]) or lines.groups(entry)
