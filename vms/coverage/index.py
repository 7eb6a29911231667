"""Who sees this point, then who is nearest: every camera's view in memory, changed one by one as cameras change.

A camera of several sensors has a row for each, all with its id; answers name it once, by the row that sees best.
Used from one thread. Kernels let go of the interpreter lock, so a caller who asks from several threads brings a lock.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.changed_walls import ChangedWalls, touched
from vms.coverage.density import DEFAULT_WIDTH_PX
from vms.coverage.index_rows import ROW_FIELDS, empty_views, in_order, with_pieces_together, with_rows
from vms.coverage.look_up import FOUND, look_up, tell
from vms.coverage.lookup import (
    ANY_RIGHTS,
    Block,
    Buckets,
    columns_of,
    empty_blocks,
    grant,
    link,
    link_all,
    neighbours_first,
    unlink,
)
from vms.coverage.packed import PackedViews
from vms.coverage.sightings import TOLD, Sight, Sighting, ViewState, each_once, nearest_in_sight_first, sightings_of
from vms.coverage.view import View, Views, compute_views
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose

_FIRST_ROWS = 1024
_FIRST_PIECES = 16_384
_MOST_ANSWERS = 4096


class Rows(NamedTuple):
    """`candidates` as columns, in the same order, for whoever asks often and needs no words."""

    camera_ids: list[int]
    in_sight: list[bool]
    """Also of undirected cameras."""
    distance_m: list[float]


class CoverageIndex:
    """About 350 bytes a camera, besides the walls."""

    def __init__(self, walls: Walls) -> None:
        self.walls = walls
        self._slot_of: dict[CameraId, int] = {}
        self._further: dict[CameraId, tuple[int, ...]] = {}
        """Slots of the second sensor and so on, of the few that have them."""
        self._free: list[int] = []
        self._rows: Block
        self._heads: Block
        self._buckets: Buckets
        self._slots = 0
        self._used = 0
        self._lost = 0
        self._views = empty_views(_FIRST_ROWS, _FIRST_PIECES)
        self._make_buckets(_FIRST_ROWS)
        self._found = np.zeros(_MOST_ANSWERS, FOUND)
        self._columns = tuple(self._found[name] for name in ("id", "sees", "distance_m"))
        self._told = tuple(self._found[name] for name in TOLD)

    @classmethod
    def build(
        cls,
        ids: Sequence[CameraId],
        poses: Sequence[Pose],
        walls: Walls,
        *,
        width_px: int | Sequence[int] | NDArray[np.int64] = DEFAULT_WIDTH_PX,
        indoor: bool | Sequence[bool] | NDArray[np.bool_] = False,
        ptz: bool | Sequence[bool] | NDArray[np.bool_] = False,
        known: int | Sequence[int] | NDArray[np.uint8] = 0,
    ) -> "CoverageIndex":
        """All cameras at once: seconds for a hundred thousand."""
        views = compute_views(poses, walls, width_px=width_px, indoor=indoor, ptz=ptz, known=known)
        return cls.of_views(ids, views)

    @classmethod
    def of_views(cls, ids: Sequence[CameraId], views: Views) -> "CoverageIndex":
        """A camera of several sensors has its id there as often."""
        if len(ids) != len(views):
            raise ValueError("as many ids as views are needed")
        index = cls(views.walls)
        n = len(ids)
        if n:
            order = neighbours_first(views.packed.x, views.packed.y)
            index._views = in_order(views.packed, order)
            index._used = len(index._views.piece_end)
            index._make_buckets(n)
            index._buckets.ids[:n] = np.asarray(ids, dtype=np.int64)[order]
            index._buckets.alive[:n] = 1
            slots = np.empty(n, np.int64)
            slots[order] = np.arange(n)
            for camera_id, slot in zip(ids, slots.tolist(), strict=True):
                if index._slot_of.setdefault(camera_id, slot) != slot:
                    index._further[camera_id] = (*index._further.get(camera_id, ()), slot)
            index._slots = n
            index._link_all()
        return index

    def __len__(self) -> int:
        return len(self._slot_of)

    def __contains__(self, camera_id: CameraId) -> bool:
        return camera_id in self._slot_of

    def put(self, camera_id: CameraId, view: View) -> None:
        """Add a camera or replace its view; its state and rights are kept, a new one is usable. Microseconds."""
        self.put_sensors(camera_id, (view,))

    def put_sensors(self, camera_id: CameraId, views: Sequence[View]) -> None:
        """As `put`, for a camera of several sensors: a view of each."""
        if not views or any(view.walls is not self.walls for view in views):
            raise ValueError("the view was computed between other walls" if views else "a camera has a view")
        slots = self._slots_of(camera_id)
        state = self._buckets.state[slots[0]] if slots else ViewState.USABLE
        rights = self._buckets.rights[slots[0]] if slots else ANY_RIGHTS
        for slot in slots[len(views) :]:
            self._free_slot(slot)
        kept = [*slots[: len(views)]]
        for row, view in enumerate(views):
            if row == len(kept):
                kept.append(self._new_slot())
                self._buckets.ids[kept[row]] = camera_id
                self._buckets.state[kept[row]], self._buckets.rights[kept[row]] = state, rights
                self._views.first[kept[row]], self._views.pieces[kept[row]] = 0, 0
            else:
                unlink(self._rows, self._heads, kept[row])
            self._fill(kept[row], view)
        self._slot_of[camera_id] = kept[0]
        if len(kept) > 1:
            self._further[camera_id] = tuple(kept[1:])
        else:
            self._further.pop(camera_id, None)

    def _fill(self, slot: int, view: View) -> None:
        """The slot is in no bucket."""
        ends, piece_walls = view.pieces
        room = int(self._views.pieces[slot])
        first = int(self._views.first[slot])
        if len(ends) > room:
            self._lost += room
            self._make_room(len(ends))
            first, self._used = self._used, self._used + len(ends)
        else:
            self._lost += room - len(ends)
        for field in range(ROW_FIELDS):
            self._views[field][slot] = view.packed[field][view.row]
        self._views.first[slot], self._views.pieces[slot] = first, len(ends)
        self._views.piece_end[first : first + len(ends)] = ends
        self._views.piece_wall[first : first + len(ends)] = piece_walls
        link(self._rows, self._heads, self._buckets.extent, self._buckets.longest_m, self._views, slot)

    def remove(self, camera_id: CameraId) -> None:
        """Forget a camera; an unknown one is no error."""
        for slot in self._slots_of(camera_id):
            self._free_slot(slot)
        self._slot_of.pop(camera_id, None)
        self._further.pop(camera_id, None)

    def view(self, camera_id: CameraId) -> View:
        """Of its first sensor, as it is now; do not keep it over the next `put`. Raises KeyError for an unknown one."""
        return View(self.walls, self._views, self._slot_of[camera_id])

    def views(self, camera_id: CameraId) -> tuple[View, ...]:
        """Of all its sensors; none for an unknown camera."""
        return tuple(View(self.walls, self._views, slot) for slot in self._slots_of(camera_id))

    def slots_of(self, camera_ids: Iterable[CameraId]) -> NDArray[np.int64]:
        """Rows of the views of these cameras, of all their sensors; unknown ones have none."""
        slots = [slot for camera_id in camera_ids for slot in self._slots_of(camera_id)]
        return np.array(slots, dtype=np.int64)

    def slots_by_camera(self) -> NDArray[np.int64]:
        """All rows in use, those of one camera one after the other."""
        slots = np.flatnonzero(self._buckets.alive).astype(np.int64)
        if not self._further:
            return slots
        return slots[np.argsort(self._buckets.ids[slots], kind="stable")]

    def touched_by(self, changed: ChangedWalls) -> list[CameraId]:
        """Whose views are to be computed anew between these walls; those of all others are as they were."""
        rows = touched(self._views, np.flatnonzero(self._buckets.alive).astype(np.int64), changed.changed)
        return sorted({CameraId(camera_id) for camera_id in self._buckets.ids[rows].tolist()})

    def change_walls(self, changed: ChangedWalls) -> None:
        """They were carried over from the walls until now. The touched views are put before anything is asked."""
        self.walls = changed.walls

    def set_state(self, camera_id: CameraId, state: ViewState) -> None:
        """An unknown camera is no error: states may arrive before poses."""
        for slot in self._slots_of(camera_id):
            self._buckets.state[slot] = state

    def set_states(self, states: Iterable[tuple[CameraId, ViewState]]) -> None:
        for camera_id, state in states:
            self.set_state(camera_id, state)

    def set_rights(self, camera_id: CameraId, rights: int) -> None:
        """Bits; whoever asks with a mask meets the cameras that share one with it. An unknown camera is no error."""
        for slot in self._slots_of(camera_id):
            grant(self._rows, self._heads, slot, rights)

    def _slots_of(self, camera_id: CameraId) -> tuple[int, ...]:
        first = self._slot_of.get(camera_id)
        return () if first is None else (first, *self._further.get(camera_id, ()))

    def _free_slot(self, slot: int) -> None:
        unlink(self._rows, self._heads, slot)
        self._lost += int(self._views.pieces[slot])
        self._free.append(slot)

    def who_sees(self, point: Wgs84, *, rights: int = ANY_RIGHTS) -> tuple[Sighting, ...]:
        """Everybody with the point in sight, also undirected cameras (`could_see`), nearest first."""
        return self._sightings(point, self._ask(point, 0, rights=rights))

    def nearest(
        self, point: Wgs84, k: int, *, only_usable: bool = False, rights: int = ANY_RIGHTS
    ) -> tuple[Sighting, ...]:
        """The k nearest cameras, whether they see the point or not; ties by id."""
        rows = self._rows_for(k)
        total, usable = (0, rows) if only_usable else (rows, 0)
        found = self._sightings(point, self._ask(point, total, usable, rights=rights, seers=False))
        if len(found) <= k:
            return found
        nearest = sorted(found, key=lambda seen: (seen.distance_m, seen.camera_id))[:k]
        return tuple(sorted(nearest, key=nearest_in_sight_first))

    def candidates(
        self, point: Wgs84, k: int, *, least_usable: int = 0, rights: int = ANY_RIGHTS
    ) -> tuple[Sighting, ...]:
        """Everybody who sees the point, filled up with the nearest others to k rows, in one call.

        `least_usable`: and with further usable ones until there are so many: a dark district still yields pictures.
        `rights`: among those alone that share a bit with this mask. In sight first, each part nearest first, ties by
        id.
        """
        rows, usable = self._rows_for(k), self._rows_for(least_usable)
        found = self._sightings(point, self._ask(point, rows, usable, rights=rights))
        if not self._further or least_usable:
            return found
        return tuple(seen for row, seen in enumerate(found) if row < k or seen.sight in (Sight.SEES, Sight.COULD_SEE))

    def rows_at(self, point: Wgs84, k: int, *, rights: int = ANY_RIGHTS) -> Rows:
        """As `candidates`; a camera of several sensors may be there more than once."""
        n = self._ask(point, k, rights=rights)
        ids, sees, distance = self._columns
        return Rows(ids[:n].tolist(), sees[:n].tolist(), distance[:n].tolist())

    def _ask(self, point: Wgs84, total: int, usable: int = 0, *, rights: int, seers: bool = True) -> int:
        """How many rows of `_found` are the answer."""
        x, y = self.walls.frame.to_xy(point)
        buckets, views = self._buckets, self._views
        return look_up(
            self._rows, self._heads, buckets.extent, buckets.longest_m, self._slots, self.walls.grid.segments,
            views.piece_end, views.piece_wall, x, y, seers, total, usable, rights, self._found,
        )  # fmt: skip

    def _rows_for(self, cameras: int) -> int:
        """So many rows hold so many cameras, however many sensors each has."""
        if not self._further:
            return cameras
        return cameras * (1 + max(len(slots) for slots in self._further.values()))

    @property
    def packed(self) -> PackedViews:
        """For kernels of this room: rows of removed cameras are in no bucket."""
        return self._views

    @property
    def buckets(self) -> Buckets:
        return self._buckets

    def _sightings(self, point: Wgs84, n: int) -> tuple[Sighting, ...]:
        x, y = self.walls.frame.to_xy(point)
        tell(self._rows, self._views, x, y, self._found, n)
        found = sightings_of([column[:n] for column in self._told])
        return tuple(sorted(each_once(found), key=nearest_in_sight_first) if self._further else found)

    def _make_buckets(self, rows: int) -> None:
        self._rows, self._heads = empty_blocks(rows)
        self._buckets = columns_of(self._rows, self._heads)

    def _link_all(self) -> None:
        buckets = self._buckets
        link_all(self._rows, self._heads, buckets.extent, buckets.longest_m, self._views, self._slots)

    def _new_slot(self) -> int:
        if self._free:
            return self._free.pop()
        if self._slots == len(self._rows):
            old = self._rows
            self._make_buckets(2 * self._slots)
            self._rows[: self._slots] = old
            self._rows["stamp"] = 0
            self._views = with_rows(self._views, len(self._rows))
            self._link_all()
        self._slots += 1
        return self._slots - 1

    def _make_room(self, pieces: int) -> None:
        if self._used + pieces <= len(self._views.piece_end):
            return
        if 2 * self._lost > self._used:
            self._compact()
        if self._used + pieces > len(self._views.piece_end):
            grown = 2 * len(self._views.piece_end) + pieces
            ends, walls = np.empty(grown), np.empty(grown, np.int32)
            ends[: self._used], walls[: self._used] = (
                self._views.piece_end[: self._used],
                self._views.piece_wall[: self._used],
            )
            self._views = self._views._replace(piece_end=ends, piece_wall=walls)

    def _compact(self) -> None:
        slots = np.flatnonzero(self._buckets.alive).astype(np.int64)
        self._views = with_pieces_together(self._views, slots, len(self._views.piece_end))
        self._rows["first"] = self._views.first
        self._used = int(self._views.pieces[slots].sum(dtype=np.int64))
        self._lost = 0
