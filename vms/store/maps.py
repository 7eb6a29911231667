"""Maps as releases before kept them: gzipped GeoJSON, kept whole. They are taken over once; nothing is written here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from vms.store.schema import maps


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMap:
    map_id: int
    name: str
    attribution: str
    imported_at: datetime
    content: bytes
    """A town as gzipped GeoJSON."""


def latest(tx: Connection) -> StoredMap | None:
    """The one imported last, which alone was shown; None: there is none."""
    statement = select(maps).order_by(maps.c.imported_at.desc(), maps.c.id.desc()).limit(1)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return StoredMap(
        map_id=row["id"],
        name=row["name"],
        attribution=row["attribution"],
        imported_at=row["imported_at"],
        content=bytes(row["content"]),
    )


def is_empty(tx: Connection) -> bool:
    return tx.execute(select(maps.c.id).limit(1)).scalar() is None


def remove_all(tx: Connection) -> None:
    tx.execute(delete(maps))
