"""What ought to be seen: roads, sampled, and key places; a sample stands for some metres of road or one place."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vms.coverage.walls import Walls
from vms.places.town import PlaceKind, Road, Town

Floats = NDArray[np.float64]

ROAD_STEP_M = 5.0
SIDE_OFFSET_M = 4.0
ROAD_NEED_PX_PER_M = 25.0
"""Detection, in the 2014 edition's words: somebody is there."""
PLACE_NEED_PX_PER_M = 62.5
"""Observation: clothing, what is carried."""
STREETS = frozenset(
    kind + link
    for kind in ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential")
    for link in ("", "_link")
) | {"living_street", "pedestrian"}
"""Roads that a town's network is asked to cover: footways, steps, cycle tracks and drives to a yard are not."""
WATCHED_PLACES = (PlaceKind.KEY_PLACE, PlaceKind.SQUARE)


class DemandKind(StrEnum):
    ROAD = "road"
    PLACE = "place"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row per sample, along each road in order, then the places."""

    xy_m: Floats
    """(n, 2) in the walls' frame."""
    need_px_per_m: Floats
    length_m: Floats
    """The road that a sample stands for; 0 for places."""
    source: NDArray[np.int64]
    """Which road or place of the town, by number."""
    is_place: NDArray[np.bool_]
    side: NDArray[np.int8]
    """0 the middle of the road, 1 left of its direction, -1 right."""
    names: tuple[str, ...]
    """Per road, then per place: `names[source]` or `names[roads + source]`."""
    roads: int

    def __len__(self) -> int:
        return len(self.xy_m)

    def name(self, row: int) -> str:
        return self.names[int(self.source[row]) + (self.roads if self.is_place[row] else 0)]

    def kind(self, row: int) -> DemandKind:
        return DemandKind.PLACE if self.is_place[row] else DemandKind.ROAD


def demand_of_town(
    town: Town,
    walls: Walls,
    *,
    step_m: float = ROAD_STEP_M,
    both_sides: bool = False,
    kinds: frozenset[str] | None = None,
    road_need_px_per_m: float = ROAD_NEED_PX_PER_M,
    place_need_px_per_m: float = PLACE_NEED_PX_PER_M,
) -> Demand:
    """Roads (tunnels excepted) every `step_m` at most, in the middle or 4 m to both sides; key places and squares once.

    What lies inside a building (a way through an arcade, a bank's middle) cannot be seen from the street: such a road
    sample is left out, such a place is asked for 1 m before its nearest wall. `kinds` names the kinds of
    road that count; None: all.
    """
    parts: list[tuple[Floats, Floats, int, int]] = []
    for number, road in enumerate(town.roads):
        if road.tunnel or (kinds is not None and road.kind not in kinds):
            continue
        for side in (1, -1) if both_sides else (0,):
            points, lengths = _samples(road, walls, step_m, side * SIDE_OFFSET_M)
            if both_sides:
                lengths = lengths / 2.0
            parts.append((points, lengths, number, side))
    watched = [place for place in town.places if place.kind in WATCHED_PLACES]
    spots = [walls.frame.to_xy(walls.outdoors(place.position)) for place in watched]
    xy = np.concatenate([np.zeros((0, 2)), *(part[0] for part in parts)])
    outdoors = ~walls.inside(xy)
    length = np.concatenate([np.zeros(0), *(part[1] for part in parts)])
    source = np.concatenate([np.zeros(0, np.int64), *(np.full(len(p[0]), p[2], np.int64) for p in parts)])
    sides = np.concatenate([np.zeros(0, np.int8), *(np.full(len(p[0]), p[3], np.int8) for p in parts)])
    rows, n = int(outdoors.sum()), len(watched)
    return Demand(
        xy_m=np.concatenate([xy[outdoors], np.array(spots, dtype=np.float64).reshape(-1, 2)]),
        need_px_per_m=np.concatenate([np.full(rows, road_need_px_per_m), np.full(n, place_need_px_per_m)]),
        length_m=np.concatenate([length[outdoors], np.zeros(n)]),
        source=np.concatenate([source[outdoors], np.arange(n)]),
        is_place=np.concatenate([np.zeros(rows, bool), np.ones(n, bool)]),
        side=np.concatenate([sides[outdoors], np.zeros(n, np.int8)]),
        names=tuple(road.name for road in town.roads) + tuple(place.name for place in watched),
        roads=len(town.roads),
    )


def _samples(road: Road, walls: Walls, step_m: float, offset_m: float) -> tuple[Floats, Floats]:
    """The middles of equal stretches of the road, and how long each is."""
    corners = walls.frame.to_xy_array(road.line)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if along[-1] <= 0.0:
        return np.zeros((0, 2)), np.zeros(0)
    count = max(1, math.ceil(along[-1] / step_m))
    at = (np.arange(count) + 0.5) * (along[-1] / count)
    points = np.column_stack([np.interp(at, along, corners[:, 0]), np.interp(at, along, corners[:, 1])])
    if offset_m:
        piece = np.clip(np.searchsorted(along, at, side="right") - 1, 0, len(steps) - 1)
        direction = np.diff(corners, axis=0)[piece] / np.maximum(steps[piece], 1e-9)[:, None]
        points = points + offset_m * np.column_stack([-direction[:, 1], direction[:, 0]])
    return points, np.full(count, along[-1] / count)
