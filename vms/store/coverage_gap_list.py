"""Gaps as people read them: listed, narrowed down, one with its history; and what people made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from vms.core.errors import BadInput, NotFound
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.gap_steps import GapState
from vms.store.page import Page
from vms.store.region_scope import is_within
from vms.store.schema import coverage_gap_steps, coverage_gaps

CLOSED = "closed"
SORTS = ("worth", "length", "since", "name", "best", "state_at")
_COLUMNS = {
    "worth": coverage_gaps.c.weighted_m,
    "length": coverage_gaps.c.length_m,
    "since": coverage_gaps.c.since,
    "name": coverage_gaps.c.name,
    "best": coverage_gaps.c.best_px_per_m,
    "state_at": coverage_gaps.c.state_at,
}
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFilter:
    """None and empty: whatever it is. Closed gaps are told only to who asks for them."""

    cause: str = ""
    kind: str = ""
    ground: str = ""
    region_code: str = ""
    box: Box | None = None
    night_only: bool | None = None
    state: str = ""
    """One of GapState, or CLOSED."""
    assigned_to: str = ""
    plan_id: int | None = None
    at: datetime | None = None
    """What was a gap at that moment, whatever has become of it; `state` is then the present one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRecord:
    gap_id: int
    kind: str
    ground: str
    cause: str
    night_only: bool
    name: str
    category: str
    region_code: str
    side: int
    from_m: float
    to_m: float
    length_m: float
    weighted_m: float
    need_px_per_m: float
    need_views: int
    best_px_per_m: float
    camera_ids: tuple[CameraId, ...]
    geometry: dict[str, Any]
    since: datetime
    uncovered_since: datetime
    state: GapState
    state_at: datetime
    assigned_to: str
    plan_id: int | None
    closed_at: datetime | None
    reopened: int

    @property
    def line(self) -> tuple[Wgs84, ...]:
        """Along the road; one point for a place."""
        corners = self.geometry["coordinates"]
        several = corners if self.geometry["type"] == "LineString" else [corners]
        return tuple(Wgs84(lon, lat) for lon, lat in several)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapStepRow:
    step_id: int
    at: datetime
    who: str
    """Empty: the program."""
    step: str
    text: str
    photograph: str | None


def page(
    tx: Connection, wanted: GapFilter, *, sort: str = "-worth", limit: int = 50, offset: int = 0
) -> Page[GapRecord]:
    """`sort`: one of SORTS, with a leading minus for the other way round. Raises BadInput."""
    name = sort.removeprefix("-")
    if name not in _COLUMNS:
        raise BadInput(f"cannot be sorted by {name!r}; known are {', '.join(SORTS)}", where="sort")
    column, c = _COLUMNS[name], coverage_gaps.c
    order = (column.desc(), c.id.asc()) if sort.startswith("-") else (column.asc(), c.id.asc())
    chosen = _conditions(wanted)
    rows = tx.execute(select(coverage_gaps).where(*chosen).order_by(*order).limit(limit).offset(offset)).mappings()
    total = tx.execute(select(func.count()).select_from(coverage_gaps).where(*chosen)).scalar_one()
    return Page(items=tuple(_record(row) for row in rows), total=total)


def get(tx: Connection, gap_id: int) -> GapRecord:
    """Raises NotFound."""
    row = tx.execute(select(coverage_gaps).where(coverage_gaps.c.id == gap_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no coverage gap {gap_id}")
    return _record(row)


def steps(tx: Connection, gap_id: int) -> list[GapStepRow]:
    """The oldest first."""
    c = coverage_gap_steps.c
    rows = tx.execute(select(coverage_gap_steps).where(c.gap_id == gap_id).order_by(c.id)).mappings()
    return [
        GapStepRow(
            step_id=row["id"],
            at=row["at"],
            who=row["who"],
            step=row["step"],
            text=row["text"],
            photograph=row["photograph"],
        )
        for row in rows
    ]


def move(tx: Connection, gap_id: int, values: Mapping[str, Any]) -> None:
    """State, who it is assigned to, its plan."""
    tx.execute(update(coverage_gaps).where(coverage_gaps.c.id == gap_id).values(dict(values)))


def add_step(
    tx: Connection, gap_id: int, step: str, *, who: str, now: datetime, text: str = "", photograph: str | None = None
) -> None:
    values = {"gap_id": gap_id, "at": now, "who": who, "step": step, "text": text, "photograph": photograph}
    tx.execute(insert(coverage_gap_steps).values(values))


def _conditions(wanted: GapFilter) -> list[ColumnElement[bool]]:
    c = coverage_gaps.c
    chosen: list[ColumnElement[bool]] = []
    if wanted.at is not None:
        chosen += [c.first_at <= wanted.at, _last_word(wanted.at) == "reopened"]
    elif wanted.state != CLOSED:
        chosen.append(c.closed_at.is_(None))
    if wanted.state == CLOSED:
        chosen.append(c.closed_at.is_not(None))
    if wanted.state and wanted.state != CLOSED:
        chosen.append(c.state == wanted.state)
    for column, value in (
        (c.cause, wanted.cause),
        (c.kind, wanted.kind),
        (c.ground, wanted.ground),
        (c.assigned_to, wanted.assigned_to),
    ):
        if value:
            chosen.append(column == value)
    if wanted.region_code:
        chosen.append(is_within(c.region_code, wanted.region_code))
    if wanted.night_only is not None:
        chosen.append(c.night_only.is_(wanted.night_only))
    if wanted.plan_id is not None:
        chosen.append(c.plan_id == wanted.plan_id)
    if wanted.box is not None:
        west, south, east, north = wanted.box
        chosen += [c.east >= west, c.west <= east, c.north >= south, c.south <= north]
    return chosen


def _last_word(at: datetime) -> ColumnElement[str]:
    """Whether it had closed or come again by then; what had done neither counts as come."""
    s = coverage_gap_steps.c
    turns = (s.gap_id == coverage_gaps.c.id, s.step.in_((CLOSED, "reopened")), s.at <= at)
    return func.coalesce(select(s.step).where(*turns).order_by(s.id.desc()).limit(1).scalar_subquery(), "reopened")


def _record(row: Mapping[Any, Any]) -> GapRecord:
    return GapRecord(
        gap_id=row["id"],
        state=GapState(row["state"]),
        camera_ids=tuple(CameraId(camera_id) for camera_id in row["camera_ids"]),
        night_only=bool(row["night_only"]),
        **{name: row[name] for name in _PLAIN},
    )


_PLAIN = (
    *("kind", "ground", "cause", "name", "category", "region_code", "side", "from_m", "to_m", "length_m", "weighted_m"),
    *("need_px_per_m", "need_views", "best_px_per_m", "geometry", "since", "uncovered_since", "state_at"),
    *("assigned_to", "plan_id", "closed_at", "reopened"),
)
