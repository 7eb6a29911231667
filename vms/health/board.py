"""The office's board: how many cameras are how, in cells that are added up by tier, by firm or by region."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from vms.inventory.tier import Tier
from vms.places.land import Land
from vms.places.regions import RegionTree


class BoardBy(StrEnum):
    TIER = "tier"
    REGION = "region"
    MAINTAINER = "maintainer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    total: int = 0
    up: int = 0
    suspect: int = 0
    down: int = 0
    unknown: int = 0
    intact: int = 0
    """Without an open fault of severity major or worse that counts against it: the weather's does not."""
    pictured: int = 0
    """With a picture of the last day."""
    picture_ok: int = 0
    """Those of them without an open fault of weight in it."""
    planned_s: float = 0.0
    """What the plans of the last full day ask for, of cameras whose footage was looked at."""
    recorded_s: float = 0.0
    orders_open: int = 0
    orders_overdue: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in _NUMBERS})

    @property
    def recorded_share(self) -> float | None:
        """0 … 1; None where nothing was to be recorded, or nobody looked."""
        return min(1.0, self.recorded_s / self.planned_s) if self.planned_s > 0.0 else None


_NUMBERS = tuple(field.name for field in fields(Tally))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    region_code: str
    tier: Tier
    maintainer_id: int | None
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallen:
    """Cameras of one cell that an open outage holds."""

    outage_id: int
    region_code: str
    tier: Tier
    maintainer_id: int | None
    cameras: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    cells: tuple[Cell, ...] = ()
    fallen: tuple[Fallen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    key: str
    """The tier, the region's code or the firm's id; empty: no region, no firm."""
    tally: Tally
    outages: int
    """Open ones that hold some of these cameras."""


class Ground:
    """What lies in a region, and in which of the regions just below it. Codes that the tree does not know lie where
    they begin like one of the region's (vms.places.land). With `everything` nothing lies elsewhere: that is told under
    its own code.
    """

    def __init__(self, tree: RegionTree, within: str = "", *, everything: bool = False) -> None:
        self._tree = tree
        self._land = Land.of(tree.regions.values())
        self.within = within
        self._everything = everything
        self._direct = frozenset(region.code for region in tree.children(within or None))
        self._known: dict[str, str | None] = {}

    def part_of(self, code: str) -> str | None:
        """The region just below that holds `code`; the code itself where none does; None: it lies elsewhere."""
        if code not in self._known:
            part = self._part_of(code)
            self._known[code] = code if part is None and self._everything else part
        return self._known[code]

    def _part_of(self, code: str) -> str | None:
        if not self._land.holds(self.within, code):
            return None
        holder = code if code in self._tree else self._land.holder(self.within, code)
        return next((one for one in self._land.line(holder or code) if one in self._direct), None) or code


ANYWHERE = Ground(RegionTree.of(()))
"""Without a tree: every code for itself."""


def descend(tree: RegionTree, codes: Iterable[str]) -> str:
    """Where there is only one way down that holds everything, its end: a town's board begins with its districts."""
    codes, at = list(codes), ""
    while True:
        below = tree.children(at or None)
        if len(below) != 1 or not tree.children(below[0].code):
            return at
        ground = Ground(tree, at)
        if any(ground.part_of(code) != below[0].code for code in codes) or below[0].code in codes:
            return at
        at = below[0].code


def rows(board: Board, by: BoardBy, ground: Ground) -> list[BoardRow]:
    """Within the ground's region, by key."""
    tallies: dict[str, Tally] = {}
    outages: dict[str, set[int]] = {}
    for cell in board.cells:
        key = _key(by, ground, cell)
        if key is not None:
            tallies[key] = tallies.get(key, Tally()) + cell.tally
    for fallen in board.fallen:
        key = _key(by, ground, fallen)
        if key is not None:
            outages.setdefault(key, set()).add(fallen.outage_id)
    keys = sorted(tallies.keys() | outages.keys())
    return [BoardRow(key=key, tally=tallies.get(key, Tally()), outages=len(outages.get(key, ()))) for key in keys]


def whole(board: Board, ground: Ground) -> BoardRow:
    """Everything within the ground's region; an outage counts once however far it reaches."""
    tally = Tally()
    for cell in board.cells:
        if ground.part_of(cell.region_code) is not None:
            tally += cell.tally
    outages = {fallen.outage_id for fallen in board.fallen if ground.part_of(fallen.region_code) is not None}
    return BoardRow(key=ground.within, tally=tally, outages=len(outages))


def seen_by_firm(board: Board, maintainer_id: int) -> Board:
    """For a firm's crew, which is told of no other firm's orders."""
    cells = tuple(cell for cell in board.cells if cell.tally.total or cell.maintainer_id == maintainer_id)
    return Board(cells=cells, fallen=board.fallen)


def states_by_region(board: Board) -> Mapping[str, Sequence[int]]:
    """What a sample of the board keeps: total, up, suspect, down, unknown, intact of each region's own cameras."""
    found: dict[str, Tally] = {}
    for cell in board.cells:
        if cell.tally.total:
            found[cell.region_code] = found.get(cell.region_code, Tally()) + cell.tally
    return {code: (t.total, t.up, t.suspect, t.down, t.unknown, t.intact) for code, t in sorted(found.items())}


def _key(by: BoardBy, ground: Ground, cell: Cell | Fallen) -> str | None:
    part = ground.part_of(cell.region_code)
    if part is None or by is BoardBy.REGION:
        return part
    return cell.tier.value if by is BoardBy.TIER else str(cell.maintainer_id or "")
