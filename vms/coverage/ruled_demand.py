"""A town's demand by the office's rules: every class of ground with its density, views, hours and weight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vms.coverage.demand import ALONE, ROAD_STEP_M, Demand
from vms.coverage.entrance_stretch import EntranceRoads
from vms.coverage.ground import GROUNDS, Ground, ground_of_road, town_exits, watched_places
from vms.coverage.incident_weight import incident_weight
from vms.coverage.needs import NeedRule, Needs, When
from vms.coverage.region_of import region_of
from vms.coverage.road_samples import sample_roads
from vms.coverage.walls import Walls
from vms.places.regions import Region, RegionTree
from vms.places.town import Road, Town

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
_NO_TREE = RegionTree.of(())


@dataclass(slots=True)
class _Columns:
    """Samples as they are gathered, before the rules are asked."""

    xy: list[Floats] = field(default_factory=list)
    length: list[Floats] = field(default_factory=list)
    source: list[Rows] = field(default_factory=list)
    is_place: list[NDArray[np.bool_]] = field(default_factory=list)
    side: list[NDArray[np.int8]] = field(default_factory=list)
    along: list[Floats] = field(default_factory=list)
    rule: list[Rows] = field(default_factory=list)
    group: list[Rows] = field(default_factory=list)
    ground: list[Rows] = field(default_factory=list)
    region: list[Rows] = field(default_factory=list)

    def rows(self) -> int:
        return sum(len(part) for part in self.xy)


def ruled_demand(
    town: Town,
    walls: Walls,
    needs: Needs,
    *,
    tree: RegionTree = _NO_TREE,
    incidents_xy_m: Floats | None = None,
    step_m: float = ROAD_STEP_M,
) -> Demand:
    """Roads by sides, entrances with the road beside them, places, the town's exits; tunnels and ground inside
    buildings are left out, places there are asked for 1 m before the nearest wall. About 2 s for a million samples.
    """
    asker = _Asker(needs, tree)
    columns = _Columns()
    roads = (*town.roads, *town.railways)
    grounds = [ground_of_road(road.kind) for road in town.roads] + [Ground.RAILWAY] * len(town.railways)
    _roads(columns, roads, grounds, walls, asker, step_m)
    names, keys, categories = _places(columns, town, walls, asker, step_m)
    xy = np.concatenate([np.zeros((0, 2)), *columns.xy])
    rule = np.concatenate([np.zeros(0, np.int64), *columns.rule])
    is_place = np.concatenate([np.zeros(0, bool), *columns.is_place])
    group = np.concatenate([np.zeros(0, np.int64), *columns.group])
    beside = (group != ALONE) & ~is_place
    rules = needs.rules
    weight = _of_rules(rules, rule, lambda one: one.weight)
    weight[beside] = 1.0
    if incidents_xy_m is not None:
        weight = weight * incident_weight(xy, incidents_xy_m, needs.incidents)
    views = _of_rules(rules, rule, lambda one: float(one.views)).astype(np.int64)
    views[beside] = 1
    return Demand(
        xy_m=xy,
        need_px_per_m=_of_rules(rules, rule, lambda one: one.px_per_m),
        length_m=np.concatenate([np.zeros(0), *columns.length]),
        source=np.concatenate([np.zeros(0, np.int64), *columns.source]),
        is_place=is_place,
        side=np.concatenate([np.zeros(0, np.int8), *columns.side]),
        names=tuple(road.name for road in roads) + names,
        roads=len(roads),
        need_views=views,
        weight=weight,
        by_day=_of_rules(rules, rule, lambda one: float(one.when is not When.NIGHT)) > 0.0,
        by_night=_of_rules(rules, rule, lambda one: float(one.when is not When.DAY)) > 0.0,
        ground=np.concatenate([np.zeros(0, np.int64), *columns.ground]),
        region=np.concatenate([np.zeros(0, np.int64), *columns.region]),
        along_m=np.concatenate([np.zeros(0), *columns.along]),
        group=group,
        regions=asker.codes,
        keys=tuple(_road_key(road) for road in roads) + keys,
        categories=tuple(road.kind for road in roads) + categories,
    )


class _Asker:
    """Which rule decides about ground of a kind in a region; asked once for each."""

    def __init__(self, needs: Needs, tree: RegionTree) -> None:
        self._needs = needs
        self.regions: tuple[Region, ...] = tuple(tree.regions.values())
        self.codes, _ = region_of(np.zeros((0, 2)), self.regions)
        self._areas = [(code, *(above.code for above in tree.ancestors(code))) for code in self.codes]
        self._known: dict[tuple[Ground, str, int], int] = {}

    def rule(self, ground: Ground, kind: str, region: int) -> int:
        """-1: nobody asks."""
        asked = (ground, kind, region)
        if asked not in self._known:
            found = self._needs.rule_for(ground, kind, self._areas[region])
            self._known[asked] = -1 if found is None else found
        return self._known[asked]

    def of(self, number: int) -> NeedRule:
        return self._needs.rules[number]

    def where(self, xy_m: Floats, walls: Walls) -> Rows:
        return region_of(walls.frame.to_lonlat_array(xy_m), self.regions)[1]


def _roads(
    columns: _Columns, roads: Sequence[Road], grounds: Sequence[Ground], walls: Walls, asker: _Asker, step_m: float
) -> None:
    middles = [road.line[len(road.line) // 2] for road in roads]
    where = asker.where(walls.frame.to_xy_array(np.array(middles).reshape(-1, 2)), walls)
    kinds = [(ground, road.kind) for ground, road in zip(grounds, roads, strict=True)]
    parts: list[tuple[int, int]] = []
    for number, (road, (ground, kind)) in enumerate(zip(roads, kinds, strict=True)):
        decides = -1 if road.tunnel else asker.rule(ground, kind, int(where[number]))
        if decides >= 0 or (not road.tunnel and asker.rule(ground, kind, 0) >= 0):
            sides = (1, -1) if decides < 0 or asker.of(decides).each_side else (0,)
            parts.extend((number, side) for side in sides)
    found = sample_roads(roads, walls.frame, parts, step_m)
    region = asker.where(found.xy_m, walls)
    codes: dict[tuple[Ground, str], int] = {}
    of_road = np.array([codes.setdefault(one, len(codes)) for one in kinds], dtype=np.int64)
    combined = of_road[found.road] * len(asker.codes) + region if len(found.road) else np.zeros(0, np.int64)
    unique, inverse = np.unique(combined, return_inverse=True)
    by_code = {code: one for one, code in codes.items()}
    decided = [asker.rule(*by_code[one // len(asker.codes)], one % len(asker.codes)) for one in unique.tolist()]
    rule = np.array(decided, dtype=np.int64)[inverse] if len(decided) else np.zeros(0, np.int64)
    kept = (rule >= 0) & ~walls.inside(found.xy_m)
    numbers = np.array([GROUNDS.index(ground) for ground in grounds], dtype=np.int64)
    n = int(kept.sum())
    columns.xy.append(found.xy_m[kept])
    columns.length.append(found.length_m[kept] / np.where(found.side[kept] == 0, 1.0, 2.0))
    columns.source.append(found.road[kept])
    columns.is_place.append(np.zeros(n, bool))
    columns.side.append(found.side[kept])
    columns.along.append(found.along_m[kept])
    columns.rule.append(rule[kept])
    columns.group.append(np.full(n, ALONE, np.int64))
    columns.ground.append(numbers[found.road[kept]] if n else np.zeros(0, np.int64))
    columns.region.append(region[kept])


def _places(
    columns: _Columns, town: Town, walls: Walls, asker: _Asker, step_m: float
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Entrances' stretches first, then the places themselves, so that samples of one road lie together."""
    spots = [
        (ground, kind, place.name, place.source_id, walls.frame.to_xy(place.position))
        for ground, kind, place in watched_places(town, walls.frame)
    ]
    spots += [
        (Ground.TOWN_EXIT, "", name, "", walls.frame.to_xy_array(np.array([[lon, lat]]))[0].tolist())
        for lon, lat, name in town_exits(town)
    ]
    xy = np.array([spot[4] for spot in spots], dtype=np.float64).reshape(-1, 2)
    region = asker.where(xy, walls)
    rule = [asker.rule(spot[0], spot[1], int(region[i])) for i, spot in enumerate(spots)]
    asked = [i for i, number in enumerate(rule) if number >= 0]
    roads: EntranceRoads | None = None
    stretches = []
    for place, i in enumerate(asked):
        beside_m = asker.of(rule[i]).beside_m
        if beside_m <= 0.0:
            continue
        roads = roads or EntranceRoads(town.roads, walls.frame)
        found = roads.beside(float(xy[i, 0]), float(xy[i, 1]), beside_m, step_m)
        if found is not None:
            outdoors = ~walls.inside(found.xy_m)
            stretches.append((place, i, found, outdoors))
    first_place = columns.rows() + sum(int(outdoors.sum()) for *_, outdoors in stretches)
    for place, i, found, outdoors in stretches:
        n = int(outdoors.sum())
        columns.xy.append(found.xy_m[outdoors])
        columns.length.append(found.length_m[outdoors])
        columns.source.append(found.road[outdoors])
        columns.is_place.append(np.zeros(n, bool))
        columns.side.append(found.side[outdoors])
        columns.along.append(found.along_m[outdoors])
        columns.rule.append(np.full(n, rule[i], np.int64))
        columns.group.append(np.full(n, first_place + place, np.int64))
        columns.ground.append(np.full(n, GROUNDS.index(spots[i][0]), np.int64))
        columns.region.append(np.full(n, region[i], np.int64))
    inside = walls.inside(xy[asked])
    seen_from = xy[asked].copy()
    for at in np.flatnonzero(inside).tolist():
        seen_from[at] = walls.frame.to_xy(walls.outdoors(walls.frame.to_wgs84(*xy[asked[at]].tolist())))
    n = len(asked)
    columns.xy.append(seen_from)
    columns.length.append(np.zeros(n))
    columns.source.append(np.arange(n))
    columns.is_place.append(np.ones(n, bool))
    columns.side.append(np.zeros(n, np.int8))
    columns.along.append(np.zeros(n))
    columns.rule.append(np.array([rule[i] for i in asked], dtype=np.int64))
    own = np.full(n, ALONE, np.int64)
    own[[place for place, *_ in stretches]] = [first_place + place for place, *_ in stretches]
    columns.group.append(own)
    columns.ground.append(np.array([GROUNDS.index(spots[i][0]) for i in asked], dtype=np.int64))
    columns.region.append(region[asked])
    lonlat = walls.frame.to_lonlat_array(xy)
    keys = tuple(spots[i][3] or f"{lonlat[i, 0]:.5f},{lonlat[i, 1]:.5f}" for i in asked)
    return tuple(spots[i][2] for i in asked), keys, tuple(spots[i][1] for i in asked)


def _road_key(road: Road) -> str:
    """Where the map gives no number, where it begins: good as long as nobody redraws it."""
    if road.source_id:
        return road.source_id
    lon, lat = road.line[0].tolist() if len(road.line) else (0.0, 0.0)
    return f"{lon:.5f},{lat:.5f} {road.name}"[:80]


def _of_rules(rules: Sequence[NeedRule], rule: Rows, what: Callable[[NeedRule], float]) -> Floats:
    return np.array([what(one) for one in rules], dtype=np.float64)[rule] if len(rule) else np.zeros(0)
