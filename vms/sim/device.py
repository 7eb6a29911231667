"""One pretend device while it runs: what is broken about it, its clock, its account, where its cameras point."""

import math
import re
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote

from vms.core.clock import Clock, system_clock
from vms.inventory.camera import StreamRole
from vms.sim.faults import CHANGED_SUFFIX, SHAKES_BY, SHAKES_HZ, SKEW_S, Fault
from vms.sim.footage_kept import DAYS_KEPT, Footage, ReplayHabit, Search
from vms.sim.login import LoginGate
from vms.sim.pan_tilt import Head
from vms.sim.personality import LINK_LOCAL_V6, NAT_ADDRESS, Tls
from vms.sim.plan import PretendChannel, PretendDevice
from vms.sim.pull_points import PullPoints
from vms.sim.settings import TIME_FROM, ZONE, DeviceSettings, settings_of

ZONE_S = 8 * 3600.0
"""All of the city lives at UTC+8."""
KEEP_ROLE = {StreamRole.MAIN: ("1", 0), StreamRole.SUB: ("2", 1)}
SERVICE_PATHS = {
    "device": "/onvif/device_service",
    "media": "/onvif/media_service",
    "media2": "/onvif/media2_service",
    "ptz": "/onvif/ptz_service",
    "imaging": "/onvif/imaging_service",
    "events": "/onvif/event_service",
    "search": "/onvif/search_service",
    "recording": "/onvif/recording_service",
    "replay": "/onvif/replay_service",
}


@dataclass(slots=True)
class Rare:
    """State that few devices ever need."""

    heads: dict[int, Head] = field(default_factory=dict)
    channel_faults: dict[int, set[Fault]] = field(default_factory=dict)
    searches: dict[str, Search] = field(default_factory=dict)
    footage: dict[int, Footage] = field(default_factory=dict)
    replay: ReplayHabit = ReplayHabit.PLAYS
    replayed: list[datetime] = field(default_factory=list)
    """The moments that were asked for, by its own clock."""
    settings: DeviceSettings | None = None
    frozen_at: dict[int, tuple[datetime, float]] = field(default_factory=dict)


