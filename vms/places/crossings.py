"""Where named roads meet: a caller says "corner of A and B"."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.places.packed import Corners, Lines, to_degrees
from vms.places.town import Place, PlaceKind, Road


def road_crossings(roads: Iterable[Road]) -> tuple[Place, ...]:
    """One place per pair of differently named roads and shared corner, sorted by name, then position. O(corners)."""
    named = [road for road in roads if road.name and not road.tunnel]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(road.name for road in named))}
    lines = Lines.of([road.line for road in named])
    of_line = np.array([numbers[road.name] for road in named], dtype=np.int32)
    per_corner = np.repeat(of_line, [len(road.line) for road in named])
    return shared_corners(lines.corners, per_corner, list(numbers))


def shared_corners(corners: Corners, numbers: NDArray[np.int32], names: Sequence[str]) -> tuple[Place, ...]:
    """`numbers`: which of the names passes each corner. Corners are the same where they agree to 1e-7 degrees."""
    if not len(corners):
        return ()
    order = np.lexsort((numbers, corners[:, 1], corners[:, 0]))
    rows = np.column_stack([corners[order], numbers[order]])
    rows = rows[np.concatenate([[True], np.any(rows[1:] != rows[:-1], axis=1)])]
    same = np.all(rows[1:, :2] == rows[:-1, :2], axis=1)
    firsts = np.flatnonzero(np.concatenate([[True], ~same]))
    lasts = np.concatenate([firsts[1:], [len(rows)]])
    several = lasts - firsts > 1
    found: list[Place] = []
    for first, last in zip(firsts[several].tolist(), lasts[several].tolist(), strict=True):
        lon, lat = to_degrees(rows[first, :2]).tolist()
        ordered = sorted(names[number] for number in rows[first:last, 2].tolist())
        for i, one in enumerate(ordered):
            for other in ordered[i + 1 :]:
                found.append(Place(kind=PlaceKind.CROSSING, name=f"{one} / {other}", position=Wgs84(lon, lat)))
    return tuple(sorted(found, key=lambda place: (place.name, place.position.lon, place.position.lat)))
