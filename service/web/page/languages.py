"""In which language a page is written, and its words."""

import tomllib
from collections.abc import Iterator
from functools import cache

from service.render.texts import Texts, texts_from
from service.shipped import shipped
from service.workplace import Workplace

LANGUAGES = {"sv": "Svenska", "nb": "Norsk", "en": "English"}
"""What each calls itself."""
_ALSO = {"no": "nb", "nn": "nb"}


def chosen(asked: str, kept: str, accepted: str, usual: str) -> str:
    """Choose by what was asked for, by the cookie, by `Accept-Language`, by the network."""
    for one in (asked, kept, *_wanted(accepted)):
        if one in LANGUAGES:
            return one
    return usual


def _wanted(header: str) -> Iterator[str]:
    """Languages of the header, the best first (RFC 9110, 12.5.4)."""
    weighed = []
    for place, part in enumerate(header.split(",")[:20]):
        tag, _, weight = part.partition(";q=")
        try:
            liked = float(weight or 1)
        except ValueError:
            continue
        if liked > 0:
            weighed.append((-liked, place, tag.strip().lower().partition("-")[0]))
    yield from (_ALSO.get(tag, tag) for _, _, tag in sorted(weighed))


def words_of(at: Workplace, language: str) -> Texts:
    """The network's own words in its language, shipped ones in others; at its local time."""
    if language == at.network.language:
        return at.texts
    return words_in(language, at.network.time_zone)


@cache
def words_in(language: str, time_zone: str) -> Texts:
    text = shipped("texts", f"{language}.toml").read_text(encoding="utf-8")
    return texts_from(tomllib.loads(text), language=language, time_zone=time_zone)
