"""How many rows each transaction of a store writes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from vms.store.database import Database


@contextmanager
def rows_by_transaction(database: Database) -> Iterator[list[int]]:
    """Filled while it lasts: one number for each transaction that was committed and has written."""
    found: list[int] = []
    written = 0

    def note(_: Connection, cursor: Any, statement: str, *_more: object) -> None:
        nonlocal written
        if statement.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            written += max(cursor.rowcount, 0)

    def end(_: Connection) -> None:
        nonlocal written
        if written:
            found.append(written)
        written = 0

    event.listen(database.engine, "after_cursor_execute", note)
    event.listen(database.engine, "commit", end)
    try:
        yield found
    finally:
        event.remove(database.engine, "after_cursor_execute", note)
        event.remove(database.engine, "commit", end)
