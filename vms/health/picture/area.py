"""Weather and light over a whole area: one event, not a fault of each camera in it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vms.core.ids import CameraId
from vms.health.fault import FaultKind

M_PER_DEG = 111_320.0


class Weather(StrEnum):
    FOG = "fog"
    DARKNESS = "darkness"
    GLARE = "glare"
    SNOWFALL = "snowfall"
    DUST = "dust"


SHOWS: Mapping[Weather, frozenset[FaultKind]] = {
    Weather.FOG: frozenset({FaultKind.LOW_CONTRAST, FaultKind.BLUR}),
    Weather.DARKNESS: frozenset({FaultKind.TOO_DARK, FaultKind.MONO, FaultKind.NOISE}),
    Weather.GLARE: frozenset({FaultKind.TOO_BRIGHT}),
    Weather.SNOWFALL: frozenset({FaultKind.SNOW}),
    Weather.DUST: frozenset({FaultKind.COLOR_CAST}),
}
"""The kinds that a weather can pretend. What no weather does (occlusion, stripes, mosaic) is never excused."""
WEATHER_KINDS = frozenset[FaultKind]().union(*SHOWS.values())
_WORDS: Mapping[FaultKind, str] = {
    FaultKind.LOW_CONTRAST: "low contrast",
    FaultKind.BLUR: "blur",
    FaultKind.TOO_DARK: "darkness",
    FaultKind.MONO: "no colour",
    FaultKind.NOISE: "noise",
    FaultKind.TOO_BRIGHT: "glare",
    FaultKind.SNOW: "snowflakes",
    FaultKind.COLOR_CAST: "a colour cast",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraLook:
    """One camera looked at within the window, with or without findings."""

    camera_id: CameraId
    device: str
    """Cameras of one recorder or encoder count once: what they share is no weather."""
    lon_deg: float
    lat_deg: float
    kinds: frozenset[FaultKind]
    since: Mapping[FaultKind, datetime] = field(default_factory=dict)
    """When each of them was opened, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaEvent:
    weather: Weather
    camera_ids: tuple[CameraId, ...]
    """Whose findings of these kinds are the weather's."""
    kinds: frozenset[FaultKind]
    looked_at: int
    because: str
    fell_from: datetime | None = None
    """What these cameras have shown for longer is their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaPolicy:
    cell_m: float = 2000.0
    least_devices: int = 6
    """Fewer that show it can be chance."""
    share: float = 0.5
    """Of the devices looked at in a cell and its eight neighbours."""


USUAL_AREA_POLICY = AreaPolicy()
LASTING_AREA_POLICY = AreaPolicy(least_devices=3, share=0.2)
"""What an event that has begun needs to go on: cameras come out of the fog one after the other."""

Cell = tuple[int, int]


def area_events(looks: Sequence[CameraLook], policy: AreaPolicy = USUAL_AREA_POLICY) -> tuple[AreaEvent, ...]:
    """Costs one pass over the looks for each weather; connected cells are one event."""
    by_cell: defaultdict[Cell, list[CameraLook]] = defaultdict(list)
    for look in looks:
        by_cell[_cell(look, policy.cell_m)].append(look)
    return tuple(event for weather in Weather for event in _events_of(weather, by_cell, policy))


def crowd_of(cameras: Iterable[CameraLook], policy: AreaPolicy = USUAL_AREA_POLICY) -> dict[Cell, int]:
    """How many devices stand in each cell, whether they are looked at or not."""
    devices: defaultdict[Cell, set[str]] = defaultdict(set)
    for camera in cameras:
        devices[_cell(camera, policy.cell_m)].add(camera.device)
    return {cell: len(here) for cell, here in devices.items()}


def may_be_weather(
    showing: Iterable[CameraLook], crowd: Mapping[Cell, int], policy: AreaPolicy = USUAL_AREA_POLICY
) -> bool:
    """From those that show something alone: are there enough of them for an event anywhere, where at least half of the
    cameras around were looked at? Costs nothing on an ordinary day."""
    cells: defaultdict[Cell, list[CameraLook]] = defaultdict(list)
    for look in showing:
        cells[_cell(look, policy.cell_m)].append(look)
    around = {cell: sum(crowd.get(near, 0) for near in (cell, *_neighbours(cell))) for cell in cells}
    for kinds in SHOWS.values():
        devices = {cell: {look.device for look in here if look.kinds & kinds} for cell, here in cells.items()}
        for cell in cells:
            found = _around(devices, cell) if devices[cell] else 0
            if found >= policy.least_devices and found >= policy.share * around[cell] / 2:
                return True
    return False


def left_over(look: CameraLook, events: Iterable[AreaEvent]) -> frozenset[FaultKind]:
    """The camera's kinds that no event explains."""
    excused = (event.kinds for event in events if look.camera_id in event.camera_ids)
    return look.kinds.difference(*excused)


def suppressed(events: Iterable[AreaEvent]) -> dict[CameraId, frozenset[FaultKind]]:
    """Camera → kinds that are the weather's."""
    kinds: dict[CameraId, frozenset[FaultKind]] = {}
    for event in events:
        for camera_id in event.camera_ids:
            kinds[camera_id] = kinds.get(camera_id, frozenset()) | event.kinds
    return kinds


def _events_of(weather: Weather, by_cell: Mapping[Cell, list[CameraLook]], policy: AreaPolicy) -> list[AreaEvent]:
    kinds = SHOWS[weather]
    devices = {cell: {look.device for look in here} for cell, here in by_cell.items()}
    showing = {cell: {look.device for look in here if look.kinds & kinds} for cell, here in by_cell.items()}
    affected = {
        cell
        for cell in by_cell
        if showing[cell]
        and _around(showing, cell) >= policy.least_devices
        and _around(showing, cell) >= policy.share * _around(devices, cell)
    }
    events = []
    while affected:
        cells = _connected(affected.pop(), affected)
        shown = [look for cell in cells for look in by_cell[cell] if look.kinds & kinds]
        looked_at = sum(len(by_cell[cell]) for cell in cells)
        most = Counter(kind for look in shown for kind in look.kinds & kinds).most_common(1)[0][0]
        because = f"{len(shown)} of {looked_at} cameras in one area show {_WORDS[most]} at the same time"
        ids = tuple(sorted(look.camera_id for look in shown))
        events.append(AreaEvent(weather=weather, camera_ids=ids, kinds=kinds, looked_at=looked_at, because=because))
    return sorted(events, key=lambda event: event.camera_ids)


def _around(sets: Mapping[Cell, set[str]], cell: Cell) -> int:
    return len(set().union(*(sets.get(near, set()) for near in (cell, *_neighbours(cell)))))


def _neighbours(cell: Cell) -> list[Cell]:
    return [(cell[0] + x, cell[1] + y) for x in (-1, 0, 1) for y in (-1, 0, 1) if x or y]


def _connected(start: Cell, left: set[Cell]) -> list[Cell]:
    """Takes the cells out of `left`."""
    edge, found = [start], [start]
    while edge:
        near = left.intersection(_neighbours(edge.pop()))
        left -= near
        edge.extend(near)
        found.extend(near)
    return found


def _cell(look: CameraLook, cell_m: float) -> Cell:
    band = math.floor(look.lat_deg * M_PER_DEG / cell_m)
    middle_deg = (band + 0.5) * cell_m / M_PER_DEG
    return math.floor(look.lon_deg * M_PER_DEG * math.cos(math.radians(middle_deg)) / cell_m), band
