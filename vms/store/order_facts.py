"""What the program asks of faults, outages and orders when it looks after the orders: sets of ids, never one by one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, or_, select, union_all

from vms.core.ids import CameraId, OrderId, OwnerId
from vms.health.fault import Severity
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.tier import Tier
from vms.maintenance.order import ENDED, Outcome
from vms.store import never_reached
from vms.store.schema import (
    cameras,
    faults,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    work_order_faults,
    work_orders,
)
from vms.store.work_orders import StoredOrder, stored_order

_BATCH = 500
_ENDED = [state.value for state in ENDED]
_RANK = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)

w, f, link = work_orders.c, faults.c, work_order_faults.c
_IS_OPEN = w.state.not_in(_ENDED)
_HAS_FAULT = exists().where(link.order_id == w.id)
_HAS_OPEN_FAULT = exists().where(link.order_id == w.id, f.id == link.fault_id, f.closed_at.is_(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An open fault that no order has."""

    fault_id: int
    camera_id: CameraId
    kind: str
    layer: str
    severity: Severity
    because: str
    opened_at: datetime
    region_code: str
    tier: Tier
    point_class: int | None
    owner_id: OwnerId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFault:
    """A fault that an order is about."""

    id: int
    camera_id: CameraId
    camera_name: str
    kind: str
    layer: str
    severity: str
    because: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOutage:
    outage_id: int
    name: str
    because: str
    cameras: int
    fell_at: datetime
    """When its cameras fell last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrownOutage:
    """Of an open order that tells fewer cameras than fell."""

    order_id: OrderId
    name: str
    because: str
    cameras: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageCamera:
    camera_id: CameraId
    region_code: str
    tier: Tier
    point_class: int | None
    owner_id: OwnerId | None


def candidates(
    tx: Connection,
    severities: Collection[Severity],
    tiers: Collection[Tier],
    now: datetime,
    among: Collection[int] | None = None,
) -> list[Candidate]:
    """Open faults of cameras in service that fell alone, oldest first; who is announced (报备) now is left out, and who
    was never reached: a whole archive that nobody has looked for yet is work at the desk, not a thousand repairs.

    `among`: of a few cameras."""
    c = cameras.c
    columns = (
        f.id,
        f.camera_id,
        f.kind,
        f.layer,
        f.severity,
        f.because,
        f.opened_at,
        c.region_code,
        c.tier,
        c.point_class,
        c.owner_id,
    )
    statement = (
        select(*columns)
        .select_from(faults.join(cameras, c.id == f.camera_id))
        .where(
            f.closed_at.is_(None),
            f.outage_id.is_(None),
            f.because != never_reached.BECAUSE,
            f.severity.in_([severity.value for severity in severities]),
            c.tier.in_([tier.value for tier in tiers]),
            c.life_cycle.in_(IN_SERVICE_VALUES),
            ~exists().where(link.fault_id == f.id),
            ~_announced(f.camera_id, now),
        )
        .order_by(f.opened_at, f.id)
    )
    if among is not None:
        statement = statement.where(f.camera_id.in_(list(among)))
    return [
        Candidate(
            fault_id=row.id,
            camera_id=CameraId(row.camera_id),
            kind=row.kind,
            layer=row.layer,
            severity=Severity(row.severity),
            because=row.because,
            opened_at=row.opened_at,
            region_code=row.region_code,
            tier=Tier(row.tier),
            point_class=row.point_class,
            owner_id=None if row.owner_id is None else OwnerId(row.owner_id),
        )
        for row in tx.execute(statement)
    ]


def open_orders_of_cameras(tx: Connection, camera_ids: Collection[int]) -> dict[CameraId, StoredOrder]:
    found: dict[CameraId, StoredOrder] = {}
    for some in _batches(camera_ids):
        statement = select(work_orders).where(w.camera_id.in_(some), _IS_OPEN).order_by(w.id)
        for row in tx.execute(statement).mappings():
            found[CameraId(row["camera_id"])] = stored_order(row)
    return found


def last_ended_orders(tx: Connection, camera_ids: Collection[int], since: datetime) -> dict[CameraId, StoredOrder]:
    """Each camera's last order that ended since then by repair or by itself."""
    ended = [Outcome.HEALED.value, Outcome.REPAIRED.value]
    found: dict[CameraId, StoredOrder] = {}
    for some in _batches(camera_ids):
        chosen = (w.camera_id.in_(some), w.closed_at >= since, w.outcome.in_(ended))
        for row in tx.execute(select(work_orders).where(*chosen).order_by(w.closed_at, w.id)).mappings():
            found[CameraId(row["camera_id"])] = stored_order(row)
    return found


