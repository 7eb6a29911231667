"""How many cameras are in which state, per tier or region: counted by the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, func, select

from vms.health.fault import Severity, breaks_intactness
from vms.health.status import Status
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import cameras, faults, regions, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column


class SummaryBy(StrEnum):
    TIER = "tier"
    REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    key: str
    """The tier or the region's code."""
    name: str
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int
    """Without an open fault of severity major or worse."""


def summary(tx: Connection, by: SummaryBy, now: datetime) -> list[SummaryRow]:
    """One row per tier or region that has approved cameras, by key."""
    key = cameras.c.tier if by is SummaryBy.TIER else cameras.c.region_code
    status = status_column(latest_session(tx), now)
    breaking = [severity.value for severity in Severity if breaks_intactness(severity)]
    broken = exists().where(
        and_(faults.c.camera_id == cameras.c.id, faults.c.closed_at.is_(None), faults.c.severity.in_(breaking))
    )
    statement = (
        select(
            key.label("key"),
            func.count().label("total"),
            *(func.count().filter(status == one.value).label(one.value) for one in Status),
            func.count().filter(~broken).label("intact"),
        )
        .select_from(cameras.outerjoin(watches, watches.c.camera_id == cameras.c.id))
        .where(cameras.c.life_cycle.in_(IN_SERVICE_VALUES))
        .group_by(key)
        .order_by(key)
    )
    rows = tx.execute(statement).all()
    names = _names(tx, [row.key for row in rows]) if by is SummaryBy.REGION else {}
    return [_row(row, names.get(row.key, row.key)) for row in rows]


def together(rows: list[SummaryRow]) -> SummaryRow:
    """The whole city."""
    return SummaryRow(
        key="all",
        name="all",
        total=sum(row.total for row in rows),
        up=sum(row.up for row in rows),
        suspect=sum(row.suspect for row in rows),
        down=sum(row.down for row in rows),
        unknown=sum(row.unknown for row in rows),
        intact=sum(row.intact for row in rows),
    )


def _names(tx: Connection, codes: list[str]) -> dict[str, str]:
    statement = select(regions.c.code, regions.c.name).where(regions.c.code.in_(codes))
    return {row.code: row.name for row in tx.execute(statement)}


def _row(row: Row[Any], name: str) -> SummaryRow:
    return SummaryRow(
        key=row.key,
        name=name,
        total=row.total,
        up=row.up,
        suspect=row.suspect,
        down=row.down,
        unknown=row.unknown,
        intact=row.intact,
    )
