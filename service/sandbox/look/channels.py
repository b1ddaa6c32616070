"""The team's channels: messages in order, with their replies and cards."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from service.sandbox.entra.directory import has_left
from service.sandbox.look import forms
from service.sandbox.look.adaptive import card
from service.sandbox.look.announced import announced
from service.sandbox.look.foreign import harmless
from service.sandbox.look.links import (
    HOME,
    Links,
    channel_page,
    deeds_of_message,
    message_mark,
    message_page,
)
from service.sandbox.look.tables import table
from service.sandbox.look.team_deeds import ANSWER, DELETE, EDIT, REACT, RENAME, WRITE
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, when, whom
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.teams import roster
from service.sandbox.teams.roster import channel_name
from service.sandbox.tenant import Tenant
from service.sandbox.timeline import Channel, Person

_PAGE = 20
_FEW = 3
_CARD = "application/vnd.microsoft.card.adaptive"
_KINDS = {"standard": "öppen för teamet", "private": "privat", "shared": "delad"}
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TRAIL = (f"{HOME}channels", "Kanaler")


_REACTIONS = {
    "like": "👍",
    "heart": "❤️",
    "laugh": "😆",
    "surprised": "😮",
    "sad": "😢",
    "angry": "😡",
}


def _page(visit: Visit) -> Page:
    match visit.names:
        case ():
            return channels(visit.tenant)
        case (one,):
            return channel(visit.tenant, one, visit.query)
        case (one, message_id):
            return one_message(visit.tenant, one, message_id)
    raise NotThereError


def channels(tenant: Tenant) -> Page:
    shown: list[list[Child]] = []
    for one in tenant.world.channels:
        latest = tenant.store.one(
            "SELECT count(*) AS n, max(created_at) AS at FROM messages "
            "WHERE channel = ? AND event IS NULL AND deleted_at IS NULL",
            one.id,
        )
        assert latest is not None
        shown.append(
            [
                el("a", channel_name(tenant, one), href=channel_page(one.id)),
                _KINDS.get(one.membership, one.membership),
                counted(len(roster.members(tenant, one)), "medlem", "medlemmar"),
                counted(latest["n"], "inlägg", "inlägg"),
                when(tenant, latest["at"]) if latest["at"] else None,
            ]
        )
    headings = ("Kanal", "Slag", "Medlemmar", "Innehåll", "Senast")
    return Page(title="Kanaler", content=table("Kanaler", headings, shown, kind="stack"))


def channel(tenant: Tenant, key: str, query: Mapping[str, str]) -> Page:
    """
    Twenty conversations a page, the oldest first; page 1 holds the latest. A message that is
    asked for by its id is shown on whichever page it is on.
    """
    known = tenant.channels.get(key)
    roots = tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to IS NULL ORDER BY created_at, id", key
    )
    page = _page_of(tenant, key, query["message"], roots) if "message" in query else None
    text = page or query.get("page", "1")
    if known is None or not _PAGE_NUMBER.fullmatch(text):
        raise NotThereError
    number = int(text)
    end = len(roots) - _PAGE * (number - 1)
    links = Links(tenant)
    shown = [
        _conversation(tenant, root, links, number)
        for root in roots[max(0, end - _PAGE) : max(0, end)]
    ]
    content: Child = (
        _pages(key, number, older=end > _PAGE, latest=number == 1 and len(shown) > _FEW),
        shown or el("p", "Ingen har skrivit här."),
        el("div", id="latest", tabindex="-1"),
        _pages(key, number, older=end > _PAGE),
        forms.folded(tenant, WRITE, channel_page(key), title="Skriv ett nytt inlägg", channel=key)
        if number == 1
        else None,
        _about(tenant, known) if number == 1 else None,
    )
    return Page(title=channel_name(tenant, known), trail=(_TRAIL,), content=content)


def _about(tenant: Tenant, known: Channel) -> Child:
    """Who is in it, and what it may be called instead."""
    members = roster.members(tenant, known)
    own = known.membership != "standard"
    shown = [
        el(
            "li",
            member.person.name,
            [el("span", tag, class_="tag") for tag in _member_tags(tenant, member)],
        )
        for member in members
    ]
    return (
        el(
            "details",
            el("summary", f"Medlemmar i {'kanalen' if own else 'teamet'} ({len(members)})"),
            el("ul", shown, class_="members"),
            class_="fold",
            data_key="members",
        ),
        forms.folded(tenant, RENAME, channel_page(known.id), channel=known.id),
    )


def _member_tags(tenant: Tenant, member: roster.Member) -> Iterable[str]:
    role = {"owner": "ägare", "guest": "gäst"}.get(member.role)
    if role:
        yield role
    if has_left(tenant, member.person.id):
        yield "har slutat"


def one_message(tenant: Tenant, key: str, message_id: str) -> Page:
    """One message by itself, with what can be done to it."""
    row = tenant.store.one("SELECT * FROM messages WHERE channel = ? AND id = ?", key, message_id)
    known = tenant.channels.get(key)
    if row is None or known is None or row["event"]:
        raise NotThereError
    back = deeds_of_message(key, message_id)
    what = {"channel": key, "message": message_id}
    by_person = row["author"].startswith("user:")
    offered = (REACT, *((EDIT,) if by_person else ()), DELETE)
    content: Child = (
        el(
            "article",
            message(tenant, row, Links(tenant), level=2, deeds=False),
            class_="conversation",
        ),
        el("p", el("a", "Till samtalet", href=message_page(key, message_id))),
        None
        if row["deleted_at"]
        else el(
            "section",
            el("h2", "Gör något med inlägget"),
            [forms.folded(tenant, form, back, **what) for form in offered],
            class_="deeds",
        ),
    )
    trail = (_TRAIL, (channel_page(key), channel_name(tenant, known)))
    return Page(title=f"Inlägg av {whom(tenant, row['author'])}", trail=trail, content=content)


def _page_of(tenant: Tenant, key: str, message: str, roots: list[Row]) -> str:
    found = tenant.store.one("SELECT * FROM messages WHERE channel = ? AND id = ?", key, message)
    if found is None:
        raise NotThereError
    root = found["reply_to"] or found["id"]
    after = [row["id"] for row in roots][::-1].index(root)
    return str(after // _PAGE + 1)


def _pages(key: str, page: int, *, older: bool, latest: bool = False) -> Markup | None:
    newer = channel_page(key, page=str(page - 1)) if page > 1 else None
    ways = [
        el("a", "← Äldre", href=channel_page(key, page=str(page + 1))) if older else None,
        el("a", "Nyare →", href=newer) if newer else None,
        el("a", "Till det senaste ↓", href="#latest") if latest else None,
    ]
    if not any(ways):
        return None
    return el("nav", ways, aria_label="Sidor", class_="pages")


def _conversation(tenant: Tenant, root: Row, links: Links, page: int) -> Markup:
    replies = tenant.store.all(
        "SELECT * FROM messages WHERE channel = ? AND reply_to = ? ORDER BY created_at, id",
        root["channel"],
        root["id"],
    )
    answers = [
        el("li", message(tenant, reply, links, level=3), data_key=f"r{reply['id']}")
        for reply in replies
    ]
    if root["event"] and not answers:
        return el("div", _system(tenant, root), data_key=f"c{root['id']}")
    back = channel_page(root["channel"], page=str(page))
    return el(
        "article",
        message(tenant, root, links, level=2),
        el("ol", answers, class_="replies", aria_label="Svar") if answers else None,
        forms.folded(tenant, ANSWER, back, channel=root["channel"], root=root["id"]),
        class_="conversation",
        data_key=f"c{root['id']}",
    )


def message(tenant: Tenant, row: Row, links: Links, *, level: int, deeds: bool = True) -> Markup:
    """One message; a flow's looks otherwise than a person's. `deeds` leads to what can be done."""
    if row["event"]:
        return _system(tenant, row)
    kind, _, key = row["author"].partition(":")
    person = tenant.person(key) if kind == "user" else None
    name = whom(tenant, row["author"])
    role = _role(tenant, row, person)
    tags = list(_tags(row))
    head = el(
        f"h{level}",
        el("span", name, class_="author"),
        el("span", role, class_="tag") if role else None,
        " ",
        when(tenant, row["created_at"]),
        [el("span", tag, class_="tag") for tag in tags],
        class_="who",
    )
    content: Child = (
        el("p", "Inlägget är borttaget.", class_="subtle gone")
        if row["deleted_at"]
        else (
            el("p", el("b", row["subject"])) if row["subject"] else None,
            harmless(row["html"], links),
            list(_cards(row, links, level + 1)),
        )
    )
    return el(
        "div",
        el("span", _initials(name), class_="face", aria_hidden="true"),
        el("div", head, content, _reactions(row), _deeds(row) if deeds else None, class_="said"),
        class_=f"message {'flow' if kind == 'bot' else 'person'}",
        id=message_mark(row["id"]),
    )


def _role(tenant: Tenant, row: Row, person: Person | None) -> str | None:
    """A flow has no name of its own; a bot is one of the tenant's apps."""
    kind, _, key = row["author"].partition(":")
    if kind == "bot":
        return "bot" if key in tenant.apps else "flöde"
    if person and has_left(tenant, person.id):
        return "har slutat"
    return "gäst" if person and person.guest else None


