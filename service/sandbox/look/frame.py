"""What is round every page: the tenant's name and time, the way to the others, the clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.sandbox.look.links import HOME
from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.words import counted, local, spell
from service.sandbox.tenant import Tenant

SECTIONS = (
    ("", "Översikt"),
    ("files", "Filer"),
    ("lists", "Listor"),
    ("channels", "Kanaler"),
    ("calendar", "Kalender"),
    ("log", "Anrop"),
)


class NotThereError(Exception):
    """What the address names is not in the tenant."""


@dataclass(frozen=True, kw_only=True)
class Page:
    title: str
    content: Child
    trail: Sequence[tuple[str, str]] = ()
    """Address and name of what it lies in."""
    status: int = 200


def framed(tenant: Tenant, page: Page, *, path: str, moved: str | None = None) -> bytes:
    """A whole document. `moved` is what came of moving the clock, see `Look`."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{page.title} – {tenant.world.site}"),
        el("link", rel="stylesheet", href=f"{HOME}look.css"),
        el("link", rel="icon", href="data:,"),
    )
    body = el(
        "body",
        el("a", "Till innehållet", href="#content", class_="skip"),
        _header(tenant, path),
        _navigation(path),
        el(
            "main",
            _notice(moved),
            _trail(page.trail),
            el("h1", page.title),
            page.content,
            id="content",
        ),
        el(
            "footer",
            el("p", "En sandlåda: en Microsoft 365-miljö som bara finns på den här datorn."),
        ),
    )
    return f"<!doctype html>\n{el('html', head, body, lang='sv').text}\n".encode()


def _header(tenant: Tenant, path: str) -> Markup:
    now = local(tenant, tenant.clock.text)
    shown = spell(now, "EEEE d MMMM y 'kl.' HH:mm")
    return el(
        "header",
        el(
            "div",
            el("p", el("a", tenant.world.site, href=HOME), class_="site"),
            el("p", "Sandlådans tid: ", el("time", shown, datetime=now.isoformat()), class_="now"),
        ),
        _clock_forms(path, f"{now:%Y-%m-%d}"),
        class_="top",
    )


def _clock_forms(path: str, today: str) -> Markup:
    """Two, so that Enter in the field for the date is not taken for the first button."""
    back = el("input", type="hidden", name="back", value=path)
    steps = (
        el("span", "Flytta fram ", class_="lead"),
        el("button", "en dag", name="step", value="day", type="submit"),
        el("button", "en vecka", name="step", value="week", type="submit"),
    )
    to_date = (
        el("label", "till ", el("input", type="date", name="date", min=today, required=True)),
        el("button", "Gå", name="step", value="date", type="submit"),
    )
    forms = [
        el("form", back, one, method="post", action=HOME, aria_label="Flytta fram tiden")
        for one in (steps, to_date)
    ]
    return el("div", forms, class_="clock")


def _navigation(path: str) -> Markup:
    here = path.removeprefix(HOME).partition("/")[0]
    return el(
        "nav",
        el(
            "ul",
            [
                el(
                    "li",
                    el(
                        "a",
                        title,
                        href=HOME + name,
                        aria_current="page" if name == here else None,
                    ),
                )
                for name, title in SECTIONS
            ],
        ),
        aria_label="Delar",
        class_="sections",
    )


def _notice(moved: str | None) -> Markup | None:
    if moved is None:
        return None
    if moved.isdecimal() and len(moved) < 10:
        happened = counted(int(moved), "sak", "saker") if int(moved) else "Inget"
        said = f"Tiden är framflyttad. {happened} hände på vägen."
        return el("p", said, class_="notice", role="status")
    return el(
        "p",
        "Tiden kan bara flyttas framåt, till en dag som ligger efter den nuvarande.",
        class_="notice wrong",
        role="alert",
    )


def _trail(trail: Sequence[tuple[str, str]]) -> Markup | None:
    if not trail:
        return None
    return el(
        "nav",
        el("ol", [el("li", el("a", name, href=address)) for address, name in trail]),
        aria_label="Plats",
        class_="trail",
    )
