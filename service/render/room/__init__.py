"""For the room: a slide and slips with a QR code, by which those who are there answer at once."""

from service.render.room.sign import Sign
from service.render.room.slide import slide
from service.render.room.slips import slips

__all__ = ["Sign", "slide", "slips"]
