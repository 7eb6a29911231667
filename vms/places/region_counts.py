"""Counts of cameras rolled up the tree of regions: a region's number holds those of everything below it."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.places.regions import RegionTree


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    total: int = 0
    up: int = 0
    suspect: int = 0
    down: int = 0
    unknown: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            total=self.total + other.total,
            up=self.up + other.up,
            suspect=self.suspect + other.suspect,
            down=self.down + other.down,
            unknown=self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionNode:
    code: str
    """Empty: cameras without a region."""
    name: str
    level: str
    """Empty where the tree does not know the code."""
    parent: str | None
    own: int
    """Cameras of exactly this code."""
    counts: Counts
    """With everything below."""


def roll_up(tree: RegionTree, by_code: Mapping[str, Counts]) -> list[RegionNode]:
    """Parents before children. A code that the tree does not know hangs below the longest known code it begins with."""
    parents: dict[str, str | None] = {code: region.parent for code, region in tree.regions.items()}
    for code in sorted(set(by_code) - set(parents), key=lambda one: (len(one), one)):
        starts = (code[:length] for length in range(len(code) - 1, 0, -1))
        parents[code] = next((start for start in starts if start in parents), None)
    counts = {code: by_code.get(code, Counts()) for code in parents}
    depth = {code: _depth(code, parents) for code in parents}
    for code in sorted(parents, key=lambda one: -depth[one]):
        parent = parents[code]
        if parent is not None:
            counts[parent] = counts[parent] + counts[code]
    return [
        RegionNode(
            code=code,
            name=tree.regions[code].name if code in tree else "",
            level=tree.regions[code].level.value if code in tree else "",
            parent=parents[code],
            own=by_code.get(code, Counts()).total,
            counts=counts[code],
        )
        for code in sorted(parents, key=lambda one: (depth[one], one))
    ]


def _depth(code: str, parents: Mapping[str, str | None]) -> int:
    depth, parent = 0, parents[code]
    while parent is not None:
        depth, parent = depth + 1, parents[parent]
    return depth
