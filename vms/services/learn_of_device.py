"""What is found out about a device while its pictures are looked at: how many streams it bears, its streams'
certificate."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.ids import DeviceId
from vms.inventory.device import Quirks
from vms.store import devices, events
from vms.store.database import Database

log = logging.getLogger(__name__)
REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    sessions: int = 0
    """So many streams played when it refused one more; 0: nothing about that."""
    stream_tls_fingerprint: str = ""
    """That its streams showed for the first time."""


def learn_of_device(tx: Connection, device_id: int, lesson: Lesson, now: datetime) -> None:
    """Nothing where it is known already, or the device is gone."""
    for known in devices.by_ids(tx, [device_id]):
        before = known.observed.quirks
        after = _learnt(before, lesson)
        if after == before:
            return
        devices.set_quirks(tx, {device_id: after})
        if after.session_limit != before.session_limit:
            events.append(tx, "device.session_limit", device_id, {"limit": after.session_limit}, now)


def _learnt(before: Quirks, lesson: Lesson) -> Quirks:
    after = before
    if lesson.sessions:
        after = replace(after, session_limit=lesson.sessions, session_evidence=REFUSED)
    if lesson.stream_tls_fingerprint and not before.stream_tls_fingerprint:
        after = replace(after, stream_tls_fingerprint=lesson.stream_tls_fingerprint)
    return after


def note_sessions(database: Database, device_id: DeviceId | None, sessions: int, now: datetime) -> None:
    """Blocking; a database that is busy costs this lesson, not the pictures."""
    if device_id is None or not sessions:
        return
    try:
        with database.writing() as tx:
            learn_of_device(tx, device_id, Lesson(sessions=sessions), now)
    except SQLAlchemyError:
        log.exception("that device %d bears %d streams could not be kept", device_id, sessions)


def session_limit_of(tx: Connection, device_id: DeviceId | None) -> int:
    """0: unknown."""
    found = devices.by_ids(tx, [] if device_id is None else [device_id])
    return found[0].observed.quirks.session_limit if found else 0