class LiveDevice:
    """`force_key_frame(channel)` is called when a client asks for a synchronization point."""

    __slots__ = (
        "_clock",
        "_rare",
        "_set_clock_s",
        "endpoint_reference",
        "faults",
        "login",
        "on_reboot",
        "on_sync",
        "operations",
        "plan",
        "pull",
    )

    def __init__(self, plan: PretendDevice, *, clock: Clock = system_clock) -> None:
        self.plan = plan
        self.faults: set[Fault] = set()
        self.endpoint_reference = plan.endpoint_reference
        if plan.personality.fresh_endpoint:
            self.endpoint_reference = f"urn:uuid:{uuid.uuid4()}"
        self.login = LoginGate(
            username=plan.username, password=plan.password, realm=plan.manufacturer, personality=plan.personality
        )
        self.pull = PullPoints(limit=plan.personality.max_pull_points)
        self.on_sync: Callable[[int], None] | None = None
        self.on_reboot: Callable[[], None] | None = None
        self.operations: dict[str, int] = {}
        """How often each was asked by somebody who may."""
        self._clock = clock
        self._set_clock_s = 0.0
        self._rare: Rare | None = None

    @property
    def rare(self) -> Rare:
        if self._rare is None:
            self._rare = Rare()
        return self._rare

    def footage_of(self, channel: int) -> Footage:
        """What the recorder has of that channel; day and night of the last 30 days unless somebody said otherwise."""
        now = self.now()
        kept = self._rare.footage.get(channel) if self._rare is not None else None
        return kept or Footage(since=now - timedelta(days=DAYS_KEPT))

    @property
    def settings(self) -> DeviceSettings:
        if self.rare.settings is None:
            self.rare.settings = settings_of(self.plan)
        return self.rare.settings

    @property
    def was_set(self) -> bool:
        """False: it is as it came, and nothing needs to be kept of it."""
        return self._rare is not None and self._rare.settings is not None

    @property
    def time_from_and_zone(self) -> tuple[str, str]:
        return (self.settings.time_from, self.settings.zone) if self.was_set else (TIME_FROM, ZONE)

    @property
    def reboots(self) -> int:
        return self.settings.reboots if self.was_set else 0

    def count(self, operation: str) -> None:
        self.operations[operation] = self.operations.get(operation, 0) + 1

    # --- faults
    def faults_of(self, channel: int) -> frozenset[Fault]:
        """Picture faults of that channel."""
        if self._rare is None:
            return frozenset()
        return frozenset(self._rare.channel_faults.get(channel, ()))

    def set_fault(self, fault: Fault, *, on: bool, channel: int | None = None) -> None:
        """A picture fault without a channel means every channel. KeyError: no such channel."""
        if fault.of_picture:
            for number in [channel] if channel is not None else [c.number for c in self.plan.channels]:
                held = self.rare.channel_faults.setdefault(self.channel(number).number, set())
                (held.add if on else held.discard)(fault)
                if fault is Fault.FROZEN:
                    self.rare.frozen_at.pop(number, None)
                    if on:
                        self.rare.frozen_at[number] = self.picture_time(number)
        else:
            (self.faults.add if on else self.faults.discard)(fault)
        if fault is Fault.LOGIN_CHANGED:
            self.login.reset(self.plan.password + (CHANGED_SUFFIX if on else ""))

    def all_faults(self) -> list[str]:
        """`off`, or `black:2` for a picture fault of channel 2."""
        pictures = [
            f"{fault}:{channel}"
            for channel, held in (self._rare.channel_faults if self._rare else {}).items()
            for fault in held
        ]
        return sorted([*self.faults, *pictures])

    # --- clock
    @property
    def clock_offset_s(self) -> float:
        """The device's clock minus the true one."""
        habits = self.plan.personality
        zone_s = ZONE_S if habits.utc_wrong_by_zone else 0.0
        return habits.clock_offset_s + zone_s + self._set_clock_s + (SKEW_S if Fault.CLOCK_SKEWED in self.faults else 0)

    def now(self) -> datetime:
        """What the device believes is UTC."""
        return self._clock() + timedelta(seconds=self.clock_offset_s)

    def local_time(self) -> datetime:
        """What its screen shows, as naive local time."""
        return self.shown_at(self.now())

    def shown_at(self, believed: datetime) -> datetime:
        """What its screen shows at an instant that it believes is UTC."""
        zone_s = 0.0 if self.plan.personality.utc_wrong_by_zone else ZONE_S
        return (believed + timedelta(seconds=zone_s)).replace(tzinfo=None)

    def picture_time(self, channel: int) -> tuple[datetime, float]:
        """What the picture's clock shows, and the true time in seconds since 1970; both stand still when frozen."""
        if self._rare is not None and channel in self._rare.frozen_at:
            return self._rare.frozen_at[channel]
        return self.local_time(), self._clock().timestamp()

    def set_clock(self, believed: datetime) -> None:
        self._set_clock_s += (believed - self.now()).total_seconds()

    def forget_the_clock(self) -> None:
        """After a reboot: its clock is as wrong as it was by itself."""
        self._set_clock_s = 0.0

    def steady_s(self) -> float:
        return time.monotonic()

    # --- channels and addresses
    def channel(self, number: int) -> PretendChannel:
        """KeyError where there is none."""
        if not 1 <= number <= len(self.plan.channels):
            raise KeyError(number)
        return self.plan.channels[number - 1]

    def head(self, channel: int) -> Head:
        return self.rare.heads.setdefault(channel, Head())

    def panned(self, channel: int) -> float:
        """Where a channel's head points, -1 … 1; 0 for a fixed camera that hangs still."""
        if self._rare is None:
            return 0.0
        shakes = Fault.SHAKING in self._rare.channel_faults.get(channel, ())
        shaken = SHAKES_BY * math.sin(2 * math.pi * SHAKES_HZ * self.steady_s()) if shakes else 0.0
        if channel not in self._rare.heads:
            return shaken
        return self._rare.heads[channel].at(self.steady_s()).pan + shaken

    @property
    def believed_host(self) -> str:
        """As it goes into an address."""
        habits = self.plan.personality
        if habits.nat_xaddr:
            return NAT_ADDRESS
        if habits.link_local_v6_xaddr:
            return LINK_LOCAL_V6
        return f"[{self.plan.address}]" if ":" in self.plan.address else self.plan.address

    @property
    def http_address(self) -> str:
        scheme = "http" if self.plan.personality.tls is Tls.NO else "https"
        return f"{scheme}://{self.believed_host}:{self.plan.onvif_port}"

    def service_address(self, service: str) -> str:
        own_path = self.plan.personality.own_path if service == "device" else ""
        return f"{self.http_address}{own_path or SERVICE_PATHS[service]}"

    @property
    def services(self) -> tuple[str, ...]:
        names = ["device", "media", "imaging", "events"]
        if self.plan.personality.no_media1:
            names.remove("media")
        if not self.plan.personality.no_media2:
            names.append("media2")
        if self.plan.ptz:
            names.append("ptz")
        if self.plan.is_recorder:
            names += ["recording", "search", "replay"]
        return tuple(names)

    def stream_path(self, channel: int, role: StreamRole) -> str:
        return self._path(self.plan.maker.stream_path, channel, role)

    def snapshot_path(self, channel: int, role: StreamRole) -> str:
        return self._path(self.plan.maker.snapshot_path, channel, role)

    def _path(self, template: str, channel: int, role: StreamRole) -> str:
        number, kind = KEEP_ROLE[role]
        return template.format(channel=channel, number=number, kind=kind, role=role)

    def find_stream(self, target: str) -> tuple[int, StreamRole] | None:
        """Channel and role of an RTSP path or address."""
        return self._find(self.plan.maker.stream_path, target)

    def find_snapshot(self, target: str) -> tuple[int, StreamRole] | None:
        return self._find(self.plan.maker.snapshot_path, target)

    def _find(self, template: str, target: str) -> tuple[int, StreamRole] | None:
        path = re.sub(r"^[a-z]+://[^/]*", "", target, flags=re.IGNORECASE)
        for channel in self.plan.channels:
            for role in StreamRole:
                if path.startswith(self._path(template, channel.number, role)):
                    return channel.number, role
        return None

    def stream_uri(self, channel: int, role: StreamRole) -> str:
        scheme = "rtsp" if self.plan.personality.rtsps is Tls.NO else "rtsps"
        return f"{scheme}://{self.believed_host}:{self.plan.rtsp_port}{self.stream_path(channel, role)}"

    def snapshot_uri(self, channel: int, role: StreamRole) -> str:
        return f"{self.http_address}{self.snapshot_path(channel, role)}"

    def scopes(self) -> list[str]:
        plan, at = self.plan, self.plan.channels[0].pose.position
        kind = "recorder" if plan.is_recorder else "ptz" if plan.ptz else "video_encoder"
        return [
            "onvif://www.onvif.org/Profile/Streaming",
            f"onvif://www.onvif.org/type/{kind}",
            f"onvif://www.onvif.org/hardware/{quote(plan.model)}",
            f"onvif://www.onvif.org/name/{quote(plan.manufacturer + ' ' + plan.channels[0].name)}",
            f"onvif://www.onvif.org/location/geo/{at.lat}/{at.lon}",
            *([f"onvif://www.onvif.org/MAC/{plan.macs[0]}"] if plan.personality.mac_in_scopes and plan.macs else []),
        ]
