"""Makes a lost state again from what the tenant holds; see `service.rebuilding.making`."""

from service.rebuilding.applying import Into, apply
from service.rebuilding.found import Held, Rebuilt
from service.rebuilding.making import rebuilt

__all__ = ["Held", "Into", "Rebuilt", "apply", "rebuilt"]
