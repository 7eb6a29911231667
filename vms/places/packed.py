"""A large town in a few arrays: buildings, roads and places that become values only when somebody looks at one.

Corners are whole numbers of 1e-7 degrees (about a centimetre), as OpenStreetMap itself keeps them. The sequences behave
like tuples of `Building`, `Road` and `Place`; whoever computes with all of them reads the arrays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self, overload

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.places.texts import Texts, joined_arrays, joined_ends, starts_of, taken_items
from vms.places.town import Building, Place, PlaceKind, Road

Ints = NDArray[np.int64]
Corners = NDArray[np.int32]
PER_DEGREE = 10_000_000
ONEWAY, BRIDGE, TUNNEL, NO_CAR, NO_BICYCLE, NO_FOOT = 1, 2, 4, 8, 16, 32


def to_fixed(lonlat: NDArray[np.float64]) -> Corners:
    """(n, 2) degrees to whole numbers of 1e-7 degrees."""
    return np.rint(np.asarray(lonlat, dtype=np.float64) * PER_DEGREE).astype(np.int32).reshape(-1, 2)


def to_degrees(fixed: Corners) -> NDArray[np.float64]:
    degrees: NDArray[np.float64] = fixed.astype(np.float64) / PER_DEGREE
    return degrees


@dataclass(frozen=True, slots=True)
class Lines:
    """Line `i` has the corners `corners[ends[i - 1]:ends[i]]`; a ring does not repeat its first corner."""

    corners: Corners
    ends: Ints

    @classmethod
    def of(cls, lines: Sequence[NDArray[np.float64]]) -> Self:
        ends = np.cumsum(np.fromiter((len(line) for line in lines), np.int64, len(lines)))
        return cls(to_fixed(np.concatenate([np.zeros((0, 2)), *lines])), ends)

    @classmethod
    def joined(cls, parts: Sequence["Lines"]) -> Self:
        corners = joined_arrays([part.corners.reshape(-1) for part in parts], np.int32)
        return cls(corners.reshape(-1, 2), joined_ends([part.ends for part in parts]))

    def __len__(self) -> int:
        return len(self.ends)

    def line(self, index: int) -> NDArray[np.float64]:
        """(n, 2) degrees."""
        return to_degrees(self.corners[int(self.ends[index - 1]) if index else 0 : int(self.ends[index])])

    def taken(self, rows: Ints) -> "Lines":
        items, ends = taken_items(rows, self.ends)
        return Lines(self.corners[items], ends)

    def boxes(self) -> Corners:
        """(lines, 4): west, south, east, north of each; every line has a corner."""
        if not len(self.ends):
            return np.zeros((0, 4), np.int32)
        starts = starts_of(self.ends)
        return np.hstack([np.minimum.reduceat(self.corners, starts), np.maximum.reduceat(self.corners, starts)])


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Of houses with their courtyards, of land with its islands."""

    rings: Lines
    ends: Ints
    """Item `i` has the rings `ends[i - 1]:ends[i]`, its outline first, then its holes."""

    @classmethod
    def of(cls, items: Sequence[Sequence[NDArray[np.float64]]]) -> Self:
        """Of each item its rings."""
        counts = np.fromiter((len(rings) for rings in items), np.int64, len(items))
        return cls(Lines.of([ring for rings in items for ring in rings]), np.cumsum(counts))

    @classmethod
    def joined(cls, parts: Sequence["Outlines"]) -> Self:
        return cls(Lines.joined([part.rings for part in parts]), joined_ends([part.ends for part in parts]))

    def __len__(self) -> int:
        return len(self.ends)

    def item(self, at: int) -> list[NDArray[np.float64]]:
        """Its rings, in degrees."""
        return [self.rings.line(ring) for ring in range(int(self.ends[at - 1]) if at else 0, int(self.ends[at]))]

    def taken(self, rows: Ints) -> "Outlines":
        rings, ends = taken_items(rows, self.ends)
        return Outlines(self.rings.taken(rings), ends)

    def boxes(self) -> Corners:
        """Of each item's outline."""
        return self.rings.boxes()[starts_of(self.ends)]


