"""Ids for rows that are about to be written: many rows with known ids are written several times as fast as rows whose
ids are read back."""

from sqlalchemy import Connection, Table, func, select, text


def new_ids(tx: Connection, table: Table, count: int) -> list[int]:
    """In the transaction that writes the rows; nobody else is given them. SQLite has one writer at a time."""
    if tx.dialect.name == "sqlite":
        highest = tx.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
        return list(range(highest + 1, highest + count + 1))
    statement = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
    return list(tx.execute(statement, {"name": table.name, "count": count}).scalars())
