"""What the screens ask of the coverage that is kept in memory, as values and one protocol."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from vms.access.decide import Decision, IncidentScene
from vms.access.roles import Person
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.loss import CoverageLoss
from vms.coverage.view import View
from vms.health.status import Status
from vms.inventory.camera import Pose
from vms.inventory.tier import Tier
from vms.places.locate import Match


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
class GapSeen:
    gap_id: str
    kind: str
    """`road` or `place`."""
    cause: str
    name: str
    geometry: dict[str, Any]
    """A GeoJSON geometry."""
    length_m: float | None = None
    category: str = ""
    best_density_px_per_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    measured_at: datetime | None
    road_m: float
    covered_road_m: float
    places: int
    covered_places: int
    gaps: tuple[GapSeen, ...]


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


Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""


class Coverage(Protocol):
    """Coverage of this minute: geometry, health and permission, kept in memory and followed by events."""

    @property
    def attribution(self) -> str: ...

    def at(self, point: Wgs84, person: Person, now: datetime) -> Spot: ...

    def feeds(self, incident: IncidentScene, person: Person, limit: int, now: datetime) -> tuple[Feed, ...]: ...

    def gaps(self) -> Gaps: ...

    def loss_without(self, camera_ids: Collection[int]) -> CoverageLoss | None:
        """What nobody sees while these are blind; None: there is no road and no key place to see."""
        ...

    def views_geojson(self, box: Box | None) -> bytes:
        """A FeatureCollection; features have `camera_id`, `tier`, `status`."""
        ...

    def squares_geojson(self, box: Box, *, night: bool) -> bytes:
        """A FeatureCollection for wide maps; features have `asked_m`, `share`, `views`, `cause`."""
        ...

    def view_of(self, pose: Pose, *, width_px: int, indoor: bool, ptz: bool) -> View:
        """What a camera with this pose would see; nothing is kept."""
        ...

    def base_map(self) -> bytes:
        """The town as a FeatureCollection; features have `layer`."""
        ...

    def locate(self, text: str, limit: int) -> Sequence[Match]: ...
