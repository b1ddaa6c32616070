"""The words of exports, lists and receipts of a network, as shipped in its language."""

import tomllib

from service.render.holdings.words import HoldingWords, words_from
from service.shipped import in_language
from service.workplace import Workplace


def words(at: Workplace) -> HoldingWords:
    text = in_language("holdings", at.network.language).read_text(encoding="utf-8")
    return words_from(tomllib.loads(text), at.network.language)
