"""The server itself, and the pretend city's panel."""

from datetime import datetime

from pydantic import Field

from vms.api.models.health import PollerNow
from vms.api.models.shape import Answer, Asked


class ProcessNow(Answer):
    name: str = Field(description="web, poller, gateway")
    alive: bool
    alive_at: datetime | None


class SystemNow(Answer):
    version: str
    now: datetime = Field(description="the server's clock")
    demo: bool
    town: str = Field(description="its name; empty: nobody said")
    attribution: str = Field(description="whose map it is; shown on the map")
    processes: list[ProcessNow]
    poller: PollerNow
    live_viewers: int


class DemoFault(Asked):
    """Of one device (address), or of all devices behind a switch."""

    address: str | None = Field(default=None, max_length=45)
    switch: str | None = Field(default=None, max_length=80)
    channel: str | None = Field(default=None, max_length=100)
    fault: str = Field(max_length=40, description="one of GET demo/devices → faults, e.g. off, occluded, turned_aside")
    on: bool


class DemoDeviceNow(Answer):
    address: str
    names: list[str]
    tier: str
    switch: str
    lon: float
    lat: float
    faults: list[str]
    camera_ids: list[int]


class DemoSwitchNow(Answer):
    name: str
    devices: int
    broken: bool


class DemoNow(Answer):
    devices: list[DemoDeviceNow]
    switches: list[DemoSwitchNow]
    faults: list[str] = Field(description="the kinds that can be switched on")


class Done(Answer):
    ok: bool = True
