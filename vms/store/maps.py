"""Towns as files: gzipped GeoJSON, kept whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from vms.store.schema import maps


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredMap:
    map_id: int
    name: str
    attribution: str
    imported_at: datetime
    content: bytes
    """A town as gzipped GeoJSON."""


def put(tx: Connection, *, name: str, attribution: str, content: bytes, now: datetime) -> int:
    """In place of an earlier map of this name; it is the current one from now on."""
    tx.execute(delete(maps).where(maps.c.name == name))
    values = {"name": name, "attribution": attribution, "imported_at": now, "content": content}
    map_id: int = tx.execute(insert(maps).values(values).returning(maps.c.id)).scalar_one()
    return map_id


def current(tx: Connection) -> StoredMap | None:
    """The one imported last; None where there is none."""
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


def current_id(tx: Connection) -> int | None:
    """To see cheaply whether there is a newer one."""
    statement = select(maps.c.id).order_by(maps.c.imported_at.desc(), maps.c.id.desc()).limit(1)
    return tx.execute(statement).scalar_one_or_none()


def count(tx: Connection) -> int:
    return tx.execute(select(func.count()).select_from(maps)).scalar_one()
