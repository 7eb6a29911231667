"""Merging, splitting, replacing, joining; what was done, and taking it back."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from vms.api.models.shape import Answer, Asked, IdNumber

Why = Field(min_length=3, max_length=500, description="for the record")


class MergeDevices(Asked):
    keep: IdNumber = Field(description="the device that stays")
    merge: IdNumber = Field(description="the device that is really the same one")
    why: str = Why


class KeyName(Asked):
    kind: Literal["serial", "mac", "endpoint_reference", "tls_key"]
    value: str = Field(min_length=1, max_length=200)


class SplitDevice(Asked):
    """What belongs to another device; at least one key or camera."""

    cameras: list[IdNumber] = Field(default_factory=list, max_length=500)
    keys: list[KeyName] = Field(default_factory=list, max_length=50)
    why: str = Why


class JoinCameras(Asked):
    keep: IdNumber = Field(description="the camera whose record and history go on")
    join: IdNumber = Field(description="the camera that is really the same one; its record is retired")
    why: str = Why


class ReplaceDevice(Asked):
    device: IdNumber = Field(description="the hardware that stands at the point now")
    channel: str = Field(default="", max_length=100, description="empty: its only channel, or the one that fits")
    why: str = Why


class UndoIdentityAction(Asked):
    why: str = Field(default="", max_length=500)


class IdentityActionRow(Answer):
    id: int
    at: datetime
    who: str
    kind: str = Field(description="merge, split, replace, join_cameras, bind_channels")
    why: str
    device_ids: list[int]
    camera_ids: list[int]
    new_device_id: int | None = Field(description="of a split: the device that was made")
    undone_at: datetime | None
    undone_by: str | None


class IdentityActionPage(Answer):
    total: int
    items: list[IdentityActionRow]


class KeyRow(Answer):
    kind: str
    value: str
    given: bool = Field(description="a person gave it to this device")


class DeviceIdentity(Answer):
    """By what a device is known."""

    device_id: int
    keys: list[KeyRow]
    camera_ids: list[int]
    merged_into: int | None
    replaced_by: int | None


class HardwarePeriod(Answer):
    device_id: int
    channel: str
    manufacturer: str
    model: str
    serial_no: str
    from_at: datetime
    until_at: datetime | None = Field(description="null: it stands there now")
    why: str


class CameraPathRow(Answer):
    device_id: int
    channel: str
    found_at: datetime
    evidence: list["EvidenceRow"]


class CameraHardware(Answer):
    """Which hardware stood at a camera's point and when, newest first, and the other ways to the same camera."""

    camera_id: int
    periods: list[HardwarePeriod]
    paths: list[CameraPathRow]


class EvidenceRow(Answer):
    code: str = Field(description="stable, e.g. same_keys; empty for what was kept before there were codes")
    values: dict[str, Any] = Field(description="what the sentence names: device, camera, key, keys, count, …")
    sentence: str = Field(description="in English")
