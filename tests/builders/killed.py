"""A process that is killed before it commits: the transaction is gone, and whoever wrote it is no more."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, event

from vms.store.database import Database


class KilledError(Exception):
    pass


@dataclass(slots=True)
class Kill:
    came: bool = False


@contextmanager
def killed_before_commit(database: Database, number: int) -> Iterator[Kill]:
    """The one after `number` others. Ends quietly, whether the kill came or there were not so many."""
    left, kill = number, Kill()

    def count(_: Connection) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            kill.came = True
            raise KilledError

    event.listen(database.engine, "commit", count)
    try:
        yield kill
    except KilledError:
        pass
    finally:
        event.remove(database.engine, "commit", count)
