"""What nobody sees any more when some cameras go blind: metres of road and key places that only they cover now."""

from collections.abc import Collection
from dataclasses import dataclass

from vms.core.ids import CameraId
from vms.coverage.tally import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLoss:
    placed: int
    """How many of them have a view at all; the others cost nobody knows what."""
    road_m: float
    places: tuple[str, ...]
    """By name, each once."""
    weighted_m: float = 0.0
    """Metres and places by their weights."""


def loss_without(tally: Tally, camera_ids: Collection[int]) -> CoverageLoss:
    """Against all of them healthy, and everybody else as they are now. Milliseconds for a thousand cameras."""
    wanted = [CameraId(camera_id) for camera_id in dict.fromkeys(camera_ids)]
    demand, lost = tally.demand, tally.lost_without(wanted)
    places = lost[demand.is_place[lost]]
    return CoverageLoss(
        placed=sum(camera_id in tally.index for camera_id in wanted),
        road_m=float(tally.road_mm[lost].sum()) / 1000.0,
        places=tuple(sorted({demand.name(row) for row in places.tolist()})),
        weighted_m=float(tally.worth_m[lost].sum()),
    )
