"""
Cards for Teams: Adaptive Cards 1.5, the version that every way into Teams takes and shows.

A card over the budget is split first (`parts`), never cut.
"""

from service.render.cards.escaping import escaped
from service.render.cards.size import BUDGET, adaptive_card, size_as_sent
from service.render.cards.splitting import parts

__all__ = ["BUDGET", "adaptive_card", "escaped", "parts", "size_as_sent"]