def last_ended_of_outages(tx: Connection, outage_ids: Collection[int], since: datetime) -> dict[int, StoredOrder]:
    """For each of these outages the last order of the same cause that ended since then by repair or by itself."""
    o, earlier = outages.c, outages.alias("earlier")
    same = (earlier.c.kind == o.kind) & (earlier.c.cause == o.cause)
    ended = [Outcome.HEALED.value, Outcome.REPAIRED.value]
    found: dict[int, StoredOrder] = {}
    for some in _batches(outage_ids):
        statement = (
            select(o.id.label("of"), work_orders)
            .select_from(outages.join(earlier, same).join(work_orders, w.outage_id == earlier.c.id))
            .where(o.id.in_(some), w.closed_at >= since, w.outcome.in_(ended))
            .order_by(w.closed_at, w.id)
        )
        for row in tx.execute(statement).mappings():
            found[row["of"]] = stored_order(row)
    return found


def cameras_fallen_since(tx: Connection, since: datetime) -> dict[int | None, int]:
    """Cameras of the open orders that were detected since then, per firm."""
    statement = select(w.maintainer_id, func.sum(w.cameras).label("n")).where(_IS_OPEN, w.detected_at >= since)
    return {row.maintainer_id: int(row.n) for row in tx.execute(statement.group_by(w.maintainer_id))}


def outages_to_order(
    tx: Connection,
    settled_before: datetime,
    no_order_for: Sequence[str],
    now: datetime,
    among: Collection[int] | None = None,
) -> list[OpenOutage]:
    """Open outages without an open order: those that never had one, and those that took new faults after theirs ended.
    One whose cameras are all announced is left out, and one that a person called wrong."""
    o, m = outages.c, outage_cameras.c
    has_open = exists().where(w.outage_id == o.id, _IS_OPEN)
    has_any = exists().where(w.outage_id == o.id)
    fresh = exists().where(f.outage_id == o.id, f.closed_at.is_(None), ~exists().where(link.fault_id == f.id))
    lying = exists().where(m.outage_id == o.id, m.until_at.is_(None), ~_announced(m.camera_id, now))
    nobody = ~exists().where(m.outage_id == o.id)
    statement = select(o.id, o.name, o.because, o.cameras, o.fell_from).where(
        o.closed_at.is_(None),
        o.fell_from <= settled_before,
        o.kind.not_in(list(no_order_for)),
        o.part_of.is_(None),
        or_(o.verdict.is_(None), o.verdict != "wrong"),
        ~has_open,
        or_(~has_any, fresh),
        or_(lying, nobody),
    )
    if among is not None:
        statement = statement.where(o.id.in_(list(among)))
    return [
        OpenOutage(
            outage_id=row.id, name=row.name, because=row.because, cameras=row.cameras, fell_at=row.fell_from
        )
        for row in tx.execute(statement.order_by(o.id))
    ]  # fmt: skip


def cameras_of_outages(tx: Connection, outage_ids: Collection[int]) -> dict[int, list[OutageCamera]]:
    """Those that lie still."""
    m, c = outage_cameras.c, cameras.c
    found: dict[int, list[OutageCamera]] = {}
    for some in _batches(outage_ids):
        statement = (
            select(m.outage_id, c.id, c.region_code, c.tier, c.point_class, c.owner_id)
            .select_from(outage_cameras.join(cameras, c.id == m.camera_id))
            .where(m.outage_id.in_(some), m.until_at.is_(None))
            .order_by(c.id)
        )
        for row in tx.execute(statement):
            one = OutageCamera(
                camera_id=CameraId(row.id),
                region_code=row.region_code,
                tier=Tier(row.tier),
                point_class=row.point_class,
                owner_id=None if row.owner_id is None else OwnerId(row.owner_id),
            )
            found.setdefault(row.outage_id, []).append(one)
    return found


def grown_outages(tx: Connection, among: Collection[int] | None = None) -> list[GrownOutage]:
    """Of all open orders, or of a few."""
    o = outages.c
    grown = (_IS_OPEN, o.id == w.outage_id, o.cameras > w.cameras)
    statement = select(w.id, o.name, o.because, o.cameras).where(*grown).order_by(w.id)
    if among is not None:
        statement = statement.where(w.id.in_(list(among)))
    return [
        GrownOutage(order_id=OrderId(row.id), name=row.name, because=row.because, cameras=row.cameras)
        for row in tx.execute(statement)
    ]


def cameras_of_orders(tx: Connection, order_ids: Collection[int]) -> dict[int, int]:
    """How many each of these is about now."""
    found: dict[int, int] = {}
    for some in _batches(order_ids):
        found.update({row.id: row.cameras for row in tx.execute(select(w.id, w.cameras).where(w.id.in_(some)))})
    return found


