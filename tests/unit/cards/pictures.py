"""
The pictures of `docs/cards`: `python -m tests.unit.cards.pictures docs/cards`.

Needs Debian's chromium, and Microsoft's renderer (`make cards`).
"""

import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from service.cli.card_page import Shown, pictures
from service.domain.post import Card
from service.render.cards import adaptive_card, parts
from tests.unit.cards import gallery, people

FEW = ("registration_closing", "digest")
"""What is shown of the other languages."""
CANDLE = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300">
<rect width="640" height="300" fill="#26324f"/>
<rect x="120" y="20" width="400" height="280" fill="#1a2440" stroke="#5d4a3a" stroke-width="14"/>
<path d="M320 20v280M120 150h400" stroke="#5d4a3a" stroke-width="10"/>
<circle cx="320" cy="128" r="92" fill="#f6c35b" opacity=".18"/>
<circle cx="320" cy="128" r="54" fill="#f6c35b" opacity=".28"/>
<rect x="298" y="158" width="44" height="126" rx="4" fill="#f3ead8"/>
<path d="M320 158v-16" stroke="#3a2d22" stroke-width="4"/>
<path d="M320 84c26 30 20 60 0 60s-26-30 0-60z" fill="#ffd873"/>
<rect x="250" y="278" width="140" height="14" rx="7" fill="#8a6a4b"/>
</svg>"""
PICTURES = {people.PICTURE: f"data:image/svg+xml;base64,{b64encode(CANDLE).decode()}"}


def main(folder: Path) -> int:
    for language, by in people.PEOPLE.items():
        target = folder / language
        target.mkdir(parents=True, exist_ok=True)
        wanted = [one for one in shown(by) if language == "sv" or one.name in FEW]
        pictures(wanted, target)
    return 0


def shown(by: people.Written) -> Iterator[Shown]:
    for post in gallery.every(by):
        yield drawn(post.kind, post.card, post.key)
    for number, card in enumerate(parts(gallery.crowded(by)), 1):
        yield drawn(f"digest_part_{number}", card, gallery.letter(by).key)


def drawn(name: str, card: Card, key: str) -> Shown:
    content = adaptive_card(card, key=key)
    return Shown(name=name, caption=name, card=content, stand_ins=PICTURES)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
