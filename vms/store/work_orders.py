"""Work orders as rows: made in numbers that count up by day, read, moved on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, text, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId, MaintainerId, OrderId, OwnerId
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.order import Order, OrderState, Outcome
from vms.store.schema import settings, work_order_faults, work_orders

_BATCH = 500
_NUMBERS = "work_orders.numbers"
_LOCK = 0x564D5302
"""Any constant: one transaction at a time opens orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an order is about."""

    camera_id: CameraId | None = None
    outage_id: int | None = None
    layer: str = ""
    """Of the worst fault."""
    kinds: tuple[str, ...] = ()
    """The worst first."""
    severity: Severity
    cause: str
    cameras: int = 1
    region_code: str = ""
    tier: Tier
    owner_id: OwnerId | None = None
    level_id: int | None = None
    repeat_of: OrderId | None = None
    loss: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    order_id: OrderId
    number: str
    order: Order
    about: About
    changed_at: datetime


def take_turn(tx: Connection) -> None:
    """Whoever opens orders is alone until the end of the transaction. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def insert_many(tx: Connection, new: Sequence[tuple[Order, About]], day: date, now: datetime) -> list[StoredOrder]:
    """In their order, numbered by the office's day. The caller has taken its turn."""
    if not new:
        return []
    numbers = _next_numbers(tx, day, len(new))
    made = [
        StoredOrder(order_id=OrderId(0), number=number, order=order, about=about, changed_at=now)
        for number, (order, about) in zip(numbers, new, strict=True)
    ]
    rows = [
        {"number": one.number, **_order_values(one.order), **about_values(one.about), "changed_at": now} for one in made
    ]
    tx.execute(insert(work_orders), rows)
    w = work_orders.c
    ids: dict[str, int] = {}
    for start in range(0, len(numbers), _BATCH):
        chosen = w.number.in_(numbers[start : start + _BATCH])
        ids.update({row.number: row.id for row in tx.execute(select(w.id, w.number).where(chosen))})
    return [replace(one, order_id=OrderId(ids[one.number])) for one in made]


def get(tx: Connection, order_id: int, *, to_change: bool = False) -> StoredOrder:
    """`to_change`: nobody else changes it until the end of the transaction. Raises NotFound."""
    statement = select(work_orders).where(work_orders.c.id == order_id)
    if to_change:
        statement = statement.with_for_update()
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no work order {order_id}")
    return stored_order(row)


def by_ids(tx: Connection, order_ids: Iterable[int], *, to_change: bool = False) -> list[StoredOrder]:
    """By id."""
    wanted = sorted(set(order_ids))
    found: list[StoredOrder] = []
    for start in range(0, len(wanted), _BATCH):
        chosen = work_orders.c.id.in_(wanted[start : start + _BATCH])
        statement = select(work_orders).where(chosen).order_by(work_orders.c.id)
        if to_change:
            statement = statement.with_for_update()
        found.extend(stored_order(row) for row in tx.execute(statement).mappings())
    return found


def save_many(tx: Connection, found: Sequence[StoredOrder], now: datetime) -> None:
    """Their states and instants, and what they are about."""
    if not found:
        return
    values = [
        {**_order_values(one.order), **about_values(one.about), "changed_at": now, "of": one.order_id} for one in found
    ]
    columns: dict[str, Any] = {name: bindparam(name) for name in values[0] if name != "of"}
    tx.execute(update(work_orders).where(work_orders.c.id == bindparam("of")).values(columns), values)


def add_faults(tx: Connection, links: Sequence[tuple[int, int]]) -> None:
    """(order, fault); a fault belongs to one order only."""
    if links:
        rows = [{"order_id": order_id, "fault_id": fault_id} for order_id, fault_id in links]
        tx.execute(insert(work_order_faults), rows)


def set_loss(tx: Connection, losses: Sequence[tuple[int, float | None]]) -> None:
    if losses:
        statement = update(work_orders).where(work_orders.c.id == bindparam("of")).values(loss=bindparam("worth"))
        tx.execute(statement, [{"of": order_id, "worth": loss} for order_id, loss in losses])


