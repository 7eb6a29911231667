"""Corrections of camera poses, kept for ever with the points they were made of; the check of the present pose."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.inventory.camera import Pose, PoseCheck
from vms.store import camera_changes, events
from vms.store.camera_changes import Author, FieldChange
from vms.store.camera_rows import POSE
from vms.store.page import Page
from vms.store.schema import cameras, pose_corrections

_BATCH = 500
SCENE_CHANGE = "scene_change"
c = pose_corrections.c


@dataclass(frozen=True, slots=True, kw_only=True)
class PointUsed:
    x_px: float
    y_px: float
    lon: float
    lat: float
    height_m: float
    off_px: float | None
    """From where the kept pose puts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureUsed:
    width_px: int
    height_px: int
    at: datetime | None
    """When the still was taken; None: it was a moving picture."""
    roll_deg: float = 0.0
    """How far the picture is rolled, clockwise."""
    distortion: float = 0.0
    """Of its lens: vms.coverage.pose_fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    camera_id: CameraId
    at: datetime
    who: str
    how: str
    why: str
    before: Pose | None
    after: Pose
    mark: str
    picture: PictureUsed | None = None
    points: tuple[PointUsed, ...] = ()
    rms_px: float | None = None
    correction_id: int = 0
    ended_at: datetime | None = None
    ended_by: str | None = None
    ended_why: str | None = None


def add(tx: Connection, new: Correction) -> None:
    picture = None
    if new.picture is not None:
        at = new.picture.at
        picture = asdict(new.picture) | {"at": None if at is None else at.isoformat()}
    row = {
        "camera_id": new.camera_id,
        "at": new.at,
        "who": new.who[:80],
        "how": new.how,
        "why": new.why,
        "before": None if new.before is None else _pose_json(new.before),
        "after": _pose_json(new.after),
        "mark": new.mark,
        "picture": picture,
        "points": [asdict(point) for point in new.points],
        "rms_px": new.rms_px,
    }
    tx.execute(insert(pose_corrections), row)


def of_camera(tx: Connection, camera_id: int, *, limit: int = 20, offset: int = 0) -> Page[Correction]:
    """The newest first."""
    mine = c.camera_id == camera_id
    total = tx.execute(select(func.count()).select_from(pose_corrections).where(mine)).scalar_one()
    statement = select(pose_corrections).where(mine).order_by(c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_correction(row) for row in tx.execute(statement).mappings()), total=total)


def set_check(
    tx: Connection, camera_id: CameraId, check: PoseCheck | None, mark: str, now: datetime, author: Author
) -> None:
    """With its history; the news is told by who changes the pose."""
    before = tx.execute(select(cameras.c.pose_check).where(cameras.c.id == camera_id)).scalar_one()
    after = "" if check is None else check.value
    tx.execute(update(cameras).where(cameras.c.id == camera_id).values(pose_check=after, pose_mark=mark))
    if before != after:
        change = FieldChange(camera_id=camera_id, field="pose_check", before=before or None, after=after or None)
        camera_changes.keep(tx, [change], author, now)


def end_checks(tx: Connection, camera_ids: Iterable[int], why: str, who: str, now: datetime) -> None:
    """The cameras were moved: what was held against the picture before says nothing about the present view."""
    wanted = sorted(set(camera_ids))
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        checked = cameras.c.id.in_(some) & (cameras.c.pose_check != "")
        rows = tx.execute(select(cameras.c.id, cameras.c.pose_check).where(checked)).all()
        ids = [row.id for row in rows]
        if not ids:
            continue
        tx.execute(update(cameras).where(cameras.c.id.in_(ids)).values(pose_check="", pose_mark="", changed_at=now))
        ended = {"ended_at": now, "ended_by": who[:80], "ended_why": why}
        tx.execute(update(pose_corrections).where(c.camera_id.in_(ids), c.ended_at.is_(None)).values(**ended))
        changes = [FieldChange(camera_id=row.id, field="pose_check", before=row.pose_check, after=None) for row in rows]
        camera_changes.keep(tx, changes, Author(who=who, why=why), now)
        events.append_many(tx, "camera.changed", [(one, {"fields": ["pose_check"]}) for one in ids], now)


def _pose_json(pose: Pose) -> dict[str, float | None]:
    told = {name: getattr(pose, name) for name in POSE}
    return {"lon": pose.position.lon, "lat": pose.position.lat, **told}


def _correction(row: RowMapping) -> Correction:
    picture = row["picture"]
    return Correction(
        correction_id=row["id"],
        camera_id=CameraId(row["camera_id"]),
        at=row["at"],
        who=row["who"],
        how=row["how"],
        why=row["why"],
        before=None if row["before"] is None else _pose(row["before"]),
        after=_pose(row["after"]),
        mark=row["mark"],
        picture=None
        if picture is None
        else PictureUsed(
            **(picture | {"at": None if picture["at"] is None else datetime.fromisoformat(picture["at"])})
        ),
        points=tuple(PointUsed(**point) for point in row["points"]),
        rms_px=row["rms_px"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        ended_why=row["ended_why"],
    )


def _pose(told: dict[str, float | None]) -> Pose:
    lon, lat = told["lon"], told["lat"]
    assert lon is not None
    assert lat is not None
    return Pose(position=Wgs84(lon, lat), **{name: told.get(name) for name in POSE})
