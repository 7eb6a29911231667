"""What the ranking is given and what it gives: a camera's standing towards one spot, and its place with every term."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.status import Status
from vms.inventory.tier import Tier


class Permission(StrEnum):
    ALLOWED = "allowed"
    ASK = "ask"
    REFUSED = "refused"


class FeedReason(StrEnum):
    """Why a feed stands low; empty for a usable one."""

    NONE = ""
    ASK = "ask"
    REFUSED = "refused"
    FAULTY = "faulty"
    """It answers, but nobody can see anything through it: black, frozen, blurred, no stream."""
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCandidate:
    camera_id: CameraId
    name: str
    tier: Tier
    position: Wgs84
    bearing_deg: float | None
    sees: bool
    density_px_per_m: float
    """On a target at the spot, were it in sight."""
    distance_m: float
    status: Status
    status_because: str = ""
    status_because_zh: str = ""
    blind_because: str = ""
    """The fault through which nobody sees anything, in words; empty: its picture is good as far as anybody knows."""
    blind_because_zh: str = ""
    picture_age_s: float | None = None
    permission: Permission = Permission.ALLOWED
    permission_because: str = ""
    permission_because_zh: str = ""
    could_see: bool = False
    """In its line of sight, but nobody told where it looks, or it looks elsewhere and can be turned."""
    blocked: bool = False
    """It looks there; a building stands between."""
    turnable: bool = False
    """A PTZ camera: where it could see the spot, it sees it once it is turned there."""
    pose_confidence: float | None = None
    """0 … 1, how sure its place and direction are; None counts as sure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    name: str
    value: float
    """In the term's own unit: px/m, m, s, degrees, … ; -1 where unknown."""
    weight: float
    contribution: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedFeed:
    rank: int
    """From 1."""
    camera_id: CameraId
    score: float
    """The sum of the terms' contributions; falls from rank to rank."""
    terms: tuple[Term, ...]
    sentence_en: str
    sentence_zh: str
    usable: bool
    sees: bool
    reason: FeedReason
    candidate: FeedCandidate
    ranked_at: datetime
