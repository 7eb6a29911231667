"""Where a camera that turns looks: what people said of its presets, and what its own pan, tilt and zoom make of that.

One preset of which somebody said where it looks gives all others: by the device's own units where two or more say how
far one unit turns, else by what devices mostly mean: pan from -1 to 1 is a whole turn, tilt half of one.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise

from vms.coverage.confidence import PoseConfidence
from vms.health.turning import Position, is_at, is_same_zoom

USUAL_PAN_DEG, USUAL_TILT_DEG = 180.0, 90.0
"""Of one unit of ONVIF's generic space; devices that tell degrees turn by what they tell."""
WIDE_ENOUGH = 0.05
"""Views nearer to each other than that do not tell how far a unit turns."""
AGREE_DEG = 5.0
LEAST_PART, MOST_PARTS = 0.2, 2.0
"""Of the usual turn of a unit; beyond that the views were not told of this device's units."""
_TURNS = (-1, 0, 1)


class AimSource(StrEnum):
    TOLD = "told"
    """A person said where this very preset looks."""
    COMPUTED = "computed"
    """From two told presets or more, whose units agree."""
    ASSUMED = "assumed"
    """From one, by what a unit mostly means."""


CONFIDENCE = {
    AimSource.TOLD: PoseConfidence.VERIFIED,
    AimSource.COMPUTED: PoseConfidence.MEASURED,
    AimSource.ASSUMED: PoseConfidence.DECLARED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldView:
    """Where the camera looks while its head is at `at`, as a person said."""

    at: Position
    bearing_deg: float
    tilt_deg: float | None = None
    """Below the horizon."""
    h_fov_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    bearing_deg: float
    tilt_deg: float | None
    h_fov_deg: float | None
    """None: nobody knows; the record's counts."""
    source: AimSource

    @property
    def confidence(self) -> PoseConfidence:
        return CONFIDENCE[self.source]


def aim_at(now: Position, told: Sequence[ToldView]) -> Aim | None:
    """None: nobody said anything to reckon with."""
    if not told:
        return None
    here = [view for view in told if is_at(view.at, now)]
    if here:
        view = min(here, key=lambda one: abs(one.at.pan - now.pan) + abs(one.at.tilt - now.tilt))
        return Aim(
            bearing_deg=view.bearing_deg % 360.0,
            tilt_deg=view.tilt_deg,
            h_fov_deg=view.h_fov_deg,
            source=AimSource.TOLD,
        )
    unit = max(now.unit, *(view.at.unit for view in told))
    turn_deg = _pan_deg(told, unit)
    nearest = min(told, key=lambda one: abs(one.at.pan - now.pan))
    per_unit = USUAL_PAN_DEG / unit if turn_deg is None else turn_deg
    tilt_deg, tilt_is_sure = _tilt(now, told, unit)
    return Aim(
        bearing_deg=(nearest.bearing_deg + per_unit * (now.pan - nearest.at.pan)) % 360.0,
        tilt_deg=tilt_deg,
        h_fov_deg=_h_fov_deg(now.zoom, told),
        source=AimSource.COMPUTED if turn_deg is not None and tilt_is_sure else AimSource.ASSUMED,
    )


def _pan_deg(told: Sequence[ToldView], unit: float) -> float | None:
    """Degrees of one unit of pan, negative where the head hangs upside down; None: the views do not tell."""
    usual = USUAL_PAN_DEG / unit
    pairs = [
        pair for pair in combinations(told, 2) if abs(pair[1].at.pan - pair[0].at.pan) >= WIDE_ENOUGH * pair[0].at.unit
    ]
    if not pairs:
        return None
    one, other = max(pairs, key=lambda pair: abs(pair[1].at.pan - pair[0].at.pan))
    across = other.at.pan - one.at.pan
    candidates = [(other.bearing_deg - one.bearing_deg + 360.0 * turns) / across for turns in _TURNS]
    fitting = [
        slope
        for slope in candidates
        if LEAST_PART * usual <= abs(slope) <= MOST_PARTS * usual
        and all(_off_deg(one, view, slope) <= AGREE_DEG for view in told)
    ]
    return min(fitting, key=lambda slope: (round(abs(abs(slope) - usual), 6), slope < 0.0), default=None)


def _off_deg(one: ToldView, other: ToldView, slope: float) -> float:
    expected = one.bearing_deg + slope * (other.at.pan - one.at.pan)
    return abs((other.bearing_deg - expected + 180.0) % 360.0 - 180.0)


def _tilt(now: Position, told: Sequence[ToldView], unit: float) -> tuple[float | None, bool]:
    """Degrees below the horizon, and whether the views tell it without a guess: also where the tilt is that of one."""
    known = [(view.at.tilt, view.tilt_deg) for view in told if view.tilt_deg is not None]
    if not known:
        return None, True
    near, near_deg = min(known, key=lambda one: abs(one[0] - now.tilt))
    if abs(near - now.tilt) <= WIDE_ENOUGH * unit / 5.0:
        return near_deg, True
    (low, low_deg), (high, high_deg) = min(known), max(known)
    if high - low >= WIDE_ENOUGH * unit:
        slope, is_sure = (high_deg - low_deg) / (high - low), True
    else:
        slope, is_sure = -USUAL_TILT_DEG / (unit if unit == 1.0 else USUAL_TILT_DEG), False
    return max(-90.0, min(90.0, near_deg + slope * (now.tilt - near))), is_sure


def _h_fov_deg(zoom: float | None, told: Sequence[ToldView]) -> float | None:
    """That of the same zoom, else between two by the focal length; beyond them nobody knows."""
    known = [(view.at.zoom, view.h_fov_deg) for view in told if view.h_fov_deg is not None]
    same = [fov for at, fov in known if is_same_zoom(at, zoom)]
    if same:
        return same[0]
    placed = sorted((at, fov) for at, fov in known if at is not None)
    for (low, wide), (high, narrow) in pairwise(placed):
        if zoom is not None and low <= zoom <= high and max(wide, narrow) < 180.0:
            share = (zoom - low) / (high - low)
            focal = [math.log(math.tan(math.radians(fov) / 2.0)) for fov in (wide, narrow)]
            return math.degrees(2.0 * math.atan(math.exp(focal[0] + share * (focal[1] - focal[0]))))
    return None
