"""Whose cameras they are."""

import secrets
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


def ensure(tx: Connection, name: str, tier: Tier, now: datetime) -> OwnerId:
    """The owner of this name in this tier, as staff wrote it; made where there is none."""
    statement = select(owners.c.id).where(owners.c.name == name, owners.c.tier == tier.value)
    known = tx.execute(statement).scalar_one_or_none()
    return _add(tx, name, tier, "", now) if known is None else OwnerId(known)


def add_registered(tx: Connection, name: str, tier: Tier, contact: str, now: datetime) -> OwnerId:
    """Who registers a camera is an owner of their own: a name that anybody may type proves nothing.

    The number keeps two of the same name apart, for people as well.
    """
    owner_id = _add(tx, f"{name} #{secrets.token_hex(8)}", tier, contact, now)
    tx.execute(update(owners).where(owners.c.id == owner_id).values(name=f"{name} #{owner_id}"))
    return owner_id


def _add(tx: Connection, name: str, tier: Tier, contact: str, now: datetime) -> OwnerId:
    values = {"name": name, "tier": tier.value, "contact": contact, "created_at": now}
    return OwnerId(tx.execute(insert(owners).values(values).returning(owners.c.id)).scalar_one())


def get(tx: Connection, owner_id: int) -> Owner:
    """Raises NotFound."""
    row = tx.execute(select(owners).where(owners.c.id == owner_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no owner {owner_id}")
    return _owner(row)


def every(tx: Connection) -> list[Owner]:
    return [_owner(row) for row in tx.execute(select(owners).order_by(owners.c.name, owners.c.id)).mappings()]


def named(tx: Connection, name: str) -> list[Owner]:
    """At most one per tier."""
    return [_owner(row) for row in tx.execute(select(owners).where(owners.c.name == name)).mappings()]


def names(tx: Connection, owner_ids: Iterable[int]) -> dict[OwnerId, str]:
    wanted = sorted(set(owner_ids))
    found: dict[OwnerId, str] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(owners.c.id, owners.c.name).where(owners.c.id.in_(wanted[start : start + _BATCH]))
        found.update((OwnerId(row.id), row.name) for row in tx.execute(statement))
    return found


def _owner(row: RowMapping) -> Owner:
    return Owner(owner_id=OwnerId(row["id"]), name=row["name"], tier=Tier(row["tier"]), contact=row["contact"])
