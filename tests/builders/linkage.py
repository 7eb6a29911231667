"""Feed candidates around one spot."""

from datetime import UTC, datetime

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.status import Status
from vms.inventory.tier import Tier
from vms.linkage.feed import FeedCandidate

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SPOT = Wgs84(24.94, 60.17)


def a_candidate(camera_id: int = 1, **told) -> FeedCandidate:
    """Sees the spot at 140 px/m from 38 m south of it, is up, allowed, with a picture 20 s old; unless told."""
    usual = {
        "name": f"camera {camera_id}",
        "tier": Tier.GOVERNMENT,
        "position": Wgs84(24.94, 60.16966),
        "bearing_deg": 0.0,
        "sees": True,
        "density_px_per_m": 140.0,
        "distance_m": 38.0,
        "status": Status.UP,
        "picture_age_s": 20.0,
    }
    return FeedCandidate(camera_id=CameraId(camera_id), **{**usual, **told})
