"""What several forms ask for: who does it, and when."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from service.sandbox.look.forms import Field
from service.sandbox.look.posted import Posted
from service.sandbox.tenant import Tenant


def _people(tenant: Tenant) -> Sequence[tuple[str, str]]:
    return [
        (person.id, f"{person.name} (gäst)" if person.guest else person.name)
        for person in tenant.world.people
        if person.mail != tenant.world.mailbox
    ]


BY = Field(name="by", label="Vem gör det?", options=_people)


def who(tenant: Tenant, posted: Posted) -> str:
    """Id of the person who was chosen. Raises ValueError."""
    person = tenant.person(posted.text("by"))
    if person is None:
        raise ValueError("Välj vem som gör det.")
    return person.id


def at(tenant: Tenant, posted: Posted, name: str) -> datetime:
    """A moment in the tenant's own time zone. Raises ValueError."""
    try:
        value = datetime.fromisoformat(posted.text(name))
    except ValueError as error:
        raise ValueError("Skriv dag och klockslag, till exempel 2023-03-08 09:30.") from error
    return value.replace(tzinfo=ZoneInfo(tenant.world.time_zone))


def needed(posted: Posted, name: str, what: str) -> str:
    """Raises ValueError where nothing was written."""
    text = posted.text(name)
    if not text:
        raise ValueError(f"{what} saknas.")
    return text
