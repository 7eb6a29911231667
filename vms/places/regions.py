"""The tree of regions: province, city, county, street, community, grid cell (网格). Codes: GB/T 2260 or own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from vms.core.errors import BadInput


class RegionLevel(StrEnum):
    """Widest first; a parent is always wider than its children."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"
    GRID_CELL = "grid_cell"


_WIDEST_FIRST = tuple(RegionLevel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    code: str
    name: str
    level: RegionLevel
    parent: str | None = None
    """The parent's code; None at the top."""
    box: tuple[float, float, float, float] | None = None
    """West, south, east, north of its land, degrees; None: not known."""


@dataclass(frozen=True, slots=True)
class RegionTree:
    """Built with `RegionTree.of`, which refuses double codes, unknown parents and parents not wider than a child."""

    regions: dict[str, Region]
    _children: dict[str | None, tuple[str, ...]] = field(repr=False)

    @classmethod
    def of(cls, regions: Iterable[Region]) -> "RegionTree":
        by_code: dict[str, Region] = {}
        children: dict[str | None, tuple[str, ...]] = {}
        for region in regions:
            if not region.code:
                raise BadInput("a region needs a code", where=region.name or "region")
            if region.code in by_code:
                raise BadInput("this code is given twice", where=region.code)
            by_code[region.code] = region
            children[region.parent] = (*children.get(region.parent, ()), region.code)
        for region in by_code.values():
            if region.parent is None:
                continue
            if region.parent not in by_code:
                raise BadInput(f"its parent {region.parent} is unknown", where=region.code)
            parent = by_code[region.parent]
            if _WIDEST_FIRST.index(parent.level) >= _WIDEST_FIRST.index(region.level):
                raise BadInput(f"its parent {parent.code} is a {parent.level}, not wider than it", where=region.code)
        return cls(by_code, children)

    def __contains__(self, code: str) -> bool:
        return code in self.regions

    def children(self, code: str | None) -> tuple[Region, ...]:
        """Directly below; of None: the tops."""
        return tuple(self.regions[child] for child in self._children.get(code, ()))

    def ancestors(self, code: str) -> tuple[Region, ...]:
        """From the parent up to the top. Unknown codes have none."""
        result: list[Region] = []
        parent = self.regions[code].parent if code in self.regions else None
        while parent is not None:
            result.append(self.regions[parent])
            parent = self.regions[parent].parent
        return tuple(result)

    def descendants(self, code: str) -> tuple[Region, ...]:
        """Everything below, without the region itself, parents before children."""
        result: list[Region] = []
        waiting = list(reversed(self.children(code)))
        while waiting:
            region = waiting.pop()
            result.append(region)
            waiting.extend(reversed(self.children(region.code)))
        return tuple(result)

    def within(self, code: str, area: str) -> bool:
        """Is `code` the area itself or somewhere below it?"""
        return code == area or any(region.code == area for region in self.ancestors(code))
