"""The cards of the coming weeks in a folder, for a person to look at before they go out."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from service.cli.card_page import NoPicturesError, Shown, page, pictures
from service.cli.words import DONE
from service.domain.names import safe_name
from service.domain.period import local_day
from service.domain.post import COMMON, Card, Post
from service.errors import UnreadableFile
from service.jobs.coming import coming
from service.render.cards import adaptive_card, parts
from service.settings import Settings
from service.wiring import open_office
from service.workplace import Workplace

INDEX = "index.html"
_OURS = re.compile(r"\d{4}-\d\d-\d\d \d{4} .+\.(json|png)")


async def write_cards(settings: Settings, folder: Path, weeks: int) -> int:
    """Write every card of so many weeks as JSON and picture, and a page that shows them."""
    async with open_office(settings) as office:
        for at in office.workplaces:
            alone = len(office.workplaces) == 1
            target = folder if alone else folder / safe_name(at.network.id)
            try:
                _write(target, at, await coming(at, weeks), weeks)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                remedy = "Name a folder that you may write to."
                raise UnreadableFile(str(target), reason, remedy=remedy) from error
    return DONE


def _write(folder: Path, at: Workplace, posts: Sequence[Post], weeks: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cards = tuple(_shown(posts, at))
    for one in cards:
        said = json.dumps(json.loads(one.card), ensure_ascii=False, indent=2)
        (folder / f"{one.name}.json").write_text(said + "\n", encoding="utf-8")
    (folder / INDEX).write_text(_index(cards, at, weeks), encoding="utf-8")
    print(f"{at.network.id}: cards written: {len(cards)}, sent: none; open {folder / INDEX}")
    try:
        if cards:
            pictures(cards, folder)
    except NoPicturesError as error:
        print(f"note: no pictures: {error}")
    names = {one.name for one in cards}
    older = sum(bool(_OURS.fullmatch(f.name)) and f.stem not in names for f in folder.iterdir())
    if older:
        print(f"note: files of an earlier look, not on the page: {older}")


def _shown(posts: Sequence[Post], at: Workplace) -> Iterator[Shown]:
    taken = set[str]()
    for post in posts:
        for card in parts(post.card):
            name = free_name(file_name(post, card, at.network.time_zone), taken)
            yield Shown(
                name=name, caption=_caption(post, at), card=adaptive_card(card, key=post.key)
            )


def file_name(post: Post, card: Card, zone: str) -> str:
    """Sorts by local time and says what it is: "2023-03-01 0830 soon Natur i stadsplanering"."""
    local = post.due.astimezone(ZoneInfo(zone))
    return safe_name(f"{local:%Y-%m-%d %H%M} {post.kind} {card.title}".replace("/", "-"), 120)


def free_name(name: str, taken: set[str]) -> str:
    """Tell two of one name apart: the same, to two channels."""
    names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 2)))
    free = next(one for one in names if one.casefold() not in taken)
    taken.add(free.casefold())
    return free


def _caption(post: Post, at: Workplace) -> str:
    day = at.texts.day(local_day(post.due, at.network.time_zone))
    channel = next((role for role, one in at.places.channels.items() if one == post.channel), "")
    said = (f"{day} {at.texts.time(post.due)}", post.kind, channel)
    return " · ".join(part for part in said if part and part != COMMON)


def _index(cards: Sequence[Shown], at: Workplace, weeks: int) -> str:
    now: datetime = at.clock.now()
    days = (now, now + timedelta(weeks=weeks))
    first, last = (at.texts.day(local_day(day, at.network.time_zone)) for day in days)
    return page(
        cards,
        title=at.texts.say("ahead.title"),
        lead=at.texts.say("ahead.lead" if cards else "ahead.none", first=first, last=last),
        language=at.network.language,
    )
