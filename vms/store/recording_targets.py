"""Whose recordings and captions are looked at: devices with the day of their last look, and one device's cameras."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, or_, select

from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import camera_devices, cameras, captions, credentials, devices, recording_checks, recording_days

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceTurn:
    device_id: DeviceId
    checked_at: datetime | None
    """All of its cameras since then; None: one was never looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCamera:
    camera_id: CameraId
    name: str
    common_name: str
    observed_name: str
    channel: str
    point_class: int | None
    tier: str
    region_code: str
    site_category: str
    retention_days: int | None
    since: datetime
    """In our charge and on this device."""
    last_day: date | None
    """Judged."""
    caption_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindOfCamera:
    """What plans ask of a camera; so many of them are alike."""

    camera_id: CameraId | None
    """None: of many."""
    point_class: int | None
    tier: str
    region_code: str
    cameras: int = 1


def kinds_of_cameras(tx: Connection) -> list[KindOfCamera]:
    """Of those in service: a few thousand for a large town."""
    c = cameras.c
    alike = (c.point_class, c.tier, c.region_code)
    counted = select(*alike, func.count().label("cameras")).where(c.life_cycle.in_(IN_SERVICE_VALUES)).group_by(*alike)
    return [KindOfCamera(camera_id=None, **row) for row in tx.execute(counted).mappings()]


def kinds_by_id(tx: Connection, camera_ids: Sequence[int]) -> list[KindOfCamera]:
    """Those of them that are in service, one by one."""
    c = cameras.c
    found: list[KindOfCamera] = []
    for start in range(0, len(camera_ids), _BATCH):
        chosen = (c.id.in_(camera_ids[start : start + _BATCH]), c.life_cycle.in_(IN_SERVICE_VALUES))
        told = select(c.id.label("camera_id"), c.point_class, c.tier, c.region_code).where(*chosen)
        found.extend(KindOfCamera(**row) for row in tx.execute(told).mappings())
    return found


def turns_after(tx: Connection, after: int, limit: int) -> tuple[list[DeviceTurn], int | None]:
    """The next devices by id that have a camera in service, and the last id looked at; None: there are no more."""
    d, c, r = devices.c, cameras.c, recording_checks.c
    ids = tx.execute(select(d.id).where(d.id > after).order_by(d.id).limit(limit)).scalars().all()
    if not ids:
        return [], None
    statement = (
        select(d.id, func.min(r.checked_at).label("checked_at"), func.count(c.id) - func.count(r.checked_at))
        .select_from(devices.join(cameras, c.device_id == d.id).outerjoin(recording_checks, r.camera_id == c.id))
        .where(d.id.between(ids[0], ids[-1]), d.displaced_at.is_(None), d.merged_into.is_(None))
        .where(c.life_cycle.in_(IN_SERVICE_VALUES))
        .group_by(d.id)
        .order_by(d.id)
    )
    turns = [
        DeviceTurn(device_id=DeviceId(device_id), checked_at=None if never else checked_at)
        for device_id, checked_at, never in tx.execute(statement)
    ]
    return turns, ids[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleTurn:
    device_id: DeviceId
    camera_id: CameraId
    oldest_at: datetime | None
    newest_at: datetime


def samples_after(
    tx: Connection, after: int, limit: int, *, tried_before: datetime, failed_before: datetime
) -> tuple[list[SampleTurn], int | None]:
    """Cameras with recordings of which nobody has played a sample since then, of the next devices by id, one for each
    device: whose turn is the longest ago. And the last device looked at; None: there are no more."""
    d, c, r = devices.c, cameras.c, recording_checks.c
    ids = tx.execute(select(d.id).where(d.id > after).order_by(d.id).limit(limit)).scalars().all()
    if not ids:
        return [], None
    is_due = or_(
        r.play_tried_at.is_(None),
        r.play_tried_at < tried_before,
        and_(r.play_failures > 0, r.play_tried_at < failed_before),
    )
    statement = (
        select(d.id.label("device_id"), c.id, r.oldest_at, r.newest_at, r.play_tried_at, r.play_failures)
        .select_from(
            devices.join(cameras, c.device_id == d.id)
            .join(recording_checks, r.camera_id == c.id)
            .outerjoin(credentials, credentials.c.id == d.credential_id)
        )
        .where(d.id.between(ids[0], ids[-1]), d.displaced_at.is_(None), d.merged_into.is_(None))
        .where(or_(r.play_because != "login_refused", credentials.c.changed_at > r.play_tried_at))
        .where(c.life_cycle.in_(IN_SERVICE_VALUES), r.newest_at.is_not(None), r.because == "", is_due)
        .order_by(d.id, r.play_failures.desc(), r.play_tried_at.is_not(None), r.play_tried_at, c.id)
    )
    turns: dict[int, SampleTurn] = {}
    for row in tx.execute(statement):
        turn = SampleTurn(
            device_id=DeviceId(row.device_id),
            camera_id=CameraId(row.id),
            oldest_at=row.oldest_at,
            newest_at=row.newest_at,
        )
        turns.setdefault(row.device_id, turn)
    return list(turns.values()), ids[-1]


def cameras_of(tx: Connection, device_id: int) -> list[RecordedCamera]:
    """In service, in the order of their ids."""
    c, r, p = cameras.c, recording_days.c, camera_devices.c
    mine = select(c.id).where(c.device_id == device_id)
    last_days = select(r.camera_id, func.max(r.day).label("day")).where(r.camera_id.in_(mine)).group_by(r.camera_id)
    days = {row.camera_id: date.fromisoformat(row.day) for row in tx.execute(last_days)}
    open_periods = select(p.camera_id, p.from_at).where(p.device_id == device_id, p.until_at.is_(None))
    bound = {row.camera_id: row.from_at for row in tx.execute(open_periods)}
    statement = (
        select(cameras, captions.c.checked_at.label("caption_at"))
        .select_from(cameras.outerjoin(captions, captions.c.camera_id == c.id))
        .where(c.device_id == device_id, c.life_cycle.in_(IN_SERVICE_VALUES))
        .order_by(c.id)
    )
    return [
        RecordedCamera(
            camera_id=CameraId(row["id"]),
            name=row["name"],
            common_name=row["common_name"],
            observed_name=row["observed_name"],
            channel=row["channel"] or "",
            point_class=row["point_class"],
            tier=row["tier"],
            region_code=row["region_code"],
            site_category=row["site_category"],
            retention_days=row["retention_days"],
            since=max(row["created_at"], bound.get(row["id"], row["created_at"])),
            last_day=days.get(row["id"]),
            caption_at=row["caption_at"],
        )
        for row in tx.execute(statement).mappings()
    ]
