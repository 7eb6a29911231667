"""Gaps: what ought to be seen and is not, with the cause, merged into stretches that a person can act on.

Coverage is of this minute: a view counts while its camera is healthy and may be looked at (`ViewState.USABLE`). Where
too few see a spot, the cheapest remedy names the cause: `faulty` (a repair covers it), `no_consent` (asking does),
`too_coarse` (seen, below the need), `blocked` (a building stands before a camera that would reach), `none_built`.
Cameras whose direction nobody told cover nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.demand import ALONE, Demand, DemandKind
from vms.coverage.ground import Ground
from vms.coverage.index import CoverageIndex
from vms.coverage.judge_demand import COVERED
from vms.coverage.stretches import (
    NIGHT_ONLY,
    Stretches,
    between_m,
    codes_of,
    line_of,
    named_beside,
    named_cameras,
    rows_beside,
    stretches_of,
)
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY, NIGHT, NOTHING

Floats = NDArray[np.float64]


class GapCause(StrEnum):
    """Cheapest remedy first."""

    FAULTY = "faulty"
    NO_CONSENT = "no_consent"
    TOO_COARSE = "too_coarse"
    BLOCKED = "blocked"
    NONE_BUILT = "none_built"


CAUSES = (None, *GapCause)
"""By the number that the kernels use; the first: covered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of one side of one road, or one place, that has one cause."""

    kind: DemandKind
    cause: GapCause
    name: str
    length_m: float
    """Of road; 0 for a place."""
    line: tuple[Wgs84, ...]
    """Along the road; one point for a place."""
    best_px_per_m: float
    """What the best usable view reaches on any part of it; 0: nobody sees it."""
    camera_ids: tuple[CameraId, ...]
    """Whom the cause names: to be repaired, asked, sharpened or moved; sorted."""
    ground: Ground = Ground.STREET
    region: str = ""
    night_only: bool = False
    """By day it is covered."""
    key: str = ""
    """What the map calls the road or the place."""
    category: str = ""
    side: int = 0
    from_m: float = 0.0
    """Along its road."""
    to_m: float = 0.0
    entrance: int = -1
    """Of a stretch beside an entrance: which, by the row of the demand."""
    need_px_per_m: float = 0.0
    need_views: int = 1
    weighted_m: float = 0.0
    """Its worth, as metres of road of weight 1."""

    @property
    def geometry(self) -> dict[str, object]:
        """GeoJSON."""
        return geometry_of(self.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Per sample of the demand, by day, and the sums."""

    demand: Demand
    cause: NDArray[np.uint8]
    """0 covered, else the number of the `GapCause`, counted from 1."""
    seen_by: NDArray[np.uint16]
    """How many usable views see the sample well enough."""
    best_px_per_m: NDArray[np.float32]
    gaps: tuple[Gap, ...]

    @property
    def road_m(self) -> float:
        return float(self.demand.length_m[self.demand.is_road].sum())

    @property
    def covered_road_m(self) -> float:
        return float(self.demand.length_m[self.demand.is_road & (self.cause == COVERED)].sum())

    @property
    def places(self) -> int:
        """Key places."""
        return int(self.demand.is_key_place.sum())

    @property
    def covered_places(self) -> int:
        return int((self.demand.is_key_place & (self.cause == COVERED)).sum())

    @property
    def road_rate(self) -> float | None:
        """0 … 1; None where there is no road to cover."""
        return self.covered_road_m / self.road_m if self.road_m > 0.0 else None

    @property
    def place_rate(self) -> float | None:
        """覆盖率, 0 … 1; None where there is no key place."""
        return self.covered_places / self.places if self.places else None

    def missing_road_m(self) -> dict[GapCause, float]:
        """How many metres each cause costs."""
        lengths, road = self.demand.length_m, self.demand.is_road
        return {c: float(lengths[road & (self.cause == i)].sum()) for i, c in enumerate(CAUSES) if c is not None}


def measure_gaps(demand: Demand, index: CoverageIndex) -> Coverage:
    """Judge every sample with the index as it is now, states included; a second or two for half a million samples.
    Who asks again and again keeps a `Tally`."""
    tally = Tally(demand, index)
    return Coverage(
        demand=demand,
        cause=tally.cause[:, DAY],
        seen_by=tally.seen_by,
        best_px_per_m=tally.counts.best_px_per_m[:, DAY],
        gaps=tuple(sorted(gaps_of(tally, stretches_of(demand, codes_of(tally))), key=_places_then_longest)),
    )


def gaps_of(tally: Tally, stretches: Stretches) -> list[Gap]:
    """In the stretches' order. About 50 µs each: ask for those that somebody wants to see."""
    named, best_px_per_m = _named(tally, stretches), _best_px_per_m(tally, stretches)
    entrances = stretches.first[tally.demand.group[stretches.first] == stretches.first]
    if len(entrances):
        _tell_entrances(tally, stretches, rows_beside(tally.demand, entrances), named, best_px_per_m)
    return [_gap(tally, stretches, number, named, best_px_per_m[number]) for number in range(len(stretches))]


