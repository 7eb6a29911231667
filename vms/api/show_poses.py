"""Poses, fits and views as the answers of the API."""

import math

from vms.api.models.poses import (
    CameraPoseNow,
    FittedPoseNow,
    LineOverPicture,
    PictureKept,
    PointFitted,
    PointKept,
    PoseCheckLost,
    PoseCorrectionRow,
    PoseErrorsNow,
    PoseFitNow,
    ViewAsked,
    ViewBandNow,
    ViewNow,
)
from vms.api.show import show_pose
from vms.core.geo import Wgs84
from vms.coverage.density import IEC_62676_4_2014
from vms.coverage.pose_fit.asked import WIDEST_DEG
from vms.coverage.pose_fit.fit import FittedPose, PoseFit
from vms.coverage.pose_fit.model import PictureSize
from vms.coverage.pose_fit.overlay import lines_over_picture
from vms.coverage.view import View
from vms.inventory.camera import Camera
from vms.services.coverage.views_of_cameras import width_px
from vms.services.poses.keep_pose import How
from vms.services.poses.pose_now import KnownPose
from vms.store.poses import Correction

_PX_DIGITS, _DEG_DIGITS, _M_DIGITS = 1, 3, 3


def show_camera_pose(
    camera: Camera, known: KnownPose, *, may_correct: bool, may_move: bool, revision: int
) -> CameraPoseNow:
    lost = known.lost
    return CameraPoseNow(
        camera_id=camera.camera_id,
        declared=show_pose(camera.declared.pose),
        observed=show_pose(camera.observed_pose),
        confidence=known.confidence.word,
        doubt_deg=known.confidence.doubt_deg,
        looks_deg=None if known.aim is None else round(known.aim.bearing_deg, _DEG_DIGITS),
        looks_source="" if known.aim is None else known.aim.source.value,
        checked=None if known.checked is None else show_correction(known.checked),
        lost=None if lost is None else PoseCheckLost(why=lost.why, fields=list(lost.fields), who=lost.who, at=lost.at),
        corrections=[show_correction(one) for one in known.corrections],
        may_correct=may_correct,
        may_move=may_move,
        revision=revision,
        width_px=width_px(camera),
        indoor=camera.declared.indoor,
        ptz=camera.ptz,
    )


def show_correction(one: Correction) -> PoseCorrectionRow:
    after = show_pose(one.after)
    assert after is not None
    picture = one.picture
    return PoseCorrectionRow(
        id=one.correction_id,
        at=one.at,
        who=one.who,
        how=How(one.how),
        why=one.why,
        before=show_pose(one.before),
        after=after,
        picture=None
        if picture is None
        else PictureKept(
            width_px=picture.width_px,
            height_px=picture.height_px,
            at=picture.at,
            roll_deg=picture.roll_deg,
            distortion=picture.distortion,
        ),
        points=[
            PointKept(
                x_px=point.x_px,
                y_px=point.y_px,
                lon=point.lon,
                lat=point.lat,
                height_m=point.height_m,
                off_px=point.off_px,
            )
            for point in one.points
        ],
        rms_px=one.rms_px,
        ended_at=one.ended_at,
        ended_by=one.ended_by,
        ended_why=one.ended_why,
    )


def show_fit(found: PoseFit, size: PictureSize) -> PoseFitNow:
    pose, errors = found.pose, found.errors
    return PoseFitNow(
        pose=FittedPoseNow(
            lon=round(pose.position.lon, 8),
            lat=round(pose.position.lat, 8),
            mount_height_m=round(pose.mount_height_m, _M_DIGITS),
            bearing_deg=round(pose.bearing_deg, _DEG_DIGITS) % 360.0,
            tilt_deg=round(pose.tilt_deg, _DEG_DIGITS),
            roll_deg=round(pose.roll_deg, _DEG_DIGITS),
            h_fov_deg=round(pose.h_fov_deg, _DEG_DIGITS),
            v_fov_deg=round(pose.v_fov_deg, _DEG_DIGITS),
            distortion=round(pose.distortion, 5),
        ),
        errors=PoseErrorsNow(
            position_m=round(errors.position_m, _M_DIGITS),
            mount_height_m=round(errors.mount_height_m, _M_DIGITS),
            bearing_deg=round(errors.bearing_deg, _DEG_DIGITS),
            tilt_deg=round(errors.tilt_deg, _DEG_DIGITS),
            h_fov_deg=round(errors.h_fov_deg, _DEG_DIGITS),
        ),
        rms_px=round(found.rms_px, 2),
        points=[
            PointFitted(
                x_px=round(sight.x_px, _PX_DIGITS),
                y_px=round(sight.y_px, _PX_DIGITS),
                residual_px=round(sight.residual_px, 2),
                alone_px=None if sight.alone_px is None else round(sight.alone_px, 2),
            )
            for sight in found.sights
        ],
        map_error_m=found.map_error_m,
        disagrees=found.disagrees,
        lines=show_lines(pose, size),
    )


def show_lines(pose: FittedPose, size: PictureSize) -> list[LineOverPicture]:
    return [
        LineOverPicture(kind=line.kind, value=line.value, pixels=list(line.pixels))
        for line in lines_over_picture(pose, size)
    ]


def show_view(view: View, asked: ViewAsked) -> ViewNow:
    position = view.position
    bands = [
        ViewBandNow(
            name=band.name,
            least_px_per_m=band.least_px_per_m,
            reach_m=round(min(view.range_m, view.distance_at_m(band.least_px_per_m)), 1),
            area_m2=round(band.area_m2, 1),
        )
        for band in view.bands(IEC_62676_4_2014)
    ]
    return ViewNow(
        geometry=view.geometry(),
        lon=position.lon,
        lat=position.lat,
        snapped=view.snapped,
        indoor=view.indoor,
        near_m=round(view.near_m, 1) if math.isfinite(view.near_m) else round(view.range_m, 1),
        range_m=round(view.range_m, 1),
        area_m2=round(view.area_m2, 1),
        bands=bands,
        lines=_lines_of(asked),
    )


def _lines_of(asked: ViewAsked) -> list[LineOverPicture]:
    told = (asked.bearing_deg, asked.tilt_deg, asked.h_fov_deg, asked.mount_height_m)
    bearing_deg, tilt_deg, h_fov_deg, height_m = told
    picture = asked.picture
    if picture is None or bearing_deg is None or tilt_deg is None or h_fov_deg is None or height_m is None:
        return []
    if h_fov_deg > WIDEST_DEG or height_m < 0.5:
        return []
    pose = FittedPose(
        position=Wgs84(asked.lon, asked.lat),
        mount_height_m=height_m,
        bearing_deg=bearing_deg,
        tilt_deg=tilt_deg,
        roll_deg=picture.roll_deg,
        h_fov_deg=h_fov_deg,
        v_fov_deg=0.0,
        distortion=picture.distortion,
    )
    return show_lines(pose, PictureSize(width_px=picture.width_px, height_px=picture.height_px))
