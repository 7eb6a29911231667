"""Outages, and what cameras hang on."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from vms.api.models.shape import Answer, Asked, IdNumber, Latitude, Longitude, LongText, ShortText
from vms.health.outages.node import NodeKind
from vms.inventory.tier import Tier


class OutageNow(Answer):
    id: int
    kind: str = Field(description="of the cause: nvr, pole, switch, power_feeder, uplink, subnet, region; or weather")
    cause: str = Field(description="its id, code or network")
    name: str
    source: str = Field(description="typed; learnt: from what fails together; derived: from the archive")
    whole: bool = Field(description="false: something unknown below the cause, that only a part of it hangs on")
    because: str = Field(description="the evidence in words")
    cameras: int = Field(description="how many fell with it")
    opened_at: datetime = Field(description="when the first of them was seen to be ill")
    found_at: datetime
    closed_at: datetime | None
    part_of: int | None = Field(description="the wider outage that it turned out to belong to")
    verdict: str | None = Field(description="a person's word: right, wrong")
    verdict_by: str | None
    verdict_at: datetime | None
    note: str


class OutagePage(Answer):
    total: int
    items: list[OutageNow]


class OutageMember(Answer):
    camera_id: int
    name: str
    tier: Tier
    region_code: str
    from_at: datetime
    until_at: datetime | None = Field(description="when it came back, or was found to be ill on its own")


class OutageDetail(OutageNow):
    members_total: int
    members: list[OutageMember] = Field(description="who is still away first")
    orders: list[int] = Field(description="work orders that were opened for it")


class OutageWord(Asked):
    verdict: Literal["right", "wrong"] = Field(description="wrong: its cameras get faults of their own again")
    note: LongText = Field("", description="needed where it is wrong")


class SpotHere(Asked):
    lon: Longitude
    lat: Latitude


class SupplyWish(Asked):
    kind: NodeKind = Field(description="switch, power_feeder or uplink; the others follow from the archive")
    name: Annotated[str, Field(min_length=1, max_length=200)]
    parent_id: IdNumber | None = Field(None, description="the node that it hangs on itself")
    spot: SpotHere | None = None
    devices: list[IdNumber] | None = Field(
        None, max_length=20_000, description="ids of the devices that hang on it directly; null: as it is"
    )


class SupplyRow(Answer):
    id: int
    kind: str
    name: str
    parent_id: int | None
    source: str
    confirmed: bool = Field(description="false: learnt, and nobody has said that it is right")
    evidence: dict[str, Any] = Field(description="of a learnt one: events, surely, spread_s, last_at, devices")
    lon: float | None
    lat: float | None
    created_at: datetime
    created_by: str
    confirmed_by: str | None
    retired_at: datetime | None
    devices: int = Field(description="directly on it")


class SupplyPage(Answer):
    total: int
    items: list[SupplyRow]


class SupplyDevices(Asked):
    """What is put on a node and what is taken off it; a camera stands for its device."""

    add: Annotated[list[IdNumber], Field(max_length=5000)] = Field(default=[])
    add_cameras: Annotated[list[IdNumber], Field(max_length=5000)] = Field(default=[])
    take_off: Annotated[list[IdNumber], Field(max_length=5000)] = Field(default=[])


class DeviceCamera(Answer):
    id: int
    name: str


class SupplyDevice(Answer):
    device_id: int
    cameras: list[DeviceCamera]
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    serial_no: str
    source: str
    since: datetime


class SupplyDetail(SupplyRow):
    members: list[SupplyDevice]


class BlindCamera(Answer):
    camera_id: int
    name: str
    tier: Tier
    region_code: str
    point_class: int | None
    status: str
    lon: float | None
    lat: float | None


class RegionCount(Answer):
    code: str
    name: str
    cameras: int


class LossNow(Answer):
    """What nobody else sees."""

    placed: int = Field(description="cameras whose view is known; what the others see is not")
    road_m: float = Field(description="metres of road")
    places: list[ShortText] = Field(description="key places and squares, by name")


class ImpactNow(Answer):
    kind: str
    cause: str
    name: str
    cameras: int = Field(description="what goes blind when it dies; other ways to them are not known of")
    class_one: int
    already_down: int
    by_tier: dict[str, int]
    by_region: list[RegionCount]
    loss: LossNow | None = Field(description="what only they cover; none: the map has nothing that ought to be seen")
    listed: list[BlindCamera] = Field(description="the most important first, at most 1000")


class SupplyError(Answer):
    row: int
    field: str
    value: ShortText
    reason: str


class SupplyImported(Answer):
    dry_run: bool
    rows: int
    added: int
    changed: int
    unchanged: int
    devices: int
    rejected: int
    errors: list[SupplyError]
