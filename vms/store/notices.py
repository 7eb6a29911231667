"""Announced outages (报备) as rows: asked, decided, withdrawn, and whom they cover."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import CameraId
from vms.health.outages.node import NodeKind
from vms.health.outages.notice import Notice, NoticeKind, NoticeState, Scope, ScopeKind
from vms.inventory.camera import LifeCycle
from vms.store.page import Page
from vms.store.schema import cameras, notice_cameras, notices
from vms.store.supply import cameras_below

_BATCH = 500
_THINGS = {
    ScopeKind.DEVICE: NodeKind.NVR,
    ScopeKind.POLE: NodeKind.POLE,
    ScopeKind.NODE: NodeKind.SWITCH,
    ScopeKind.REGION: NodeKind.REGION,
    ScopeKind.NETWORK: NodeKind.SUBNET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFilter:
    """None: whatever it is."""

    state: NoticeState | None = None
    kind: NoticeKind | None = None
    camera_id: int | None = None
    at: datetime | None = None
    """It lasts at this moment."""


def add(tx: Connection, values: Mapping[str, Any], scope: Scope) -> int:
    made = {**values, "scope": {"kind": scope.kind.value, "values": list(scope.values)}}
    statement = insert(notices).values(**made, state=NoticeState.ASKED.value).returning(notices.c.id)
    return int(tx.execute(statement).scalar_one())


def get(tx: Connection, notice_id: int) -> Notice:
    """Raises NotFound."""
    row = tx.execute(select(notices).where(notices.c.id == notice_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no notice {notice_id}")
    return _notice(row)


def change(tx: Connection, notice_id: int, values: Mapping[str, Any]) -> None:
    tx.execute(update(notices).where(notices.c.id == notice_id).values(**values))


def cover(tx: Connection, notice_id: int, camera_ids: Iterable[int]) -> None:
    """These and no others."""
    tx.execute(delete(notice_cameras).where(notice_cameras.c.notice_id == notice_id))
    rows = [{"notice_id": notice_id, "camera_id": camera_id} for camera_id in sorted(set(camera_ids))]
    if rows:
        tx.execute(insert(notice_cameras), rows)


def page(tx: Connection, wanted: NoticeFilter, *, limit: int = 50, offset: int = 0) -> Page[Notice]:
    """The latest first."""
    c = notices.c
    where: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        where.append(c.state == wanted.state.value)
    if wanted.kind is not None:
        where.append(c.kind == wanted.kind.value)
    if wanted.at is not None:
        where += [c.start_at <= wanted.at, c.end_at > wanted.at]
    if wanted.camera_id is not None:
        n = notice_cameras.c
        where.append(select(n.notice_id).where(n.notice_id == c.id, n.camera_id == wanted.camera_id).exists())
    total = tx.execute(select(func.count()).select_from(notices).where(*where)).scalar_one()
    rows = tx.execute(
        select(notices).where(*where).order_by(c.start_at.desc(), c.id.desc()).limit(limit).offset(offset)
    )
    return Page(items=tuple(_notice(row) for row in rows.mappings()), total=total)


def covering(tx: Connection, camera_id: int, start: datetime, end: datetime) -> list[Notice]:
    """Approved ones that cover the camera at any time of the stretch, the earliest first."""
    c, n = notices.c, notice_cameras.c
    statement = (
        select(notices)
        .join(notice_cameras, n.notice_id == c.id)
        .where(n.camera_id == camera_id, c.state == NoticeState.APPROVED.value, c.start_at < end, c.end_at > start)
        .order_by(c.start_at, c.id)
    )
    return [_notice(row) for row in tx.execute(statement).mappings()]


def announced(tx: Connection, camera_ids: Collection[int], at: datetime) -> dict[CameraId, int]:
    """Which of these are covered now, each with a notice that does."""
    c, n = notices.c, notice_cameras.c
    found: dict[CameraId, int] = {}
    for some in _batches(camera_ids):
        chosen = (n.camera_id.in_(some), c.state == NoticeState.APPROVED.value, c.start_at <= at, c.end_at > at)
        rows = tx.execute(select(n.camera_id, n.notice_id).join(notices, c.id == n.notice_id).where(*chosen))
        found.update((CameraId(row.camera_id), row.notice_id) for row in rows)
    return found


def covered_cameras(tx: Connection, notice_id: int, *, limit: int = 500, offset: int = 0) -> list[tuple[CameraId, str]]:
    """(camera, its name)."""
    c, n = cameras.c, notice_cameras.c
    statement = (
        select(c.id, c.shown_name, c.name)
        .join(notice_cameras, n.camera_id == c.id)
        .where(n.notice_id == notice_id)
        .order_by(c.id)
    )
    rows = tx.execute(statement.limit(limit).offset(offset))
    return [(CameraId(row.id), row.shown_name or row.name) for row in rows]


def cameras_of_scope(tx: Connection, scope: Scope) -> set[CameraId]:
    """Whom it covers today; retired cameras are left out. Raises BadInput for a value that cannot be."""
    c = cameras.c
    found: set[CameraId] = set()
    if scope.kind in _THINGS:
        for value in scope.values:
            found.update(cameras_below(tx, _THINGS[scope.kind], value, watched=False))
    else:
        column = c.id if scope.kind is ScopeKind.CAMERA else c.owner_id
        for some in _batches([int(value) for value in scope.values]):
            found.update(CameraId(one) for one in tx.execute(select(c.id).where(column.in_(some))).scalars())
    gone = select(c.id).where(c.life_cycle == LifeCycle.RETIRED.value)
    return found - {CameraId(one) for one in tx.execute(gone).scalars()}


def _notice(row: RowMapping) -> Notice:
    return Notice(
        notice_id=row["id"],
        kind=NoticeKind(row["kind"]),
        reason=row["reason"],
        scope=Scope(ScopeKind(row["scope"]["kind"]), tuple(row["scope"]["values"])),
        start_at=row["start_at"],
        end_at=row["end_at"],
        asked_at=row["asked_at"],
        asked_by=row["asked_by"],
        state=NoticeState(row["state"]),
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
        note=row["note"],
        cameras=row["cameras"],
    )


def _batches(wanted: Collection[int]) -> list[list[int]]:
    ordered = sorted(wanted)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
