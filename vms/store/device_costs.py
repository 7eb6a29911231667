"""What our looking costs each device, a row per device and UTC day; whoever asks a device adds to it, and says why."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, case, delete, select

from vms.core.ids import DeviceId
from vms.store.schema import device_costs, devices
from vms.store.upsert import Excluded, upsert

_BATCH = 500
_ADDED = ("requests", "bytes_in", "busy_ms", "sign_ins", "refused", "for_incident", "for_wall", "for_diagnosis")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCost:
    device_id: DeviceId
    day: date
    requests: int = 0
    bytes_in: int = 0
    busy_ms: int = 0
    """How long it was kept answering."""
    sign_ins: int = 0
    refused: int = 0
    """Refused logins."""
    most_at_once: int = 0
    """Connections open together at most."""
    for_incident: int = 0
    """Of the requests; so are the next two."""
    for_wall: int = 0
    for_diagnosis: int = 0

    @property
    def for_poll(self) -> int:
        """The rest."""
        return self.requests - self.for_incident - self.for_wall - self.for_diagnosis


def add_many(tx: Connection, found: Sequence[DeviceCost]) -> None:
    """Adds to what is there of the same device and day. Devices deleted meanwhile are left out."""
    there = _existing(tx, [cost.device_id for cost in found])
    rows = [
        {
            "device_id": cost.device_id,
            "day": cost.day.isoformat(),
            "requests": cost.requests,
            "bytes_in": cost.bytes_in,
            "busy_ms": cost.busy_ms,
            "sign_ins": cost.sign_ins,
            "refused": cost.refused,
            "most_at_once": cost.most_at_once,
            "for_incident": cost.for_incident,
            "for_wall": cost.for_wall,
            "for_diagnosis": cost.for_diagnosis,
        }
        for cost in found
        if cost.device_id in there
    ]
    for start in range(0, len(rows), _BATCH):
        upsert(tx, device_costs, rows[start : start + _BATCH], _together)


def spent_on(tx: Connection, day: date) -> dict[DeviceId, tuple[int, int]]:
    """(requests, sign-ins) of every device that was asked that day. By device, since the rows are in that order: months
    of others are not looked through."""
    return spent_by(tx, tx.execute(select(devices.c.id)).scalars().all(), day)


def spent_by(tx: Connection, device_ids: Collection[int], day: date) -> dict[DeviceId, tuple[int, int]]:
    """The same of some devices."""
    c = device_costs.c
    spent: dict[DeviceId, tuple[int, int]] = {}
    wanted = sorted(set(device_ids))
    for start in range(0, len(wanted), _BATCH):
        chosen = (c.device_id.in_(wanted[start : start + _BATCH]), c.day == day.isoformat())
        for row in tx.execute(select(c.device_id, c.requests, c.sign_ins).where(*chosen)):
            spent[DeviceId(row.device_id)] = (row.requests, row.sign_ins)
    return spent


def of_device(tx: Connection, device_id: int, since: date) -> list[DeviceCost]:
    """From that day on, the newest first."""
    c = device_costs.c
    chosen = (c.device_id == device_id, c.day >= since.isoformat())
    return [
        DeviceCost(**{**row, "device_id": DeviceId(row["device_id"]), "day": date.fromisoformat(row["day"])})
        for row in tx.execute(select(device_costs).where(*chosen).order_by(c.day.desc())).mappings()
    ]


def forget_before(tx: Connection, day: date) -> int:
    """Returns how many rows went."""
    return tx.execute(delete(device_costs).where(device_costs.c.day < day.isoformat())).rowcount


def _existing(tx: Connection, device_ids: Collection[int]) -> set[int]:
    there: set[int] = set()
    wanted = sorted(set(device_ids))
    for start in range(0, len(wanted), _BATCH):
        chosen = devices.c.id.in_(wanted[start : start + _BATCH])
        there.update(tx.execute(select(devices.c.id).where(chosen)).scalars())
    return there


def _together(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    c = device_costs.c
    sums = {name: c[name] + excluded[name] for name in _ADDED}
    at_once = case((c.most_at_once > excluded["most_at_once"], c.most_at_once), else_=excluded["most_at_once"])
    return {**sums, "most_at_once": at_once}