@dataclass(frozen=True, slots=True, eq=False)
class PackedBuildings(Sequence[Building]):
    outlines: Outlines
    height_m: NDArray[np.float64]
    """NaN where nobody said."""
    names: Texts
    source_ids: Texts

    @classmethod
    def of(cls, buildings: Iterable[Building]) -> "PackedBuildings":
        if isinstance(buildings, PackedBuildings):
            return buildings
        every = list(buildings)
        return cls(
            Outlines.of([(one.outline, *one.holes) for one in every]),
            np.array([np.nan if one.height_m is None else one.height_m for one in every], dtype=np.float64),
            Texts.of(one.name for one in every),
            Texts.of(one.source_id for one in every),
        )

    @classmethod
    def joined(cls, parts: Sequence["PackedBuildings"]) -> "PackedBuildings":
        return cls(
            Outlines.joined([part.outlines for part in parts]),
            joined_arrays([part.height_m for part in parts], np.float64),
            Texts.joined([part.names for part in parts]),
            Texts.joined([part.source_ids for part in parts]),
        )

    def __len__(self) -> int:
        return len(self.outlines)

    @overload
    def __getitem__(self, index: int) -> Building: ...
    @overload
    def __getitem__(self, index: slice) -> "PackedBuildings": ...
    def __getitem__(self, index: int | slice) -> "Building | PackedBuildings":
        if isinstance(index, slice):
            return self.taken(np.arange(*index.indices(len(self))))
        at = range(len(self))[index]
        rings = self.outlines.item(at)
        height_m = float(self.height_m[at])
        return Building(
            outline=rings[0],
            holes=tuple(rings[1:]),
            height_m=None if np.isnan(height_m) else height_m,
            name=self.names[at],
            source_id=self.source_ids[at],
        )

    def __iter__(self) -> Iterator[Building]:
        return (self[at] for at in range(len(self)))

    def taken(self, rows: Ints) -> "PackedBuildings":
        return PackedBuildings(
            self.outlines.taken(rows), self.height_m[rows], self.names.taken(rows), self.source_ids.taken(rows)
        )

    def boxes(self) -> Corners:
        return self.outlines.boxes()


@dataclass(frozen=True, slots=True, eq=False)
class PackedRoads(Sequence[Road]):
    lines: Lines
    flags: NDArray[np.uint8]
    """`ONEWAY`, `BRIDGE`, `TUNNEL`, `NO_CAR`, `NO_BICYCLE`, `NO_FOOT` added up."""
    speed_km_h: NDArray[np.float64]
    kinds: Texts
    names: Texts
    names_zh: Texts
    names_en: Texts
    source_ids: Texts

    @classmethod
    def of(cls, roads: Iterable[Road]) -> "PackedRoads":
        if isinstance(roads, PackedRoads):
            return roads
        every = list(roads)
        flags = [_flags(one) for one in every]
        return cls(
            Lines.of([one.line for one in every]),
            np.array(flags, dtype=np.uint8),
            np.array([one.speed_km_h for one in every], dtype=np.float64),
            Texts.of(one.kind for one in every),
            Texts.of(one.name for one in every),
            Texts.of(one.name_zh for one in every),
            Texts.of(one.name_en for one in every),
            Texts.of(one.source_id for one in every),
        )

    @classmethod
    def joined(cls, parts: Sequence["PackedRoads"]) -> "PackedRoads":
        return cls(
            Lines.joined([part.lines for part in parts]),
            joined_arrays([part.flags for part in parts], np.uint8),
            joined_arrays([part.speed_km_h for part in parts], np.float64),
            *(Texts.joined([part.texts()[i] for part in parts]) for i in range(5)),
        )

    def texts(self) -> tuple[Texts, Texts, Texts, Texts, Texts]:
        return self.kinds, self.names, self.names_zh, self.names_en, self.source_ids

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> Road: ...
    @overload
    def __getitem__(self, index: slice) -> "PackedRoads": ...
    def __getitem__(self, index: int | slice) -> "Road | PackedRoads":
        if isinstance(index, slice):
            return self.taken(np.arange(*index.indices(len(self))))
        at = range(len(self))[index]
        flags = int(self.flags[at])
        return Road(
            line=self.lines.line(at),
            name=self.names[at],
            name_zh=self.names_zh[at],
            name_en=self.names_en[at],
            kind=self.kinds[at],
            oneway=bool(flags & ONEWAY),
            speed_km_h=float(self.speed_km_h[at]),
            bridge=bool(flags & BRIDGE),
            tunnel=bool(flags & TUNNEL),
            no_car=bool(flags & NO_CAR),
            no_bicycle=bool(flags & NO_BICYCLE),
            no_foot=bool(flags & NO_FOOT),
            source_id=self.source_ids[at],
        )

    def __iter__(self) -> Iterator[Road]:
        return (self[at] for at in range(len(self)))

    def taken(self, rows: Ints) -> "PackedRoads":
        return PackedRoads(
            self.lines.taken(rows),
            self.flags[rows],
            self.speed_km_h[rows],
            *(texts.taken(rows) for texts in self.texts()),
        )

    def boxes(self) -> Corners:
        return self.lines.boxes()


