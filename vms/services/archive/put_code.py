"""An administrator adds a code to a table, or says what one means in this office."""

from datetime import datetime

from vms.core.errors import BadInput
from vms.inventory.archive.codes import CodeEntry
from vms.store import code_tables, events
from vms.store.database import Database


def put_code(database: Database, entry: CodeEntry, now: datetime) -> None:
    """Raises BadInput for a table that no field uses."""
    with database.writing() as tx:
        known = code_tables.every(tx).tables
        if entry.table not in known:
            raise BadInput(f"no such table; known are {', '.join(known)}", where="table")
        code_tables.put(tx, entry)
        content = {"table": entry.table, "edition": entry.edition, "code": entry.code}
        events.append(tx, "codes.changed", None, content, now)
