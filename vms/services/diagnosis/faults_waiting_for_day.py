"""Of these open faults, those of which no look can tell before the sun is up whether they are gone."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from vms.health.fault import FaultKind
from vms.health.picture.as_faults import OF_A_LIGHT
from vms.health.picture.baseline import Light
from vms.health.picture.waits_for_day import waits_for_day
from vms.store import picture_baselines
from vms.store.positions import positions_of

_KINDS = {kind.value for kind in OF_A_LIGHT}


def faults_waiting_for_day(tx: Connection, found: Iterable[tuple[int, int, str]], now: datetime) -> frozenset[int]:
    """`found`: (fault, camera, kind), a page of them; gives numbers of faults. Two queries for each 500 cameras."""
    asked = [one for one in found if one[2] in _KINDS]
    if not asked:
        return frozenset()
    cameras = {camera_id for _, camera_id, _ in asked}
    lying = positions_of(tx, cameras)
    known = picture_baselines.with_known_normal(tx, cameras, Light.NIGHT)
    return frozenset(
        fault_id
        for fault_id, camera_id, kind in asked
        if waits_for_day(FaultKind(kind), lying.get(camera_id), night_is_known=camera_id in known, now=now)
    )
