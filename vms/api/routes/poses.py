"""Which way a camera looks: what is known of it, fits from clicked points, corrections; the view of one pose."""

from collections.abc import Sequence

from fastapi import APIRouter

from vms.access.roles import Person
from vms.api.guards import AnyCall, JudgeCall, RoomsNow, StaffCall
from vms.api.models.poses import (
    CameraPoseNow,
    HeldAsked,
    PictureAsked,
    PointAsked,
    PoseFitAsked,
    PoseFitNow,
    PosePut,
    ViewAsked,
    ViewNow,
)
from vms.api.models.shape import IdNumber
from vms.api.rooms import Rooms
from vms.api.routes.camera import known_camera
from vms.api.show_poses import show_camera_pose, show_fit, show_view
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.pose_fit.asked import Known, Sight
from vms.coverage.pose_fit.fit import fit_pose
from vms.coverage.pose_fit.model import PictureSize
from vms.inventory.camera import Pose
from vms.services.poses.keep_pose import NewPose, keep_pose
from vms.services.poses.may_correct import may_correct, refuse_stranger
from vms.services.poses.pose_now import pose_now
from vms.store import camera_changes, registrations
from vms.store.poses import PictureUsed

router = APIRouter(tags=["poses"])


@router.get("/cameras/{camera_id}/pose")
def camera_pose(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> CameraPoseNow:
    return _shown(rooms, camera_id, call.person)


@router.post("/cameras/{camera_id}/pose/fit")
def fit_camera_pose(camera_id: IdNumber, body: PoseFitAsked, call: JudgeCall, rooms: RoomsNow) -> PoseFitNow:
    """Changes nothing: the pose that agrees best with the points, its error, the point that disagrees."""
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
        refuse_stranger(tx, call.person, camera_id)
    size = PictureSize(width_px=body.picture.width_px, height_px=body.picture.height_px)
    return show_fit(fit_pose(_sights(body.points), size, _known(body.held, bends=body.lens_bends)), size)


@router.put("/cameras/{camera_id}/pose")
def correct_camera_pose(camera_id: IdNumber, body: PosePut, call: JudgeCall, rooms: RoomsNow) -> CameraPoseNow:
    """Into the record, with who, when and by which points; coverage is computed anew at once."""
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
    new = NewPose(
        how=body.how,
        position=_place(body.lon, body.lat),
        bearing_deg=body.bearing_deg,
        tilt_deg=body.tilt_deg,
        h_fov_deg=body.h_fov_deg,
        v_fov_deg=body.v_fov_deg,
        mount_height_m=body.mount_height_m,
        max_view_m=body.max_view_m,
        picture=None if body.picture is None else _picture(body.picture),
        points=_sights(body.points),
        why=body.why,
        revision=body.revision,
    )
    keep_pose(rooms.database, CameraId(camera_id), new, call.person, rooms.clock())
    return _shown(rooms, camera_id, call.person)


@router.post("/coverage/view")
def view_of_pose(body: ViewAsked, _call: StaffCall, rooms: RoomsNow) -> ViewNow:
    """What a camera with this pose would see now, between the buildings; nothing is kept."""
    pose = Pose(
        position=Wgs84(body.lon, body.lat),
        bearing_deg=body.bearing_deg,
        tilt_deg=body.tilt_deg,
        h_fov_deg=body.h_fov_deg,
        mount_height_m=body.mount_height_m,
        max_view_m=body.max_view_m,
    )
    view = rooms.coverage.view_of(pose, width_px=body.width_px, indoor=body.indoor, ptz=body.ptz)
    return show_view(view, body)


def _shown(rooms: Rooms, camera_id: int, person: Person) -> CameraPoseNow:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, person, camera_id)
        return show_camera_pose(
            camera,
            pose_now(tx, camera),
            may_correct=may_correct(tx, person, camera_id),
            may_move=registrations.of_camera(tx, camera.camera_id) is None,
            revision=camera_changes.revision(tx, camera_id),
        )


def _sights(points: Sequence[PointAsked]) -> tuple[Sight, ...]:
    return tuple(
        Sight(x_px=point.x_px, y_px=point.y_px, position=Wgs84(point.lon, point.lat), height_m=point.height_m)
        for point in points
    )


def _known(held: HeldAsked, *, bends: bool) -> Known:
    return Known(
        position=_place(held.lon, held.lat),
        mount_height_m=held.mount_height_m,
        bearing_deg=held.bearing_deg,
        tilt_deg=held.tilt_deg,
        roll_deg=held.roll_deg,
        h_fov_deg=held.h_fov_deg,
        straight=not bends,
    )


def _place(lon: float | None, lat: float | None) -> Wgs84 | None:
    if (lon is None) != (lat is None):
        raise BadInput("a position needs both lon and lat", where="lon" if lon is None else "lat")
    return None if lon is None or lat is None else Wgs84(lon, lat)


def _picture(asked: PictureAsked) -> PictureUsed:
    return PictureUsed(
        width_px=asked.width_px,
        height_px=asked.height_px,
        at=asked.at,
        roll_deg=asked.roll_deg,
        distortion=asked.distortion,
    )
