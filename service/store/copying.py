"""One network's rows out of one state and into another, in one transaction."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, Table, delete, func, select

from service.store.database import Database
from service.store.tables import CURSORS, EFFECTS, HISTORY, RESPONSES, RUNS, SIGHTS

Rows = list[dict[str, object]]

_SETTLED = ("done", "dropped")
_AT_A_TIME = 500
"""Keys in one statement."""


def take_over(made: Database, target: Database, network: str) -> None:
    """Put what was made in the place of what is there; imported history stays."""
    with target.writing() as connection:
        for table in (SIGHTS, CURSORS, EFFECTS, RUNS, RESPONSES):
            connection.execute(delete(table).where(table.c.network == network))
            _insert(connection, target, table, _rows(made, table, network))


def add(made: Database, target: Database, network: str, stands: Collection[str]) -> None:
    """
    Add what was made to what is there. What is there and over stays; what is begun gives way.

    Sights are those that were made, of the sources that `stands` names those that are there.
    Cursors are dropped, so that every source is listed anew.
    """
    effects = _rows(made, EFFECTS, network)
    sights = _rows(made, SIGHTS, network)
    with target.writing() as connection:
        connection.execute(delete(CURSORS).where(CURSORS.c.network == network))
        _make_way(connection, effects, network)
        _insert(connection, target, EFFECTS, effects)
        _insert(connection, target, RUNS, _rows(made, RUNS, network))
        _insert(connection, target, SIGHTS, [one for one in sights if one["source"] in stands])
        fresh = [one for one in sights if one["source"] not in stands]
        if fresh:
            connection.execute(target.upsert(SIGHTS), fresh)
        there = select(RESPONSES.c.form).where(RESPONSES.c.network == network).distinct()
        forms = set(connection.execute(there).scalars())
        # A form's answers are one state's or the other's, never a mixture.
        answers = [one for one in _rows(made, RESPONSES, network) if one["form"] not in forms]
        _insert(connection, target, RESPONSES, answers)


def sizes(database: Database) -> dict[str, int]:
    """Rows of every table."""
    with database.reading() as connection:
        return {
            table.name: int(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
            )
            for table in (SIGHTS, CURSORS, EFFECTS, RUNS, RESPONSES, HISTORY)
        }


def _rows(database: Database, table: Table, network: str) -> Rows:
    with database.reading() as connection:
        found = connection.execute(select(table).where(table.c.network == network))
        return [dict(row) for row in found.mappings()]


def _insert(connection: Connection, target: Database, table: Table, rows: Sequence[object]) -> None:
    if rows:
        connection.execute(target.insert(table).on_conflict_do_nothing(), rows)  # type: ignore[arg-type]


def _make_way(connection: Connection, effects: Rows, network: str) -> None:
    """Let go of what had begun and is over by now, and of when the service was last here."""
    over = [str(one["key"]) for one in effects if one["status"] in _SETTLED]
    for start in range(0, len(over), _AT_A_TIME):
        connection.execute(
            delete(EFFECTS).where(
                EFFECTS.c.network == network,
                EFFECTS.c.key.in_(over[start : start + _AT_A_TIME]),
                EFFECTS.c.status.not_in(_SETTLED),
            )
        )
    present = EFFECTS.c.key == "present/posts"
    connection.execute(delete(EFFECTS).where(EFFECTS.c.network == network, present))
