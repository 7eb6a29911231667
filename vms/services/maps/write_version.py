"""Writes what a file tells as a new version of its source, which becomes current in one transaction.

Killed at any moment: the old version stays the current one, and what was written of the new one is swept later.
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from vms.core.clock import Clock
from vms.core.errors import BadInput, Conflict
from vms.core.geo import M_PER_DEG
from vms.coverage.walls import MAX_SPAN_M
from vms.maps.cell_code import BUILDING, ROAD, Packed, encode, packed_bytes
from vms.maps.cell_sorter import CellSorter, SortedCell
from vms.places.packed import PER_DEGREE
from vms.services.maps.compare_versions import Change, compare_versions
from vms.services.maps.idle_barriers import IdleBarriers, idle_barriers, renewed_counts
from vms.services.maps.sweep_maps import sweep_maps
from vms.store import map_cells, map_versions
from vms.store.database import Database
from vms.store.map_cells import NewCell
from vms.store.map_versions import Box, MapVersion, NewVersion, VersionState

LEASE = timedelta(minutes=2)
BATCH_BYTES = 4_000_000
HOLD_EVERY_S = 5.0
TURN_S = 0.02
"""Between two batches, so that others come to write (see Database.writing)."""

Told = Callable[[float], None]
"""How far it is, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    version_id: int
    """Of the version that is current now."""
    counts: dict[str, int]
    """Items by layer, and added, changed, removed against the source's version before."""
    is_new: bool
    """False: the source was so already; nothing has changed."""
    idle: IdleBarriers = field(default_factory=IdleBarriers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """With the town as it stood when it was looked at."""

    standing: tuple[int, ...]
    version: MapVersion
    old: MapVersion | None
    change: Change
    idle: IdleBarriers
    renewed: Mapping[int, dict[str, int]]
    """Counts of other sources: their barriers lie on other roads now."""


class VersionWriter:
    """One import. The lease is held while it goes on."""

    def __init__(self, database: Database, clock: Clock, version_id: int, runner: str, on_progress: Told) -> None:
        self._database = database
        self._clock = clock
        self._version_id = version_id
        self._runner = runner
        self._on_progress = on_progress
        self._held_at = time.monotonic()

    def tell(self, progress: float) -> None:
        """Often; the store hears it every few seconds. Raises Conflict where the import is another's by now."""
        self._on_progress(progress)
        if time.monotonic() - self._held_at >= HOLD_EVERY_S:
            self._hold(progress)

    def write(
        self,
        sorter: CellSorter,
        *,
        attribution: str,
        boundary: list[list[float]] | None,
        before: float,
        left_out: int = 0,
        broken: Sequence[str] = (),
    ) -> Written:
        """`before`: how much of the work is done by now; `broken`: what is wrong with the first that were left out."""
        box = self._write_cells(sorter, before)
        for lon, lat in boundary or ():
            box = _around(box, _corner(lon, lat)) if box else _corner(lon, lat)
        counts = {layer: count for layer, count in sorter.counts.items() if count}
        if left_out:
            counts["left_out"] = left_out
        while True:
            compared = self._compare(counts)
            problem = "\n".join(line for line in ("; ".join(broken), *compared.idle.sentences()) if line)
            if (done := self._finish(compared, counts, problem, attribution, boundary, box)) is not None:
                sweep_maps(self._database, self._clock())
                return done

    def _compare(self, counts: Mapping[str, int]) -> _Compared:
        with self._database.reading() as tx:
            version = map_versions.get(tx, self._version_id)
            current = map_versions.current(tx)
            old = next((one for one in current if one.source == version.source), None)
            others = [one for one in current if one.source != version.source]
            other_roads = ROAD in counts or (old is not None and ROAD in old.counts)
            return _Compared(
                standing=tuple(one.version_id for one in current),
                version=version,
                old=old,
                change=compare_versions(tx, old, self._version_id),
                idle=idle_barriers(tx, self._version_id, [one.version_id for one in others]),
                renewed=renewed_counts(tx, others, [self._version_id]) if other_roads else {},
            )

    def _write_cells(self, sorter: CellSorter, before: float) -> Box | None:
        batch: list[NewCell] = []
        waiting, written, edges = 0, 0, None
        for cell in sorter.cells():
            new = _new_cell(cell)
            edges = new.box if edges is None else _around(edges, new.box)
            batch.append(new)
            waiting += len(new.content)
            if waiting >= BATCH_BYTES:
                written += len(batch)
                self._put(batch, before + (1.0 - before) * written / max(1, sorter.cell_count))
                batch, waiting = [], 0
        self._put(batch, 0.99)
        return edges

    def _put(self, batch: list[NewCell], progress: float) -> None:
        with self._database.writing() as tx:
            if not map_versions.hold(tx, self._version_id, self._runner, progress, self._clock(), LEASE):
                raise Conflict("this import was ended, or another process has gone on with it")
            map_cells.put_many(tx, self._version_id, batch)
        self._held_at = time.monotonic()
        self._on_progress(progress)
        if self._database.is_sqlite:
            time.sleep(TURN_S)

    def _hold(self, progress: float) -> None:
        self._put([], progress)

    def _finish(
        self,
        compared: _Compared,
        counts: dict[str, int],
        problem: str,
        attribution: str,
        boundary: list[list[float]] | None,
        box: Box | None,
    ) -> Written | None:
        """None: the town is made of other versions by now than those compared with."""
        old, change = compared.old, compared.change
        counts = counts | change.counts() | compared.idle.counts()
        now = self._clock()
        with self._database.writing() as tx:
            if not map_versions.hold(tx, self._version_id, self._runner, 0.99, now, LEASE):
                raise Conflict("this import was ended, or another process has gone on with it")
            if map_versions.standing(tx) != compared.standing:
                return None
            _check_span(tx, compared.version)
            for version_id, renewed in compared.renewed.items():
                map_versions.tell_counts(tx, version_id, renewed)
            if old is not None and change.is_nothing and (old.attribution, old.boundary) == (attribution, boundary):
                map_versions.end(
                    tx, self._version_id, VersionState.DONE, now, counts=counts, problem=problem, progress=1.0
                )
                map_versions.tell_counts(tx, old.version_id, compared.idle.counted_in(old.counts))
                return Written(version_id=old.version_id, counts=counts, is_new=False, idle=compared.idle)
            map_versions.make_current(
                tx,
                self._version_id,
                counts=counts,
                problem=problem,
                attribution=attribution,
                boundary=boundary,
                box=box,
                boxes=None if old is None else change.boxes,
                now=now,
            )
        return Written(version_id=self._version_id, counts=counts, is_new=True, idle=compared.idle)


def _check_span(tx: Connection, version: MapVersion) -> None:
    """A town is of a town's size: buildings far apart are a broken map, or two towns in one store."""
    others = [one for one in map_versions.current(tx) if one.source != version.source]
    box = map_cells.box_of(tx, [version.version_id, *(one.version_id for one in others)], BUILDING)
    if box is None:
        return
    west, south, east, north = (edge / PER_DEGREE for edge in box)
    wide_m = (east - west) * M_PER_DEG * math.cos(math.radians((south + north) / 2.0))
    span_m = max(wide_m, (north - south) * M_PER_DEG)
    if span_m > MAX_SPAN_M:
        most = f"at most {MAX_SPAN_M / 1000:.0f} km are one town"
        told = f"its buildings lie {span_m / 1000:.0f} km apart; {most}"
        if others:
            names = ", ".join(one.source for one in others)
            told = f"its buildings and those of {names} lie {span_m / 1000:.0f} km apart; {most}"
            told += "; remove what is not of this town first"
        raise BadInput(told, where=version.source)


def begin_version(database: Database, clock: Clock, new: NewVersion) -> int:
    with database.writing() as tx:
        return map_versions.begin(tx, new, clock())


def give_up(database: Database, clock: Clock, version_id: int, problem: str) -> None:
    with database.writing() as tx:
        if map_versions.get(tx, version_id).state is VersionState.READING:
            map_versions.end(tx, version_id, VersionState.FAILED, clock(), problem=problem)
    sweep_maps(database, clock())


def _new_cell(cell: SortedCell) -> NewCell:
    plain = encode(cell.items)
    return NewCell(
        layer=cell.layer,
        cell=cell.cell,
        items=len(cell.items),
        digest=hashlib.blake2b(plain, digest_size=16).hexdigest(),
        box=_box(cell.items),
        content=packed_bytes(plain),
    )


def _box(items: Packed) -> Box:
    boxes = items.boxes()
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def _corner(lon: float, lat: float) -> Box:
    x, y = round(lon * PER_DEGREE), round(lat * PER_DEGREE)
    return x, y, x, y


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
