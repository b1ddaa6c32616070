"""
Writes the plan as a calendar to open once or to subscribe to.

RFC 5545 with the properties of RFC 7986, and the two that Outlook reads (X-WR-CALNAME,
X-PUBLISHED-TTL). It is published, not requested (RFC 5546, 3.2.1): nobody is asked to
answer. Times are in UTC, which is right on either side of a change of the clocks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, vCalAddress

from service.domain.plan.listing import Listed
from service.domain.post import is_https
from service.render.calendar_file import PRODUCT
from service.render.documents.plan_lines import Lines
from service.render.plain import link, one_line

ASKED_EVERY = timedelta(hours=6)
"""How often a program that subscribes is to ask."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    """What is said of the calendar as a whole."""

    name: str
    about: str
    key: str
    """Tells it from other calendars, for good."""
    page: str
    """https address of the network's page."""


def plan_calendar(entries: Iterable[Listed], cover: Cover, lines: Lines) -> bytes:
    """Write iCalendar; equal input gives equal bytes, entries in the order of their days."""
    listed = sorted(entries, key=lambda one: (one.entry.first_day or date.max, one.uid))
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("UID", str(uuid5(NAMESPACE_URL, cover.key)))
    language = {"LANGUAGE": lines.texts.language}
    calendar.add("NAME", cover.name, parameters=language)
    calendar.add("X-WR-CALNAME", cover.name)
    calendar.add("DESCRIPTION", cover.about, parameters=language)
    calendar.add("X-WR-CALDESC", cover.about)
    calendar.add("X-WR-TIMEZONE", lines.network.time_zone)
    calendar.add("REFRESH-INTERVAL", ASKED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", f"PT{int(ASKED_EVERY.total_seconds()) // 3600}H")
    if is_https(cover.page):
        calendar.add("URL", link(cover.page))
    if listed:
        calendar.add("LAST-MODIFIED", max(one.changed for one in listed).astimezone(UTC))
    for one in listed:
        if one.entry.first_day is not None:
            calendar.add_component(_event(one, cover, lines))
    written: bytes = calendar.to_ical()
    return written


def _event(one: Listed, cover: Cover, lines: Lines) -> Event:
    entry, event = one.entry, Event()
    event.add("UID", one.uid)
    # No clock is asked: the same plan gives the same bytes.
    event.add("DTSTAMP", one.changed.astimezone(UTC))
    event.add("LAST-MODIFIED", one.changed.astimezone(UTC))
    event.add("SEQUENCE", one.sequence)
    _add_times(event, one)
    event.add("SUMMARY", lines.title(entry))
    event.add("ORGANIZER", vCalAddress(f"mailto:{lines.network.mailbox}"))
    if entry.place or lines.place(entry) == lines.words.digital:
        event.add("LOCATION", lines.place(entry))
    names = [group.name for group in lines.network.groups if group.id in entry.groups]
    if names:
        event.add("CATEGORIES", names)
    event.add("DESCRIPTION", "\n".join(_described(one, lines)))
    if address := link(entry.registration_link) or link(cover.page):
        event.add("URL", address)
    event.add("STATUS", _status(one))
    # A day that is only planned keeps nobody from booking it.
    timed = entry.booked and entry.start is not None and not entry.cancelled
    event.add("TRANSP", "OPAQUE" if timed else "TRANSPARENT")
    return event


def _add_times(event: Event, one: Listed) -> None:
    """A whole day where no hours are known; its end is the day after the last."""
    entry = one.entry
    if entry.start and entry.end:
        event.add("DTSTART", entry.start.astimezone(UTC))
        event.add("DTEND", entry.end.astimezone(UTC))
    elif entry.first_day and entry.last_day:
        event.add("DTSTART", entry.first_day)
        event.add("DTEND", entry.last_day + timedelta(days=1))


def _described(one: Listed, lines: Lines) -> Iterable[str]:
    entry, words = one.entry, lines.words
    yield lines.groups(entry)
    if kind := lines.kind(entry):
        yield kind[:1].upper() + kind[1:]
    if said := lines.registration(entry):
        yield said
    if terms := one_line(entry.terms):
        yield words.terms.format(terms=terms)
    if not entry.booked and not entry.cancelled:
        yield words.tentative_note


def _status(one: Listed) -> str:
    if one.entry.cancelled:
        return "CANCELLED"
    return "CONFIRMED" if one.entry.booked else "TENTATIVE"
