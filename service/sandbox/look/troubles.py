"""Trouble on script: what is still to strike, and what has struck."""

from collections.abc import Mapping

from service.sandbox.look.markup import Child, Markup, el
from service.sandbox.look.tables import table
from service.sandbox.look.visit import NotThereError, Page, Part, Visit
from service.sandbox.look.words import counted
from service.sandbox.wire import Json

_TITLES = {
    "left": "Kvar att möta",
    "met": "Redan mötta",
    "unmet": "Ännu inte mötta",
    "scripts": "Störningar",
    "value": "Störningar",
}


def _page(visit: Visit) -> Page:
    if visit.names:
        raise NotThereError
    told = visit.faults()
    left = told.get("left", 0)
    count = left if isinstance(left, int) else len(left)
    said = (
        f"{counted(count, 'störning', 'störningar')} väntar på sitt anrop."
        if count
        else "Ingen störning väntar: miljön svarar som den ska."
    )
    content: Child = (
        el("p", said),
        [_section(name, value) for name, value in told.items() if isinstance(value, list)],
        el(
            "p",
            "En störning beställs med POST till ",
            el("code", "/_sandbox/faults"),
            ". Den drabbar det anrop som den beskriver, så många gånger som den säger.",
            class_="subtle",
        ),
    )
    return Page(title="Störningar", content=content)


def _section(name: str, scripts: list[Json]) -> Markup | None:
    """Whatever a script says, under the names that it is written with."""
    rows = [one for one in scripts if isinstance(one, Mapping)]
    if not rows:
        return None
    keys = list(dict.fromkeys(key for one in rows for key in one))
    title = _TITLES.get(name, name)
    shown = [[_cell(one.get(key)) for key in keys] for one in rows]
    return el("section", el("h2", title), table(title, keys, shown, kind="stack"))


def _cell(value: object) -> Child:
    if value is None or isinstance(value, bool):
        return {None: None, True: "ja", False: "nej"}[value]
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {one}" for key, one in value.items())
    return str(value)


PART = Part(name="troubles", title="Störningar", page=_page)
