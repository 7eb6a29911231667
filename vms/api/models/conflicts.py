"""Doubts about identity: shown to a person, never merged in silence."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from vms.api.models.identity import EvidenceRow, Why
from vms.api.models.shape import Answer, Asked, IdNumber


class ChannelTold(Answer):
    channel: str
    name: str


class ConflictRow(Answer):
    id: int
    kind: str = Field(
        description="identity: which device is this? replacement: new hardware of a point? channels: which camera is "
        "each channel? same_camera: are two cameras one? replaced_again: replaced hardware was heard again"
    )
    found_at: datetime
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    device_id: int | None = Field(description="the device stored apart, the new hardware, the recorder")
    device_ids: list[int] = Field(description="the devices that the evidence points at, the new one among them")
    camera_ids: list[int] = Field(description="the cameras that it is about")
    reasons: list[str] = Field(description="one English sentence for each piece of evidence")
    evidence: list[EvidenceRow] = Field(description="the same with codes and values")
    channels: list[ChannelTold] = Field(description="of kind channels: those whose camera is not known")
    answers: list[str] = Field(description="the kinds of resolution that fit")
    note: str = Field(description="what somebody said who put it off")


class ConflictList(Answer):
    total: int
    items: list[ConflictRow]


class ChannelBinding(Asked):
    channel: str = Field(min_length=1, max_length=100)
    camera: IdNumber | None = Field(description="null: a camera of its own")


class Resolution(Asked):
    """What a person found out; it is carried out at once."""

    kind: Literal["same_as", "new_device", "replaced", "same_camera", "two_cameras", "bind", "seen", "later"] = Field(
        description="same_as: `device` is the one, merge. new_device: leave it apart. replaced: the point goes on with "
        "the new hardware. same_camera: join, `camera` stays. two_cameras: leave both. bind: `bindings` says which "
        "camera each channel is. seen: nothing to do. later: leave it open with a note"
    )
    device: IdNumber | None = None
    camera: IdNumber | None = None
    bindings: list[ChannelBinding] = Field(default_factory=list, max_length=256)
    why: str = Why


class Resolved(Answer):
    conflict_id: int
    open: bool
    action_ids: list[int] = Field(description="what was done, each can be undone")
