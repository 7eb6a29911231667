"""What a camera is to a point: it sees it, could see it, is blocked or looks elsewhere, and how well."""

from collections.abc import Iterable, Sequence
from enum import IntEnum, StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vms.core.ids import CameraId
from vms.coverage.confidence import PoseConfidence

TOLD = ("id", "sight", "distance_m", "density_px_per_m", "state", "confidence", "aimed")
"""Of what is found, in the order of a `Sighting`."""


class ViewState(IntEnum):
    """What a view is worth at the moment; whoever watches health and consent keeps it current."""

    USABLE = 0
    FAULTY = 1
    NO_CONSENT = 2


class Sight(StrEnum):
    SEES = "sees"
    COULD_SEE = "could_see"
    """In line of sight of a camera whose direction nobody told, or that would have to be turned there."""
    BLOCKED = "blocked"
    """Within its sector and range, behind a building."""
    ELSEWHERE = "elsewhere"
    """It looks another way, or not that far."""


class Sighting(NamedTuple):
    """A tuple, since a crowded spot has hundreds: a frozen dataclass takes twice as long to make."""

    camera_id: CameraId
    sight: Sight
    distance_m: float
    """On the ground, from where the view was computed."""
    density_px_per_m: float
    """On a target at the point, were it in sight."""
    state: ViewState
    confidence: PoseConfidence = PoseConfidence.DECLARED
    aimed: bool = True
    """False: it can turn, and looks elsewhere at this moment."""

    @property
    def sees(self) -> bool:
        return self.sight is Sight.SEES


_SIGHTS = (Sight.SEES, Sight.COULD_SEE, Sight.BLOCKED, Sight.ELSEWHERE)
"""As `look_up` numbers them; whoever says most comes first."""
_STATES = tuple(ViewState)
_CONFIDENCES = tuple(PoseConfidence)
_SAYS_MOST = {sight: place for place, sight in enumerate(_SIGHTS)}
_SIGHT_ORDER = {Sight.SEES: 0, Sight.COULD_SEE: 1, Sight.BLOCKED: 2, Sight.ELSEWHERE: 2}


def sightings_of(told: Sequence[NDArray[np.generic]]) -> Iterable[Sighting]:
    """Of the columns that TOLD names, row by row."""
    ids, sights, distances, densities, states, confidences, aimed = (column.tolist() for column in told)
    return map(
        Sighting,
        ids,
        map(_SIGHTS.__getitem__, sights),
        distances,
        densities,
        map(_STATES.__getitem__, states),
        map(_CONFIDENCES.__getitem__, confidences),
        aimed,
    )


def each_once(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Of a camera's sensors the one that says most: sees, could see, is blocked, looks elsewhere; then the nearest."""
    best: dict[CameraId, Sighting] = {}
    for sighting in sorted(sightings, key=lambda seen: (_SAYS_MOST[seen.sight], seen.distance_m)):
        best.setdefault(sighting.camera_id, sighting)
    return list(best.values())


def nearest_in_sight_first(sighting: Sighting) -> tuple[int, float, int]:
    return _SIGHT_ORDER[sighting.sight], sighting.distance_m, sighting.camera_id
