"""The whole record of a camera as models: declared, observed, device, watch, faults, history."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from vms.api.models.cameras import (
    DeclaredNow,
    DeviceNow,
    DifferenceNow,
    FaultNow,
    FlipRow,
    LayerNow,
    ObservedNow,
    StreamNow,
    UptimeNow,
    WatchNow,
)
from vms.api.show import show_pose
from vms.core.intervals import Interval
from vms.health.layer import Layer
from vms.health.session import WatchSession
from vms.health.uptime import Blind, uptime
from vms.health.watch import OK, Flip
from vms.inventory.archive.fields import FIELDS
from vms.inventory.camera import Camera
from vms.inventory.differences import Difference
from vms.inventory.identity.known_device import KnownDevice
from vms.store.faults import FaultRow
from vms.store.recordings import RecordingCheck
from vms.store.watching import StatusRow

_ADDRESSES = frozenset(field.name for field in FIELDS if field.network)


def show_declared(camera: Camera, *, addresses: bool, whose: bool) -> DeclaredNow:
    declared = camera.declared
    return DeclaredNow(
        name=declared.name,
        common_name=declared.common_name,
        tier=declared.tier,
        point_class=declared.point_class,
        region_code=declared.region_code,
        install_address=declared.install_address,
        pole_code=declared.pole_code,
        gb_device_id=declared.gb_device_id,
        serial_no=declared.serial_no if whose else "",
        mac=declared.mac if addresses else None,
        address=declared.address if addresses else None,
        port=declared.port if addresses else None,
        manufacturer=declared.manufacturer,
        model=declared.model,
        indoor=declared.indoor,
        pose=show_pose(declared.pose),
        entered_x=declared.entered_x,
        entered_y=declared.entered_y,
        entered_system=declared.entered_system,
        asset_status=declared.asset_status,
    )


def show_observed(camera: Camera) -> ObservedNow:
    return ObservedNow(
        name=camera.observed_name,
        channel=camera.channel,
        ptz=camera.ptz,
        has_snapshot=camera.snapshot_uri is not None,
        pose=show_pose(camera.observed_pose),
    )


def show_device(device: KnownDevice, *, addresses: bool, whose: bool) -> DeviceNow:
    observed = device.observed
    return DeviceNow(
        id=device.device_id,
        address=observed.address if addresses else None,
        port=observed.port if addresses else None,
        manufacturer=observed.manufacturer,
        model=observed.model,
        firmware=observed.firmware,
        serial_no=observed.serial_no if whose else "",
        mac=observed.mac if addresses else None,
        auth=observed.auth,
        login_refused=device.login_refused_version is not None or observed.login_refused,
        first_seen_at=device.first_seen_at,
        last_seen_at=device.last_seen_at,
        problems=[problem.code for problem in observed.problems],
    )


def show_streams(camera: Camera, *, addresses: bool) -> list[StreamNow]:
    return [
        StreamNow(
            role=stream.role,
            profile=stream.profile,
            encoding=stream.encoding,
            width=stream.width,
            height=stream.height,
            uri=stream.uri if addresses else None,
        )
        for stream in camera.streams
    ]


def show_differences(found: Sequence[Difference], *, addresses: bool, whose: bool) -> list[DifferenceNow]:
    return [
        DifferenceNow(
            field=one.field,
            declared=one.declared,
            observed=one.observed,
            sentence_en=f"declared {one.declared}; the device says {one.observed}",
            sentence_zh=f"登记为 {one.declared}；设备报告 {one.observed}",
        )
        for one in found
        if (addresses or one.field not in _ADDRESSES) and (whose or one.field != "serial_no")
    ]


def show_watch(row: StatusRow, check: RecordingCheck | None, standing: Sequence[FaultRow]) -> WatchNow:
    """Every layer is there, also those that nobody looked at. `check`: the last look at its recordings."""
    layers = [
        LayerNow(
            layer=layer,
            ok=None if layer.value not in row.layers else row.layers[layer.value] == OK,
            because="" if row.layers.get(layer.value, OK) == OK else row.layers[layer.value],
        )
        for layer in Layer
        if layer is not Layer.RECORDING
    ]
    layers.append(_recording(check, standing))
    return WatchNow(
        status=row.status,
        since=row.since,
        because=row.because,
        layers=layers,
        clock_offset_s=row.clock_offset_s,
        looked_at=row.updated_at,
    )


def _recording(check: RecordingCheck | None, standing: Sequence[FaultRow]) -> LayerNow:
    """Not by the poller: the jobs look at recordings, seldom."""
    if check is None or check.because:
        return LayerNow(layer=Layer.RECORDING, ok=None, because="" if check is None else check.because)
    kinds = [fault.kind for fault in standing if fault.layer is Layer.RECORDING]
    return LayerNow(layer=Layer.RECORDING, ok=not kinds, because="; ".join(kinds))


def show_fault(row: FaultRow) -> FaultNow:
    return FaultNow(
        id=row.fault_id,
        kind=row.kind,
        layer=row.layer,
        severity=row.severity,
        because=row.because,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outage_id=row.outage_id,
        score=row.score,
    )


def show_flips(flips: Sequence[Flip]) -> list[FlipRow]:
    """Newest first."""
    return [
        FlipRow(at=flip.at, from_status=flip.from_status, to_status=flip.to_status, because=flip.because)
        for flip in reversed(flips)
    ]


def show_uptime(
    flips: Sequence[Flip], sessions: Sequence[WatchSession], blind: Sequence[Blind], now: datetime
) -> UptimeNow:
    """`flips`, `sessions` and `blind` spells of the last 7 days."""
    day = uptime(flips, sessions, Interval(now - timedelta(days=1), now), blind)
    week = uptime(flips, sessions, Interval(now - timedelta(days=7), now), blind)
    return UptimeNow(day_share=day.online_share, week_share=week.online_share)
