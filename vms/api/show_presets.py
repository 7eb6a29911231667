"""Heads, presets and sensors as the answers of the API."""

from dataclasses import asdict

from vms.api.models.presets import AimNow, HeadPosition, HeadShown, PresetRow, PresetToldNow, SensorRow
from vms.coverage.head_aim import Aim
from vms.health.turning import Position
from vms.inventory.camera import Camera
from vms.services.poses.preset_views import HeadNow, PresetNow
from vms.store.heads import PresetTold
from vms.store.sensors import Sensor

_DEG_DIGITS = 2


def show_head(camera: Camera, now: HeadNow, *, may_tell: bool) -> HeadShown:
    head = now.head
    position = None if head is None else head.position
    stands = "" if head is None else head.preset
    return HeadShown(
        camera_id=camera.camera_id,
        can_turn=camera.ptz,
        read_at=None if head is None else head.read_at,
        position=_position(position),
        moving=head is not None and head.moving,
        preset=stands or None,
        between=position is not None and bool(now.presets) and not stands,
        presets_read_at=None if head is None else head.presets_read_at,
        aim=None if head is None else _aim(head.aim),
        presets=[_preset(one) for one in now.presets],
        may_tell=may_tell,
    )


def show_sensor(one: Sensor) -> SensorRow:
    return SensorRow(**asdict(one))


def _preset(one: PresetNow) -> PresetRow:
    preset = one.kept.preset
    return PresetRow(
        token=preset.token,
        name=preset.name,
        position=_position(preset.at),
        told=_told(one.kept.told),
        aim=_aim(one.aim),
    )


def _told(told: PresetTold | None) -> PresetToldNow | None:
    return None if told is None else PresetToldNow(**asdict(told))


def _aim(aim: Aim | None) -> AimNow | None:
    if aim is None:
        return None
    return AimNow(
        bearing_deg=round(aim.bearing_deg, _DEG_DIGITS) % 360.0,
        tilt_deg=None if aim.tilt_deg is None else round(aim.tilt_deg, _DEG_DIGITS),
        h_fov_deg=None if aim.h_fov_deg is None else round(aim.h_fov_deg, _DEG_DIGITS),
        source=aim.source.value,
        confidence=aim.confidence.word,
    )


def _position(at: Position | None) -> HeadPosition | None:
    return None if at is None else HeadPosition(pan=at.pan, tilt=at.tilt, zoom=at.zoom)