def worst_of_outages(tx: Connection, outage_ids: Collection[int]) -> dict[int, tuple[Severity, str, tuple[str, ...]]]:
    """Severity and layer of the worst fault, and the kinds, the worst and then the most frequent first."""
    found: dict[int, list[tuple[int, int, str, str]]] = {}
    for some in _batches(outage_ids):
        statement = (
            select(f.outage_id, f.severity, f.layer, f.kind, func.count().label("n"))
            .where(f.outage_id.in_(some), f.closed_at.is_(None))
            .group_by(f.outage_id, f.severity, f.layer, f.kind)
        )
        for row in tx.execute(statement):
            rank = _RANK.index(Severity(row.severity))
            found.setdefault(row.outage_id, []).append((rank, -row.n, row.kind, row.layer))
    told = {}
    for outage_id, rows in found.items():
        rows.sort()
        told[outage_id] = (_RANK[rows[0][0]], rows[0][3], tuple(dict.fromkeys(row[2] for row in rows)))
    return told


def loose_faults(tx: Connection, among: Collection[int] | None = None) -> list[int]:
    """Open faults that fell with an outage and are not in the outage's open order yet; `among` a few faults."""
    return [fault_id for _, fault_id in _loose(tx, among)]


def link_faults_of_outages(tx: Connection, fault_ids: Collection[int]) -> int:
    """They belong to it from now on. How many were new to it."""
    found = _loose(tx, fault_ids)
    if found:
        rows = [{"order_id": order_id, "fault_id": fault_id} for order_id, fault_id in found]
        tx.execute(insert(work_order_faults), rows)
    return len(found)


def _loose(tx: Connection, among: Collection[int] | None) -> list[tuple[int, int]]:
    statement = (
        select(func.min(w.id), f.id)
        .select_from(faults.join(work_orders, w.outage_id == f.outage_id))
        .where(_IS_OPEN, f.closed_at.is_(None), ~exists().where(link.fault_id == f.id))
        .group_by(f.id)
        .order_by(f.id)
    )
    if among is not None:
        statement = statement.where(f.id.in_(list(among)))
    return [(row[0], row[1]) for row in tx.execute(statement)]


def strays(tx: Connection, among: Collection[int] | None = None) -> list[int]:
    """Faults in an outage's order that turned out not to belong to the outage; `among` a few faults."""
    statement = (
        select(link.fault_id)
        .select_from(work_order_faults.join(work_orders, w.id == link.order_id).join(faults, f.id == link.fault_id))
        .where(_IS_OPEN, w.outage_id.is_not(None), f.outage_id.is_distinct_from(w.outage_id))
        .order_by(link.fault_id)
    )
    if among is not None:
        statement = statement.where(link.fault_id.in_(list(among)))
    return list(tx.execute(statement).scalars())


def take_from_orders(tx: Connection, order_ids: Collection[int]) -> None:
    for some in _batches(order_ids):
        tx.execute(delete(work_order_faults).where(link.order_id.in_(some)))


def open_faults_of(tx: Connection, order_ids: Collection[int]) -> list[tuple[OrderId, int, int, str]]:
    """(order, fault, camera, kind)."""
    found: list[tuple[OrderId, int, int, str]] = []
    for some in _batches(order_ids):
        chosen = (link.order_id.in_(some), f.id == link.fault_id, f.closed_at.is_(None))
        for row in tx.execute(select(link.order_id, f.id, f.camera_id, f.kind).where(*chosen)):
            found.append((OrderId(row.order_id), row.id, row.camera_id, row.kind))
    return found


def faults_of(tx: Connection, order_id: int, limit: int = 200) -> list[OrderFault]:
    """The open ones first."""
    name = cameras.c.shown_name.label("camera_name")
    statement = (
        select(f.id, f.camera_id, name, f.kind, f.layer, f.severity, f.because, f.opened_at, f.closed_at)
        .where(f.id == link.fault_id, link.order_id == order_id, cameras.c.id == f.camera_id)
        .order_by(f.closed_at.is_not(None), f.opened_at, f.id)
        .limit(limit)
    )
    return [OrderFault(**row) for row in tx.execute(statement).mappings()]


def cameras_of_open_orders(tx: Connection) -> dict[OrderId, list[CameraId]]:
    """Of an outage: those that lie still."""
    m = outage_cameras.c
    alone = select(w.id, w.camera_id).where(_IS_OPEN, w.camera_id.is_not(None))
    together = select(w.id, m.camera_id).where(_IS_OPEN, m.outage_id == w.outage_id, m.until_at.is_(None))
    found: dict[OrderId, list[CameraId]] = {}
    for row in tx.execute(union_all(alone, together)):
        found.setdefault(OrderId(row[0]), []).append(CameraId(row[1]))
    return found


def losses_of_open_orders(tx: Connection) -> dict[OrderId, float | None]:
    return {OrderId(row.id): row.loss for row in tx.execute(select(w.id, w.loss).where(_IS_OPEN))}


def _announced(camera_id: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
    """An approved notice covers the camera now."""
    n, nc = notices.c, notice_cameras.c
    return exists().where(
        nc.camera_id == camera_id, n.id == nc.notice_id, n.state == "approved", n.start_at <= now, n.end_at > now
    )


def _batches(ids: Collection[int]) -> list[list[int]]:
    wanted = sorted(set(ids))
    return [wanted[start : start + _BATCH] for start in range(0, len(wanted), _BATCH)]
