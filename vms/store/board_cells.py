"""The board's cells, counted by the database: one row per region, tier and whatever else says who repairs them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, and_, case, cast, func, null, select

from vms.core.ids import OwnerId
from vms.health.board import Tally
from vms.health.layer import Layer
from vms.health.status import Status
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.tier import Tier
from vms.store.own_faults import breaks_its_intactness
from vms.store.schema import (
    cameras,
    faults,
    outage_cameras,
    outages,
    recording_days,
    stills,
    watches,
    work_orders,
)
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column
from vms.store.work_order_list import OPEN_VALUES, is_overdue

PICTURED_WITHIN = timedelta(days=1)
_SAME = (cameras.c.region_code, cameras.c.tier, cameras.c.point_class, "told_owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the cameras of a cell have in common."""

    region_code: str
    tier: Tier
    point_class: int | None
    owner_id: OwnerId | None
    """Only of owners that were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallenCameras:
    outage_id: int
    kind: Kind
    cameras: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCount:
    region_code: str
    tier: Tier
    maintainer_id: int | None
    tally: Tally


def count_cameras(tx: Connection, now: datetime, day: str, owners: Collection[int]) -> list[tuple[Kind, Tally]]:
    """Approved cameras. `day`: whose footage counts; `owners`: who are told apart."""
    status = status_column(latest_session(tx), now)
    n = func.count()
    is_open = faults.c.closed_at.is_(None)
    breaks = breaks_its_intactness()
    broken = cameras.c.id.in_(select(faults.c.camera_id).where(is_open, breaks))
    bad_picture = cameras.c.id.in_(
        select(faults.c.camera_id).where(is_open, breaks, faults.c.layer == Layer.PICTURE.value)
    )
    pictured = and_(stills.c.at.is_not(None), stills.c.at >= now - PICTURED_WITHIN)
    of_day = recording_days.c
    recorded = case((of_day.recorded_s < of_day.plan_s, of_day.recorded_s), else_=of_day.plan_s)
    statement = (
        select(
            *_key(owners),
            n.label("total"),
            *(n.filter(status == one.value).label(one.value) for one in Status),
            n.filter(~broken).label("intact"),
            n.filter(pictured).label("pictured"),
            n.filter(pictured, ~bad_picture).label("picture_ok"),
            func.coalesce(func.sum(of_day.plan_s), 0.0).label("planned_s"),
            func.coalesce(func.sum(recorded), 0.0).label("recorded_s"),
        )
        .select_from(
            cameras.outerjoin(watches, watches.c.camera_id == cameras.c.id)
            .outerjoin(stills, stills.c.camera_id == cameras.c.id)
            .outerjoin(recording_days, and_(of_day.camera_id == cameras.c.id, of_day.day == day))
        )
        .where(cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
        .group_by(*_SAME)
    )
    return [(_kind(row), _tally(row)) for row in tx.execute(statement)]


def count_orders(tx: Connection, now: datetime) -> list[OrderCount]:
    """Open ones, by where they are and who has them."""
    w = work_orders.c
    n = func.count()
    statement = (
        select(w.region_code, w.tier, w.maintainer_id, n.label("open"), n.filter(is_overdue(now)).label("overdue"))
        .where(w.state.in_(OPEN_VALUES))
        .group_by(w.region_code, w.tier, w.maintainer_id)
    )
    return [
        OrderCount(
            region_code=row.region_code,
            tier=Tier(row.tier),
            maintainer_id=row.maintainer_id,
            tally=Tally(orders_open=row.open, orders_overdue=row.overdue),
        )
        for row in tx.execute(statement)
    ]


def count_fallen(tx: Connection, owners: Collection[int]) -> list[FallenCameras]:
    """Cameras that an open outage holds now."""
    o = outage_cameras.c
    statement = (
        select(outages.c.id, *_key(owners), func.count().label("n"))
        .select_from(
            outages.join(outage_cameras, o.outage_id == outages.c.id).join(cameras, cameras.c.id == o.camera_id)
        )
        .where(outages.c.closed_at.is_(None), o.until_at.is_(None), cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
        .group_by(outages.c.id, *_SAME)
    )
    return [FallenCameras(outage_id=row.id, kind=_kind(row), cameras=row.n) for row in tx.execute(statement)]


def _key(owners: Collection[int]) -> list[ColumnElement[Any]]:
    c = cameras.c
    owner: ColumnElement[Any] = cast(null(), BigInteger)
    if owners:
        owner = case((c.owner_id.in_(sorted(owners)), c.owner_id))
    return [c.region_code, c.tier, c.point_class, owner.label("told_owner")]


def _kind(row: Any) -> Kind:
    return Kind(
        region_code=row.region_code,
        tier=Tier(row.tier),
        point_class=row.point_class,
        owner_id=None if row.told_owner is None else OwnerId(row.told_owner),
    )


def _tally(row: Any) -> Tally:
    return Tally(
        total=row.total,
        up=row.up,
        suspect=row.suspect,
        down=row.down,
        unknown=row.unknown,
        intact=row.intact,
        pictured=row.pictured,
        picture_ok=row.picture_ok,
        planned_s=row.planned_s,
        recorded_s=row.recorded_s,
    )
