"""What ought to be seen, as samples: each stands for some metres of road, or for one place."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vms.coverage.ground import GROUNDS, KEY_GROUND, LINES, Ground
from vms.coverage.road_samples import sample_roads
from vms.coverage.walls import Walls
from vms.places.town import PlaceKind, Town

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

ROAD_STEP_M = 5.0
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
ALONE = -1


class DemandKind(StrEnum):
    ROAD = "road"
    PLACE = "place"


def _unsaid() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One row per sample, along each road in order, then the places. What nobody said is filled in: one view, by day
    and by night, of weight 1, in no region."""

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
    need_views: NDArray[np.int64] = field(default_factory=_unsaid)
    """So many different cameras."""
    weight: Floats = field(default_factory=lambda: np.zeros(0))
    """Of a metre of road, or of a place in metres of road."""
    by_day: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    by_night: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    ground: NDArray[np.int64] = field(default_factory=_unsaid)
    """Number of the `Ground` in GROUNDS."""
    region: NDArray[np.int64] = field(default_factory=_unsaid)
    """Number of the region in `regions`."""
    along_m: Floats = field(default_factory=lambda: np.zeros(0))
    """Where on its road the sample's middle lies."""
    group: NDArray[np.int64] = field(default_factory=_unsaid)
    """Row of the entrance that this stretch beside it belongs to; ALONE: none. The entrance's own row, which names
    itself, counts the cameras that see any of its stretch well enough."""
    regions: tuple[str, ...] = ("",)
    keys: tuple[str, ...] = ()
    """As `names`: what the map calls the road or place, for ever if it is a good map."""
    categories: tuple[str, ...] = ()
    """As `names`: kind of the road, category of the place."""

    def __post_init__(self) -> None:
        n = len(self.xy_m)
        places = np.asarray(self.is_place, dtype=bool)
        usual = {
            "need_views": np.ones(n, np.int64),
            "weight": np.ones(n),
            "by_day": np.ones(n, bool),
            "by_night": np.ones(n, bool),
            "ground": np.where(places, GROUNDS.index(Ground.KEY_PLACE), GROUNDS.index(Ground.STREET)),
            "region": np.zeros(n, np.int64),
            "along_m": np.zeros(n),
            "group": np.full(n, ALONE, np.int64),
        }
        for name, values in usual.items():
            if len(getattr(self, name)) != n:
                object.__setattr__(self, name, values)
        for name in ("keys", "categories"):
            if len(getattr(self, name)) != len(self.names):
                object.__setattr__(self, name, ("",) * len(self.names))

    def __len__(self) -> int:
        return len(self.xy_m)

    def name(self, row: int) -> str:
        return self.names[self._number(row)]

    def key(self, row: int) -> str:
        return self.keys[self._number(row)]

    def category(self, row: int) -> str:
        return self.categories[self._number(row)]

    def kind(self, row: int) -> DemandKind:
        return DemandKind.PLACE if self.is_place[row] else DemandKind.ROAD

    def ground_of(self, row: int) -> Ground:
        return GROUNDS[int(self.ground[row])]

    def region_of(self, row: int) -> str:
        return self.regions[int(self.region[row])]

    @property
    def is_road(self) -> NDArray[np.bool_]:
        """Metres of the town's roads; the stretch beside an entrance is asked for once more, and not counted here."""
        counted: NDArray[np.bool_] = np.isin(self.ground, [GROUNDS.index(ground) for ground in LINES])
        return counted & ~self.is_place

    @property
    def is_key_place(self) -> NDArray[np.bool_]:
        counted: NDArray[np.bool_] = np.isin(self.ground, [GROUNDS.index(ground) for ground in KEY_GROUND])
        return counted & self.is_place

    def _number(self, row: int) -> int:
        return int(self.source[row]) + (self.roads if self.is_place[row] else 0)


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
    """One need for all roads and one for all places. Roads (tunnels excepted) every `step_m` at most, in the middle or
    4 m to both sides; key places and squares once.

    What lies inside a building (a way through an arcade, a bank's middle) cannot be seen from the street: such a road
    sample is left out, such a place is asked for 1 m before its nearest wall. `kinds` names the kinds of
    road that count; None: all. Rules of an office: `vms.coverage.ruled_demand`.
    """
    wanted = [i for i, road in enumerate(town.roads) if not road.tunnel and (kinds is None or road.kind in kinds)]
    sides = (1, -1) if both_sides else (0,)
    parts = [(number, side) for number in wanted for side in sides]
    roads = sample_roads(town.roads, walls.frame, parts, step_m)
    watched = [place for place in town.places if place.kind in WATCHED_PLACES]
    spots = [walls.frame.to_xy(walls.outdoors(place.position)) for place in watched]
    outdoors = ~walls.inside(roads.xy_m)
    rows, n = int(outdoors.sum()), len(watched)
    return Demand(
        xy_m=np.concatenate([roads.xy_m[outdoors], np.array(spots, dtype=np.float64).reshape(-1, 2)]),
        need_px_per_m=np.concatenate([np.full(rows, road_need_px_per_m), np.full(n, place_need_px_per_m)]),
        length_m=np.concatenate([roads.length_m[outdoors] / len(sides), np.zeros(n)]),
        source=np.concatenate([roads.road[outdoors], np.arange(n)]),
        is_place=np.concatenate([np.zeros(rows, bool), np.ones(n, bool)]),
        side=np.concatenate([roads.side[outdoors], np.zeros(n, np.int8)]),
        along_m=np.concatenate([roads.along_m[outdoors], np.zeros(n)]),
        names=tuple(road.name for road in town.roads) + tuple(place.name for place in watched),
        roads=len(town.roads),
    )
