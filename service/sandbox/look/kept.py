"""What a tenant may keep or not: tables and columns that a workload has or has not."""

from typing import Any

from service.sandbox.store import Row
from service.sandbox.tenant import Tenant


def has_columns(tenant: Tenant, table: str, *names: str) -> bool:
    """Whether there is such a table, with at least these columns."""
    rows = tenant.store.all("SELECT name FROM pragma_table_info(?)", table)
    return bool(rows) and {row["name"] for row in rows} >= set(names)


def held(row: Row, name: str) -> Any:
    """The value of a column; None where there is no such column."""
    return row[name] if name in row.keys() else None  # noqa: SIM118 - a database row, no dict
