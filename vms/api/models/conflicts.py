"""Doubts about the identity of a device: shown to a person, never merged in silence."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer, Asked


class ConflictRow(Answer):
    id: int
    found_at: datetime
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    device_ids: list[int] = Field(description="the devices that the evidence points at, the new one among them")
    reasons: list[str] = Field(description="one sentence for each piece of evidence")


class ConflictList(Answer):
    items: list[ConflictRow]


class Resolution(Asked):
    resolution: str = Field(min_length=3, max_length=500, description="what was found out and done, for the record")
