"""Mail: what lies in the folders of each mailbox, the network's own first."""

from collections.abc import Iterable

import msgspec

from service.sandbox.exchange.mail_folders import well_known
from service.sandbox.look import forms
from service.sandbox.look.content import attachment_link
from service.sandbox.look.foreign import harmless
from service.sandbox.look.links import HOME, Links
from service.sandbox.look.mail_deeds import ARRIVES, REPLY
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import when, whom
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 50
_BACK = f"{HOME}mail"
_ALWAYS = ("inbox", "sentitems")
_TITLES = {
    "inbox": "Inkorg",
    "sentitems": "Skickat",
    "drafts": "Utkast",
    "outbox": "Utkorg",
    "archive": "Arkiv",
    "junkemail": "Skräppost",
    "deleteditems": "Borttaget",
}


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    tenant = visit.tenant
    content = (
        forms.folded(tenant, ARRIVES, _BACK),
        [_mailbox(tenant, mailbox) for mailbox in _mailboxes(tenant)],
    )
    return Page(title="E-post", content=content)


def _mailboxes(tenant: Tenant) -> list[str]:
    """Ids of whose they are."""
    own = tenant.person(tenant.world.mailbox)
    assert own is not None, "the mailbox must be one of the people"
    rows = tenant.store.all("SELECT DISTINCT mailbox FROM mails WHERE deleted = 0 ORDER BY mailbox")
    return [own.id, *(row["mailbox"] for row in rows if row["mailbox"] != own.id)]


def _mailbox(tenant: Tenant, mailbox: str) -> Markup:
    own = tenant.person(tenant.world.mailbox)
    is_own = own is not None and own.id == mailbox
    folders = [(well_known(tenant, mailbox, key), key, title) for key, title in _TITLES.items()]
    folders += [
        (row["id"], "", row["name"])
        for row in tenant.store.all(
            "SELECT id, name FROM mail_folders WHERE mailbox = ? ORDER BY name", mailbox
        )
    ]
    shown = [
        _folder(tenant, folder, title, is_needed=is_own and key in _ALWAYS)
        for folder, key, title in folders
    ]
    person = tenant.person(mailbox)
    return el("section", el("h2", person.name if person else mailbox), shown)


def _folder(tenant: Tenant, folder: str, title: str, *, is_needed: bool) -> Child:
    rows = tenant.store.all(
        "SELECT * FROM mails WHERE folder = ? AND deleted = 0 "
        "ORDER BY coalesce(sent_at, received_at, created_at) DESC, seq DESC",
        folder,
    )
    if not rows and not is_needed:
        return None
    links = Links(tenant)
    letters = [el("li", _mail(tenant, row, links), data_key=row["id"]) for row in rows[:_MOST]]
    rest = len(rows) - _MOST
    return (
        el("h3", f"{title} ({len(rows)})" if rows else title),
        el("ol", letters, class_="events") if letters else el("p", "Här ligger inget."),
        el("p", f"… och {rest} äldre.") if rest > 0 else None,
    )


def _mail(tenant: Tenant, row: Row, links: Links) -> Markup:
    at = row["sent_at"] or row["received_at"] or row["created_at"]
    body: Child = (
        el("p", row["body"]) if row["body_type"] == "text" else harmless(row["body"], links)
    )
    return el(
        "article",
        el("p", when(tenant, at), class_="time"),
        el(
            "div",
            el(
                "h4",
                row["subject"] or "(utan ämne)",
                [el("span", tag, class_="tag") for tag in _tags(row)],
            ),
            el("p", f"Från {_name(tenant, row['sender'])} till {_recipients(tenant, row)}."),
            el(
                "details",
                el("summary", "Brevet"),
                el("div", body, class_="letter"),
                _attachments(tenant, row),
                class_="fold",
            ),
            None if row["draft"] else forms.folded(tenant, REPLY, _BACK, mail=row["id"]),
        ),
        class_="event",
    )


def _tags(row: Row) -> Iterable[str]:
    if row["draft"]:
        yield "utkast"
    elif not row["read"]:
        yield "oläst"
    if row["importance"] == "high":
        yield "viktigt"
    yield from msgspec.json.decode(row["categories"])


def _attachments(tenant: Tenant, row: Row) -> Markup | None:
    rows = tenant.store.all(
        "SELECT * FROM attachments WHERE event = ? AND inline = 0 ORDER BY name", row["id"]
    )
    files = [el("li", attachment_link(one)) for one in rows]
    return el("ul", files, aria_label="Bilagor") if files else None


def _recipients(tenant: Tenant, row: Row) -> str:
    """Each kind that Graph tells apart; those in secret copy are named as such."""
    said = msgspec.json.decode(row["recipients"])
    names = [
        *_names(tenant, said.get("toRecipients")),
        *(f"{name} (kopia)" for name in _names(tenant, said.get("ccRecipients"))),
        *(f"{name} (dold kopia)" for name in _names(tenant, said.get("bccRecipients"))),
    ]
    return ", ".join(names) or "ingen"


def _names(tenant: Tenant, entries: object) -> Iterable[str]:
    for entry in entries if isinstance(entries, list) else ():
        yield _name(tenant, str(entry.get("address", "")))


def _name(tenant: Tenant, address: str) -> str:
    return whom(tenant, f"user:{address}")


PART = Part(name="mail", title="E-post", page=_page)
