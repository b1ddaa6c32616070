"""
Write what a post is about as a calendar file (RFC 5545, published by RFC 5546).

The network's own invitation comes from Outlook and is answered there. This file is for those
who did not get it, so that it is published and not requested: a request would ask everybody to
accept once more, and make a second organiser of the sender.
"""

from datetime import UTC

from icalendar import Calendar, Event, vCalAddress

from service.domain.post import Appointment
from service.render.plain import link, one_line

PRODUCT = "-//Natverket//Natverket//EN"


def calendar_file(appointment: Appointment, *, organizer: str) -> bytes:
    """
    Write an iCalendar file of one event, its times in UTC; `organizer` is a mail address.

    A cancelled one takes away what was published, or invited, under the same UID.
    """
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "CANCEL" if appointment.cancelled else "PUBLISH")
    calendar.add_component(_event(appointment, organizer))
    written: bytes = calendar.to_ical()
    return written


def _event(appointment: Appointment, organizer: str) -> Event:
    event = Event()
    event.add("UID", appointment.uid)
    # No clock is asked: the same appointment gives the same bytes. Of two files with one UID
    # the later DTSTAMP holds (RFC 5546, 2.1.5).
    event.add("DTSTAMP", appointment.changed.astimezone(UTC))
    event.add("LAST-MODIFIED", appointment.changed.astimezone(UTC))
    event.add("DTSTART", appointment.start.astimezone(UTC))
    event.add("DTEND", appointment.end.astimezone(UTC))
    event.add("SUMMARY", one_line(appointment.title))
    event.add("ORGANIZER", vCalAddress(f"mailto:{organizer}"))
    if place := one_line(appointment.place):
        event.add("LOCATION", place)
    if address := link(appointment.url):
        event.add("URL", address)
        # Outlook does not show URL.
        event.add("DESCRIPTION", address)
    event.add("STATUS", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    if appointment.cancelled:
        # Above any that Outlook has counted to. What is published has none, which means 0: a
        # higher one would make Outlook take the organiser's next change for outdated.
        event.add("SEQUENCE", int(appointment.changed.timestamp()) // 60)
    return event
