"""Has anything happened? Asked before every answer that is to be current, so it costs a fifth of a transaction."""

from vms.store.database import Database


def newest_id(database: Database) -> int:
    """Of the news, from the end of its index; 0 where nothing has happened yet."""
    with database.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT max(id) FROM events").scalar() or 0)