def gaps_geojson(gaps: Sequence[Gap]) -> dict[str, object]:
    """A FeatureCollection with `kind`, `cause`, `name`, `length_m`, `best_px_per_m`, `camera_ids` as properties."""
    features = [
        {
            "type": "Feature",
            "id": number,
            "geometry": gap.geometry,
            "properties": {
                "kind": gap.kind.value,
                "cause": gap.cause.value,
                "name": gap.name,
                "length_m": round(gap.length_m, 1),
                "best_px_per_m": round(gap.best_px_per_m, 1),
                "camera_ids": list(gap.camera_ids),
            },
        }
        for number, gap in enumerate(gaps)
    ]
    return {"type": "FeatureCollection", "features": features}


def geometry_of(line: Sequence[Wgs84]) -> dict[str, object]:
    """GeoJSON: a point, or a line."""
    corners = [[round(point.lon, 7), round(point.lat, 7)] for point in line]
    if len(corners) == 1:
        return {"type": "Point", "coordinates": corners[0]}
    return {"type": "LineString", "coordinates": corners}


def _places_then_longest(gap: Gap) -> tuple[bool, float, str, float]:
    return gap.kind is not DemandKind.PLACE, -gap.length_m, gap.name, gap.line[0].lon


def _named(tally: Tally, stretches: Stretches) -> dict[int, list[int]]:
    """Per stretch, by its number, the cameras that its samples' causes name."""
    found: dict[int, list[int]] = {}
    for light in (DAY, NIGHT):
        blames = stretches.code % NIGHT_ONLY != NOTHING
        chosen = np.flatnonzero(blames & ((stretches.code >= NIGHT_ONLY) == (light == NIGHT)))
        counts = stretches.end[chosen] - stretches.first[chosen]
        of = np.repeat(chosen, counts)
        begun = np.repeat(np.cumsum(counts) - counts, counts)
        rows = np.repeat(stretches.first[chosen], counts) + np.arange(len(of)) - begun
        if not len(rows):
            continue
        ids = named_cameras(tally, rows, light)
        pairs = np.unique(np.column_stack([of, ids])[ids >= 0], axis=0)
        for number, camera_id in pairs.tolist():
            found.setdefault(number, []).append(camera_id)
    return found


def _best_px_per_m(tally: Tally, stretches: Stretches) -> list[float]:
    best, lights = tally.counts.best_px_per_m, np.where(stretches.code >= NIGHT_ONLY, NIGHT, DAY)
    spans = zip(stretches.first.tolist(), stretches.end.tolist(), lights.tolist(), strict=True)
    return [float(best[first:end, light].max()) for first, end, light in spans]


def _tell_entrances(
    tally: Tally,
    stretches: Stretches,
    beside: Mapping[int, NDArray[np.int64]],
    named: dict[int, list[int]],
    best_px_per_m: list[float],
) -> None:
    """An entrance has no view of its own: who is meant and how well it is seen is told by the road beside it."""
    for light in (DAY, NIGHT):
        chosen = [
            number
            for number, (first, code) in enumerate(zip(stretches.first.tolist(), stretches.code.tolist(), strict=True))
            if first in beside and (code >= NIGHT_ONLY) == (light == NIGHT)
        ]
        cause = {int(stretches.first[number]): int(stretches.code[number]) % NIGHT_ONLY for number in chosen}
        blaming = {entrance: one for entrance, one in cause.items() if one != NOTHING}
        meant = named_beside(tally, beside, blaming, light)
        for number in chosen:
            entrance = int(stretches.first[number])
            named[number] = meant.get(entrance, [])
            best_px_per_m[number] = float(tally.counts.best_px_per_m[beside[entrance], light].max())


def _gap(tally: Tally, stretches: Stretches, number: int, named: dict[int, list[int]], best_px_per_m: float) -> Gap:
    demand = tally.demand
    first, end, code = int(stretches.first[number]), int(stretches.end[number]), int(stretches.code[number])
    cause = CAUSES[code % NIGHT_ONLY]
    if cause is None:
        raise ValueError("a covered stretch is no gap")
    corners = tally.index.walls.frame.to_lonlat_array(line_of(demand, first, end)).tolist()
    from_m, to_m = between_m(demand, first, end)
    place = bool(demand.is_place[first])
    return Gap(
        kind=demand.kind(first),
        cause=cause,
        name=demand.name(first),
        length_m=float(demand.length_m[first:end].sum()),
        line=tuple(Wgs84(lon, lat) for lon, lat in corners),
        best_px_per_m=best_px_per_m,
        camera_ids=tuple(CameraId(camera_id) for camera_id in _ids(named.get(number, ()))),
        ground=demand.ground_of(first),
        region=demand.region_of(first),
        night_only=code >= NIGHT_ONLY,
        key=_key(demand, first),
        category=demand.category(first) if place else "",
        side=int(demand.side[first]),
        from_m=0.0 if place else from_m,
        to_m=0.0 if place else to_m,
        entrance=-1 if place else int(demand.group[first]),
        need_px_per_m=float(demand.need_px_per_m[first]),
        need_views=int(demand.need_views[first]),
        weighted_m=float(tally.worth_m[first:end].sum()),
    )


def _key(demand: Demand, row: int) -> str:
    """Of a stretch beside an entrance both: it and the road."""
    entrance = int(demand.group[row])
    own = demand.key(row)
    return own if demand.is_place[row] or entrance == ALONE else f"{own} {demand.key(entrance)}"


def _ids(found: Iterable[int]) -> list[int]:
    return sorted(set(found))
