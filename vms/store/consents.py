"""What owners allow: every change is a new row, the latest one of a camera is in force."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, RowMapping, func, insert, select

from vms.access.consent import Consent, ConsentMode
from vms.core.ids import CameraId
from vms.store import events
from vms.store.schema import consents

_BATCH = 500


def put(tx: Connection, consent: Consent, now: datetime) -> None:
    values = {
        "camera_id": consent.camera_id,
        "mode": consent.mode.value,
        "radius_m": consent.radius_m,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
        "paused_until": consent.paused_until,
    }
    tx.execute(insert(consents).values(**values))
    content = {
        "mode": consent.mode.value,
        "withdrawn": consent.withdrawn_at is not None,
        "paused_until": None if consent.paused_until is None else consent.paused_until.isoformat(),
    }
    events.append(tx, "consent.changed", consent.camera_id, content, now)


def of_camera(tx: Connection, camera_id: int) -> Consent | None:
    return of_cameras(tx, [camera_id]).get(CameraId(camera_id))


def first_withdrawn(tx: Connection, camera_id: int, since: datetime) -> Consent | None:
    """The word with which the owner left whose time began then."""
    c = consents.c
    statement = select(consents).where(c.camera_id == camera_id, c.withdrawn_at >= since).order_by(c.id).limit(1)
    row = tx.execute(statement).mappings().one_or_none()
    return None if row is None else _consent(row)


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Consent]:
    """The consents in force."""
    wanted = list(camera_ids)
    found: dict[CameraId, Consent] = {}
    for start in range(0, len(wanted), _BATCH):
        latest = (
            select(func.max(consents.c.id))
            .where(consents.c.camera_id.in_(wanted[start : start + _BATCH]))
            .group_by(consents.c.camera_id)
        )
        for row in tx.execute(select(consents).where(consents.c.id.in_(latest))).mappings():
            found[CameraId(row["camera_id"])] = _consent(row)
    return found


def _consent(row: RowMapping) -> Consent:
    return Consent(
        camera_id=CameraId(row["camera_id"]),
        mode=ConsentMode(row["mode"]),
        radius_m=row["radius_m"],
        given_at=row["given_at"],
        withdrawn_at=row["withdrawn_at"],
        paused_until=row["paused_until"],
    )
