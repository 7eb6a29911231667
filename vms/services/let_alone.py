"""Whether a device is to be let alone just now: somebody looks through it, or an incident within its reach is open."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.geo import Wgs84, distance_m
from vms.inventory.camera import Pose
from vms.store import cameras, incidents, looks

LOOKED_AT, INCIDENT = "looked_at", "incident"
WITHIN = timedelta(hours=1)
"""A look that ended so recently may be taken up again."""
SHOWN_WITHIN = timedelta(hours=24)
REACH_M = 500.0
MOST_INCIDENTS = 1000


def let_alone_because(
    tx: Connection, camera_ids: Sequence[int], now: datetime, looked_within: timedelta = WITHIN
) -> str:
    """Empty: it may be bothered. `camera_ids`: all of the device's."""
    if looks.looked_at_since(tx, camera_ids, now - looked_within):
        return LOOKED_AT
    if incidents.cameras_shown_since(tx, now - SHOWN_WITHIN) & set(camera_ids):
        return INCIDENT
    spots = [found.position for found in incidents.page(tx, still_open=True, limit=MOST_INCIDENTS).items]
    if spots and any(_is_near(camera.pose, spots) for camera in cameras.by_ids(tx, camera_ids)):
        return INCIDENT
    return ""


def _is_near(pose: Pose | None, spots: Sequence[Wgs84]) -> bool:
    return pose is not None and any(distance_m(pose.position, spot) <= REACH_M for spot in spots)
