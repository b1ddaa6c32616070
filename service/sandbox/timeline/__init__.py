"""
What happens in the tenant, and when: the language in which a seed is written.

A seed is a `World` (who and what is there on the first day) and a sequence of acts in
time order. The sandbox performs each act when its clock passes `at`. An act whose object
is not there yet (a folder or a list row that the service is to make) waits for it, and is
tried again at every later step of the clock.
"""

from dataclasses import dataclass

from service.sandbox.timeline.act import Act, Content, FieldValue
from service.sandbox.timeline.calendar import Attach, CancelInvite, Invite, Reinvite
from service.sandbox.timeline.files import EditRow, Upload
from service.sandbox.timeline.teams import Attend, Presence, Record, Say
from service.sandbox.timeline.world import App, Channel, Person, Site, World

__all__ = [
    "Act",
    "App",
    "Attach",
    "Attend",
    "CancelInvite",
    "Channel",
    "Content",
    "EditRow",
    "FieldValue",
    "Invite",
    "Person",
    "Presence",
    "Record",
    "Reinvite",
    "Say",
    "Seed",
    "Site",
    "Upload",
    "World",
]


@dataclass(frozen=True, kw_only=True)
class Seed:
    world: World
    acts: tuple[Act, ...]
    """In time order."""
