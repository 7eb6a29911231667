"""Is the device that answers now the new hardware of the points where another one was heard? (decision 5)

the records of all its cameras name the new device's serial number or MAC ..... proven
as many channels, every one with a name that says something and is the same ... proven
… but the old one was heard there a moment ago ................................ offered: two may have one address
anything else at the same address ............................................. offered to a person
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vms.core.ids import CameraId, DeviceId
from vms.inventory.camera import Camera
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.channel_evidence import specific_name, told_channels
from vms.inventory.identity.decide import AT_ONCE
from vms.inventory.identity.keys import KeyKind, real_serial, usable_mac, usable_serial
from vms.inventory.identity.reason import Reason, ReasonCode, because


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """The device that was there, with the cameras that are its channels."""

    device_id: DeviceId
    last_seen_at: datetime
    cameras: tuple[Camera, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    proven: bool
    pairs: tuple[tuple[str, CameraId], ...]
    """Channel of the new device → camera; those that can be told, also where it is not proven."""
    evidence: tuple[Reason, ...]


def judge_replacement(observed: ObservedDevice, old: Replaced, now: datetime) -> Replacement:
    """`observed` answers where `old`, which has at least one camera, was heard last, and is not `old`."""
    told = told_channels(observed.channels)
    device = old.device_id
    evidence = [because(ReasonCode.ANSWERS_IN_PLACE_OF, device=device)]
    if len(told) != len(old.cameras):
        reason = because(ReasonCode.OTHER_NUMBER_OF_CHANNELS, count=len(told), device=device, before=len(old.cameras))
        return Replacement(proven=False, pairs=(), evidence=(*evidence, reason))
    evidence.append(because(ReasonCode.AS_MANY_CHANNELS, count=len(told), device=device))
    named = [kind for camera in old.cameras if (kind := _named_by(camera, observed)) is not None]
    by_name = _pairs_by_name(observed, old.cameras)
    pairs = by_name
    if len(told) == 1:
        pairs = ((told[0].token, old.cameras[0].camera_id),)
    if len(by_name) == len(told):
        names = [channel.name for channel in told[:3]]
        evidence.append(because(ReasonCode.SAME_NAMES, device=device, names=names))
    if len(named) == len(old.cameras):
        evidence.append(because(ReasonCode.RECORD_NAMES_IT, camera=old.cameras[0].camera_id, key=named[0]))
        if len(pairs) < len(told):
            pairs = _pairs_by_token(observed, old.cameras)
    proven = len(pairs) == len(told) and (len(named) == len(old.cameras) or len(by_name) == len(told))
    ago = now - old.last_seen_at
    if proven and ago < AT_ONCE:
        proven = False
        evidence.append(because(ReasonCode.HEARD_JUST_NOW, device=device, seconds=max(0, int(ago.total_seconds()))))
    return Replacement(proven=proven, pairs=pairs, evidence=tuple(evidence))


def _named_by(camera: Camera, observed: ObservedDevice) -> KeyKind | None:
    """By which key the record of the camera names the device: somebody entered the new hardware."""
    declared = camera.declared
    serial = usable_serial(observed)
    if serial and real_serial(declared.serial_no, declared.model, declared.manufacturer) == serial:
        return KeyKind.SERIAL
    mac = usable_mac(declared.mac)
    return KeyKind.MAC if mac and mac in {usable_mac(one) for one in observed.macs} else None


def _pairs_by_name(observed: ObservedDevice, cameras: Sequence[Camera]) -> tuple[tuple[str, CameraId], ...]:
    told = {channel.token: specific_name(channel.name, observed.model) for channel in told_channels(observed.channels)}
    before = [specific_name(camera.observed_name, observed.model) for camera in cameras]
    return tuple(
        (token, cameras[before.index(name)].camera_id)
        for token, name in told.items()
        if name and before.count(name) == 1 and list(told.values()).count(name) == 1
    )


def _pairs_by_token(observed: ObservedDevice, cameras: Sequence[Camera]) -> tuple[tuple[str, CameraId], ...]:
    by_token = {camera.channel: camera.camera_id for camera in cameras}
    tokens = [channel.token for channel in told_channels(observed.channels)]
    return tuple((token, by_token[token]) for token in tokens if token in by_token)
