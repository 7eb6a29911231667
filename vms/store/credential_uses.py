"""Who used which credential when, at which device and for what: a row a day, counted up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, and_, case, delete, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from vms.core.ids import CredentialId, DeviceId
from vms.store.page import Page
from vms.store.schema import cameras, credential_uses, credentials, devices, registrations
from vms.store.upsert import Excluded, upsert

_BATCH = 500
NOBODYS_DEVICE = DeviceId(0)
"""A device that is not in the inventory (yet)."""


class Purpose(StrEnum):
    DISCOVERY = "discovery"
    POLL = "poll"
    STILL = "still"
    LIVE = "live"
    CLIP = "clip"
    TASK = "task"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One sign-in, or several alike: `refused` of the `count` were refused."""

    credential_id: CredentialId
    device_id: DeviceId = NOBODYS_DEVICE
    purpose: Purpose
    who: str
    """The person's name, or the process where nobody asked: `poller`, `jobs`, …"""
    count: int = 1
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesOfADay:
    credential_id: CredentialId
    credential: str
    """Its name."""
    device_id: DeviceId
    address: str
    """Where the device was heard last; empty: it is not in the inventory."""
    purpose: Purpose
    who: str
    day: date
    first_at: datetime
    last_at: datetime
    count: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseTotal:
    last_at: datetime
    count: int
    refused: int


def note(tx: Connection, uses: Iterable[Use], now: datetime) -> None:
    """Added to the day's rows (UTC). Uses of a credential that is no longer there are dropped; one of id 0 was never
    stored."""
    totals: dict[tuple[int, int, str, str], list[int]] = {}
    for use in uses:
        total = totals.setdefault((use.credential_id, use.device_id, use.purpose.value, use.who[:80]), [0, 0])
        total[0] += use.count
        total[1] += use.refused
    known = _known(tx, {key[0] for key in totals})
    rows = [
        {
            "credential_id": credential_id,
            "device_id": device_id,
            "purpose": purpose,
            "who": who,
            "day": now.date(),
            "first_at": now,
            "last_at": now,
            "count": count,
            "refused": refused,
        }
        for (credential_id, device_id, purpose, who), (count, refused) in sorted(totals.items())
        if credential_id in known
    ]
    for start in range(0, len(rows), _BATCH):
        upsert(tx, credential_uses, rows[start : start + _BATCH], _added)


def _added(excluded: Excluded) -> dict[str, object]:
    c = credential_uses.c
    return {
        "last_at": case((excluded["last_at"] > c.last_at, excluded["last_at"]), else_=c.last_at),
        "count": c["count"] + excluded["count"],
        "refused": c.refused + excluded["refused"],
    }


def _known(tx: Connection, credential_ids: set[int]) -> set[int]:
    wanted = sorted(credential_ids)
    found: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        statement = select(credentials.c.id).where(credentials.c.id.in_(wanted[start : start + _BATCH]))
        found.update(tx.execute(statement).scalars())
    return found


def of_credential(tx: Connection, credential_id: int, *, limit: int = 100, offset: int = 0) -> Page[UsesOfADay]:
    """The latest first."""
    return _page(tx, credential_uses.c.credential_id == credential_id, limit, offset)


def of_device(tx: Connection, device_id: int, *, limit: int = 100, offset: int = 0) -> Page[UsesOfADay]:
    """Whatever was used there, the latest first; and of what its owner gave for it alone, also what was used before it
    was in the inventory."""
    u = credential_uses.c
    r = registrations.c
    given = select(r.credential_id).join(cameras, cameras.c.id == r.camera_id).where(cameras.c.device_id == device_id)
    before = and_(u.device_id == NOBODYS_DEVICE, u.credential_id.in_(given))
    return _page(tx, or_(u.device_id == device_id, before), limit, offset)


def _page(tx: Connection, mine: ColumnElement[bool], limit: int, offset: int) -> Page[UsesOfADay]:
    u = credential_uses.c
    total = tx.execute(select(func.count()).select_from(credential_uses).where(mine)).scalar_one()
    statement = (
        select(credential_uses, devices.c.address, credentials.c.name)
        .join(credentials, credentials.c.id == u.credential_id)
        .outerjoin(devices, devices.c.id == u.device_id)
        .where(mine)
        .order_by(u.day.desc(), u.last_at.desc(), u.device_id, u.credential_id, u.purpose, u.who)
    )
    rows = tx.execute(statement.limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_uses(row) for row in rows), total=total)


def totals(tx: Connection) -> dict[CredentialId, UseTotal]:
    """Of every credential that was ever used."""
    u = credential_uses.c
    columns = (u.credential_id, func.max(u.last_at, type_=u.last_at.type), func.sum(u["count"]), func.sum(u.refused))
    rows = tx.execute(select(*columns).group_by(u.credential_id))
    return {
        CredentialId(credential_id): UseTotal(last_at=last_at, count=int(count), refused=int(refused))
        for credential_id, last_at, count, refused in rows
    }


def forget(tx: Connection, device_ids: Collection[int], before: date) -> int:
    """Of these devices, days before that one; 0: those that are not in the inventory. How many rows went."""
    c = credential_uses.c
    return tx.execute(delete(credential_uses).where(c.device_id.in_(device_ids), c.day < before)).rowcount


def _uses(row: RowMapping) -> UsesOfADay:
    return UsesOfADay(
        credential_id=CredentialId(row["credential_id"]),
        credential=row["name"],
        device_id=DeviceId(row["device_id"]),
        address=row["address"] or "",
        purpose=Purpose(row["purpose"]),
        who=row["who"],
        day=row["day"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        count=row["count"],
        refused=row["refused"],
    )
