"""Ways of travel: who may go where, and how fast."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vms.places.town import Road

WALKING_M_S = 1.4
CYCLING_M_S = 15.0 / 3.6
_NOT_FOR_CARS = frozenset({"footway", "path", "steps", "cycleway", "pedestrian"})
_CARS_ONLY = frozenset({"motorway"})


class Travel(StrEnum):
    WALK = "walk"
    BICYCLE = "bicycle"
    CAR = "car"


def roads_for(roads: Sequence[Road], travel: Travel) -> list[Road]:
    """Those that anybody may use this way: a footpath that meets a street is no junction to a car."""
    return [road for road, speed in zip(roads, speeds_m_s(roads, travel).max(axis=1), strict=True) if speed > 0.0]


def speeds_m_s(roads: Sequence[Road], travel: Travel) -> NDArray[np.float64]:
    """(n, 2): along each road and against it; 0 where nobody may.

    One-ways bind cars only, and cars keep to the road's speed. Whoever flees by bicycle rides on footways too and
    carries it over steps; nobody goes on foot along a motorway, and nobody where the map says that they may not.
    """
    found = np.zeros((len(roads), 2))
    for number, road in enumerate(roads):
        kind = road.kind.removesuffix("_link")
        if {Travel.CAR: road.no_car, Travel.BICYCLE: road.no_bicycle, Travel.WALK: road.no_foot}[travel]:
            continue
        if travel is Travel.CAR:
            speed = 0.0 if kind in _NOT_FOR_CARS else road.speed_km_h / 3.6
            found[number] = (speed, 0.0 if road.oneway else speed)
        elif kind not in _CARS_ONLY:
            found[number] = WALKING_M_S if travel is Travel.WALK or kind == "steps" else CYCLING_M_S
    return found
