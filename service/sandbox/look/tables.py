"""Tables of rows under headings, and the columns of libraries and lists in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import unquote, urlsplit

import msgspec

from service.sandbox.look.links import Links
from service.sandbox.look.words import local, number
from service.sandbox.markup import Child, Markup, el, text_of
from service.sandbox.store import Row
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Json

_LONG = 60
_SHORT = 40
_OPAQUE = 30


@dataclass(frozen=True, kw_only=True)
class Heading:
    title: str | Markup
    sorted: str | None = None
    """`ascending` or `descending`."""
    rest: bool = False
    """Left out on a narrow screen: what the row leads to has it."""

    @property
    def label(self) -> str:
        return self.title if isinstance(self.title, str) else text_of(self.title)


def table(
    caption: str,
    headings: Sequence[str | Heading],
    rows: Iterable[Sequence[Child]],
    *,
    kind: str,
    keys: Sequence[str] = (),
) -> Markup:
    """
    `kind` is `stack` or `wide`: either's rows become cards on a narrow screen, and a wide one
    scrolls where there is not room for it. `keys` tell the rows apart as they come and go.
    """
    columns = [one if isinstance(one, Heading) else Heading(title=one) for one in headings]
    head = el(
        "tr",
        [
            el("th", one.title, scope="col", aria_sort=one.sorted, class_=_rest(one))
            for one in columns
        ],
    )
    body = [
        el(
            "tr",
            [
                el("td", cell, data_label=one.label if _is_there(cell) else None, class_=_rest(one))
                for one, cell in zip(columns, row, strict=True)
            ],
            data_key=key,
        )
        for row, key in zip_longest(rows, keys)
    ]
    drawn = el(
        "table", el("caption", caption, class_="hidden"), el("thead", head), el("tbody", body)
    )
    # What scrolls must be reachable by keyboard, and then it needs a name.
    return el("div", drawn, class_=kind, tabindex="0", role="region", aria_label=caption)


def _rest(heading: Heading) -> str | None:
    return "rest" if heading.rest else None


def _is_there(cell: Child) -> bool:
    return cell is not None and cell != ""


class Columns:
    """The columns of a list that people see, and their values."""

    def __init__(self, tenant: Tenant, list_id: str) -> None:
        self._tenant = tenant
        self._links = Links(tenant)
        self._columns: dict[str, tuple[str, Json]] = {}
        """Internal name to kind and definition."""
        for row in tenant.store.all(
            "SELECT * FROM columns WHERE list = ? ORDER BY position", list_id
        ):
            definition: Json = msgspec.json.decode(row["definition"])
            if row["kind"] != "readOnly" and not definition.get("hidden"):
                self._columns[row["name"]] = (row["kind"], definition)

    def filled(self, rows: Iterable[Row], *, without: frozenset[str] = frozenset()) -> list[str]:
        """Internal names of those that hold something in any of the rows."""
        held: set[str] = set()
        for row in rows:
            values = msgspec.json.decode(row["fields"])
            held.update(name for name, value in values.items() if value not in (None, "", []))
        return [name for name in self._columns if name in held and name not in without]

    def alike(self, rows: Sequence[Row], names: Iterable[str]) -> list[str]:
        """Those of the names that hold the same in each of several rows."""
        values = [msgspec.json.decode(row["fields"]) for row in rows]
        if len(values) < 2:
            return []
        return [n for n in names if all(v.get(n) == values[0].get(n) for v in values)]

    def telling(self, rows: Sequence[Row], names: Sequence[str], most: int) -> list[str]:
        """The columns that say the most in the least room: the day, choices, figures, words."""
        values: list[Json] = [msgspec.json.decode(row["fields"]) for row in rows]
        days = [name for name in names if self._columns[name][0] == "dateTime"]

        def weight(name: str) -> int:
            kind, _ = self._columns[name]
            if kind == "dateTime":
                return 0 if name == days[0] else 4
            if kind in ("number", "choice"):
                return 1
            longest = max(len(str(one.get(name) or "")) for one in values)
            return 2 if longest <= _SHORT else 5

        chosen = set(sorted(names, key=weight)[:most])
        return [name for name in names if name in chosen]

    def title(self, name: str) -> str:
        shown = str(self._columns[name][1].get("displayName") or name)
        return "Titel" if shown == "Title" else shown

    def cells(self, row: Row, names: Iterable[str], *, whole: bool = False) -> list[Child]:
        """`whole` keeps the line breaks and the length of long texts."""
        values: Json = msgspec.json.decode(row["fields"])
        return [self._cell(name, values.get(name), whole=whole) for name in names]

    def _cell(self, name: str, value: object, *, whole: bool) -> Child:
        kind, definition = self._columns[name]
        if value is None:
            return None
        if isinstance(value, bool):
            return "Ja" if value else "Nej"
        if isinstance(value, int | float):
            return _number(value, definition)
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        if kind == "dateTime":
            return self._date(str(value), definition)
        return self._text(str(value), whole=whole)

    def _date(self, text: str, definition: Json) -> Child:
        only_day = (definition.get("dateTime") or {}).get("format") == "dateOnly"
        at = local(self._tenant, text)
        shown = f"{at:%Y-%m-%d}" if only_day else f"{at:%Y-%m-%d %H:%M}"
        return el("time", shown, datetime=at.isoformat())

    def _text(self, text: str, *, whole: bool) -> Child:
        is_address = text.startswith("https://") and " " not in text
        target = self._links(text) if is_address else None
        shown: Child = el("a", _label(text), href=target, title=text) if target else text
        if whole:
            return shown
        if " " not in text and len(text) > _OPAQUE and not is_address:
            return el("div", text, class_="opaque", title=text)
        if len(text) <= _LONG and "\n" not in text:
            return shown
        return el("div", shown, class_="clamp", title=text)


def _number(value: float, definition: Json) -> str:
    places = (definition.get("number") or {}).get("decimalPlaces")
    decimals = {"none": "#,##0", "one": "#,##0.0", "two": "#,##0.00"}.get(str(places))
    return number(value, decimals or "#,##0.####")


def _label(address: str) -> str:
    """The last part of an address that says something."""
    parts = urlsplit(address)
    last = unquote(parts.path.rstrip("/").rpartition("/")[2])
    return last or parts.netloc
