"""One transaction per request or task, on SQLite (WAL) or PostgreSQL."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from vms.core.errors import BadInput

BUSY_S = 15
ASK_EVERY_S = (0.002, 0.008)


class Database:
    """Holds the engine. Reading and writing are told apart because SQLite lets one writer in at a time."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent view; nothing is written."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All or nothing: committed at the end, rolled back on any exception."""
        with self.engine.connect() as connection:
            if self.is_sqlite:
                _take_turn(connection)
            else:
                connection.begin()
            try:
                yield connection
                connection.commit()
            except BaseException:
                connection.rollback()
                raise

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except Exception as problem:
        raise BadInput(
            "not a database URL such as sqlite:///vms.db or postgresql://user@host/name", where=url
        ) from problem
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise BadInput("only SQLite and PostgreSQL are supported", where=parsed.get_backend_name())
    engine = create_engine(parsed, pool_pre_ping=parsed.get_backend_name() == "postgresql")
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _take_turn(connection: Connection) -> None:
    """Begins to write as soon as nobody else does; asks every few milliseconds.

    SQLite's own waiting asks ever more seldom, up to every 100 ms: whoever writes one transaction after the other with
    a short pause between them would keep everybody else out. Raises OperationalError after BUSY_S.
    """
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    give_up_at = time.monotonic() + BUSY_S
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as problem:
                if not _is_busy(problem) or time.monotonic() > give_up_at:
                    raise
                time.sleep(random.uniform(*ASK_EVERY_S))
            else:
                return
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_S * 1000}")


def _is_busy(problem: OperationalError) -> bool:
    cause = problem.orig
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by hand, see writing()
    for pragma in (f"busy_timeout={BUSY_S * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
