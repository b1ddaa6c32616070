"""Forms: what each asks, who has answered, and where the answers come to lie."""

from urllib.parse import quote

import msgspec

from service.sandbox.forms import questions
from service.sandbox.look import forms
from service.sandbox.look.links import HOME, file_page, list_page
from service.sandbox.look.survey_deeds import CLOSE, answer
from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted, number, when, whom
from service.sandbox.markup import Child, Markup, el
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant

_MOST = 200
_TRAIL = (f"{HOME}surveys", "Enkäter")


def _page(visit: Visit) -> Page:
    match visit.names:
        case ():
            return _all(visit.tenant)
        case (one,):
            return _one(visit.tenant, one)
    raise NotThereError


def _address(row: Row) -> str:
    return f"{HOME}surveys/{quote(row['key'], safe='')}"


def _all(tenant: Tenant) -> Page:
    rows = tenant.store.all("SELECT * FROM forms ORDER BY title")
    if not rows:
        return Page(title="Enkäter", content=el("p", "Ingen har gjort någon enkät ännu."))
    shown: list[list[Child]] = [
        [
            el("a", row["title"], href=_address(row)),
            whom(tenant, f"user:{row['owner']}"),
            counted(_count(tenant, row), "svar", "svar"),
            _results(tenant, row),
            "stängd" if row["closed"] else "öppen",
        ]
        for row in rows
    ]
    headings = ("Enkät", "Ägare", "Svar", "Svaren hamnar i", "Läge")
    return Page(title="Enkäter", content=table("Enkäter", headings, shown, kind="stack"))


def _count(tenant: Tenant, row: Row) -> int:
    return int(tenant.store.value("SELECT count(*) FROM responses WHERE form = ?", row["key"]))


def _results(tenant: Tenant, row: Row) -> Child:
    """The workbook that Forms keeps, or the list that a flow fills."""
    if row["list"]:
        name = tenant.store.value("SELECT name FROM lists WHERE id = ?", row["list"])
        return el("a", f"listan {name}", href=list_page(row["list"]))
    file = tenant.store.one("SELECT * FROM items WHERE id = ? AND deleted = 0", row["item"])
    return el("a", file["name"], href=file_page(file["id"])) if file else "en fil som är borta"


def _one(tenant: Tenant, key: str) -> Page:
    row = tenant.store.one("SELECT * FROM forms WHERE key = ?", key)
    if row is None:
        raise NotThereError
    back = _address(row)
    is_open = not row["closed"]
    kept: list[tuple[str, Child]] = [
        ("Ägare", whom(tenant, f"user:{row['owner']}")),
        ("Läge", "öppen" if is_open else "stängd"),
        ("Svaren hamnar i", _results(tenant, row)),
        ("Den som svarar", "är anonym" if row["anonymous"] else "syns med namn"),
    ]
    content: Child = (
        el("dl", [(el("dt", name), el("dd", value)) for name, value in kept], class_="record"),
        el("section", el("h2", "Svar"), _answers(tenant, row)),
        el(
            "section",
            el("h2", "Gör något med enkäten"),
            forms.folded(tenant, answer(row), back, form=key),
            forms.folded(tenant, CLOSE, back, form=key),
            class_="deeds",
        )
        if is_open
        else None,
    )
    return Page(title=row["title"], trail=(_TRAIL,), content=content)


def _answers(tenant: Tenant, row: Row) -> Markup:
    rows = tenant.store.all(
        "SELECT * FROM responses WHERE form = ? ORDER BY id DESC LIMIT ?", row["key"], _MOST
    )
    if not rows:
        return el("p", "Ingen har svarat ännu.")
    asked = list(questions.asked(questions.of(row)))
    shown: list[list[Child]] = []
    for one in rows:
        given = msgspec.json.decode(one["answers"])
        shown.append(
            [
                one["name"] or "okänd",
                when(tenant, one["completed"], "yyyy-MM-dd HH:mm"),
                *(_given(given.get(question.key)) for question in asked),
            ]
        )
    headings = ("Vem", "När", *(question.title for question in asked))
    keys = [str(one["id"]) for one in rows]
    return table(f"Svar på {row['title']}", headings, shown, kind="wide", keys=keys)


def _given(value: object) -> Child:
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    if isinstance(value, int | float):
        return number(value)
    return None if value is None else el("div", str(value), class_="clamp")


PART = Part(name="surveys", title="Enkäter", page=_page)
