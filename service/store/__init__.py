"""
The service's own state: what was seen, what was done, what ran.

One database behind one URL: SQLite for one machine, PostgreSQL where several share the
work. SQLAlchemy, Alembic and the drivers are at home here and nowhere else.
"""

from service.store.database import is_there
from service.store.journal import SqlJournal
from service.store.ledger import SqlLedger
from service.store.looking import Looks, look_at
from service.store.opening import KEPT_RUNS, Store, open_store

__all__ = [
    "KEPT_RUNS",
    "Looks",
    "SqlJournal",
    "SqlLedger",
    "Store",
    "is_there",
    "look_at",
    "open_store",
]
