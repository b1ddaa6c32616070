"""
Libraries, lists and their columns, made where they are absent.

Run with another credential than the daemon's: making a list needs more than `write` on
the site. Nothing that is there is changed, so that it can be run again at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
from kiota_abstractions.method import Method

from service.domain.provision import Column, ColumnType, Place, PlaceKind, SeenColumn, SeenPlace
from service.errors import Conflict
from service.graph.client import Graph, writing
from service.graph.sites import Sites
from service.graph.translate import About
from service.graph.wire import Facet, Listing, Wire

RIGHT = (
    "this app `Sites.Selected` and fullcontrol (or manage) on the site, "
    "or sign in as an owner of the site"
)


class Choice(Wire):
    choices: tuple[str, ...] = ()
    allow_text_entry: bool = False


class Lines(Wire):
    allow_multiple_lines: bool = False


class WireColumn(Wire):
    """The facets that tell a column's type: Graph shows one of them."""

    name: str = ""
    text: Lines | None = None
    number: Facet | None = None
    boolean: Facet | None = None
    date_time: Facet | None = None
    choice: Choice | None = None

    @property
    def type(self) -> ColumnType | None:
        if self.text is not None:
            return ColumnType.NOTE if self.text.allow_multiple_lines else ColumnType.TEXT
        facets: Mapping[ColumnType, object] = {
            ColumnType.NUMBER: self.number,
            ColumnType.BOOLEAN: self.boolean,
            ColumnType.DATE: self.date_time,
            ColumnType.CHOICE: self.choice,
        }
        return next((kind for kind, facet in facets.items() if facet is not None), None)


_columns = msgspec.json.Decoder(Listing[WireColumn])


class Provisioner:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._sites = Sites(graph)

    async def look(self, site_id: str, wanted: Sequence[Place]) -> tuple[SeenPlace, ...]:
        """Tell what is there of these places, whatever they are; folders are not looked for."""
        drives = {one.list_id: one.drive_id for one in await self._sites.libraries(site_id)}
        found = []
        for one in await self._sites.lists(site_id):
            is_library = one.list_id in drives or one.template == _TEMPLATES[PlaceKind.LIBRARY]
            seen = SeenPlace(
                kind=PlaceKind.LIBRARY if is_library else PlaceKind.LIST,
                list_id=one.list_id,
                drive_id=drives.get(one.list_id),
                name=one.name,
                url=one.url,
            )
            if any(seen.is_called(place.name) for place in wanted):
                columns = await self._seen_columns(site_id, one.list_id)
                found.append(replace(seen, columns=tuple(_seen(column) for column in columns)))
        return tuple(found)

    async def make(self, site_id: str, place: Place) -> SeenPlace:
        """Make it, without its columns. Raises Forbidden, and Conflict where it is not found."""
        builder = self._graph.sdk.sites.by_site_id(site_id).lists
        body = {"displayName": place.name, "list": {"template": _TEMPLATES[place.kind]}}
        # A conflict: somebody else has made it in the meantime.
        with suppress(Conflict):
            await self._graph.send(writing(builder, Method.POST, body), self._about(place.name))
        for seen in await self.look(site_id, (place,)):
            if seen.kind is place.kind:
                return seen
        raise Conflict(place.name, "It was made, but cannot be found by its name.")

    async def add(self, site_id: str, list_id: str, column: Column) -> bool:
        """Add a column; False where somebody else did so in the meantime."""
        builder = self._graph.sdk.sites.by_site_id(site_id).lists.by_list_id(list_id).columns
        info = writing(builder, Method.POST, definition(column))
        try:
            await self._graph.send(info, self._about(list_id))
        except Conflict:
            return False
        return True

    # ------------------------------------------------------------ within

    async def _seen_columns(self, site_id: str, list_id: str) -> list[WireColumn]:
        builder = self._graph.sdk.sites.by_site_id(site_id).lists.by_list_id(list_id).columns
        return [
            column
            async for page in self._graph.listing(
                builder.to_get_request_information(), _columns, self._about(list_id)
            )
            for column in page.value
        ]

    def _about(self, list_id: str) -> About:
        return About(subject=self._graph.name("list", list_id), right=RIGHT)


def _seen(column: WireColumn) -> SeenColumn:
    choice = column.choice or Choice()
    return SeenColumn(
        name=column.name,
        type=column.type,
        choices=choice.choices,
        allow_text=choice.allow_text_entry,
    )


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


_TEMPLATES = {PlaceKind.LIBRARY: "documentLibrary", PlaceKind.LIST: "genericList"}
_DECIMALS = {
    None: "automatic",
    0: "none",
    1: "one",
    2: "two",
    3: "three",
    4: "four",
    5: "five",
}
