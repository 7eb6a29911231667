"""Whose cameras they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import OwnerId
from vms.inventory.tier import Tier
from vms.store.schema import owners

_BATCH = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    owner_id: OwnerId
    name: str
    tier: Tier
    contact: str = ""
    """Personal data: masked in lists."""


def ensure(tx: Connection, name: str, tier: Tier, now: datetime, *, contact: str | None = None) -> OwnerId:
    """The owner of this name in this tier, made where there is none. A contact that is given replaces the old one."""
    statement = select(owners.c.id, owners.c.contact).where(owners.c.name == name, owners.c.tier == tier.value)
    row = tx.execute(statement).one_or_none()
    if row is None:
        values = {"name": name, "tier": tier.value, "contact": contact or "", "created_at": now}
        return OwnerId(tx.execute(insert(owners).values(values).returning(owners.c.id)).scalar_one())
    if contact is not None and contact != row.contact:
        tx.execute(update(owners).where(owners.c.id == row.id).values(contact=contact))
    return OwnerId(row.id)


def get(tx: Connection, owner_id: int) -> Owner:
    """Raises NotFound."""
    row = tx.execute(select(owners).where(owners.c.id == owner_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no owner {owner_id}")
    return _owner(row)


def every(tx: Connection) -> list[Owner]:
    return [_owner(row) for row in tx.execute(select(owners).order_by(owners.c.name, owners.c.id)).mappings()]


def names(tx: Connection, owner_ids: Iterable[int]) -> dict[OwnerId, str]:
    wanted = sorted(set(owner_ids))
    found: dict[OwnerId, str] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(owners.c.id, owners.c.name).where(owners.c.id.in_(wanted[start : start + _BATCH]))
        found.update((OwnerId(row.id), row.name) for row in tx.execute(statement))
    return found


def _owner(row: RowMapping) -> Owner:
    return Owner(owner_id=OwnerId(row["id"]), name=row["name"], tier=Tier(row["tier"]), contact=row["contact"])
