"""Requests to look at a camera whose owner wants to be asked, and what the owner said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, exists, func, insert, or_, select, update

from vms.access.decide import Grant
from vms.core.errors import Conflict, NotFound
from vms.core.ids import CameraId, IncidentId, UserId
from vms.store import events
from vms.store.schema import access_requests, cameras, incidents, registrations, users


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRequest:
    request_id: int
    camera_id: CameraId
    camera_name: str
    user_id: UserId
    user_name: str
    incident_id: IncidentId | None
    incident_no: str | None
    purpose: str
    asked_at: datetime
    decided_at: datetime | None
    granted_until: datetime | None

    def state(self, now: datetime) -> str:
        """`open`, `granted`, `refused` or `expired`."""
        if self.decided_at is None:
            return "open"
        if self.granted_until is None:
            return "refused"
        return "granted" if now < self.granted_until else "expired"


def add(
    tx: Connection, camera_id: int, user_id: int, incident_id: int | None, purpose: str, now: datetime
) -> AccessRequest:
    values = {
        "camera_id": camera_id,
        "user_id": user_id,
        "incident_id": incident_id,
        "purpose": purpose,
        "asked_at": now,
    }
    statement = insert(access_requests).values(**values).returning(access_requests.c.id)
    request_id = int(tx.execute(statement).scalar_one())
    events.append(tx, "access.asked", camera_id, {"request_id": request_id, "user_id": user_id}, now)
    return get(tx, request_id)


def get(tx: Connection, request_id: int) -> AccessRequest:
    row = tx.execute(_SELECT.where(access_requests.c.id == request_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no request {request_id}")
    return _request(row)


def of_camera(
    tx: Connection,
    camera_id: int,
    *,
    user_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[AccessRequest]:
    """Newest first; of one person where `user_id` is given; asked in one owner's time: `since`, `until`."""
    statement = _SELECT.where(access_requests.c.camera_id == camera_id)
    if since is not None:
        statement = statement.where(access_requests.c.asked_at >= since)
    if until is not None:
        statement = statement.where(access_requests.c.asked_at <= until)
    if user_id is not None:
        statement = statement.where(access_requests.c.user_id == user_id)
    rows = tx.execute(statement.order_by(access_requests.c.id.desc()).limit(limit)).mappings()
    return [_request(row) for row in rows]


def count_open(tx: Connection, camera_id: int, *, user_id: int | None = None) -> int:
    a = access_requests.c
    statement = select(func.count()).where(a.camera_id == camera_id, a.decided_at.is_(None))
    if user_id is not None:
        statement = statement.where(a.user_id == user_id)
    return int(tx.execute(statement).scalar_one())


def decide(tx: Connection, request: AccessRequest, granted_until: datetime | None, now: datetime) -> AccessRequest:
    """Raises Conflict where the owner has answered already; a grant can still be taken back."""
    taken_back = request.granted_until is not None and granted_until is None
    if request.decided_at is not None and not taken_back:
        raise Conflict("this request has been answered already")
    statement = update(access_requests).where(access_requests.c.id == request.request_id)
    tx.execute(statement.values(decided_at=now, granted_until=granted_until))
    content = {"request_id": request.request_id, "user_id": request.user_id, "granted": granted_until is not None}
    events.append(tx, "access.decided", request.camera_id, content, now)
    return get(tx, request.request_id)


def close_all(tx: Connection, camera_id: int, now: datetime) -> None:
    """The owner leaves: what was asked is refused, what was granted is taken back."""
    a = access_requests.c
    standing = or_(a.decided_at.is_(None), a.granted_until > now)
    for row in tx.execute(_SELECT.where(a.camera_id == camera_id, standing)).mappings().all():
        decide(tx, _request(row), None, now)


def live_grants(tx: Connection, user_id: int, now: datetime) -> list[Grant]:
    """What owners have granted to this person and is in force; the word of an earlier owner is not."""
    a, r = access_requests.c, registrations.c
    by_an_earlier_owner = exists().where(r.camera_id == a.camera_id, r.decided_at > a.asked_at)
    statement = select(a.camera_id, a.incident_id, a.granted_until).where(
        a.user_id == user_id, a.granted_until > now, ~by_an_earlier_owner
    )
    return [
        Grant(
            camera_id=CameraId(row.camera_id),
            user_id=UserId(user_id),
            until=row.granted_until,
            incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        )
        for row in tx.execute(statement)
    ]


_SELECT = (
    select(
        access_requests,
        cameras.c.name.label("camera_name"),
        users.c.name.label("user_name"),
        incidents.c.incident_no,
    )
    .join(cameras, cameras.c.id == access_requests.c.camera_id)
    .join(users, users.c.id == access_requests.c.user_id)
    .outerjoin(incidents, incidents.c.id == access_requests.c.incident_id)
)


def _request(row: RowMapping) -> AccessRequest:
    return AccessRequest(
        request_id=row["id"],
        camera_id=CameraId(row["camera_id"]),
        camera_name=row["camera_name"],
        user_id=UserId(row["user_id"]),
        user_name=row["user_name"],
        incident_id=None if row["incident_id"] is None else IncidentId(row["incident_id"]),
        incident_no=row["incident_no"],
        purpose=row["purpose"],
        asked_at=row["asked_at"],
        decided_at=row["decided_at"],
        granted_until=row["granted_until"],
    )
