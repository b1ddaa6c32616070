"""What people do in the tenant: each act of a seed, carried out on the state."""

from service.sandbox.exchange import acts as calendar
from service.sandbox.performing import Performer
from service.sandbox.sharepoint import acts as files
from service.sandbox.teams import acts as teams
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Act

PERFORMERS: dict[type[Act], Performer] = {
    **calendar.PERFORMERS,
    **files.PERFORMERS,
    **teams.PERFORMERS,
}


def perform(tenant: Tenant, act: Act) -> bool:
    """False if the act must wait: its object is not there yet."""
    return PERFORMERS[type(act)](tenant, act)
