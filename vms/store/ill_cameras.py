"""Who is up, in doubt or down, as the store knows it: what the book of outages begins with."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlalchemy import Connection, func, select

from vms.core.ids import CameraId
from vms.health.fault import LIFE, FaultKind
from vms.health.outages.census import LINE, Ill
from vms.health.outages.outage import Outage
from vms.health.status import Status
from vms.store.outages import ended_memberships
from vms.store.schema import faults, flips, watches

_BATCH = 500
_DOUBT_AT_MOST = timedelta(minutes=30)


def cameras_up(tx: Connection) -> list[CameraId]:
    chosen = select(watches.c.camera_id).where(watches.c.status == Status.UP.value)
    return [CameraId(one) for one in tx.execute(chosen).scalars()]


def ill_cameras(tx: Connection, outages: Mapping[int, Outage]) -> dict[CameraId, Ill]:
    """`outages`: by id, those that are open."""
    f, w = faults.c, watches.c
    found: dict[CameraId, Ill] = {}
    doubt = select(w.camera_id, w.since).where(w.status.in_([Status.SUSPECT.value, Status.DOWN.value]))
    for camera_id, since in tx.execute(doubt):
        found[CameraId(camera_id)] = Ill(onset=since)
    standing = select(f.camera_id, f.kind, f.opened_at, f.outage_id).where(
        f.closed_at.is_(None), f.kind.in_([kind.value for kind in LIFE])
    )
    for row in tx.execute(standing.order_by(f.opened_at, f.id)):
        ill = found.setdefault(CameraId(row.camera_id), Ill(onset=row.opened_at))
        kind = FaultKind(row.kind)
        ill.faults[kind] = row.opened_at
        ill.down_at = row.opened_at if ill.down_at is None else ill.down_at
        if kind in LINE and ill.line_onset is None:
            ill.line_onset = row.opened_at
        if row.outage_id in outages:
            ill.outage = outages[row.outage_id]
    down = {camera_id: ill for camera_id, ill in found.items() if ill.is_down}
    _put_back_onsets(tx, down)
    for camera_id, left_at in ended_memberships(tx, down).items():
        ill = found[camera_id]
        if ill.outage is None and ill.down_at is not None and left_at > ill.down_at:
            ill.alone = ill.barred = True
    return found


def _put_back_onsets(tx: Connection, down: Mapping[CameraId, Ill]) -> None:
    """They were in doubt before they were down."""
    for some in _batches(down):
        chosen = (flips.c.camera_id.in_(some), flips.c.to_status == Status.SUSPECT.value)
        rows = tx.execute(select(flips.c.camera_id, func.max(flips.c.at)).where(*chosen).group_by(flips.c.camera_id))
        for camera_id, doubted_at in rows:
            ill = down[CameraId(camera_id)]
            fell_at = ill.down_at or ill.onset
            if fell_at - _DOUBT_AT_MOST <= doubted_at <= fell_at:
                ill.onset = doubted_at
                if ill.line_onset == ill.down_at:
                    ill.line_onset = doubted_at
            else:
                ill.onset = min(ill.onset, fell_at)


def _batches(wanted: Collection[int]) -> list[list[int]]:
    ordered = sorted(wanted)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
