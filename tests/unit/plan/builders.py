"""Rows that a coordinator has typed, and plans made from them."""

from datetime import date

from service.domain.dates import date_value
from service.domain.plan.planned import PlannedRow, planned_rows
from service.observe import FieldValue, SeenRow
from tests.unit.effects.world import network

GROUP = "Naturvårdsgruppen"


def row(row_id: str = "7", day: date | None = None, **columns: FieldValue) -> SeenRow:
    """A row without an event."""
    fields = {"Title": "Fladdermöss", "NvGroups": GROUP, "NvStart": date_value(day), **columns}
    return SeenRow(id=row_id, etag="e1", fields=fields)


def planned(row_id: str = "7", day: date | None = None, **columns: FieldValue) -> PlannedRow:
    [found] = planned_rows([row(row_id, day, **columns)], network())
    return found
