"""What holds a file: who has it open or checked out, its label, whether it is approved."""

from collections.abc import Iterator, Mapping

from service.sandbox.look.words import when, whom
from service.sandbox.markup import Markup, el
from service.sandbox.sharepoint import states
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MODERATION = {
    states.APPROVED: "godkänd",
    states.REJECTED: "avslagen",
    states.PENDING: "väntar på godkännande",
    states.DRAFT: "utkast",
}
AWAITING = (states.PENDING, states.DRAFT)
"""What somebody may approve or reject."""


def in_folder(tenant: Tenant, folder: str) -> Mapping[str, Row]:
    """By the id of the item that is held."""
    rows = tenant.store.all(
        "SELECT s.* FROM item_states s JOIN items i ON i.id = s.item "
        "WHERE i.parent = ? AND i.deleted = 0",
        folder,
    )
    return {row["item"]: row for row in rows}


def tags(tenant: Tenant, state: Row) -> list[Markup]:
    """In a word each; that a file has been approved is no news."""
    said = [
        f"öppen hos {whom(tenant, state['open_by'])}" if state["open_by"] else None,
        f"utcheckad av {whom(tenant, state['checked_out_by'])}"
        if state["checked_out_by"]
        else None,
        f"etikett: {state['label']}" if state["label"] else None,
        _MODERATION[state["moderation"]]
        if state["moderation"] not in (None, states.APPROVED)
        else None,
        "går inte att hämta" if state["no_download"] else None,
    ]
    return [el("span", words, class_="tag held") for words in said if words]


def facts(tenant: Tenant, state: Row) -> Iterator[tuple[str, str | tuple[Markup | str, ...]]]:
    """In full, with who and since when."""
    if state["open_by"]:
        yield "Öppen hos", whom(tenant, state["open_by"])
    if state["checked_out_by"]:
        never = "" if state["checked_in"] else " och har aldrig checkats in"
        yield "Utcheckad av", f"{whom(tenant, state['checked_out_by'])}{never}"
    if state["label"]:
        locked = ", låst" if state["record_locked"] else ""
        by = f"{locked}, satt av {whom(tenant, state['label_by'])} "
        yield "Etikett", (state["label"] + by, when(tenant, state["label_at"]))
    if state["moderation"] is not None:
        yield "Godkännande", _MODERATION[state["moderation"]]
    if state["comment"]:
        yield "Kommentar", state["comment"]
    if state["no_download"]:
        yield "Nedladdning", "spärrad: filen kan bara läsas på skärmen"


def of_library(tenant: Tenant, list_id: str) -> str | None:
    """How the library is set, where it is set otherwise than libraries are."""
    settings = states.settings_of(tenant, list_id)
    if settings is None:
        return None
    said = [
        words
        for name, words in (
            ("force_checkout", "Filer måste checkas ut innan de ändras."),
            ("approval", "Ändringar visas för alla först när de är godkända."),
            ("no_download", "Inget härifrån går att hämta."),
        )
        if settings[name]
    ]
    return " ".join(said) or None
