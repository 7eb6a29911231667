"""Which gap of now is which gap of before: the same road side and cause, and the greatest overlap along the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from vms.coverage.gaps import Gap

PLACE_OVERLAP_M = 1.0


class GapKey(NamedTuple):
    """A gap and the one that follows it have the same."""

    place_key: str
    ground: str
    side: int
    cause: str
    night_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a gap lies: from … to in metres along its road; of a place both are 0."""

    key: GapKey
    from_m: float
    to_m: float

    def overlap_m(self, other: "Spot") -> float:
        """Of one key; places overlap a little, stretches that only touch do not."""
        if self.from_m == self.to_m and other.from_m == other.to_m:
            return PLACE_OVERLAP_M if self.from_m == other.from_m else 0.0
        return min(self.to_m, other.to_m) - max(self.from_m, other.from_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    same: tuple[tuple[int, int], ...]
    """(number before, number now)."""
    gone: tuple[int, ...]
    new: tuple[int, ...]


def spot_of(gap: Gap) -> Spot:
    key = GapKey(gap.key, gap.ground.value, gap.side, gap.cause.value, gap.night_only)
    return Spot(key=key, from_m=gap.from_m, to_m=gap.to_m)


def match_gaps(before: Sequence[Spot], now: Sequence[Spot]) -> Matched:
    """Each gap follows at most one and is followed by at most one; the widest overlaps first. O(n log n) as long as
    few gaps share one side of one road."""
    of_key: dict[GapKey, list[int]] = {}
    for number, spot in enumerate(before):
        of_key.setdefault(spot.key, []).append(number)
    pairs = [
        (-spot.overlap_m(before[earlier]), earlier, later)
        for later, spot in enumerate(now)
        for earlier in of_key.get(spot.key, ())
        if spot.overlap_m(before[earlier]) > 0.0
    ]
    same: list[tuple[int, int]] = []
    followed: set[int] = set()
    following: set[int] = set()
    for _, earlier, later in sorted(pairs):
        if earlier not in followed and later not in following:
            same.append((earlier, later))
            followed.add(earlier)
            following.add(later)
    return Matched(
        same=tuple(same),
        gone=tuple(number for number in range(len(before)) if number not in followed),
        new=tuple(number for number in range(len(now)) if number not in following),
    )
