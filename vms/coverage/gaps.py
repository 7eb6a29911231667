"""Gaps: what ought to be seen and is not, with the cause, merged into records that a person can act on.

Coverage is of this minute: a view counts while its camera is healthy and may be looked at (`ViewState.USABLE`). Where
nobody covers a spot, the cheapest remedy names the cause: `faulty` (a repair covers it), `no_consent` (asking does),
`too_coarse` (seen, below the need), `blocked` (a building stands before a camera that would reach), `none_built`.
Cameras whose direction nobody told cover nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.demand import Demand, DemandKind
from vms.coverage.index import CoverageIndex
from vms.coverage.judge_demand import COVERED, judge_samples

Floats = NDArray[np.float64]


_SIMPLER_M = 0.5


class GapCause(StrEnum):
    """Cheapest remedy first."""

    FAULTY = "faulty"
    NO_CONSENT = "no_consent"
    TOO_COARSE = "too_coarse"
    BLOCKED = "blocked"
    NONE_BUILT = "none_built"


_CAUSES = (None, GapCause.FAULTY, GapCause.NO_CONSENT, GapCause.TOO_COARSE, GapCause.BLOCKED, GapCause.NONE_BUILT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of one road, or one place, that has one cause."""

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

    @property
    def geometry(self) -> dict[str, object]:
        """GeoJSON."""
        corners = [[round(point.lon, 7), round(point.lat, 7)] for point in self.line]
        if len(corners) == 1:
            return {"type": "Point", "coordinates": corners[0]}
        return {"type": "LineString", "coordinates": corners}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Per sample of the demand, and the sums."""

    demand: Demand
    cause: NDArray[np.uint8]
    """0 covered, else the number of the `GapCause`, counted from 1."""
    seen_by: NDArray[np.int32]
    """How many usable views see the sample well enough."""
    best_px_per_m: Floats
    gaps: tuple[Gap, ...]

    @property
    def road_m(self) -> float:
        return float(self.demand.length_m.sum())

    @property
    def covered_road_m(self) -> float:
        return float(self.demand.length_m[self.cause == COVERED].sum())

    @property
    def places(self) -> int:
        return int(self.demand.is_place.sum())

    @property
    def covered_places(self) -> int:
        return int((self.demand.is_place & (self.cause == COVERED)).sum())

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
        lengths = self.demand.length_m
        return {c: float(lengths[self.cause == i].sum()) for i, c in enumerate(_CAUSES) if c is not None}


def measure_gaps(demand: Demand, index: CoverageIndex) -> Coverage:
    """Judge every sample with the index as it is now, states included; about a second for half a million samples."""
    grid = index.walls.grid
    cause, seen_by, best, named = judge_samples(
        grid.segments, index.packed, index.buckets, demand.xy_m, demand.need_px_per_m
    )
    named_ids = np.where(named >= 0, index.buckets.ids[np.maximum(named, 0)], -1)
    gaps = [_gap(demand, index, rows, cause, best, named_ids) for rows in _stretches(demand, cause)]
    gaps.sort(key=lambda gap: (gap.kind is not DemandKind.PLACE, -gap.length_m, gap.name, gap.line[0].lon))
    return Coverage(demand=demand, cause=cause, seen_by=seen_by, best_px_per_m=best, gaps=tuple(gaps))


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


def _stretches(demand: Demand, cause: NDArray[np.uint8]) -> list[range]:
    """Runs of uncovered samples: neighbours on the same side of the same road with the same cause; each place alone."""
    if len(demand) == 0:
        return []
    spacing = np.hypot(*np.diff(demand.xy_m, axis=0).T)
    near = spacing <= 2.5 * np.maximum(demand.length_m[1:], demand.length_m[:-1]) * (1 + (demand.side[1:] != 0))
    same = (
        (demand.source[1:] == demand.source[:-1])
        & (demand.side[1:] == demand.side[:-1])
        & (cause[1:] == cause[:-1])
        & near
        & ~demand.is_place[1:]
        & ~demand.is_place[:-1]
    )
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1])
    ends = np.concatenate([starts[1:], [len(demand)]])
    return [range(a, b) for a, b in zip(starts.tolist(), ends.tolist(), strict=True) if cause[a] != COVERED]


def _gap(
    demand: Demand, index: CoverageIndex, rows: range, cause: NDArray[np.uint8], best: Floats, named: NDArray[np.int64]
) -> Gap:
    first, part = rows[0], slice(rows[0], rows[-1] + 1)
    found = _CAUSES[int(cause[first])]
    if found is None:
        raise ValueError("a covered stretch is no gap")
    line = _with_ends(demand, rows)
    if len(line) > 2:
        line = shapely.get_coordinates(shapely.simplify(shapely.LineString(line), _SIMPLER_M))
    corners = index.walls.frame.to_lonlat_array(line).tolist()
    return Gap(
        kind=demand.kind(first),
        cause=found,
        name=demand.name(first),
        length_m=float(demand.length_m[part].sum()),
        line=tuple(Wgs84(lon, lat) for lon, lat in corners),
        best_px_per_m=float(best[part].max()),
        camera_ids=tuple(CameraId(i) for i in sorted(set(named[part].tolist()) - {-1})),
    )


def _with_ends(demand: Demand, rows: range) -> Floats:
    """The samples' line, lengthened by half a step at both ends to be as long as it says; a place stays a point."""
    line = demand.xy_m[rows[0] : rows[-1] + 1]
    if demand.is_place[rows[0]]:
        return line
    half = demand.length_m[rows[0]] / 2.0 * (2.0 if demand.side[rows[0]] else 1.0)
    if len(line) > 1:
        head, tail = line[1] - line[0], line[-1] - line[-2]
    elif rows[0] + 1 < len(demand) and demand.source[rows[0] + 1] == demand.source[rows[0]]:
        head = tail = demand.xy_m[rows[0] + 1] - line[0]
    elif rows[0] > 0 and demand.source[rows[0] - 1] == demand.source[rows[0]]:
        head = tail = line[0] - demand.xy_m[rows[0] - 1]
    else:
        head = tail = np.array([1.0, 0.0])
    before = line[0] - half * head / max(float(np.hypot(*head)), 1e-9)
    after = line[-1] + half * tail / max(float(np.hypot(*tail)), 1e-9)
    ended: Floats = np.vstack([before, line, after])
    return ended
