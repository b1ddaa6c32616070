"""
For the room: a slide and slips with a QR code, by which those who are there answer at once.

`slide` is a module of its own to import: python-pptx is slow to load.
"""

from service.render.room.sign import Sign
from service.render.room.slips import slips

__all__ = ["Sign", "slips"]
