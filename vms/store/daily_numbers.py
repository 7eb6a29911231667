"""Numbers that vary, kept as count, sum, least and most per camera and day: latency, clock offset, picture scores."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, bindparam, case, delete, select

from vms.core.ids import CameraId
from vms.store.existing import existing_cameras
from vms.store.schema import daily_numbers
from vms.store.upsert import Excluded, upsert

_BATCH = 2000


@dataclass(slots=True)
class Sum:
    n: int = 0
    total: float = 0.0
    least: float = float("inf")
    most: float = float("-inf")

    def add(self, value: float) -> None:
        self.n += 1
        self.total += value
        self.least = min(self.least, value)
        self.most = max(self.most, value)

    def merge(self, other: "Sum") -> None:
        self.n += other.n
        self.total += other.total
        self.least = min(self.least, other.least)
        self.most = max(self.most, other.most)


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyNumber:
    camera_id: CameraId
    day: date
    metric: str
    """`answer_s`, `clock_offset_s`, `up_s`, …"""
    sum: Sum


def add_many(tx: Connection, found: Sequence[DailyNumber]) -> None:
    """Adds to what is there of the same camera, day and metric. Cameras deleted meanwhile are left out."""
    there = existing_cameras(tx, (number.camera_id for number in found))
    rows = [
        {
            "camera_id": number.camera_id,
            "day": number.day.isoformat(),
            "metric": number.metric,
            "n": number.sum.n,
            "total": number.sum.total,
            "least": number.sum.least,
            "most": number.sum.most,
        }
        for number in found
        if number.camera_id in there and number.sum.n
    ]
    for start in range(0, len(rows), _BATCH):
        upsert(tx, daily_numbers, rows[start : start + _BATCH], _together)


def replace_many(tx: Connection, found: Sequence[DailyNumber]) -> None:
    """Puts these in place of what is there: a summary may be made twice."""
    if not found:
        return
    c = daily_numbers.c
    chosen = (c.camera_id == bindparam("of"), c.day == bindparam("on"), c.metric == bindparam("what"))
    keys = [{"of": number.camera_id, "on": number.day.isoformat(), "what": number.metric} for number in found]
    tx.execute(delete(daily_numbers).where(*chosen), keys)
    add_many(tx, found)


def days_with(tx: Connection, metric: str, since: date) -> set[date]:
    """The days for which this metric is there."""
    c = daily_numbers.c
    statement = select(c.day).where(c.metric == metric, c.day >= since.isoformat()).distinct()
    return {date.fromisoformat(day) for day in tx.execute(statement).scalars()}


def of_camera(tx: Connection, camera_id: int, since: date) -> list[DailyNumber]:
    """From that day on, oldest first."""
    c = daily_numbers.c
    statement = select(daily_numbers).where(c.camera_id == camera_id, c.day >= since.isoformat())
    return [
        DailyNumber(
            camera_id=CameraId(row["camera_id"]),
            day=date.fromisoformat(row["day"]),
            metric=row["metric"],
            sum=Sum(n=row["n"], total=row["total"], least=row["least"], most=row["most"]),
        )
        for row in tx.execute(statement.order_by(c.day, c.metric)).mappings()
    ]


def _together(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    c = daily_numbers.c
    return {
        "n": c.n + excluded["n"],
        "total": c.total + excluded["total"],
        "least": case((c.least < excluded["least"], c.least), else_=excluded["least"]),
        "most": case((c.most > excluded["most"], c.most), else_=excluded["most"]),
    }
