"""Whose cameras they are."""

import secrets
from collections.abc import Collection, Iterable
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
    """The owner of this name, as staff wrote it; made where there is none. A household is one for households only: what
    a person of the same name owns elsewhere is not theirs to see."""
    found = by_tier(tx, name)
    return found[tier] if tier in found else add(tx, name, tier, "", now)


def by_tier(tx: Connection, name: str) -> dict[Tier, OwnerId]:
    """Which owner of this name counts for a camera of which tier."""
    called = named_any(tx, [name])
    found = {owner.tier: owner.owner_id for owner in called}
    offices = [owner.owner_id for owner in called if owner.tier is not Tier.HOUSEHOLD]
    return found | {tier: offices[0] for tier in Tier if offices and tier not in (*found, Tier.HOUSEHOLD)}


def add_registered(tx: Connection, name: str, tier: Tier, contact: str, now: datetime) -> OwnerId:
    """Who registers a camera is an owner of their own: a name that anybody may type proves nothing.

    The number keeps two of the same name apart, for people as well.
    """
    owner_id = add(tx, f"{name} #{secrets.token_hex(8)}", tier, contact, now)
    tx.execute(update(owners).where(owners.c.id == owner_id).values(name=f"{name} #{owner_id}"))
    return owner_id


def add(tx: Connection, name: str, tier: Tier, contact: str, now: datetime) -> OwnerId:
    """Raises IntegrityError where there is one of this name in this tier."""
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


def named_any(tx: Connection, names: Collection[str]) -> list[Owner]:
    """By id."""
    ordered, found = sorted(names), list[Owner]()
    for start in range(0, len(ordered), _BATCH):
        statement = select(owners).where(owners.c.name.in_(ordered[start : start + _BATCH]))
        found.extend(_owner(row) for row in tx.execute(statement).mappings())
    return sorted(found, key=lambda owner: owner.owner_id)


def names(tx: Connection, owner_ids: Iterable[int]) -> dict[OwnerId, str]:
    wanted = sorted(set(owner_ids))
    found: dict[OwnerId, str] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(owners.c.id, owners.c.name).where(owners.c.id.in_(wanted[start : start + _BATCH]))
        found.update((OwnerId(row.id), row.name) for row in tx.execute(statement))
    return found


def _owner(row: RowMapping) -> Owner:
    return Owner(owner_id=OwnerId(row["id"]), name=row["name"], tier=Tier(row["tier"]), contact=row["contact"])
