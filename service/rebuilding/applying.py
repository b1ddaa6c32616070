"""Puts a state that was made beside it into the place where the service looks for it."""

from enum import Enum

from service.effects.placements import PLACEMENTS
from service.errors import NotEmpty
from service.jobs.frozen import FROZEN
from service.jobs.known import FORMS, NOTICED
from service.jobs.retention import DISPOSALS
from service.jobs.surveys.placed import SAID
from service.store import Store

BEGINNING = frozenset({"started", "present/posts"})
"""What is in every state: since when the service is at work, and when it was here last."""
SAID_BY_PEOPLE = (PLACEMENTS, SAID, NOTICED, FORMS, FROZEN, DISPOSALS)
"""What an old copy knows better than the tenant; the rest the tenant shows as it is now."""


class Into(Enum):
    """What the state is, that is to take over."""

    EMPTY = "empty"
    OLD_COPY = "an old copy: what it knows to be over stands, and what it lacks is added"
    ANY = "anything: it is replaced, imported history apart"


async def apply(made: Store, target: Store, network: str, into: Into) -> None:
    """
    Copy a network from one state to another, wholly or not at all.

    Raises NotEmpty where there is something and nobody has said what is to become of it.
    """
    there = (await target.ledger(network).effects()).keys() - BEGINNING
    if there and into is Into.EMPTY:
        raise NotEmpty(
            f"network {network}", f"the state knows {len(there)} things that it has done"
        )
    if into is Into.OLD_COPY:
        target.add(made, network, stands=SAID_BY_PEOPLE)
    else:
        target.take_over(made, network)
