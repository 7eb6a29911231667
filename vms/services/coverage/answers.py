"""What the screens ask of the coverage that is kept in memory, as values and one protocol."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from vms.access.decide import Decision, IncidentScene
from vms.access.roles import Person
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.loss import CoverageLoss
from vms.coverage.redundancy import Redundancy
from vms.coverage.tally import Price
from vms.coverage.view import View
from vms.health.status import Status
from vms.inventory.camera import Pose
from vms.inventory.tier import Tier
from vms.places.land import Land
from vms.places.locate import Match
from vms.places.street_corners import StreetCorners
from vms.services.coverage.tier_rates import TierRates
from vms.services.coverage.who_sees import Seer


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenBy:
    camera_id: CameraId
    name: str
    tier: Tier
    status: Status
    distance_m: float
    density_px_per_m: float
    usable: bool
    """Healthy, and the person may look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    seen_by: tuple[SeenBy, ...]
    """Best density first."""
    cause: str | None
    """Why nobody usable sees it (`none_built`, `blocked`, `too_coarse`, `faulty`, `no_consent`); None: it is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    measured_at: datetime | None
    road_m: float
    covered_road_m: float
    places: int
    covered_places: int
    by_cause_m: Mapping[str, float] = field(default_factory=dict)
    """Metres of road that each cause costs."""
    by_cause_places: Mapping[str, int] = field(default_factory=dict)
    """Key places that each cause costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTerm:
    name: str
    value: float
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One line of the ranked list."""

    rank: int
    camera_id: CameraId
    name: str
    tier: Tier
    status: Status
    position: Wgs84
    bearing_deg: float | None
    distance_m: float
    density_px_per_m: float
    sees: bool
    usable: bool
    decision: Decision
    sentence_en: str
    sentence_zh: str
    terms: tuple[FeedTerm, ...]
    still_at: datetime | None = None
    has_stream: bool = True


@dataclass(frozen=True, slots=True)
class ViewTile:
    stamp: str
    """Another one whenever a view in the tile may look otherwise."""
    content: bytes
    """Gzipped; an empty tile has none."""


Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class Coverage(Protocol):
    """Coverage of this minute: geometry, health and permission, kept in memory and followed by events.

    Every answer is current to the store's last event; another map or other rules come seconds later."""

    @property
    def attribution(self) -> str: ...

    def at(self, point: Wgs84, person: Person, now: datetime) -> Spot: ...

    def who_sees(
        self, point: Wgs84, person: Person, k: int, now: datetime, *, permitted: bool = False
    ) -> tuple[Seer, ...]:
        """Everybody with the point in sight, filled up with the nearest others to k; `permitted`: of those alone that
        the person may look at."""
        ...

    def feeds(self, incident: IncidentScene, person: Person, limit: int, now: datetime) -> tuple[Feed, ...]: ...

    def gaps(self) -> Gaps: ...

    def price_of(self, camera_ids: Collection[CameraId]) -> dict[CameraId, Price]:
        """What depends on each of them alone; those without a view are left out."""
        ...

    def redundancy(self, box: Box | None, limit: int) -> Redundancy:
        """Ground that more cameras see than is asked for, and cameras without which nothing would be lost."""
        ...

    def loss_without(self, camera_ids: Collection[int]) -> CoverageLoss | None:
        """What nobody sees while these are blind; None: there is no road and no key place to see."""
        ...

    def views_geojson(self, box: Box | None) -> bytes:
        """A FeatureCollection; features have `camera_id`, `tier`, `status`, `part`: `view`, or `reach`, all that a
        camera could be turned to."""
        ...

    def view_tile_stamp(self, zoom: int, column: int, row: int) -> str:
        """Another one whenever a view in the tile may look otherwise."""
        ...

    def view_tile(self, zoom: int, column: int, row: int) -> ViewTile:
        """Outlines of the views, or far out how many there are."""
        ...

    def squares_geojson(self, box: Box, *, night: bool) -> bytes:
        """A FeatureCollection for wide maps; features have `asked_m`, `share`, `views`, `cause`."""
        ...

    def tier_rates(self, land: Land, region: str, *, by_night: bool) -> TierRates:
        """Within a region and all below it; empty: everywhere. Of a large town up to half a minute old."""
        ...

    def view_of(self, pose: Pose, *, width_px: int, indoor: bool, ptz: bool) -> View:
        """What a camera with this pose would see; nothing is kept."""
        ...

    def locate(self, text: str, limit: int) -> Sequence[Match]: ...

    def street_corners(self) -> StreetCorners:
        """Of the map that is in use."""
        ...
