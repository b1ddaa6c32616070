"""Mail: what has been sent from and to the mailboxes, where the tenant keeps any."""

from collections.abc import Iterable

import msgspec

from service.sandbox.look.foreign import harmless
from service.sandbox.look.kept import has_columns, held
from service.sandbox.look.links import Links
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import when, whom
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 100
_COLUMNS = ("mailbox", "subject", "body", "sender", "recipients", "deleted", "created_at")


def _is_kept(tenant: Tenant) -> bool:
    return has_columns(tenant, "mails", *_COLUMNS)


def _page(visit: Visit) -> Page:
    if visit.names or not _is_kept(visit.tenant):
        raise NotThereError
    tenant = visit.tenant
    rows = tenant.store.all(
        "SELECT * FROM mails WHERE deleted = 0 ORDER BY created_at DESC, id LIMIT ?", _MOST
    )
    links = Links(tenant)
    shown = [el("li", _mail(tenant, row, links), data_key=row["id"]) for row in rows]
    content = el("ol", shown, class_="events") if shown else el("p", "Ingen har skrivit något.")
    return Page(title="E-post", content=content)


def _mail(tenant: Tenant, row: Row, links: Links) -> Markup:
    sent = held(row, "sent_at")
    at: Child = when(tenant, sent or row["created_at"])
    mailbox = tenant.person(row["mailbox"])
    is_text = held(row, "body_type") == "text"
    body: Child = el("p", row["body"]) if is_text else harmless(row["body"], links)
    return el(
        "article",
        el("p", at, class_="time"),
        el(
            "div",
            el("h2", row["subject"], None if sent else el("span", "utkast", class_="tag")),
            el("p", f"Från {_name(tenant, row['sender'])} till {_recipients(tenant, row)}."),
            el("p", f"I {mailbox.name}s brevlåda." if mailbox else None, class_="subtle"),
            el("details", el("summary", "Brevet"), el("div", body, class_="letter")),
        ),
        class_="event",
    )


def _recipients(tenant: Tenant, row: Row) -> str:
    """Each kind that Graph tells apart; those in secret copy are named as such."""
    said = msgspec.json.decode(row["recipients"])
    names = [
        *_names(tenant, said.get("toRecipients")),
        *_names(tenant, said.get("ccRecipients")),
        *(f"{name} (dold kopia)" for name in _names(tenant, said.get("bccRecipients"))),
    ]
    return ", ".join(names) or "ingen"


def _names(tenant: Tenant, entries: object) -> Iterable[str]:
    for entry in entries if isinstance(entries, list) else ():
        yield _name(tenant, str(entry.get("address", "")))


def _name(tenant: Tenant, address: str) -> str:
    return whom(tenant, f"user:{address}")


PART = Part(name="mail", title="E-post", page=_page, is_there=_is_kept)
