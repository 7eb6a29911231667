"""Where cameras stand: as it was entered, else as the device says."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.store.schema import cameras

_BATCH = 500
c = cameras.c


def positions_of(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Wgs84]:
    """Cameras of which nobody knows it are left out. One query for each 500 cameras."""
    wanted = sorted(set(camera_ids))
    lon, lat = func.coalesce(c.lon, c.observed_lon).label("lon"), func.coalesce(c.lat, c.observed_lat).label("lat")
    found: dict[CameraId, Wgs84] = {}
    for start in range(0, len(wanted), _BATCH):
        for row in tx.execute(select(c.id, lon, lat).where(c.id.in_(wanted[start : start + _BATCH]))):
            if row.lon is not None and row.lat is not None:
                found[CameraId(row.id)] = Wgs84(row.lon, row.lat)
    return found
