"""Cameras that were stored before there was a search get their words and shown columns, a batch at a time."""

from vms.store import search_columns
from vms.store.database import Database


def fill_search_words(database: Database) -> int:
    """How many had none."""
    filled = 0
    while True:
        with database.writing() as tx:
            some = search_columns.fill_missing(tx)
        filled += some
        if not some:
            return filled
