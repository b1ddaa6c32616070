"""What an administrator does with accounts: somebody leaves, is blocked, and let in again."""

from service.sandbox.look.deeds import people
from service.sandbox.look.forms import Field, Form, WrongError
from service.sandbox.look.posted import Posted
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act, BlockAccount, Leave

_PERSON = Field(name="person", label="Vem?", options=people)
_BLOCKED = (("yes", "Spärra kontot"), ("no", "Släpp in igen"))


def _person(tenant: Tenant, posted: Posted) -> str:
    person = tenant.person(posted.text("person"))
    if person is None:
        raise WrongError("Välj vem det gäller.")
    return person.id


def _leave(tenant: Tenant, posted: Posted) -> Act:
    return Leave(at=tenant.clock.now, person=_person(tenant, posted))


def _block(tenant: Tenant, posted: Posted) -> Act:
    blocked = posted.text("blocked") != "no"
    return BlockAccount(at=tenant.clock.now, person=_person(tenant, posted), blocked=blocked)


LEAVE = Form(
    name="leave",
    title="Någon lämnar organisationen",
    button="Ta bort kontot",
    done="Kontot är borttaget. Det som personen har skrivit finns kvar.",
    fields=(_PERSON,),
    act=_leave,
)
BLOCK = Form(
    name="block",
    title="Spärra ett konto",
    button="Utför",
    done="Kontot är ändrat.",
    fields=(_PERSON, Field(name="blocked", label="Åtgärd", options=lambda _tenant: _BLOCKED)),
    act=_block,
)
FORMS = (LEAVE, BLOCK)
