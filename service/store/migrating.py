"""Bring a state up to date: Alembic, and nothing else loads it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.errors import StateError
from service.store.database import Database


def migrations() -> Config:
    """Return Alembic's configuration of the packaged migrations."""
    config = Config()
    config.set_main_option("path_separator", "os")
    # Per cent signs in a path would be taken for references by the configuration reader.
    folder = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", folder.replace("%", "%%"))
    return config


def migrate(database: Database, connection: Connection, version: str | None) -> None:
    """Run the migrations that a state of that version lacks. Raises StateError: it is newer."""
    config = migrations()
    scripts = ScriptDirectory.from_config(config)
    if version is not None and version not in {s.revision for s in scripts.walk_revisions()}:
        raise StateError(
            database.subject,
            f"it is at version {version}, this Nätverket knows versions up to "
            f"{scripts.get_current_head()}",
            remedy="Use the newer Nätverket that wrote it, or a copy from before.",
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
