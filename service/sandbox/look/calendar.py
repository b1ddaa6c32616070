"""The network mailbox's calendar, month by month: what is coming, and what has been."""

from collections.abc import Iterable
from itertools import groupby

import msgspec

from service.sandbox.look import forms
from service.sandbox.look.calendar_deeds import CANCEL, INVITE, REINVITE
from service.sandbox.look.content import attachment_link
from service.sandbox.look.foreign import harmless
from service.sandbox.look.links import HOME, Links, event_mark
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, local, spell, when
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_BACK = f"{HOME}calendar"


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    return events(visit.tenant)


def events(tenant: Tenant) -> Page:
    now = tenant.clock.text
    rows = in_mailbox(tenant)
    coming = [row for row in rows if row["end"] >= now]
    past = [row for row in reversed(rows) if row["end"] < now]
    content: Child = (
        el("p", f"Kalendern i {tenant.world.mailbox}."),
        el("section", el("h2", "Kommande"), _months(tenant, coming, "Inget är inbokat.")),
        forms.folded(tenant, INVITE, _BACK),
        el("section", el("h2", "Tidigare"), _months(tenant, past, "Inget har varit.")),
    )
    return Page(title="Kalender", content=content)


def in_mailbox(tenant: Tenant) -> list[Row]:
    """The earliest first; of a series its meetings, and not the series itself."""
    mailbox = tenant.person(tenant.world.mailbox)
    return tenant.store.all(
        "SELECT * FROM events WHERE mailbox = ? AND deleted = 0 AND kind != 'seriesMaster' "
        "ORDER BY start, id",
        mailbox.id if mailbox else "",
    )


def _months(tenant: Tenant, rows: list[Row], otherwise: str) -> Child:
    if not rows:
        return el("p", otherwise)
    links = Links(tenant)
    return [
        (
            el("h3", month),
            el(
                "ol",
                [el("li", _event(tenant, row, links), data_key=row["id"]) for row in together],
                class_="events",
            ),
        )
        for month, together in groupby(
            rows, lambda row: spell(local(tenant, row["start"]), "MMMM y").capitalize()
        )
    ]


def _event(tenant: Tenant, row: Row, links: Links) -> Markup:
    organizer = tenant.person(row["organizer"])
    attendees = msgspec.json.decode(row["attendees"])
    return el(
        "article",
        el("p", span(tenant, row), class_="time"),
        el(
            "div",
            el("h4", row["subject"], [el("span", tag, class_="tag") for tag in _tags(row)]),
            el("p", row["location"]) if row["location"] else None,
            el(
                "p",
                f"Inbjudan från {organizer.name if organizer else row['organizer']} till "
                f"{counted(len(attendees), 'adress', 'adresser')}.",
                class_="subtle",
            ),
            _left_behind(tenant, row),
            _invitation(tenant, row, links),
            _deeds(tenant, row),
        ),
        class_="event cancelled" if row["cancelled"] else "event",
        id=event_mark(row["id"]),
    )


def _deeds(tenant: Tenant, row: Row) -> Child:
    if row["cancelled"] or row["end"] < tenant.clock.text or row["key"] is None:
        return None
    return (
        forms.folded(tenant, REINVITE, _BACK, title="Flytta eller ändra", event=row["key"]),
        forms.folded(tenant, CANCEL, _BACK, title="Ställ in", event=row["key"]),
    )


def span(tenant: Tenant, row: Row) -> Child:
    """The day, and on a line of its own from when till when."""
    start, end = local(tenant, row["start"]), local(tenant, row["end"])
    last = "HH:mm" if start.date() == end.date() else "EEE d MMM HH:mm"
    hours = f"{spell(start, 'HH:mm')}–{spell(end, last)}"
    return (when(tenant, row["start"], "EEE d MMM y"), el("br"), hours)


def _tags(row: Row) -> Iterable[str]:
    if row["cancelled"]:
        yield "inställt"
    if row["kind"] in ("occurrence", "exception"):
        yield "serie"
    if row["private"]:
        yield "privat"
    if row["meeting"]:
        yield "Teams"
    yield from msgspec.json.decode(row["categories"])


def _left_behind(tenant: Tenant, row: Row) -> Markup | None:
    """What the online meeting has given: recordings, transcripts, attendance reports."""
    if row["meeting"] is None:
        return None
    store = tenant.store
    counts = {
        kind: store.value(
            "SELECT count(*) FROM artifacts WHERE meeting = ? AND kind = ?", row["meeting"], kind
        )
        for kind in ("recordings", "transcripts")
    }
    reports = store.value("SELECT count(*) FROM reports WHERE meeting = ?", row["meeting"])
    words = (
        (counts["recordings"], "inspelning", "inspelningar"),
        (counts["transcripts"], "transkript", "transkript"),
        (reports, "närvarorapport", "närvarorapporter"),
    )
    said = [counted(count, one, many) for count, one, many in words if count]
    return el("p", f"I Teams: {', '.join(said)}.", class_="subtle") if said else None


def _invitation(tenant: Tenant, row: Row, links: Links) -> Markup:
    attachments = tenant.store.all(
        "SELECT * FROM attachments WHERE event = ? AND inline = 0 ORDER BY name", row["id"]
    )
    files = [el("li", attachment_link(attachment)) for attachment in attachments]
    return el(
        "details",
        el("summary", "Inbjudan"),
        el("div", harmless(row["body"], links), class_="letter"),
        el("ul", files, aria_label="Bilagor") if files else None,
        class_="fold",
    )


PART = Part(name="calendar", title="Kalender", page=_page)
