"""Invitations, what becomes of them, and the events beside them."""

from collections.abc import Iterator
from datetime import timedelta

from service.sandbox.seed import letters
from service.sandbox.seed.chance import chance
from service.sandbox.seed.data import Cancelled, Noise, PersonData, Tenant
from service.sandbox.seed.days import Days
from service.sandbox.seed.meetings import Meeting
from service.sandbox.seed.pictures import Picture
from service.sandbox.timeline import Act, Attach, CancelInvite, Invite, Reinvite

LOGO = Picture(key="logo", width=120, height=36, kind="PNG")
GUESTS_INVITED = 6
"""People invited by name; the rest get it by the group's address."""


def invitation(meeting: Meeting, tenant: Tenant) -> Iterator[Act]:
    detail = meeting.detail
    organizer = person(tenant, detail.organizer)
    yield Invite(
        at=meeting.invited,
        key=meeting.key,
        organizer=organizer.id,
        subject=_subject(meeting, tenant),
        body_html=letters.invitation(meeting, organizer),
        start=meeting.invited_start,
        end=meeting.invited_end,
        location=detail.location,
        attendees=_attendees(meeting, tenant),
        categories=_categories(meeting, tenant),
        online=meeting.online,
    )
    yield _logo(meeting)
    if detail.moved:
        yield Reinvite(
            at=meeting.calendar.moment(detail.moved.at),
            key=meeting.key,
            body_html=letters.invitation(meeting, organizer, note=detail.moved.note),
            start=meeting.start,
            end=meeting.end,
        )


def called_off(meeting: Cancelled, tenant: Tenant, calendar: Days) -> Iterator[Act]:
    organizer = person(tenant, meeting.organizer)
    key = meeting.date.isoformat()
    day = calendar.day(meeting.date)
    yield Invite(
        at=calendar.moment(meeting.invited),
        key=key,
        organizer=organizer.id,
        subject=meeting.title,
        body_html=letters.short_invitation(meeting, organizer),
        start=calendar.at(day, meeting.start),
        end=calendar.at(day, meeting.end),
        location=meeting.location,
        attendees=(tenant.mailbox, *(tenant.group_addresses[group] for group in meeting.groups)),
        online=True,
    )
    yield CancelInvite(at=calendar.moment(meeting.cancelled), key=key)


def noise(event: Noise, tenant: Tenant, calendar: Days) -> Invite:
    organizer = person(tenant, event.organizer)
    return Invite(
        at=calendar.moment(event.invited),
        key=f"noise-{event.start.date().isoformat()}",
        organizer=organizer.id,
        subject=event.subject,
        body_html=f"<html><body><p>{letters.escaped(event.body)}</p></body></html>",
        start=calendar.moment(event.start),
        end=calendar.moment(event.end),
        location=event.location,
        attendees=() if organizer.mail == tenant.mailbox else (tenant.mailbox,),
        categories=event.categories,
        private=event.private,
    )


def person(tenant: Tenant, key: str) -> PersonData:
    return next(person for person in tenant.people if person.key == key)


def _subject(meeting: Meeting, tenant: Tenant) -> str:
    title = meeting.fact.title
    if meeting.detail.known_by != "subject":
        return title
    return f"{tenant.prefix[meeting.fact.groups[0]]}: {title}"


def _categories(meeting: Meeting, tenant: Tenant) -> tuple[str, ...]:
    if meeting.detail.known_by != "category":
        return ()
    return tuple(tenant.category[group] for group in meeting.fact.groups)


def _attendees(meeting: Meeting, tenant: Tenant) -> tuple[str, ...]:
    organizer = person(tenant, meeting.detail.organizer)
    mailbox = () if organizer.mail == tenant.mailbox else (tenant.mailbox,)
    groups = meeting.fact.groups if meeting.detail.known_by == "address" else ()
    guests = [guest.mail for guest in tenant.people if guest.guest]
    named = chance(meeting.key, "invited").sample(guests, GUESTS_INVITED)
    return (*mailbox, *(tenant.group_addresses[group] for group in groups), *sorted(named))


def _logo(meeting: Meeting) -> Attach:
    """The signature's picture, which Outlook carries as an attachment."""
    return Attach(
        at=meeting.invited + timedelta(seconds=1),
        key=meeting.key,
        name=letters.LOGO_NAME,
        content_type="image/png",
        content=LOGO,
        inline=True,
    )
