"""What an organiser does in Outlook: invites, moves, cancels."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

from service.sandbox.look.deeds import BY, at, needed, who
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.look.words import local, spell
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, CancelInvite, Invite, Reinvite


def _events(tenant: Tenant) -> Sequence[tuple[str, str]]:
    """What is still to come, the next first."""
    rows = tenant.store.all(
        'SELECT * FROM events WHERE deleted = 0 AND cancelled = 0 AND "end" >= ? '
        "AND key IS NOT NULL ORDER BY start",
        tenant.clock.text,
    )
    return [
        (row["key"], f"{spell(local(tenant, row['start']), 'd MMM y')}: {row['subject']}")
        for row in rows
    ]


def _invite(tenant: Tenant, posted: Posted) -> Act:
    start = at(tenant, posted, "start")
    return Invite(
        at=tenant.clock.now,
        key=tenant.store.new_guid("look", "invite"),
        organizer=who(tenant, posted),
        subject=needed(posted, "subject", "Rubriken"),
        body_html=f"<p>{escape(posted.text('text'))}</p>",
        start=start,
        end=start + timedelta(hours=2),
        location=posted.text("location"),
        attendees=tuple(one for one in re.split(r"[,;\s]+", posted.text("attendees")) if one),
        online=posted.text("online") == "yes",
    )


def _reinvite(tenant: Tenant, posted: Posted) -> Act:
    """The meeting stays as long as it was."""
    event = tenant.store.one("SELECT * FROM events WHERE key = ?", posted.text("event"))
    if event is None or event["cancelled"]:
        raise WrongError("Mötet finns inte, eller är inställt.")
    act = Reinvite(
        at=tenant.clock.now,
        key=event["key"],
        subject=posted.text("subject") or None,
        location=posted.text("location") or None,
    )
    if posted.text("start"):
        start = at(tenant, posted, "start")
        lasts = datetime.fromisoformat(event["end"]) - datetime.fromisoformat(event["start"])
        act = replace(act, start=start, end=start + lasts)
    return act


def _cancel(tenant: Tenant, posted: Posted) -> Act:
    event = tenant.store.one("SELECT * FROM events WHERE key = ?", posted.text("event"))
    if event is None or event["cancelled"]:
        raise WrongError("Mötet finns inte, eller är redan inställt.")
    return CancelInvite(at=tenant.clock.now, key=event["key"])


_EVENT = Field(name="event", label="Möte", options=_events)
_FORMS_OF_MEETING = (("no", "På plats"), ("yes", "I Teams"))

INVITE = Form(
    name="invite",
    title="Bjud in till ett möte",
    button="Bjud in",
    done="Inbjudan är skickad.",
    fields=(
        BY,
        Field(name="subject", label="Rubrik"),
        Field(name="start", label="Börjar", kind="datetime-local", hint="Mötet varar två timmar."),
        Field(name="online", label="Form", options=lambda _tenant: _FORMS_OF_MEETING),
        Field(name="location", label="Plats", required=False),
        Field(
            name="attendees",
            label="Inbjudna adresser",
            required=False,
            hint="Gruppernas adresser, med komma emellan.",
        ),
        Field(name="text", label="Text", kind="long", required=False),
    ),
    act=_invite,
)
REINVITE = Form(
    name="reinvite",
    title="Flytta eller ändra ett möte",
    button="Ändra",
    done="Mötet är ändrat.",
    fields=(
        _EVENT,
        Field(name="start", label="Ny tid", kind="datetime-local", required=False),
        Field(name="location", label="Ny plats", required=False),
        Field(name="subject", label="Ny rubrik", required=False),
    ),
    act=_reinvite,
)
CANCEL = Form(
    name="cancel",
    title="Ställ in ett möte",
    button="Ställ in",
    done="Mötet är inställt.",
    fields=(_EVENT,),
    act=_cancel,
)
FORMS = (INVITE, REINVITE, CANCEL)
