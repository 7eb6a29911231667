"""A town as values: what a map tells about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    outline: NDArray[np.float64]
    """(n, 2) lon, lat; not closed (the last corner differs from the first)."""
    holes: tuple[NDArray[np.float64], ...] = ()
    """Courtyards: rings like the outline."""
    height_m: float | None = None
    name: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    line: NDArray[np.float64]
    """(n, 2) lon, lat in the direction of travel where `oneway`."""
    name: str = ""
    name_zh: str = ""
    name_en: str = ""
    """In Chinese and in English where the map says so beside `name`, which is as people there write it."""
    kind: str = "residential"
    """OSM's highway value; of a railway its railway value."""
    oneway: bool = False
    speed_km_h: float = 30.0
    bridge: bool = False
    tunnel: bool = False
    no_car: bool = False
    no_bicycle: bool = False
    no_foot: bool = False
    """Who may not go here, whatever the kind of road."""
    source_id: str = ""


class PlaceKind(StrEnum):
    KEY_PLACE = "key_place"
    """School, hospital, bank, station, government office, market, …: what a network must cover."""
    ENTRANCE = "entrance"
    SQUARE = "square"
    ADDRESS = "address"
    POLE = "pole"
    CROSSING = "crossing"
    """Where two named roads meet; its name is both, "A / B"."""
    TOWN_EXIT = "town_exit"
    """Where one enters and leaves the town, as an office says."""
    BARRIER = "barrier"
    """A bollard, a gate: a point on a corner of a road. Its category is whom it stops: `car`, `car bicycle`, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    kind: PlaceKind
    name: str
    position: Wgs84
    name_zh: str = ""
    name_en: str = ""
    category: str = ""
    """`school`, `bank`, `hospital`, … as OSM's amenity says; of an entrance what kind of entrance."""
    address: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """The sequences are tuples, or packed ones (`vms.places.packed`) where the town is large."""

    name: str
    attribution: str
    buildings: Sequence[Building] = ()
    roads: Sequence[Road] = ()
    railways: Sequence[Road] = ()
    places: Sequence[Place] = ()
    boundary: NDArray[np.float64] | None = None
