"""How other systems' exports are read, remembered by name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select

from vms.core.errors import NotFound
from vms.inventory.lists.column_mapping import ColumnMapping, mapping_as_json, mapping_from_json
from vms.store import events
from vms.store.schema import column_mappings
from vms.store.upsert import upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMapping:
    name: str
    mapping: ColumnMapping
    changed_at: datetime
    changed_by: str


def put(tx: Connection, name: str, mapping: ColumnMapping, who: str, now: datetime) -> None:
    """New, or instead of the one that had this name."""
    row = {"name": name, "content": mapping_as_json(mapping), "changed_at": now, "changed_by": who[:80]}
    changing = ("content", "changed_at", "changed_by")
    upsert(tx, column_mappings, [row], lambda excluded: {column: excluded[column] for column in changing})
    events.append(tx, "list.mapping_saved", None, {"name": name, "who": who}, now)


def get(tx: Connection, name: str) -> NamedMapping:
    """Raises NotFound."""
    row = tx.execute(select(column_mappings).where(column_mappings.c.name == name)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no mapping {name!r}")
    return _named(row)


def every(tx: Connection) -> list[NamedMapping]:
    return [_named(row) for row in tx.execute(select(column_mappings).order_by(column_mappings.c.name)).mappings()]


def remove(tx: Connection, name: str, who: str, now: datetime) -> None:
    """Raises NotFound."""
    if tx.execute(delete(column_mappings).where(column_mappings.c.name == name)).rowcount == 0:
        raise NotFound(f"there is no mapping {name!r}")
    events.append(tx, "list.mapping_removed", None, {"name": name, "who": who}, now)


def _named(row: RowMapping) -> NamedMapping:
    mapping = mapping_from_json(row["content"])
    return NamedMapping(name=row["name"], mapping=mapping, changed_at=row["changed_at"], changed_by=row["changed_by"])
