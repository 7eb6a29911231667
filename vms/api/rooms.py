"""What the endpoints work with, put together by app.py and handed to `create_app`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from vms.access.agreement import Agreements
from vms.core.clock import Clock
from vms.core.geo import Wgs84
from vms.inventory.camera import Camera, Stream
from vms.inventory.sweep import SweepRequest
from vms.maintenance.policy import OrderPolicy
from vms.media.live import LivePictures
from vms.services.assessment.office import Assess
from vms.services.coverage.answers import Coverage
from vms.services.follow_news import News
from vms.services.live_pictures import WhoAnswers
from vms.services.maps.base_map import BaseMap
from vms.services.notices.announce import NoticePolicy
from vms.services.register_camera import Probe
from vms.services.rings.road_memory import RoadMemory
from vms.services.spending import Purse
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.secret_box import SecretBox

FetchStill = Callable[[Camera, StoredLogin | None], Awaitable[bytes]]
"""A JPEG taken now. Raises DeviceUnreachable or LoginRefused."""
AskForKeyFrame = Callable[[Camera, Stream, StoredLogin | None], Awaitable[None]]
"""Asks a camera that has just been called for a key frame (SetSynchronizationPoint); never raises for a bad device."""


Companion = Callable[[News], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoDevice:
    address: str
    names: tuple[str, ...]
    tier: str
    switch: str
    position: Wgs84
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSwitch:
    name: str
    devices: int
    broken: bool


class DemoControl(Protocol):
    """The pretend city's switches; in the demo only. Calls may block for a moment."""

    def devices(self) -> Sequence[DemoDevice]: ...

    def switches(self) -> Sequence[DemoSwitch]: ...

    def fault_names(self) -> Sequence[str]: ...

    def set_fault(
        self, *, address: str | None, switch: str | None, channel: str | None, fault: str, on: bool
    ) -> None: ...

    def spot_for_incident(self) -> Wgs84:
        """A place that several cameras see."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSettings:
    agreements: Agreements = field(default_factory=Agreements)
    configurable: Agreements = field(default_factory=Agreements)
    """Where the office may configure cameras that are not the government's."""
    registration_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where registered cameras may be; no address outside is ever called."""
    sweep_ground: SweepRequest = field(default_factory=SweepRequest)
    """What a sweep asks where nobody says otherwise, and the networks outside of which nothing is contacted."""
    static_folder: Path | None = None
    """The console's files; None: as packaged."""
    secure_cookie: bool = False
    """Set where the server is reached by https."""
    sign_ins_per_minute: int = 60
    """From one address, right or wrong."""
    registrations_per_hour: int = 20
    """From one address."""
    town: str = ""
    """Its name, shown in the console."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    """The office's: its days are those of figures, orders and reports."""
    orders: OrderPolicy = field(default_factory=OrderPolicy)
    notices: NoticePolicy = field(default_factory=NoticePolicy)
    alert_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Where webhooks may be sent to."""
    sends_mail: bool = False
    base_map: BaseMap = field(default_factory=BaseMap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    database: Database
    clock: Clock
    coverage: Coverage
    live: LivePictures
    stills_folder: Path
    """Stills lie below it, as the store's `stills.file` says."""
    photographs_folder: Path
    """Photographs of the cameras' points."""
    box: SecretBox
    probe: Probe
    references: Path | None = None
    """Reference pictures of the cameras; None: beside the stills."""
    fetch_still: FetchStill | None = None
    ask_for_key_frame: AskForKeyFrame | None = None
    who_answers: WhoAnswers | None = None
    purse: Purse | None = None
    """What devices may be asked in a day; None: nobody counts."""
    assess_beside: Assess | None = None
    """Counts large assessments outside of this process; None: all are counted in it."""
    demo: DemoControl | None = None
    roads: RoadMemory | None = None
    """None: nothing is known of roads."""
    lists_folder: Path | None = None
    """Where uploaded lists wait; None: beside the stills."""
    companions: tuple[Companion, ...] = ()
    """Run beside the endpoints, following the same news, until the application ends."""
    settings: ApiSettings = field(default_factory=ApiSettings)

    @property
    def maps_folder(self) -> Path:
        """Where uploaded maps wait; the jobs process reads them."""
        return self.stills_folder.with_name("maps")

    @property
    def references_folder(self) -> Path:
        return self.references or self.stills_folder.with_name("references")