def _tags(row: Row) -> Iterable[str]:
    if row["importance"] != "normal":
        yield {"high": "viktigt", "urgent": "brådskande"}.get(row["importance"], row["importance"])
    if row["edited_at"] and not row["deleted_at"]:
        yield "ändrat"
    if row["policy"]:
        action = msgspec.json.decode(row["policy"]).get("dlpAction") or ""
        yield "dolt av dataskyddet" if "blockAccess" in action else "anmärkt av dataskyddet"


def _deeds(row: Row) -> Markup | None:
    """The way to what can be done to it, so that a long page needs no forms for each."""
    if row["deleted_at"]:
        return None
    address = deeds_of_message(row["channel"], row["id"])
    words = el("span", " med inlägget", class_="hidden")
    return el("p", el("a", "Gör något", words, href=address), class_="more")


def _system(tenant: Tenant, row: Row) -> Markup:
    """What Teams itself says: somebody was added, the team was renamed."""
    return el(
        "p",
        el("span", announced(tenant, msgspec.json.decode(row["event"])), class_="subtle"),
        " ",
        when(tenant, row["created_at"]),
        class_="message system",
        id=message_mark(row["id"]),
    )


def _reactions(row: Row) -> Markup | None:
    counts: dict[str, int] = {}
    for reaction in msgspec.json.decode(row["reactions"]):
        kind = str(reaction["type"])
        counts[kind] = counts.get(kind, 0) + 1
    shown = [el("li", f"{_REACTIONS.get(kind, kind)} {n}") for kind, n in counts.items()]
    return el("ul", shown, class_="reactions", aria_label="Reaktioner") if shown else None


def _cards(row: Row, links: Links, level: int) -> Iterable[Markup]:
    for attachment in msgspec.json.decode(row["attachments"]):
        if attachment.get("contentType") == _CARD:
            yield card(attachment.get("content"), links, level)
        else:
            name = attachment.get("name") or "utan namn"
            target = links(attachment.get("contentUrl") or "")
            yield el("p", "Bilaga: ", el("a", name, href=target) if target else name)


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


PART = Part(name="channels", title="Kanaler", page=_page)
