"""
Where files that are copied come from: a file each, a line each.

The inbox is none of them: what lies there is moved.
"""

from service.jobs.sources import event, link, mail, watched
from service.jobs.sources.offer import Gather, Gathered, Offer
from service.jobs.sources.watched import UNPLANNED

SOURCES: tuple[Gather, ...] = (event.gather, link.gather, mail.gather, watched.gather)

__all__ = ["SOURCES", "UNPLANNED", "Gather", "Gathered", "Offer"]
