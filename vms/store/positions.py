"""Where cameras are: as declared, else as their device says."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from vms.core.geo import Wgs84
from vms.store.schema import cameras

_BATCH = 500


def positions_of(tx: Connection, camera_ids: Iterable[int]) -> dict[int, Wgs84]:
    """Those without one are left out. One query for each 500."""
    c = cameras.c
    lon, lat = func.coalesce(c.lon, c.observed_lon), func.coalesce(c.lat, c.observed_lat)
    wanted = sorted(set(camera_ids))
    found: dict[int, Wgs84] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = (c.id.in_(wanted[start : start + _BATCH]), lon.is_not(None), lat.is_not(None))
        found.update(
            {
                row.id: Wgs84(row.lon, row.lat)
                for row in tx.execute(select(c.id, lon.label("lon"), lat.label("lat")).where(*chosen))
            }
        )
    return found
