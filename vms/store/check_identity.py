"""What must hold of devices, cameras and the ways between them; each thing that does not is named in a sentence."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from vms.store.schema import camera_devices, camera_paths, cameras, device_keys, devices

MOST = 100


def every(tx: Connection) -> list[str]:
    return [*_periods(tx), *_merged(tx), *_crossings(tx, None)]


def of_devices(tx: Connection, device_ids: Collection[int]) -> list[str]:
    """At most 500; only whether one channel leads to several cameras."""
    return _crossings(tx, sorted(device_ids))


def _periods(tx: Connection) -> list[str]:
    """A camera that is bound has one open period, of its device and channel; one that is not has none."""
    c, p = cameras.c, camera_devices.c
    is_open = p.until_at.is_(None)
    twice = select(p.camera_id).where(is_open).group_by(p.camera_id).having(func.count() > 1)
    found = [f"camera {row.camera_id} has several devices at once by its periods" for row in _some(tx, twice)]
    joined = select(c.id).outerjoin(camera_devices, and_(p.camera_id == c.id, is_open))
    wrong = or_(
        and_(c.device_id.is_not(None), p.id.is_(None)),
        and_(c.device_id.is_(None), p.id.is_not(None)),
        p.device_id != c.device_id,
        p.channel != c.channel,
    )
    for row in _some(tx, joined.where(wrong).distinct()):
        found.append(f"camera {row.id}: the open period is not that of its device and channel")
    backwards = select(p.camera_id).where(p.until_at < p.from_at).distinct()
    return found + [f"camera {row.camera_id}: a period ends before it begins" for row in _some(tx, backwards)]


def _merged(tx: Connection) -> list[str]:
    d = devices.c
    merged = d.merged_into.is_not(None)
    found = []
    for what, column in (
        ("cameras", cameras.c.device_id),
        ("keys", device_keys.c.device_id),
        ("paths", camera_paths.c.device_id),
    ):
        owners = select(d.id).where(merged, d.id.in_(select(column)))
        found += [f"device {row.id} was merged into another but has {what}" for row in _some(tx, owners)]
    into = devices.alias()
    nowhere = select(d.id).outerjoin(into, into.c.id == d.merged_into).where(merged, into.c.id.is_(None))
    return found + [f"device {row.id} was merged into one that is not there" for row in _some(tx, nowhere)]


def _crossings(tx: Connection, device_ids: Sequence[int] | None) -> list[str]:
    """Every channel leads to one camera."""
    c, p = cameras.c, camera_paths.c
    bound = select(c.device_id, c.channel).where(c.device_id.is_not(None))
    paths = select(p.device_id, p.channel)
    if device_ids is not None:
        bound, paths = bound.where(c.device_id.in_(device_ids)), paths.where(p.device_id.in_(device_ids))
    ways = bound.union_all(paths).subquery()
    twice = select(ways.c.device_id, ways.c.channel).group_by(ways.c.device_id, ways.c.channel)
    return [
        f"channel {row.channel} of device {row.device_id} leads to several cameras"
        for row in _some(tx, twice.having(func.count() > 1))
    ]


def _some(tx: Connection, statement: Select[Any]) -> Sequence[Row[Any]]:
    return tx.execute(statement.limit(MOST)).all()
