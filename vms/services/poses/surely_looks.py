"""How far the direction of a camera is to be trusted when feeds are put in order, and which way it looks now."""

from vms.coverage.confidence import PoseConfidence, confidence_of
from vms.inventory.camera import Camera
from vms.services.coverage.views_of_cameras import KnownViews, views_of_camera

ALL_AROUND_DEG = 360.0
HOW_SURE = {
    PoseConfidence.UNKNOWN: 0.0,
    PoseConfidence.EIGHT_WAY: 0.3,
    PoseConfidence.DECLARED: 0.6,
    PoseConfidence.MEASURED: 0.9,
    PoseConfidence.VERIFIED: 1.0,
}
"""Of the direction: one of eight words may be 22.5° off, and the spot out of the picture."""


def looks_everywhere(camera: Camera) -> bool:
    """Its direction does not matter."""
    h_fov_deg = None if camera.pose is None else camera.pose.h_fov_deg
    return not camera.ptz and (h_fov_deg or 0.0) >= ALL_AROUND_DEG


def how_sure(camera: Camera, known: KnownViews) -> float | None:
    """0 … 1 of the view that counts as seeing now, of several the least sure; None: its direction does not matter."""
    if looks_everywhere(camera):
        return None
    seeing = [one for one in views_of_camera(camera, known) if not one.could and one.pose.bearing_deg is not None]
    return min(
        (HOW_SURE[confidence_of(one.pose.bearing_deg, PoseConfidence(one.known))] for one in seeing), default=0.0
    )


def looks_now_deg(camera: Camera, known: KnownViews) -> float | None:
    """Where its head is turned to, else as the record says; None of several sensors, or where nobody said."""
    if camera.camera_id in known.sensors:
        return None
    aim = known.aims.get(camera.camera_id)
    if aim is not None:
        return aim.bearing_deg
    return None if camera.pose is None else camera.pose.bearing_deg
