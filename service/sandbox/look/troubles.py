"""Trouble on script: what is still to strike, and what has struck."""

from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted
from service.sandbox.markup import Child, Markup, el
from service.sandbox.wire import Json

_FEW = 8
_HEADINGS = ("Störning", "Kvar", "Drabbat", "Passade in på", "Beställd i")


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    told = visit.faults()
    content: Child = (
        el("p", _waiting(told["left"])),
        _scripts(told["value"]),
        el(
            "p",
            "En störning beställs med POST till ",
            el("code", "/_sandbox/faults"),
            " eller i en manusfil. Den drabbar de anrop som den beskriver, så många gånger som "
            "den säger. DELETE till samma adress tar bort alla.",
            class_="subtle",
        ),
    )
    return Page(title="Störningar", content=content)


def _waiting(left: int) -> str:
    if not left:
        return "Ingen störning väntar: miljön svarar som den ska."
    return f"{counted(left, 'störning', 'störningar')} väntar på sitt anrop."


def _scripts(scripts: list[Json]) -> Markup | None:
    """The script itself is told as it was written: its words are explained with the sandbox."""
    if not scripts:
        return None
    shown: list[list[Child]] = [
        [
            el("pre", one["fault"].strip() or "(utan text)", class_="script"),
            _left(one["left"]),
            _met(one["met"], one["requests"]),
            counted(one["matched"], "anrop", "anrop"),
            "miljön när den gick" if one["where"] == "given to a running sandbox" else one["where"],
        ]
        for one in scripts
    ]
    return table("Störningar", _HEADINGS, shown, kind="stack scripts")


def _left(left: int | None) -> Markup:
    if left is None:
        return el("span", "utan slut", class_="status bad")
    if left == 0:
        return el("span", "förbrukad", class_="status")
    return el("span", counted(left, "gång", "gånger"), class_="status bad")


def _met(count: int, requests: list[int]) -> str:
    """By the numbers that the requests have in the log; signing in has none."""
    if not count:
        return "inget ännu"
    numbers = ", ".join(str(number) for number in requests[-_FEW:])
    more = "… " if len(requests) > _FEW else ""
    which = f" (nr {more}{numbers})" if numbers else ""
    return counted(count, "anrop", "anrop") + which


PART = Part(name="troubles", title="Störningar", page=_page)
