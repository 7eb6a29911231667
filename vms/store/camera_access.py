"""What the access decision needs to know about cameras, read in bulk."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from vms.access.agreement import Agreements
from vms.access.decide import CameraAccess
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, OwnerId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.store import consents
from vms.store.schema import cameras, devices, faults, registrations

_BATCH = 500


def of_cameras(tx: Connection, camera_ids: Iterable[int], agreements: Agreements) -> dict[CameraId, CameraAccess]:
    """Of those that exist."""
    wanted = list(dict.fromkeys(camera_ids))
    found: dict[CameraId, CameraAccess] = {}
    for start in range(0, len(wanted), _BATCH):
        found.update(_batch(tx, wanted[start : start + _BATCH], agreements))
    return found


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_OPEN_FAULTS = select(faults.c.camera_id).where(faults.c.camera_id.in_(_IDS), faults.c.closed_at.is_(None))
_REGISTERED = select(registrations.c.camera_id).where(registrations.c.camera_id.in_(_IDS))
_FACTS = (
    select(
        cameras.c.id,
        cameras.c.tier,
        cameras.c.life_cycle,
        cameras.c.owner_id,
        func.coalesce(cameras.c.lon, cameras.c.observed_lon).label("lon"),
        func.coalesce(cameras.c.lat, cameras.c.observed_lat).label("lat"),
        func.coalesce(devices.c.address, cameras.c.address).label("address"),
    )
    .outerjoin(devices, devices.c.id == cameras.c.device_id)
    .where(cameras.c.id.in_(_IDS))
)
"""Built once: asked with every list, building them anew cost as much as asking."""


def _batch(tx: Connection, camera_ids: list[int], agreements: Agreements) -> dict[CameraId, CameraAccess]:
    ids = {"ids": camera_ids}
    said = consents.of_cameras(tx, camera_ids)
    ill = set(tx.execute(_OPEN_FAULTS, ids).scalars())
    registered = set(tx.execute(_REGISTERED, ids).scalars())
    return {
        CameraId(row.id): CameraAccess(
            camera_id=CameraId(row.id),
            tier=Tier(row.tier),
            life_cycle=LifeCycle(row.life_cycle),
            position=None if row.lon is None or row.lat is None else Wgs84(row.lon, row.lat),
            owner_id=None if row.owner_id is None else OwnerId(row.owner_id),
            consent=said.get(CameraId(row.id)),
            registered=row.id in registered,
            agreement=agreements.cover(row.address),
            ill=row.id in ill,
        )
        for row in tx.execute(_FACTS, ids)
    }
