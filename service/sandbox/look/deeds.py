"""What several forms ask for: who does it, and when."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from service.sandbox.entra.directory import has_left
from service.sandbox.look.forms import Field, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.tenant import Tenant


def people(tenant: Tenant) -> Sequence[tuple[str, str]]:
    """Everybody who can do anything still."""
    return [
        (person.id, f"{person.name} (gäst)" if person.guest else person.name)
        for person in tenant.world.people
        if person.mail != tenant.world.mailbox and not has_left(tenant, person.id)
    ]


BY = Field(name="by", label="Vem gör det?", options=people)


def who(tenant: Tenant, posted: Posted) -> str:
    """Id of the person who was chosen. Raises WrongError."""
    person = tenant.person(posted.text("by"))
    if person is None:
        raise WrongError("Välj vem som gör det.")
    return person.id


def at(tenant: Tenant, posted: Posted, name: str) -> datetime:
    """A moment in the tenant's own time zone. Raises WrongError."""
    try:
        value = datetime.fromisoformat(posted.text(name))
    except ValueError as error:
        raise WrongError("Skriv dag och klockslag, till exempel 2023-03-08 09:30.") from error
    return value.replace(tzinfo=ZoneInfo(tenant.world.time_zone))


def needed(posted: Posted, name: str, what: str) -> str:
    """Raises WrongError where nothing was written."""
    text = posted.text(name)
    if not text:
        raise WrongError(f"{what} saknas.")
    return text
