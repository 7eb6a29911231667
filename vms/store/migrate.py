"""Brings a database up to the tables that this program knows.

Every process asks at its start and hardly ever is anything to do, so Alembic (a fifth of a second) is loaded only where
a step is missing.
"""

import importlib
from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DatabaseError

from vms.core.errors import PersonMustAct
from vms.store.database import Database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x564D5302  # any constant: one advisory lock for migrating
_TABLE = "alembic_version"


def upgrade(database: Database) -> str:
    """Runs the steps that are missing, all or none, one process at a time; returns the revision now in force.

    Raises PersonMustAct for a database that a newer program has changed, for one that is not ours and for one that
    cannot be opened.
    """
    try:
        if current(database) == newest():
            return newest()
    except DatabaseError as problem:
        said = str(problem.orig).partition("\n")[0]
        raise PersonMustAct(f"the database cannot be opened: {said}", code="database_unopened") from problem
    with database.writing() as tx:
        if not database.is_sqlite:
            tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        before = _revision(tx)
        _refuse_strangers(tx, before)
        if before != newest():
            importlib.import_module("vms.store.migrations.run").to_newest(tx)
    return newest()


def current(database: Database) -> str | None:
    """The revision that the database is at; None where it is empty."""
    with database.reading() as tx:
        return _revision(tx)


def newest() -> str:
    """The revision that this program knows."""
    return revisions()[-1]


def revisions() -> list[str]:
    """Of all steps, oldest first: each is named after its revision."""
    return sorted(file.name[1:].partition("_")[0] for file in (FOLDER / "versions").glob("v*_*.py"))


def _refuse_strangers(tx: Connection, revision: str | None) -> None:
    if revision is None:
        if "cameras" in inspect(tx).get_table_names():
            raise PersonMustAct(
                "the database has tables but no record of how they were made; name an empty database",
                code="database_unknown",
            )
    elif revision not in revisions():
        raise PersonMustAct(
            f"the database is at revision {revision}, which this program does not know: a newer vms has changed it; "
            "start that one, or go back to a copy made before",
            code="database_newer",
        )


def _revision(tx: Connection) -> str | None:
    if not inspect(tx).has_table(_TABLE):
        return None
    return tx.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608 - a constant
