"""What a new version of a source changes, item by item, and where."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from vms.maps.cell_code import DRAWN_LAYERS, Packed, decode
from vms.places.land_area import PackedLandAreas
from vms.places.packed import PER_DEGREE, Outlines, PackedBuildings, PackedPlaces, PackedRoads
from vms.places.texts import Texts, starts_of
from vms.store import map_cells
from vms.store.map_cells import CellFacts, CellKey
from vms.store.map_versions import MapVersion

MOST_BOXES = 256
"""Of more, nobody is told where: then anything may have changed."""

Longs = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    added: int = 0
    changed: int = 0
    removed: int = 0
    boxes: list[list[float]] | None = None
    """West, south, east, north in degrees around what has changed, cell by cell; None: too many to tell."""

    @property
    def is_nothing(self) -> bool:
        return self.added == self.changed == self.removed == 0

    def counts(self) -> dict[str, int]:
        return {"added": self.added, "changed": self.changed, "removed": self.removed}


@dataclass(frozen=True, slots=True)
class _Marks:
    """Per item: which it is, what it is, where."""

    ids: Longs
    contents: Longs
    boxes: NDArray[np.int32]
    cells: NDArray[np.int64]


def compare_versions(tx: Connection, old: MapVersion | None, new_id: int) -> Change:
    """Cells of equal content are not read. Without an old version everything was added."""
    new_cells = _by_place(map_cells.facts(tx, [new_id]))
    if old is None:
        return Change(added=sum(facts.items for facts in new_cells.values()))
    old_cells = _by_place(map_cells.facts(tx, [old.version_id]))
    places = sorted(
        place
        for place in new_cells.keys() | old_cells.keys()
        if place not in new_cells or place not in old_cells or new_cells[place].digest != old_cells[place].digest
    )
    before = _marks(tx, [old_cells[place].key for place in places if place in old_cells])
    after = _marks(tx, [new_cells[place].key for place in places if place in new_cells])
    return _compared(before, after)


def removal_boxes(tx: Connection, version_id: int) -> list[list[float]] | None:
    """Around everything that goes with a version."""
    found = [facts.box for facts in map_cells.facts(tx, [version_id])]
    return [[edge / PER_DEGREE for edge in box] for box in found] if len(found) <= MOST_BOXES else None


def _by_place(found: Iterable[CellFacts]) -> dict[tuple[str, int, int], CellFacts]:
    return {(one.key.layer, *one.key.cell): one for one in found if one.key.layer not in DRAWN_LAYERS}


def _compared(before: _Marks, after: _Marks) -> Change:
    ids = np.union1d(before.ids, after.ids)
    old, new = _summed(before, ids), _summed(after, ids)
    is_old, is_new = np.isin(ids, before.ids), np.isin(ids, after.ids)
    changed = is_old & is_new & (old != new)
    different = ids[changed | (is_old != is_new)]
    return Change(
        added=int((is_new & ~is_old).sum()),
        changed=int(changed.sum()),
        removed=int((is_old & ~is_new).sum()),
        boxes=_boxes([before, after], different),
    )


def _summed(marks: _Marks, ids: Longs) -> Longs:
    """Per id the sum of its contents: one object may be several items (the parts of a large building)."""
    sums = np.zeros(len(ids), np.uint64)
    np.add.at(sums, np.searchsorted(ids, marks.ids), marks.contents)
    return sums


def _boxes(sides: list[_Marks], different: Longs) -> list[list[float]] | None:
    boxes = np.concatenate([one.boxes[np.isin(one.ids, different)] for one in sides])
    cells = np.concatenate([one.cells[np.isin(one.ids, different)] for one in sides])
    if not len(cells):
        return []
    order = np.argsort(cells, kind="stable")
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(cells[order]) != 0]))
    if len(firsts) > MOST_BOXES:
        return None
    lows = np.minimum.reduceat(boxes[order][:, :2], firsts)
    highs = np.maximum.reduceat(boxes[order][:, 2:], firsts)
    found: list[list[float]] = (np.hstack([lows, highs]) / PER_DEGREE).tolist()
    return found


def _marks(tx: Connection, keys: list[CellKey]) -> _Marks:
    parts = []
    for key, content in map_cells.contents(tx, keys):
        items = decode(key.layer, content)
        ids, contents = _hashes(key.layer, items)
        where = np.full(len(ids), key.cell[0] << 20 | key.cell[1], np.int64)
        parts.append(_Marks(ids, contents, items.boxes(), where))
    if not parts:
        return _Marks(np.zeros(0, np.uint64), np.zeros(0, np.uint64), np.zeros((0, 4), np.int32), np.zeros(0, np.int64))
    return _Marks(
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.contents for part in parts]),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.cells for part in parts]),
    )


def _hashes(layer: str, items: Packed) -> tuple[Longs, Longs]:
    """What has no id of its own is known by its content alone."""
    source_ids, columns = _columns(items)
    pieces = [list(column) for column in columns]
    contents = [_hash(b"\0".join(parts)) for parts in zip(*pieces, strict=True)]
    ids = [
        _hash(f"{layer}\0{source_id}".encode()) if source_id else content
        for source_id, content in zip(source_ids, contents, strict=True)
    ]
    return np.array(ids, dtype=np.uint64), np.array(contents, dtype=np.uint64)


def _columns(items: Packed) -> tuple[Texts, list[Iterable[bytes]]]:
    match items:
        case PackedBuildings():
            corners = _outlines(items.outlines)
            return items.source_ids, [corners, _numbers(items.height_m), _coded(items.names)]
        case PackedLandAreas():
            return items.source_ids, [_outlines(items.outlines), *(_coded(one) for one in items.texts()[:-1])]
        case PackedRoads():
            corners = _slices(items.lines.corners, starts_of(items.lines.ends), items.lines.ends)
            texts = [_coded(one) for one in items.texts()[:-1]]
            return items.source_ids, [corners, _numbers(items.speed_km_h), _numbers(items.flags), *texts]
        case PackedPlaces():
            texts = [_coded(one) for one in items.texts()[:-1]]
            return items.source_ids, [(point.tobytes() for point in items.points), *texts]


def _outlines(items: Outlines) -> Iterable[bytes]:
    begins = starts_of(items.rings.ends)[starts_of(items.ends)]
    return _slices(items.rings.corners, begins, items.rings.ends[items.ends - 1])


def _slices(corners: NDArray[np.int32], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Iterable[bytes]:
    whole = memoryview(np.ascontiguousarray(corners).tobytes())
    return (bytes(whole[8 * a : 8 * b]) for a, b in zip(begins.tolist(), ends.tolist(), strict=True))


def _numbers(values: NDArray[np.generic]) -> Iterable[bytes]:
    return (value.tobytes() for value in values)


def _coded(texts: Texts) -> Iterable[bytes]:
    return (text.encode() for text in texts)


def _hash(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")
