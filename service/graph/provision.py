"""
Libraries, lists and their columns, made where they are absent.

Run with another credential than the daemon's: making a list needs more than `write` on
the site. Nothing that is there is changed, so that it can be run again at any time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from kiota_abstractions.method import Method

from service.errors import Conflict
from service.graph.client import Graph, writing
from service.graph.sites import SiteList, Sites
from service.graph.translate import About
from service.graph.wire import Listing, Wire

RIGHT = (
    "this app `Sites.Selected` and fullcontrol (or manage) on the site, "
    "or sign in as an owner of the site"
)


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


@dataclass(frozen=True, kw_only=True)
class Provisioned:
    """A library or list as it is now, and what was done for it."""

    site_id: str
    list_id: str
    drive_id: str | None
    """None for a list that holds no files."""
    name: str
    url: str
    created: bool
    added: tuple[str, ...]
    """Internal names of columns that were added."""


class WireColumn(Wire):
    name: str = ""


_columns = msgspec.json.Decoder(Listing[WireColumn])


class Provisioner:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sites = Sites(graph)

    async def ensure_library(
        self, site_id: str, display_name: str, columns: Sequence[Column]
    ) -> Provisioned:
        return await self._ensure(site_id, display_name, "documentLibrary", columns)

    async def ensure_list(
        self, site_id: str, display_name: str, columns: Sequence[Column]
    ) -> Provisioned:
        return await self._ensure(site_id, display_name, "genericList", columns)

    async def missing_columns(
        self, site_id: str, list_id: str, columns: Sequence[Column]
    ) -> tuple[Column, ...]:
        """The columns that are not there yet, by internal name; one hidden counts as there."""
        builder = self._graph.sdk.sites.by_site_id(site_id).lists.by_list_id(list_id).columns
        there = {
            column.name.casefold()
            async for page in self._graph.listing(
                builder.to_get_request_information(), _columns, self._about(list_id)
            )
            for column in page.value
        }
        return tuple(column for column in columns if column.name.casefold() not in there)

    # ------------------------------------------------------------ within

    async def _ensure(
        self, site_id: str, display_name: str, template: str, columns: Sequence[Column]
    ) -> Provisioned:
        there = await self._there(site_id, display_name)
        created = there is None and await self._create(site_id, display_name, template)
        there = there or await self._there(site_id, display_name)
        if there is None:
            raise Conflict(display_name, "It was made, but cannot be found by its name.")
        added = await self._add_missing(site_id, there.list_id, columns)
        drive_id = None
        if template == "documentLibrary":
            drive_id = (await self._sites.library(site_id, there.list_id)).drive_id
        return Provisioned(
            site_id=site_id,
            list_id=there.list_id,
            drive_id=drive_id,
            name=there.name,
            url=there.url,
            created=created,
            added=added,
        )

    async def _there(self, site_id: str, display_name: str) -> SiteList | None:
        wanted = display_name.casefold()
        lists = await self._sites.lists(site_id)
        return next((one for one in lists if one.name.casefold() == wanted), None)

    async def _create(self, site_id: str, display_name: str, template: str) -> bool:
        builder = self._graph.sdk.sites.by_site_id(site_id).lists
        body = {"displayName": display_name, "list": {"template": template}}
        try:
            await self._graph.send(writing(builder, Method.POST, body), self._about(display_name))
        except Conflict:
            # Somebody else made it in the meantime.
            return False
        return True

    async def _add_missing(
        self, site_id: str, list_id: str, columns: Sequence[Column]
    ) -> tuple[str, ...]:
        builder = self._graph.sdk.sites.by_site_id(site_id).lists.by_list_id(list_id).columns
        added = []
        for column in await self.missing_columns(site_id, list_id, columns):
            info = writing(builder, Method.POST, definition(column))
            try:
                await self._graph.send(info, self._about(list_id))
            except Conflict:
                continue
            added.append(column.name)
        return tuple(added)

    def _about(self, list_id: str) -> About:
        return About(subject=self._graph.name("list", list_id), right=RIGHT)


def definition(column: Column) -> dict[str, Any]:
    """Make the columnDefinition of a column."""
    body: dict[str, Any] = {
        "name": column.name,
        "displayName": column.display_name,
        "hidden": column.hidden,
        # What is unique must be indexed: the service refuses it otherwise.
        "indexed": column.indexed or column.unique,
        "enforceUniqueValues": column.unique,
        **_kind(column),
    }
    if column.description:
        body["description"] = column.description
    if column.default is not None:
        body["defaultValue"] = {"value": column.default}
    return body


def _kind(column: Column) -> dict[str, Any]:
    match column.type:
        case ColumnType.TEXT:
            return {"text": {"allowMultipleLines": False, "maxLength": 255}}
        case ColumnType.NOTE:
            return {"text": {"allowMultipleLines": True, "textType": "plain", "linesForEditing": 6}}
        case ColumnType.NUMBER:
            return {"number": {"decimalPlaces": _DECIMALS[column.decimals]}}
        case ColumnType.BOOLEAN:
            return {"boolean": {}}
        case ColumnType.DATE:
            return {"dateTime": {"format": "dateOnly", "displayAs": "standard"}}
        case ColumnType.CHOICE:
            return {"choice": _choice(column.choices, column.allow_text)}


def _choice(choices: Iterable[str], allow_text: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        "choices": list(choices),
        "allowTextEntry": allow_text,
        "displayAs": "dropDownMenu",
    }


_DECIMALS = {
    None: "automatic",
    0: "none",
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
}