def _next_numbers(tx: Connection, day: date, count: int) -> list[str]:
    """Numbers are never given twice, also when orders are deleted with their cameras."""
    s = settings.c
    shown = f"{day:%Y%m%d}"
    known = tx.execute(select(s.value).where(s.key == _NUMBERS).with_for_update()).scalar_one_or_none()
    last = int(known["last"]) if known is not None and known["day"] == shown else 0
    value = {"day": shown, "last": last + count}
    if known is None:
        tx.execute(insert(settings).values(key=_NUMBERS, value=value))
    else:
        tx.execute(update(settings).where(s.key == _NUMBERS).values(value=value))
    return [f"{shown}-{last + number:04d}" for number in range(1, count + 1)]


def _order_values(order: Order) -> dict[str, Any]:
    return {
        "state": order.state.value,
        "maintainer_id": order.maintainer_id,
        "crew": order.crew,
        "detected_at": order.detected_at,
        "respond_by": order.respond_by,
        "repair_by": order.repair_by,
        "assigned_at": order.assigned_at,
        "accepted_at": order.accepted_at,
        "on_site_at": order.on_site_at,
        "repaired_at": order.repaired_at,
        "verified_at": order.verified_at,
        "closed_at": order.closed_at,
        "suspended_at": order.suspended_at,
        "suspended_until": order.suspended_until,
        "suspended_s": order.suspended_s,
        "respond_left_s": order.respond_left_s,
        "repair_left_s": order.repair_left_s,
        "healed_at": order.healed_at,
        "outcome": None if order.outcome is None else order.outcome.value,
        "late": order.late,
        "reopened": order.reopened,
        "version": order.version,
    }


def about_values(about: About) -> dict[str, Any]:
    return {
        "camera_id": about.camera_id,
        "outage_id": about.outage_id,
        "layer": about.layer,
        "kinds": list(about.kinds),
        "severity": about.severity.value,
        "cause": about.cause,
        "cameras": about.cameras,
        "region_code": about.region_code,
        "tier": about.tier.value,
        "owner_id": about.owner_id,
        "level_id": about.level_id,
        "repeat_of": about.repeat_of,
        "loss": about.loss,
    }


def stored_order(row: RowMapping) -> StoredOrder:
    """Of a row of `work_orders`."""
    order = Order(
        state=OrderState(row["state"]),
        maintainer_id=None if row["maintainer_id"] is None else MaintainerId(row["maintainer_id"]),
        crew=row["crew"],
        detected_at=row["detected_at"],
        respond_by=row["respond_by"],
        repair_by=row["repair_by"],
        assigned_at=row["assigned_at"],
        accepted_at=row["accepted_at"],
        on_site_at=row["on_site_at"],
        repaired_at=row["repaired_at"],
        verified_at=row["verified_at"],
        closed_at=row["closed_at"],
        suspended_at=row["suspended_at"],
        suspended_until=row["suspended_until"],
        suspended_s=row["suspended_s"],
        respond_left_s=row["respond_left_s"],
        repair_left_s=row["repair_left_s"],
        healed_at=row["healed_at"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        late=row["late"],
        reopened=row["reopened"],
        version=row["version"],
    )
    about = About(
        camera_id=None if row["camera_id"] is None else CameraId(row["camera_id"]),
        outage_id=row["outage_id"],
        layer=row["layer"],
        kinds=tuple(row["kinds"]),
        severity=Severity(row["severity"]),
        cause=row["cause"],
        cameras=row["cameras"],
        region_code=row["region_code"],
        tier=Tier(row["tier"]),
        owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
        level_id=row["level_id"],
        repeat_of=None if row["repeat_of"] is None else OrderId(row["repeat_of"]),
        loss=row["loss"],
    )
    return StoredOrder(
        order_id=OrderId(row["id"]), number=row["number"], order=order, about=about, changed_at=row["changed_at"]
    )
