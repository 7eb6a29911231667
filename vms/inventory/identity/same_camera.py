"""Are these two records one camera: a recorder's channel, and the camera itself that answers directly? (decision 5)

ONVIF does not say which camera hangs on a recorder's channel. What can be had: the recorder names the channel by the
camera's serial number or MAC, the archive's record of one names the other's keys or both have one national id (proven);
both show the same name that nothing else has, with a picture of the same width (likely: a person is asked).
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from vms.inventory.camera import Camera, Declared, StreamRole
from vms.inventory.identity.channel_evidence import specific_name
from vms.inventory.identity.keys import DeviceKey, KeyKind, real_serial, tidy_mac, usable_mac
from vms.inventory.identity.reason import Reason, ReasonCode, because


class Likeness(StrEnum):
    PROVEN = "proven"
    LIKELY = "likely"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A camera with what its device is known by."""

    camera: Camera
    keys: frozenset[DeviceKey]
    channels: int
    """Of its device."""
    model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    likeness: Likeness
    evidence: tuple[Reason, ...] = ()


_MAC = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}[:\-]?){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f])")
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{6,60}[A-Za-z0-9]")


def keys_in_name(name: str) -> frozenset[DeviceKey]:
    """Serial numbers and MACs that a channel's name may hold; whether any device has them is another question."""
    found: set[DeviceKey] = set()
    for match in _MAC.finditer(name):
        if mac := usable_mac(tidy_mac(match.group(0))):
            found.add(DeviceKey(KeyKind.MAC.value, mac))
    for match in _SERIAL.finditer(name):
        text = match.group(0)
        if any(character.isdigit() for character in text) and (serial := real_serial(text)):
            found.add(DeviceKey(KeyKind.SERIAL.value, serial))
    return frozenset(found)


def keys_in_record(declared: Declared) -> frozenset[DeviceKey]:
    """By which a person named the device."""
    found: set[DeviceKey] = set()
    if serial := real_serial(declared.serial_no, declared.model, declared.manufacturer):
        found.add(DeviceKey(KeyKind.SERIAL.value, serial))
    if mac := usable_mac(declared.mac):
        found.add(DeviceKey(KeyKind.MAC.value, mac))
    return frozenset(found)


def judge_same_camera(one: Candidate, other: Candidate, *, name_is_unique: bool) -> Judgement:
    """`name_is_unique`: no third camera has the name. Two channels of one device are never one camera, nor are two
    recorders' channels: one of the two has to be a device with one channel."""
    if one.camera.device_id == other.camera.device_id or min(one.channels, other.channels) != 1:
        return Judgement(likeness=Likeness.NO)
    direct, far = (one, other) if one.channels == 1 else (other, one)
    proof = _proof(direct, far)
    if proof:
        return Judgement(likeness=Likeness.PROVEN, evidence=proof)
    if max(one.channels, other.channels) == 1:  # two devices with one channel each: equal names happen
        return Judgement(likeness=Likeness.NO)
    name = specific_name(direct.camera.observed_name, direct.model)
    if not (name_is_unique and name and name == specific_name(far.camera.observed_name, far.model)):
        return Judgement(likeness=Likeness.NO)
    evidence = [because(ReasonCode.SAME_SPECIFIC_NAME, name=direct.camera.observed_name)]
    width, far_width = _width(direct.camera), _width(far.camera)
    if width and width == far_width:
        evidence.append(because(ReasonCode.SAME_PICTURE, width=width))
    return Judgement(likeness=Likeness.LIKELY, evidence=tuple(evidence))


def _proof(direct: Candidate, far: Candidate) -> tuple[Reason, ...]:
    """What names the direct camera at the other."""
    found: list[Reason] = []
    own = frozenset(key for key in direct.keys if key.kind in (KeyKind.SERIAL.value, KeyKind.MAC.value)) - far.keys
    for key in sorted(own & keys_in_name(far.camera.observed_name))[:1]:
        far_device = far.camera.device_id or 0
        found.append(because(ReasonCode.KEY_IN_NAME, channel=far.camera.channel, device=far_device, key=key.kind))
    for key in sorted(own & keys_in_record(far.camera.declared))[:1]:
        found.append(because(ReasonCode.RECORD_NAMES_DEVICE, camera=far.camera.camera_id, key=key.kind))
    national = direct.camera.declared.gb_device_id
    if national and national == far.camera.declared.gb_device_id:
        found.append(because(ReasonCode.SAME_NATIONAL_ID, value=national))
    return tuple(found)


def is_bare(camera: Camera) -> bool:
    """Nobody entered anything but what its network says: discovery made this record."""
    plain = Declared(name="", tier=camera.declared.tier, region_code=camera.declared.region_code)
    return camera.declared == plain


def _width(camera: Camera) -> int:
    return next((stream.width for stream in camera.streams if stream.role is StreamRole.MAIN), 0)
