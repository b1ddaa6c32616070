"""What is round every page: the tenant's name and time, the way to the others, the clock."""

from collections.abc import Iterable, Mapping, Sequence

from service.sandbox.look import ahead, doing, scripts
from service.sandbox.look.links import HOME
from service.sandbox.look.visit import Page, Part, Visit
from service.sandbox.look.words import counted, local, spell
from service.sandbox.markup import Markup, el


def framed(visit: Visit, page: Page, parts: Iterable[Part]) -> bytes:
    """A whole document."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", f"{page.title} – {visit.tenant.world.site}"),
        el("link", rel="stylesheet", href=f"{HOME}look.css"),
        el("link", rel="icon", href=f"{HOME}icon.svg"),
        scripts.wanted(),
    )
    body = el(
        "body",
        el("a", "Till innehållet", href="#content", class_="skip"),
        _header(visit),
        _navigation(visit, parts),
        el(
            "main",
            _notice(visit.query),
            _trail(page.trail),
            el("h1", page.title),
            page.content,
            id="content",
            tabindex="-1",
        ),
        _footer(),
        # An answer to a form is no page that could be asked for anew.
        data_change=scripts.change(visit) if page.status == 200 else None,
    )
    return f"<!doctype html>\n{el('html', head, body, lang='sv').text}\n".encode()


def _header(visit: Visit) -> Markup:
    now = local(visit.tenant, visit.tenant.clock.text)
    shown = spell(now, "EEEE d MMMM y 'kl.' HH:mm")
    return el(
        "header",
        el(
            "div",
            el("p", el("a", visit.tenant.world.site, href=HOME), class_="site"),
            el(
                "p",
                el("span", "Sandlådans tid: ", class_="lead"),
                el("time", shown, datetime=now.isoformat()),
                class_="now",
            ),
        ),
        _clock_forms(visit, f"{now:%Y-%m-%d}"),
        class_="top",
    )


def _clock_forms(visit: Visit, today: str) -> Markup:
    """Two, so that Enter in the field for the date is not taken for the first button."""
    back = el("input", type="hidden", name="back", value=doing.came_from(visit))
    steps = (
        el("span", "Flytta fram ", class_="lead"),
        _step("hour", "en timme", "1 tim"),
        _step("day", "en dag", "1 dag"),
        _step("week", "en vecka", "1 v"),
        _step("next", "till nästa händelse", "nästa") if ahead.moment(visit) else None,
    )
    to_date = (
        el("label", "till ", el("input", type="date", name="date", min=today, required=True)),
        el("button", "Gå", name="step", value="date", type="submit", aria_label="Gå till datumet"),
    )
    by_step, by_date = (
        el("form", back, one, method="post", action=HOME, aria_label=label)
        for one, label in ((steps, "Flytta fram tiden"), (to_date, "Flytta fram tiden till en dag"))
    )
    folded = el("details", el("summary", "datum"), by_date, class_="to-date", data_key="to-date")
    return el("div", by_step, folded, class_="clock")


def _step(value: str, whole: str, brief: str) -> Markup:
    """A telephone has room for the brief word only."""
    return el(
        "button",
        el("span", whole, class_="roomy"),
        el("span", brief, class_="brief"),
        name="step",
        value=value,
        type="submit",
    )


def _navigation(visit: Visit, parts: Iterable[Part]) -> Markup:
    here = visit.path.removeprefix(HOME).partition("/")[0]
    shown = [
        el(
            "li",
            el(
                "a",
                part.title,
                href=HOME + part.name,
                aria_current="page" if part.name == here else None,
            ),
        )
        for part in parts
        if part.title is not None
    ]
    return el("nav", el("ul", shown), aria_label="Delar", class_="sections")


def _footer() -> Markup:
    version = scripts.renderer()
    drawn = (
        f"Korten ritas av Microsofts adaptivecards {version}."
        if version
        else "Korten ritas av sidan själv. Kommandot make cards hämtar Microsofts egen ritare."
    )
    return el(
        "footer",
        el("p", "Sandlådan svarar inte. Det som visas är det senaste.", class_="lost"),
        el(
            "p",
            "En sandlåda: en Microsoft 365-miljö som bara finns på den här datorn. ",
            drawn,
        ),
    )


def _notice(query: Mapping[str, str]) -> Markup | None:
    """What came of a form, as the address that it led to tells."""
    done = doing.said(query.get("done", ""))
    if done:
        return el("p", done, class_="notice", role="status")
    moved = query.get("moved")
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
