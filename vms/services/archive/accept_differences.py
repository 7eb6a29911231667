"""Decides many differences between declared and observed at once: each by itself, so that one refused costs one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import PersonMustAct
from vms.core.ids import CameraId
from vms.inventory.differences import Difference
from vms.services.archive.accept_difference import Side, accept_difference
from vms.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    camera_id: int
    field: str
    reason: str
    code: str


def accept_differences(
    database: Database,
    seen: Iterable[tuple[int, Difference]],
    side: Side,
    person: Person,
    why: str,
    now: datetime,
) -> list[Refused]:
    """`seen`: camera and difference as the person was shown them. Those that were refused; the others are done."""
    refused = []
    for camera_id, one in seen:
        try:
            accept_difference(database, CameraId(camera_id), one.field, side, person, why, now, seen=one)
        except PersonMustAct as problem:
            told = Refused(camera_id=camera_id, field=one.field, reason=problem.message, code=problem.code)
            refused.append(told)
    return refused
