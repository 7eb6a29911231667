"""Settings that are changed while the program runs, as JSON values by key."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from vms.store import events
from vms.store.schema import settings


def get(tx: Connection, key: str, default: Any = None) -> Any:
    row = tx.execute(select(settings.c.value).where(settings.c.key == key)).one_or_none()
    return default if row is None else row.value


def put(tx: Connection, key: str, value: Any, now: datetime) -> None:
    tx.execute(delete(settings).where(settings.c.key == key))
    tx.execute(insert(settings).values(key=key, value=value))
    events.append(tx, "settings.changed", None, {"key": key}, now)
