"""Of which cameras something was so on a day of the office: a bit each, so that years of 100,000 fit into some MB."""

import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, func, select

from vms.store.schema import daily_sets
from vms.store.upsert import upsert

Bits = NDArray[np.bool_]


class What(StrEnum):
    DIAGNOSED = "diagnosed"
    """A still was judged."""
    CLOCK_READ = "clock_read"
    CHECKED = "checked"
    """It was asked how far back its recordings reach."""
    RETAINED = "retained"
    """Of the checked ones: as far as its record asked for on that day."""


@dataclass(frozen=True, slots=True)
class CameraSet:
    """Of ids of cameras."""

    bits: Bits

    def __contains__(self, camera_id: int) -> bool:
        return camera_id < len(self.bits) and bool(self.bits[camera_id])

    def holds(self, camera_ids: NDArray[np.int64]) -> Bits:
        """Of each, whether it is in it."""
        if not len(self.bits):
            return np.zeros(len(camera_ids), dtype=np.bool_)
        within = camera_ids < len(self.bits)
        return within & self.bits[np.where(within, camera_ids, 0)]

    def __or__(self, other: "CameraSet") -> "CameraSet":
        size = max(len(self.bits), len(other.bits))
        return CameraSet(_wide(self.bits, size) | _wide(other.bits, size))

    def __sub__(self, other: "CameraSet") -> "CameraSet":
        size = max(len(self.bits), len(other.bits))
        return CameraSet(_wide(self.bits, size) & ~_wide(other.bits, size))


EMPTY = CameraSet(np.zeros(0, dtype=np.bool_))


def camera_set(camera_ids: Collection[int]) -> CameraSet:
    bits = np.zeros(max(camera_ids, default=-1) + 1, dtype=np.bool_)
    bits[np.fromiter(camera_ids, dtype=np.int64, count=len(camera_ids))] = True
    return CameraSet(bits)


def put(tx: Connection, day: date, what: What, found: CameraSet) -> None:
    """In place of what is there of that day."""
    row = {"day": day.isoformat(), "what": what.value, "bits": zlib.compress(np.packbits(found.bits).tobytes())}
    upsert(tx, daily_sets, [row], lambda excluded: {"bits": excluded.bits})


def of_day(tx: Connection, day: date, what: What) -> CameraSet | None:
    """None: it was not kept."""
    return next((found for _, found in of_days(tx, day, day, what)), None)


def of_days(tx: Connection, first: date, last: date, what: What) -> Iterator[tuple[date, CameraSet]]:
    """Both days belong to it; those of which nothing was kept are missing."""
    c = daily_sets.c
    chosen = (c.what == what.value, c.day >= first.isoformat(), c.day <= last.isoformat())
    for row in tx.execute(select(c.day, c.bits).where(*chosen).order_by(c.day)):
        packed = np.frombuffer(zlib.decompress(row.bits), dtype=np.uint8)
        yield date.fromisoformat(row.day), CameraSet(np.unpackbits(packed).astype(np.bool_))


def kept_since(tx: Connection, what: What) -> date | None:
    """The first day that is kept; None: none is."""
    c = daily_sets.c
    first = tx.execute(select(func.min(c.day)).where(c.what == what.value)).scalar_one()
    return None if first is None else date.fromisoformat(first)


def forget_before(tx: Connection, day: date) -> int:
    """Returns how many rows went."""
    return tx.execute(delete(daily_sets).where(daily_sets.c.day < day.isoformat())).rowcount


def _wide(bits: Bits, size: int) -> Bits:
    return np.pad(bits, (0, size - len(bits)))
