"""The team's channels: messages in order, with their replies and cards."""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlencode

import msgspec

from service.sandbox.look.adaptive import card
from service.sandbox.look.foreign import harmless
from service.sandbox.look.frame import NotThereError, Page
from service.sandbox.look.links import HOME, Links
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import table
from service.sandbox.look.words import counted, when, whom
from service.sandbox.store import Row
from service.sandbox.teams.workflows import CARD
from service.sandbox.tenant import Tenant

_PAGE = 20
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TRAIL = (f"{HOME}channels", "Kanaler")


def channels(tenant: Tenant) -> Page:
    shown: list[list[Child]] = []
    for channel in tenant.world.channels:
        latest = tenant.store.one(
            "SELECT count(*) AS n, max(created_at) AS at FROM messages WHERE channel = ?",
            channel.id,
        )
        assert latest is not None
        shown.append(
            [
                el("a", channel.name, href=_address(channel.id)),
                counted(latest["n"], "inlägg", "inlägg"),
                when(tenant, latest["at"]) if latest["at"] else None,
            ]
        )
    headings = ("Kanal", "Innehåll", "Senast")
    return Page(title="Kanaler", content=table("Kanaler", headings, shown, kind="stack"))


def _address(channel: str, **query: str) -> str:
    return f"{HOME}channels/{quote(channel, safe='')}" + (f"?{urlencode(query)}" if query else "")


def channel(tenant: Tenant, key: str, page: str) -> Page:
    """Twenty conversations a page, the oldest first; page 1 holds the latest."""
    known = tenant.channels.get(key)
    if known is None or not _PAGE_NUMBER.fullmatch(page):
        raise NotThereError
    roots = tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to IS NULL ORDER BY created_at, id", key
    )
    end = len(roots) - _PAGE * (int(page) - 1)
    links = Links(tenant)
    shown = [
        _conversation(tenant, root, links) for root in roots[max(0, end - _PAGE) : max(0, end)]
    ]
    content: Child = (
        _pages(key, int(page), older=end > _PAGE),
        shown or el("p", "Ingen har skrivit här."),
        _pages(key, int(page), older=end > _PAGE),
    )
    return Page(title=known.name, trail=(_TRAIL,), content=content)


def _pages(key: str, page: int, *, older: bool) -> Markup | None:
    newer = _address(key, page=str(page - 1)) if page > 1 else None
    if not older and newer is None:
        return None
    return el(
        "nav",
        el("a", "← Äldre", href=_address(key, page=str(page + 1))) if older else None,
        el("a", "Nyare →", href=newer) if newer else None,
        aria_label="Sidor",
        class_="pages",
    )


def _conversation(tenant: Tenant, root: Row, links: Links) -> Markup:
    replies = tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to = ? ORDER BY created_at, id",
        root["channel"],
        root["id"],
    )
    answers = [el("li", message(tenant, reply, links, level="h4")) for reply in replies]
    return el(
        "article",
        message(tenant, root, links, level="h2"),
        el("ol", answers, class_="replies", aria_label="Svar") if answers else None,
        class_="conversation",
    )


def message(tenant: Tenant, row: Row, links: Links, *, level: str) -> Markup:
    """One message; a flow's looks otherwise than a person's."""
    kind, _, key = row["author"].partition(":")
    person = tenant.person(key) if kind == "user" else None
    name = whom(tenant, row["author"])
    role = "flöde" if kind == "bot" else "gäst" if person and person.guest else None
    head = el(
        level,
        el("span", name, class_="author"),
        el("span", role, class_="tag") if role else None,
        " ",
        when(tenant, row["created_at"]),
        class_="who",
    )
    return el(
        "div",
        el("span", _initials(name), class_="face", aria_hidden="true"),
        el("div", head, harmless(row["html"], links), list(_cards(row, links)), class_="said"),
        class_=f"message {'flow' if kind == 'bot' else 'person'}",
    )


def _cards(row: Row, links: Links) -> Iterable[Markup]:
    for attachment in msgspec.json.decode(row["attachments"]):
        if attachment.get("contentType") == CARD:
            yield card(attachment.get("content"), links)
        else:
            yield el("p", f"Bilaga: {attachment.get('name') or 'utan namn'}")


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()
