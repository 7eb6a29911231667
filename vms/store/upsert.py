"""INSERT … ON CONFLICT DO UPDATE, which SQLite and PostgreSQL spell alike but SQLAlchemy keeps apart."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.elements import KeyedColumnElement

Excluded = ReadOnlyColumnCollection[str, KeyedColumnElement[Any]]
Changes = Callable[[Excluded], Mapping[str, Any]]


def upsert(tx: Connection, table: Table, rows: Sequence[Mapping[str, Any]], changes: Changes) -> None:
    """Puts in `rows`; where the primary key is there already, sets what `changes` makes of the excluded row."""
    if not rows:
        return
    keys = list(table.primary_key.columns)
    statement: SqliteInsert | PostgresInsert
    statement = sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
    tx.execute(statement.on_conflict_do_update(index_elements=keys, set_=changes(statement.excluded)), list(rows))


def put_new(tx: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """False: one with its primary key is there already, also of a transaction that ended meanwhile."""
    statement: SqliteInsert | PostgresInsert
    statement = sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)
    key = next(iter(table.primary_key.columns))
    put = tx.execute(statement.values(dict(row)).on_conflict_do_nothing().returning(key))
    return put.first() is not None
