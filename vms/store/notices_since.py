"""Announced outages (报备) between two instants: what the clocks of orders waited for."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.ids import CameraId
from vms.core.intervals import Interval
from vms.health.outages.notice import NoticeState
from vms.store.schema import notice_cameras, notices

_BATCH = 500


def touching(
    tx: Connection, camera_ids: Collection[int], since: datetime, now: datetime
) -> dict[CameraId, list[Interval]]:  # fmt: skip
    """Approved ones that lasted at any time since then, of these cameras; the others are left out."""
    c, n = notices.c, notice_cameras.c
    lasted = (c.state == NoticeState.APPROVED.value, c.end_at > since, c.start_at <= now, c.start_at < c.end_at)
    found: dict[CameraId, list[Interval]] = defaultdict(list)
    if not camera_ids or tx.execute(select(c.id).where(*lasted).limit(1)).first() is None:
        return found
    wanted = sorted(camera_ids)
    joined = select(n.camera_id, c.start_at, c.end_at).join(notices, c.id == n.notice_id).where(*lasted)
    for start in range(0, len(wanted), _BATCH):
        for row in tx.execute(joined.where(n.camera_id.in_(wanted[start : start + _BATCH]))):
            found[CameraId(row.camera_id)].append(Interval(row.start_at, row.end_at))
    return found