def _flags(road: Road) -> int:
    barred = NO_CAR * road.no_car + NO_BICYCLE * road.no_bicycle + NO_FOOT * road.no_foot
    return ONEWAY * road.oneway + BRIDGE * road.bridge + TUNNEL * road.tunnel + barred


@dataclass(frozen=True, slots=True, eq=False)
class PackedPlaces(Sequence[Place]):
    points: Corners
    kinds: Texts
    names: Texts
    names_zh: Texts
    names_en: Texts
    categories: Texts
    addresses: Texts
    source_ids: Texts

    @classmethod
    def of(cls, places: Iterable[Place]) -> "PackedPlaces":
        if isinstance(places, PackedPlaces):
            return places
        every = list(places)
        return cls(
            to_fixed(np.array([(one.position.lon, one.position.lat) for one in every]).reshape(-1, 2)),
            Texts.of(one.kind.value for one in every),
            Texts.of(one.name for one in every),
            Texts.of(one.name_zh for one in every),
            Texts.of(one.name_en for one in every),
            Texts.of(one.category for one in every),
            Texts.of(one.address for one in every),
            Texts.of(one.source_id for one in every),
        )

    @classmethod
    def joined(cls, parts: Sequence["PackedPlaces"]) -> "PackedPlaces":
        points = joined_arrays([part.points.reshape(-1) for part in parts], np.int32).reshape(-1, 2)
        return cls(points, *(Texts.joined([part.texts()[i] for part in parts]) for i in range(7)))

    def texts(self) -> tuple[Texts, Texts, Texts, Texts, Texts, Texts, Texts]:
        return self.kinds, self.names, self.names_zh, self.names_en, self.categories, self.addresses, self.source_ids

    def __len__(self) -> int:
        return len(self.points)

    @overload
    def __getitem__(self, index: int) -> Place: ...
    @overload
    def __getitem__(self, index: slice) -> "PackedPlaces": ...
    def __getitem__(self, index: int | slice) -> "Place | PackedPlaces":
        if isinstance(index, slice):
            return self.taken(np.arange(*index.indices(len(self))))
        at = range(len(self))[index]
        lon, lat = to_degrees(self.points[at]).tolist()
        return Place(
            kind=PlaceKind(self.kinds[at]),
            name=self.names[at],
            name_zh=self.names_zh[at],
            name_en=self.names_en[at],
            position=Wgs84(lon, lat),
            category=self.categories[at],
            address=self.addresses[at],
            source_id=self.source_ids[at],
        )

    def __iter__(self) -> Iterator[Place]:
        return (self[at] for at in range(len(self)))

    def taken(self, rows: Ints) -> "PackedPlaces":
        return PackedPlaces(self.points[rows], *(texts.taken(rows) for texts in self.texts()))

    def boxes(self) -> Corners:
        return np.hstack([self.points, self.points])
