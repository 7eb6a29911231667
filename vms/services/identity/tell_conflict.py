"""Puts a question about identity to the people, once."""

from datetime import datetime

from sqlalchemy import Connection

from vms.inventory.identity.conflict_kind import ConflictKind
from vms.inventory.identity.reason import sentences
from vms.store import conflicts, events
from vms.store.conflicts import NewConflict


def tell_conflict(tx: Connection, conflict: NewConflict, now: datetime) -> int | None:
    """Its id; None where this was asked before."""
    conflict_id = conflicts.record(tx, conflict, now)
    if conflict_id is None:
        return None
    news = {
        "conflict_id": conflict_id,
        "kind": conflict.kind.value,
        "device_ids": sorted(conflict.device_ids),
        "reasons": list(sentences(conflict.evidence)),
    }
    kind = "device.conflict" if conflict.kind is ConflictKind.IDENTITY else "device.question"
    events.append(tx, kind, conflict.device_id, news, now)
    return conflict_id
