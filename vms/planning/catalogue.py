"""What can be bought and where it can hang: kinds of camera with their views and costs, and what a site costs.

Costs are in any one unit; as shipped, ten thousand yuan (万元) for a camera and for a point with power and network.
The figures are rough ones to be replaced by the office's own contract prices.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraType:
    name: str
    name_zh: str = ""
    height_m: float = 4.0
    tilt_deg: float = 12.0
    h_fov_deg: float = 90.0
    """360: looks all around."""
    range_m: float = 60.0
    width_px: int = 2560
    """Of each lens."""
    cost: float = 1.0
    """Of the whole camera, whatever the number of its lenses."""
    sees_by_night: bool = True
    """False: no light of its own; it counts for nothing that is asked for by night."""
    lenses_deg: tuple[float, ...] = (0.0,)
    """Where each lens looks, clockwise from the camera's bearing; one direction each, of `h_fov_deg`."""


DEFAULT_TYPES = (
    CameraType(name="wide", name_zh="广角枪机", h_fov_deg=90.0, range_m=50.0, width_px=2560, cost=1.0),
    CameraType(name="long", name_zh="长焦枪机", h_fov_deg=38.0, range_m=110.0, width_px=2560, tilt_deg=8.0, cost=1.2),
    CameraType(name="panorama", name_zh="全景", h_fov_deg=360.0, range_m=40.0, width_px=5120, tilt_deg=20.0, cost=2.2),
    CameraType(
        name="two_way",
        name_zh="双目枪机",
        h_fov_deg=90.0,
        range_m=50.0,
        width_px=2560,
        lenses_deg=(0.0, 180.0),
        cost=1.7,
    ),
)


class SiteKind(StrEnum):
    """What is cheapest to hang a camera on comes first."""

    CAMERA_POLE = "camera_pole"
    """A camera stands there already."""
    POLE = "pole"
    """A pole or a street lamp of the map."""
    CORNER = "corner"
    """Of a building, facing a road."""
    WALL = "wall"
    CROSSING = "crossing"
    """A new pole where roads meet."""


DEFAULT_SITE_COSTS = MappingProxyType(
    {
        SiteKind.CAMERA_POLE: 0.2,
        SiteKind.POLE: 0.5,
        SiteKind.CORNER: 0.8,
        SiteKind.WALL: 0.8,
        SiteKind.CROSSING: 1.8,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What a plan may choose from."""

    types: tuple[CameraType, ...] = DEFAULT_TYPES
    site_cost: dict[SiteKind, float] = field(default_factory=lambda: dict(DEFAULT_SITE_COSTS))
    """Of a site's first camera, on top of the camera."""
    directions: int = 16
    per_site: int = 4
    """Cameras on one site at most."""
    spacing_m: float = 15.0
    """Between two sites of one plan's choice, at least; the cheaper one stays."""
    most_sites: int = 20_000
