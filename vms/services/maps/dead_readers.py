"""Imports of maps whose process is gone: they end at once, not only when their lease does."""

import os
import socket
from datetime import datetime

from vms.store import map_versions
from vms.store.database import Database

_LONGEST_NUMBER = 9


def runner_name() -> str:
    """This process, so that another one can tell whether it is still there."""
    return f"{_place()}:{os.getpid()}"


def is_gone(runner: str) -> bool:
    """Nobody knows of a process elsewhere; it may well be there."""
    place, _, number = runner.rpartition(":")
    if place != _place() or not number.isdecimal() or len(number) > _LONGEST_NUMBER:
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is another user's
        return False
    return False


def end_dead_imports(database: Database, now: datetime) -> int:
    """Files that were uploaded wait again for somebody who reads them; the other imports have failed. How many."""
    with database.reading() as tx:
        gone = [held for held in map_versions.being_read(tx) if is_gone(held.runner)]
    if not gone:
        return 0
    with database.writing() as tx:
        return sum(map_versions.let_go(tx, held.version_id, held.runner, now) for held in gone)


def _place() -> str:
    """Where numbers of processes mean something: a machine, and which of its containers."""
    try:
        inside = os.readlink("/proc/self/ns/pid").partition("[")[2].rstrip("]")
    except OSError:  # not Linux
        inside = ""
    return f"{socket.gethostname()[:40]}/{inside}"
