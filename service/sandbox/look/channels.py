"""The team's channels: messages in order, with their replies and cards."""

import re
from collections.abc import Iterable, Mapping

import msgspec

from service.sandbox.look import forms
from service.sandbox.look.adaptive import card
from service.sandbox.look.foreign import harmless
from service.sandbox.look.kept import held
from service.sandbox.look.links import HOME, Links, channel_page, message_mark
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import table
from service.sandbox.look.team_deeds import ANSWER, WRITE
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, when, whom
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_PAGE = 20
_FEW = 3
_CARD = "application/vnd.microsoft.card.adaptive"
_KINDS = {"standard": "öppen för teamet", "private": "privat", "shared": "delad"}
_PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_TRAIL = (f"{HOME}channels", "Kanaler")


_SYSTEM = {
    "membersAdded": "Någon har lagts till i teamet.",
    "membersDeleted": "Någon har lämnat teamet.",
    "membersJoined": "Någon har gått med i teamet.",
    "membersLeft": "Någon har lämnat teamet.",
    "channelAdded": "Kanalen har lagts upp.",
    "channelRenamed": "Kanalen har bytt namn.",
    "channelDescriptionUpdated": "Kanalens beskrivning har ändrats.",
    "teamRenamed": "Teamet har bytt namn.",
    "teamDescriptionUpdated": "Teamets beskrivning har ändrats.",
    "callStarted": "Ett möte i kanalen har börjat.",
    "callEnded": "Mötet i kanalen är slut.",
    "callRecording": "Mötet i kanalen har spelats in.",
}
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
    raise NotThereError


def channels(tenant: Tenant) -> Page:
    shown: list[list[Child]] = []
    for one in tenant.world.channels:
        latest = tenant.store.one(
            "SELECT count(*) AS n, max(created_at) AS at FROM messages WHERE channel = ?", one.id
        )
        assert latest is not None
        shown.append(
            [
                el("a", one.name, href=channel_page(one.id)),
                _KINDS.get(one.membership, one.membership),
                counted(latest["n"], "inlägg", "inlägg"),
                when(tenant, latest["at"]) if latest["at"] else None,
            ]
        )
    headings = ("Kanal", "Slag", "Innehåll", "Senast")
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
    )
    return Page(title=known.name, trail=(_TRAIL,), content=content)


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
    back = channel_page(root["channel"], page=str(page))
    return el(
        "article",
        message(tenant, root, links, level=2),
        el("ol", answers, class_="replies", aria_label="Svar") if answers else None,
        forms.folded(tenant, ANSWER, back, channel=root["channel"], root=root["id"]),
        class_="conversation",
        data_key=f"c{root['id']}",
    )


def message(tenant: Tenant, row: Row, links: Links, *, level: int) -> Markup:
    """One message; a flow's looks otherwise than a person's."""
    if held(row, "event"):
        return _system(tenant, row)
    kind, _, key = row["author"].partition(":")
    person = tenant.person(key) if kind == "user" else None
    name = whom(tenant, row["author"])
    role = "flöde" if kind == "bot" else "gäst" if person and person.guest else None
    head = el(
        f"h{level}",
        el("span", name, class_="author"),
        el("span", role, class_="tag") if role else None,
        " ",
        when(tenant, row["created_at"]),
        el("span", "ändrat", class_="tag") if held(row, "edited_at") else None,
        class_="who",
    )
    content = (
        el("p", "Inlägget är borttaget.", class_="subtle")
        if held(row, "deleted_at")
        else (harmless(row["html"], links), list(_cards(row, links, level + 1)))
    )
    return el(
        "div",
        el("span", _initials(name), class_="face", aria_hidden="true"),
        el("div", head, content, _reactions(row), class_="said"),
        class_=f"message {'flow' if kind == 'bot' else 'person'}",
        id=message_mark(row["id"]),
    )


def _system(tenant: Tenant, row: Row) -> Markup:
    """What Teams itself says: somebody was added, the team was renamed."""
    detail = msgspec.json.decode(row["event"])
    kind = str(detail.get("@odata.type", "")).rpartition(".")[2].removesuffix("EventMessageDetail")
    return el(
        "p",
        el("span", _SYSTEM.get(kind, "Teams meddelar att något har ändrats."), class_="subtle"),
        " ",
        when(tenant, row["created_at"]),
        class_="message system",
        id=message_mark(row["id"]),
    )


def _reactions(row: Row) -> Markup | None:
    counts: dict[str, int] = {}
    for reaction in msgspec.json.decode(held(row, "reactions") or "[]"):
        kind = str(reaction["type"])
        counts[kind] = counts.get(kind, 0) + 1
    shown = [el("li", f"{_REACTIONS.get(kind, kind)} {n}") for kind, n in counts.items()]
    return el("ul", shown, class_="reactions", aria_label="Reaktioner") if shown else None


def _cards(row: Row, links: Links, level: int) -> Iterable[Markup]:
    for attachment in msgspec.json.decode(row["attachments"]):
        if attachment.get("contentType") == _CARD:
            yield card(attachment.get("content"), links, level)
        else:
            yield el("p", f"Bilaga: {attachment.get('name') or 'utan namn'}")


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalpha()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


PART = Part(name="channels", title="Kanaler", page=_page)
