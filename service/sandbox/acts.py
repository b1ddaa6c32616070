"""What people do in the tenant: each act of a seed, carried out on the state; and what follows."""

import msgspec

from service.sandbox import due
from service.sandbox.due import Happening
from service.sandbox.entra import acts as entra
from service.sandbox.exchange import acts as calendar
from service.sandbox.forms import acts as forms
from service.sandbox.meetings import acts as meetings
from service.sandbox.performing import NotThereError, Performer
from service.sandbox.sharepoint import acts as files
from service.sandbox.store import Row
from service.sandbox.teams import channel_acts as teams
from service.sandbox.teams import runs
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act
from service.sandbox.wire import GraphError

LOCKED = 423

PERFORMERS: dict[type[Act], Performer] = {
    **calendar.PERFORMERS,
    **entra.PERFORMERS,
    **files.PERFORMERS,
    **forms.PERFORMERS,
    **meetings.PERFORMERS,
    **teams.PERFORMERS,
}


def perform(tenant: Tenant, act: Act) -> bool:
    """
    False if the act must wait: its object is not there yet, or somebody has it open. Raises
    ValueError for an act by nobody.
    """
    _check_actor(tenant, act)
    try:
        with tenant.store.transaction():
            return PERFORMERS[type(act)](tenant, act)
    except NotThereError:
        return False
    except GraphError as error:
        if error.status != LOCKED:
            raise
        return False


def perform_now(tenant: Tenant, act: Act) -> None:
    """An act that does not wait. Raises ValueError naming what is not there."""
    _check_actor(tenant, act)
    with tenant.store.transaction():
        if not PERFORMERS[type(act)](tenant, act):
            raise NotThereError(f"What {type(act).__name__} is about is not there: {act}.")


def _check_actor(tenant: Tenant, act: Act) -> None:
    """Before anything is written that names somebody who is not there."""
    actor = getattr(act, "by", None)
    if actor is not None and tenant.person(actor) is None:
        raise ValueError(f"There is no {actor} here: write an id or an address in 'by'.")


DUE: dict[str, Happening] = {**runs.DUE, **forms.DUE}
"""By the kind under which it was scheduled."""


def fall_due(tenant: Tenant, row: Row) -> None:
    """It happens now; it may schedule itself again."""
    due.forget(tenant, row["id"])
    DUE[row["kind"]](tenant, msgspec.json.decode(row["payload"]))
