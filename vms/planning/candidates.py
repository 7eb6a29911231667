"""Candidates: each site with each kind of camera in each direction, and the spots that it would see well enough.

One sweep all around per site and kind; the directions are cut out of it. What a camera with several lenses sees is what
any of them does.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.compiled import compiled
from vms.coverage.packed import PackedViews
from vms.coverage.poses import FULL_TURN, rows_of_poses
from vms.coverage.rows_see import Longs, Seen, Spots, rows_see
from vms.coverage.view import sweep_rows
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.planning.catalogue import CameraType, Choices
from vms.planning.links import Links, targets_of
from vms.planning.sites import Sites

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

ALL_AROUND_DEG = 360.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Rows grouped by site; only those that see something that is wanted."""

    site: Ints
    type: Ints
    bearing_deg: Floats
    cost: Floats
    """Of the camera without its site."""
    first: Longs
    spot: Ints
    """Candidate `c` sees `spot[first[c]:first[c + 1]]`."""
    refused: int
    """How many were left out because they look into what is private."""
    refused_areas: tuple[int, ...]
    """Whose areas these were, by number."""

    def __len__(self) -> int:
        return len(self.site)

    def sees(self, number: int) -> Ints:
        return self.spot[self.first[number] : self.first[number + 1]]


def make_candidates(
    sites: Sites, choices: Choices, walls: Walls, spots: Spots, private: Spots, area_of_private: Ints
) -> Candidates:
    """`private`: points nobody may see at their density or better; `area_of_private`: which area each belongs to."""
    parts = [
        _of_type(sites, number, kind, choices.directions, walls, spots, private, area_of_private)
        for number, kind in enumerate(choices.types)
    ]
    site, kind_of, bearing, counts = (np.concatenate([part[k] for part in parts]) for k in range(4))
    spot = np.concatenate([part[4] for part in parts])
    order = np.argsort(site, kind="stable")
    first = np.concatenate([[0], np.cumsum(counts)])
    ordered = counts[order]
    new_first = np.concatenate([[0], np.cumsum(ordered)]).astype(np.int64)
    source = np.repeat(first[:-1][order] - new_first[:-1], ordered) + np.arange(int(ordered.sum()))
    prices = np.array([one.cost for one in choices.types])
    return Candidates(
        site=site[order].astype(np.int32),
        type=kind_of[order].astype(np.int32),
        bearing_deg=bearing[order],
        cost=prices[kind_of[order]],
        first=new_first,
        spot=spot[source].astype(np.int32),
        refused=sum(part[5] for part in parts),
        refused_areas=tuple(sorted({number for part in parts for number in part[6]})),
    )


def serving(found: Candidates, links: Links, types: tuple[CameraType, ...]) -> Candidates:
    """The same with what they serve in place of the spots that they see; only those that serve anything."""
    if links.plain:
        return found
    seen = Seen(found.first, found.spot, np.zeros(len(found.spot), np.float32))
    sees_by_night = np.array([one.sees_by_night for one in types])[found.type]
    targets = targets_of(links, seen, sees_by_night)
    counts = np.diff(targets.first)
    kept = np.flatnonzero(counts)
    return Candidates(
        site=found.site[kept],
        type=found.type[kept],
        bearing_deg=found.bearing_deg[kept],
        cost=found.cost[kept],
        first=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64),
        spot=targets.spot,
        refused=found.refused,
        refused_areas=found.refused_areas,
    )


def bearings(kind: CameraType, directions: int) -> Floats:
    count = 1 if kind.h_fov_deg >= ALL_AROUND_DEG else directions
    looks: Floats = np.arange(count, dtype=np.float64) * (360.0 / count)
    return looks


def _of_type(
    sites: Sites,
    number: int,
    kind: CameraType,
    directions: int,
    walls: Walls,
    spots: Spots,
    private: Spots,
    area_of_private: Ints,
) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats, NDArray[np.int64], Ints, int, tuple[int, ...]]:
    around = all_around(sites, kind, walls)
    looks = bearings(kind, directions)
    middles = np.radians(90.0 - looks)
    half = math.pi if kind.h_fov_deg >= ALL_AROUND_DEG else math.radians(kind.h_fov_deg) / 2.0
    lenses = -np.radians(np.array(kind.lenses_deg, dtype=np.float64))
    seen = rows_see(walls, around, spots)
    counts = count_sectors(seen, middles, lenses, half)
    forbidden = rows_see(walls, around, private)
    is_refused = count_sectors(forbidden, middles, lenses, half) > 0
    useful = counts > 0
    refused = int((useful & is_refused).sum())
    touched = np.unique(area_of_private[forbidden.spot]) if refused else np.zeros(0, np.int32)
    chosen = useful & ~is_refused
    first = np.concatenate([[0], np.cumsum(np.where(chosen, counts, 0).ravel())]).astype(np.int64)
    spot = np.empty(int(first[-1]), np.int32)
    fill_sectors(seen, middles, lenses, half, chosen, first, spot)
    row, direction = np.nonzero(chosen)
    return (
        row.astype(np.int64),
        np.full(len(row), number, np.int64),
        looks[direction],
        counts[chosen],
        spot,
        refused,
        tuple(touched.tolist()),
    )


def all_around(sites: Sites, kind: CameraType, walls: Walls) -> PackedViews:
    """The views of such cameras turned to all sides, with their dead zones."""
    poses = [
        Pose(
            position=walls.frame.to_wgs84(*xy),
            bearing_deg=0.0,
            mount_height_m=kind.height_m,
            tilt_deg=kind.tilt_deg,
            h_fov_deg=kind.h_fov_deg,
            max_view_m=kind.range_m,
        )
        for xy in sites.xy_m.tolist()
    ]
    rows = rows_of_poses(poses, walls.frame, width_px=kind.width_px)
    n = rows.rows
    return sweep_rows(rows._replace(start_rad=np.zeros(n), width_rad=np.full(n, FULL_TURN)), walls)


@compiled
def within(off_rad: float, lenses: Floats, half_rad: float) -> bool:
    """Is a spot so far from the middle of the first lens in the sector of any?"""
    for k in range(len(lenses)):
        away = (off_rad - lenses[k] + math.pi) % (2.0 * math.pi) - math.pi
        if abs(away) <= half_rad:
            return True
    return False


@compiled
def count_sectors(seen: Seen, middles: Floats, lenses: Floats, half_rad: float) -> NDArray[np.int64]:
    """(rows, directions): how many spots each direction has within the sectors of its lenses."""
    rows = len(seen.first) - 1
    counts = np.zeros((rows, len(middles)), np.int64)
    for i in range(rows):
        for e in range(seen.first[i], seen.first[i + 1]):
            for k in range(len(middles)):
                if within(seen.angle_rad[e] - middles[k], lenses, half_rad):
                    counts[i, k] += 1
    return counts


@compiled
def fill_sectors(
    seen: Seen, middles: Floats, lenses: Floats, half_rad: float, chosen: NDArray[np.bool_], first: Longs, spot: Ints
) -> None:
    """`first`: where each direction of each row begins in `spot`, row by row."""
    rows, directions = chosen.shape
    for i in range(rows):
        for k in range(directions):
            if not chosen[i, k]:
                continue
            at = first[i * directions + k]
            for e in range(seen.first[i], seen.first[i + 1]):
                if within(seen.angle_rad[e] - middles[k], lenses, half_rad):
                    spot[at] = seen.spot[e]
                    at += 1
