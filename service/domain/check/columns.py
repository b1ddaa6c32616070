"""Columns as they should be beside columns as they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.domain.check.finding import Remedy
from service.domain.check.shell import quoted
from service.domain.register import Column, Type


@dataclass(frozen=True, kw_only=True)
class SeenColumn:
    """A column of a list as Graph tells of it."""

    name: str
    """Internal."""
    title: str
    kind: str
    """`text`, `note`, `number`, `dateTime`, `boolean`, `choice`, or another word of Graph's."""
    choices: tuple[str, ...] = ()
    fill_in: bool = False
    required: bool = False
    read_only: bool = False
    defaults: bool = False
    """It has a value where nobody gives one."""


KINDS = {
    Type.TEXT: frozenset({"text"}),
    Type.NOTE: frozenset({"note"}),
    Type.NUMBER: frozenset({"number"}),
    Type.DATE: frozenset({"dateTime"}),
    Type.BOOLEAN: frozenset({"boolean"}),
    Type.CHOICE: frozenset({"choice"}),
}


@dataclass(frozen=True, kw_only=True)
class Compared:
    missing: tuple[str, ...]
    mistyped: tuple[str, ...]
    """In words: `NvStart is text, not date`."""
    renamed: tuple[str, ...]
    """Choices that are not there under their words: `NvStatus: Genomfört`."""
    required: tuple[str, ...]
    """Columns without which a file or row is held back, by what people call them."""

    @property
    def good(self) -> bool:
        return not (self.missing or self.mistyped or self.renamed)


def compare(wanted: Iterable[Column], seen: Iterable[SeenColumn]) -> Compared:
    """
    Hold a list's columns against those wanted.

    A renamed choice that is written is filled in where the column allows that, and harms only
    where it does not.
    """
    there: Mapping[str, SeenColumn] = {one.name.casefold(): one for one in seen}
    pairs = [(one, there.get(one.name.casefold())) for one in wanted if one.name != "Title"]
    return Compared(
        missing=tuple(one.name for one, found in pairs if found is None),
        mistyped=tuple(
            f"{one.name} is {found.kind}, not {one.type}"
            for one, found in pairs
            if found is not None and found.kind not in KINDS[one.type]
        ),
        renamed=tuple(
            f"{one.name}: {', '.join(gone)}"
            for one, found in pairs
            if found is not None and (gone := _gone(one, found))
        ),
        required=tuple(one.title or one.name for one in there.values() if _is_in_the_way(one)),
    )


def _gone(column: Column, found: SeenColumn) -> tuple[str, ...]:
    if column.type is not Type.CHOICE or found.kind != "choice" or found.fill_in:
        return ()
    return tuple(shown for _, shown in column.choices if shown not in found.choices)


def _is_in_the_way(column: SeenColumn) -> bool:
    """A title is given to every row, and a file has its name."""
    return (
        column.required
        and not column.read_only
        and not column.defaults
        and column.name not in ("Title", "FileLeafRef")
    )


def optional(site: str, library: str, columns: Iterable[str]) -> Remedy:
    """Make columns optional."""
    return Remedy(
        who="owner of the site, in PnP PowerShell, or in the library's settings",
        steps=(
            f"Connect-PnPOnline -Url {quoted(site)} -Interactive",
            *(
                f"Set-PnPField -List {quoted(library)} -Identity {quoted(name)} "
                "-Values @{Required=$false}"
                for name in columns
            ),
        ),
    )


def retyped(site: str, library: str) -> Remedy:
    """Put a column of another type aside, and let another be made."""
    return Remedy(
        who="owner of the site",
        steps=(
            f"{site}: settings of {library} > the column named > delete it, or a choice: put its "
            "word back",
            "natverket provision",
        ),
    )
