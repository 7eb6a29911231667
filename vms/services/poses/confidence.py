"""How sure the archive is of where a camera looks, for coverage and for screens."""

from vms.coverage.confidence import PoseConfidence, confidence_of
from vms.inventory.camera import Camera, PoseCheck
from vms.inventory.pose_check import standing_check

OF_CHECK = {PoseCheck.VERIFIED: PoseConfidence.VERIFIED, PoseCheck.MEASURED: PoseConfidence.MEASURED}


def known_confidence(camera: Camera) -> PoseConfidence | None:
    """Of a check that still holds; None: there is none, and the bearing alone tells."""
    check = standing_check(camera)
    return None if check is None else OF_CHECK[check]


def camera_confidence(camera: Camera) -> PoseConfidence:
    return confidence_of(None if camera.pose is None else camera.pose.bearing_deg, known_confidence(camera))
