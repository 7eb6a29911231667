"""Where on its street a gap lies, so that two can be told apart: side of the road, metres from a corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vms.core.geo import Wgs84, bearing_deg, distance_m
from vms.places.street_corners import StreetCorners


class Compass(StrEnum):
    NORTH = "north"
    NORTH_EAST = "north_east"
    EAST = "east"
    SOUTH_EAST = "south_east"
    SOUTH = "south"
    SOUTH_WEST = "south_west"
    WEST = "west"
    NORTH_WEST = "north_west"


_POINTS = tuple(Compass)
_RIGHT_ANGLE_DEG = 90.0


class Stretch(Protocol):
    """A gap, measured or written down."""

    @property
    def name(self) -> str: ...
    @property
    def side(self) -> int:
        """1 left of the road, -1 right, 0 neither."""
        ...

    @property
    def from_m(self) -> float: ...
    @property
    def to_m(self) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GapPlace:
    side: Compass | None = None
    """Of the road; None: both, or no road."""
    crossing: str = ""
    """The street at the nearest corner; empty: none is near."""
    way: Compass | None = None
    """From the corner to the stretch; None: the stretch goes over the corner."""
    from_m: float = 0.0
    """From the corner as the crow flies; of a stretch over it, how far to one side and to the other. Without a corner,
    along the road as the map draws it."""
    to_m: float = 0.0


def place_of_gap(gap: Stretch, line: Sequence[Wgs84], corners: StreetCorners) -> GapPlace:
    """`line`: in the direction of the road; one point for a place."""
    if len(line) < 2:
        return GapPlace()
    of_road = _side_of(line, gap.side)
    corner = corners.nearest(gap.name, line) if gap.name else None
    if corner is None:
        return GapPlace(side=of_road, from_m=gap.from_m, to_m=gap.to_m)
    ends_m = sorted(distance_m(corner.position, end) for end in (line[0], line[-1]))
    middle = line[len(line) // 2] if len(line) > 2 else _between(line[0], line[1])
    whole_m = distance_m(line[0], line[-1])
    over = ends_m[1] < whole_m and ends_m[0] > whole_m / 20.0
    return GapPlace(
        side=of_road,
        crossing=corner.other,
        way=None if over else compass(bearing_deg(corner.position, middle)),
        from_m=ends_m[0],
        to_m=ends_m[1],
    )


def compass(towards_deg: float) -> Compass:
    step = 360.0 / len(_POINTS)
    return _POINTS[int((towards_deg + step / 2.0) // step) % len(_POINTS)]


def _side_of(line: Sequence[Wgs84], side: int) -> Compass | None:
    if side == 0:
        return None
    return compass((bearing_deg(line[0], line[-1]) - side * _RIGHT_ANGLE_DEG) % 360.0)


def _between(one: Wgs84, two: Wgs84) -> Wgs84:
    return Wgs84((one.lon + two.lon) / 2.0, (one.lat + two.lat) / 2.0)
