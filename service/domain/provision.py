"""
What a network's site is to hold, and what is absent or otherwise there: decided, not done.

Nothing that is there is changed: a column of another type, a list where a library is
wanted, a choice without our values are people's business, and are told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class ColumnType(StrEnum):
    TEXT = "text"
    NOTE = "note"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class Column:
    name: str
    """Internal, ASCII; it never changes."""
    display_name: str
    type: ColumnType = ColumnType.TEXT
    choices: tuple[str, ...] = ()
    allow_text: bool = False
    """Choices that people may add to."""
    decimals: int | None = None
    """Of a number; None leaves it to the value."""
    hidden: bool = False
    indexed: bool = False
    unique: bool = False
    default: str | None = None
    """As SharePoint writes it: `1` and `0` for a boolean."""
    description: str = ""


class PlaceKind(StrEnum):
    LIBRARY = "library"
    LIST = "list"


@dataclass(frozen=True, kw_only=True)
class Place:
    """A library or a list that the service needs."""

    kind: PlaceKind
    name: str
    columns: tuple[Column, ...]
    folders: tuple[str, ...] = ()
    """Paths in a library."""


@dataclass(frozen=True, kw_only=True)
class SeenColumn:
    name: str
    type: ColumnType | None
    """None for one that the service never makes: person, lookup, link, calculated."""
    choices: tuple[str, ...] = ()
    allow_text: bool = False


@dataclass(frozen=True, kw_only=True)
class SeenPlace:
    """A library or a list of the site."""

    kind: PlaceKind
    list_id: str
    drive_id: str | None
    name: str
    url: str
    columns: tuple[SeenColumn, ...] = ()
    folders: tuple[str, ...] = ()
    """Those of the wanted ones that are there."""

    def is_called(self, name: str) -> bool:
        """Tell whether a setting means this one, by its name, address or an id."""
        own = {self.name.casefold(), self.url.casefold().rstrip("/"), self.list_id, self.drive_id}
        return name in own or name.casefold().rstrip("/") in own


# ---------------------------------------------------------------- what is to be done


@dataclass(frozen=True, kw_only=True)
class MakePlace:
    place: Place


@dataclass(frozen=True, kw_only=True)
class AddColumn:
    place: Place
    column: Column


@dataclass(frozen=True, kw_only=True)
class MakeFolder:
    place: Place
    path: str


Making = MakePlace | AddColumn | MakeFolder


@dataclass(frozen=True, kw_only=True)
class Differs:
    """Something that is there, but not as the service needs it; a person decides."""

    place: str
    subject: str
    """What differs: `column NvForm (Form)`, or the place itself."""
    reason: str
    remedy: str
    hinders: bool = True
    """The service cannot work so; False: it can, with less."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    there: tuple[SeenPlace, ...]
    make: tuple[Making, ...]
    """In the order in which it must be made."""
    differs: tuple[Differs, ...]


def plan(wanted: Sequence[Place], seen: Sequence[SeenPlace]) -> Plan:
    """Decide what to make of each place, in the order given."""
    there, make, differs = list[SeenPlace](), list[Making](), list[Differs]()
    for place in wanted:
        found = [one for one in seen if one.is_called(place.name)]
        fitting = [one for one in found if one.kind is place.kind]
        if len(fitting) == 1:
            there += fitting
            make += _additions(place, fitting[0])
            differs += _differences(place, fitting[0])
        elif found or _is_address(place.name):
            differs.append(_unusable(place, found))
        else:
            make.append(MakePlace(place=place))
            make += [AddColumn(place=place, column=column) for column in place.columns]
            make += [MakeFolder(place=place, path=path) for path in place.folders]
    return Plan(there=tuple(there), make=tuple(make), differs=tuple(differs))


def _additions(place: Place, seen: SeenPlace) -> Iterator[Making]:
    names = {column.name.casefold() for column in seen.columns}
    for column in place.columns:
        if column.name.casefold() not in names:
            yield AddColumn(place=place, column=column)
    for path in place.folders:
        if path not in seen.folders:
            yield MakeFolder(place=place, path=path)


def _differences(place: Place, seen: SeenPlace) -> Iterator[Differs]:
    by_name: Mapping[str, SeenColumn] = {one.name.casefold(): one for one in seen.columns}
    for column in place.columns:
        there = by_name.get(column.name.casefold())
        if there is not None:
            yield from _of_column(place, column, there)


def _of_column(place: Place, column: Column, there: SeenColumn) -> Iterator[Differs]:
    subject = f"column {column.name} ({column.display_name})"
    if there.type is not column.type:
        yield Differs(
            place=place.name,
            subject=subject,
            reason=f"It holds {_SHOWN[there.type]}, where {_SHOWN[column.type]} is needed.",
            remedy="Save what it holds, delete the column in the settings of "
            f"{place.name}, and run `natverket provision` again.",
        )
        return
    absent = [choice for choice in column.choices if choice not in there.choices]
    if absent:
        yield Differs(
            place=place.name,
            subject=subject,
            reason=f"These choices are not there: {', '.join(absent)}.",
            remedy="Add them in the column's settings, or allow values to be added manually.",
            hinders=not there.allow_text,
        )


def _unusable(place: Place, found: Sequence[SeenPlace]) -> Differs:
    if len(found) > 1:
        reason = "Several of the site's lists have this name."
    elif found:
        reason = f"It is a {found[0].kind}, where a {place.kind} is needed."
    else:
        reason = "Nothing lies at this address, and an address cannot be made."
    return Differs(
        place=place.name,
        subject=f"{place.kind} {place.name}",
        reason=reason,
        remedy="Set another name for it in the network's settings, or rename what is there.",
    )


def _is_address(name: str) -> bool:
    return "://" in name


_SHOWN: Mapping[ColumnType | None, str] = {
    None: "something that the service never writes",
    ColumnType.TEXT: "one line of text",
    ColumnType.NOTE: "several lines of text",
    ColumnType.NUMBER: "a number",
    ColumnType.BOOLEAN: "yes or no",
    ColumnType.DATE: "a date",
    ColumnType.CHOICE: "a choice",
}
