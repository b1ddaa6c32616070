"""How an act is carried out: the shape that every workload's table of performers has."""

from collections.abc import Callable
from typing import Any

from service.sandbox.tenant import Tenant

Performer = Callable[[Tenant, Any], bool]
"""Takes an act of its own class; False if the act must wait: its object is not there yet."""


class NotThereError(ValueError):
    """What an act names is not there: an act of a seed waits for it, one sent by hand fails."""
