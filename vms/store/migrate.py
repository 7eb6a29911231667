"""Brings a database up to the tables that this program knows."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from vms.core.errors import PersonMustAct
from vms.store.database import Database

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x564D5302  # any constant: one advisory lock for migrating


def upgrade(database: Database) -> str:
    """Runs the steps that are missing, all or none, one process at a time; returns the revision now in force.

    Raises PersonMustAct for a database that a newer program has changed and for one that is not ours.
    """
    with database.writing() as tx:
        if not database.is_sqlite:
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _revision(tx)
        _refuse_strangers(tx, before)
        if before != newest():
            command.upgrade(configuration(tx), "head")
    return newest()


def current(database: Database) -> str | None:
    """The revision that the database is at; None where it is empty."""
    with database.reading() as tx:
        return _revision(tx)


def newest() -> str:
    """The revision that this program knows."""
    head = _script().get_current_head()
    return head or ""


def configuration(tx: Connection) -> Config:
    """Alembic's configuration for this package's steps on an open transaction."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    return config


def _refuse_strangers(tx: Connection, revision: str | None) -> None:
    if revision is None:
        if "cameras" in inspect(tx).get_table_names():
            raise PersonMustAct(
                "the database has tables but no record of how they were made; name an empty database",
                code="database_unknown",
            )
    elif revision not in {step.revision for step in _script().walk_revisions()}:
        raise PersonMustAct(
            f"the database is at revision {revision}, which this program does not know: a newer vms has changed it; "
            "start that one, or go back to a copy made before",
            code="database_newer",
        )


def _revision(tx: Connection) -> str | None:
    return MigrationContext.configure(tx).get_current_revision()


def _script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)
