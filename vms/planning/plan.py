"""A plan: the present state of an area, what turning brings first, which cameras to buy, what is proven of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.coverage.demand import Demand
from vms.coverage.packed import PackedViews
from vms.coverage.walls import Walls
from vms.places.town import Town
from vms.planning.candidates import Candidates, make_candidates, serving
from vms.planning.catalogue import Choices, SiteKind
from vms.planning.choose import choose
from vms.planning.entrances import EntranceCounts, Entrances, entrance_counts
from vms.planning.moves import Move, best_moves
from vms.planning.private import LEAST_PX_PER_M, PrivatePoints, onlookers, private_points
from vms.planning.problem import Problem, problem_of
from vms.planning.prove import Proof, prove, relaxed_bound
from vms.planning.reached import measured
from vms.planning.sites import Sites, find_sites
from vms.planning.turning import Turn, best_turns, select_rows
from vms.planning.wanted import Wanted, wanted_in

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Say = Callable[[str], None]
"""Told the name of each stage as it begins; may raise to stop the work."""

MOST_SPOTS = 400_000
RELAXED_S = 60.0
"""So long a bound by fractions of cameras is looked for."""
RELAXED_ENTRIES = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a plan is made on."""

    town: Town
    walls: Walls
    demand: Demand
    views: PackedViews
    """Of cameras in service, one row each."""
    counts: NDArray[np.bool_]
    """Per view: does it count as seeing?"""
    may_turn: NDArray[np.bool_]
    """Per view: may the office turn or move it?"""
    sees_by_night: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    """Per view; where nobody said, all do."""
    camera: Longs = field(default_factory=lambda: np.zeros(0, np.int64))
    """Per view, whose it is: two lenses of one camera are one camera. Where nobody said, each is of its own."""

    def __post_init__(self) -> None:
        rows = self.views.rows
        if len(self.sees_by_night) != rows:
            object.__setattr__(self, "sees_by_night", np.ones(rows, bool))
        if len(self.camera) != rows:
            object.__setattr__(self, "camera", np.arange(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    area: shapely.Geometry
    """In metres of the walls' frame."""
    budget: float
    choices: Choices = field(default_factory=Choices)
    finer_px_per_m: float = 0.0
    """Every spot is wanted at least this well; 0: as the demand says."""
    views: int = 1
    """From how many different points at least (back-up cover)."""
    turn_first: bool = False
    """Count the turns as done before sites are bought."""
    prove_s: float = 0.0
    """How long to look for a proof; 0: none."""
    private: Sequence[shapely.Geometry] = ()
    private_px_per_m: float = LEAST_PX_PER_M


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCamera:
    """One line of a plan, in the order to build."""

    site: int
    """Cameras of one number share a pole or a wall."""
    kind: SiteKind
    label: str
    position: Wgs84
    bearing_deg: float
    type: str
    gain: float
    cost: float
    """With its site, where it is the site's first."""
    share: float
    """Covered of the area's demand when this and all before it stand."""
    spent: float
    road_m: float
    """Road that it is the first to cover as wanted."""
    places: tuple[str, ...]
    roads: tuple[str, ...]
    """Names of the roads it covers, the longest first."""
    covers: tuple[int, ...]
    """Rows of the demand that get a view they wanted."""
    whole_entrances: int
    """That have with it all the cameras they want."""
    half_entrances: int
    """That it serves, and that want another one still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlook:
    row: int
    area: int
    share: float
    """Of the area that it sees."""
    px_per_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    cameras: tuple[PlannedCamera, ...]
    turns: tuple[Turn, ...]
    moves: tuple[Move, ...]
    onlookers: tuple[Onlook, ...]
    """Cameras that stand already and look into what is private."""
    worth_total: float
    share_before: float
    share_after: float
    share_bound: float
    """No choice of candidates within the budget covers more."""
    guarantee: float
    of_bound: float
    """What the choice adds ÷ what any choice could add."""
    proven: bool
    proof_gap: float | None
    """None: no proof was asked for or the area is too large for one."""
    cost: float
    spots: int
    sites: int
    candidates: int
    refused: int
    """Candidates left out because they look into what is private."""
    refused_areas: tuple[int, ...]
    entrances: EntranceCounts


def make_plan(ground: Ground, wish: Wish, say: Say = lambda _: None) -> Plan:
    """Seconds for a town's middle; a proof takes as long as the wish allows. Raises BadInput for an area without
    anything to cover, or with too much."""
    say("demand")
    rows = _near(ground.views, wish.area)
    wanted = wanted_in(
        ground.demand,
        wish.area,
        finer_px_per_m=wish.finer_px_per_m,
        views=wish.views,
        night_apart=not (ground.sees_by_night[rows].all() and all(one.sees_by_night for one in wish.choices.types)),
    )
    if len(wanted) == 0:
        raise BadInput("there is no road and no place to cover in this area", where="area")
    if len(wanted) > MOST_SPOTS:
        raise BadInput(f"{len(wanted):,} spots to cover; at most {MOST_SPOTS:,}: take a smaller area", where="area")
    say("views")
    private = private_points(wish.private, ground.walls, least_px_per_m=wish.private_px_per_m)
    views = select_rows(ground.views, rows)
    counting = rows[ground.counts[rows]]
    wanted = wanted.seen_by(_have(ground, counting, wanted))
    before = wanted.covered / wanted.total
    entrances_before = Entrances.of(wanted)
    say("turns")
    free = counting[ground.may_turn[counting]]
    turns, turned = best_turns(
        ground.walls, select_rows(ground.views, free), ground.sees_by_night[free], wanted, private
    )
    turns = tuple(replace(turn, row=int(free[turn.row])) for turn in turns)
    if wish.turn_first:
        wanted = wanted.seen_by(turned)
    say("sites")
    sites, candidates = _candidates(ground, wish, wanted, rows, private)
    problem = problem_of(
        candidates,
        np.array([wish.choices.site_cost[kind] for kind in sites.kind]),
        wanted.per_view,
        wanted.missing,
        budget=wish.budget,
        per_site=wish.choices.per_site,
    )
    say("choice")
    choice = choose(problem)
    fractions = relaxed_bound(problem, limit_s=RELAXED_S) if len(problem.spot) <= RELAXED_ENTRIES else None
    proof = None
    if wish.prove_s > 0.0:
        say("proof")
        proof = prove(problem, limit_s=wish.prove_s, worth_known=choice.worth)
    chosen, bound = choice.chosen, choice.bound
    if fractions is not None:
        bound = max(min(bound, fractions), choice.worth)
    if proof is not None:
        bound = max(min(bound, proof.bound), choice.worth, proof.worth)
        chosen = proof.chosen if proof.worth > choice.worth * (1.0 + 1e-9) else chosen
    entrances = Entrances.of(wanted)
    planned = _in_build_order(ground, wish, wanted, entrances, sites, candidates, problem, chosen)
    reached = measured(sum(one.gain for one in planned), bound)
    worth = reached.worth
    looks = onlookers(ground.walls, views, private)
    moves = best_moves(
        ground.walls,
        select_rows(ground.views, free),
        ground.sees_by_night[free],
        wanted,
        sites,
        candidates,
        wish.choices.types,
    )
    return Plan(
        cameras=planned,
        turns=turns,
        moves=tuple(replace(move, row=int(free[move.row])) for move in moves),
        onlookers=tuple(
            Onlook(row=int(rows[one.row]), area=one.area, share=one.points / one.of, px_per_m=one.px_per_m)
            for one in looks
        ),
        worth_total=wanted.total,
        share_before=before,
        share_after=min(1.0, (wanted.covered + worth) / wanted.total),
        share_bound=min(1.0, (wanted.covered + reached.bound) / wanted.total),
        guarantee=choice.guarantee,
        of_bound=reached.of_bound,
        proven=reached.proven or (proof is not None and proof.proven),
        proof_gap=_gap(proof, worth),
        cost=problem.cost_of(chosen),
        spots=len(wanted.spots.xy_m),
        sites=len(sites),
        candidates=len(candidates),
        refused=candidates.refused,
        refused_areas=candidates.refused_areas,
        entrances=entrance_counts(entrances_before, entrances),
    )


def _gap(proof: Proof | None, worth: float) -> float | None:
    if proof is None:
        return None
    return max(0.0, 1.0 - worth / proof.bound) if proof.bound > 0.0 else 0.0


def _near(views: PackedViews, area: shapely.Geometry) -> NDArray[np.int64]:
    """Views that may reach into the area."""
    west, south, east, north = shapely.bounds(area)
    reach = views.range_m
    inside = (
        (views.x >= west - reach) & (views.x <= east + reach) & (views.y >= south - reach) & (views.y <= north + reach)
    )
    return np.flatnonzero(inside & (views.pieces > 0)).astype(np.int64)


def _have(ground: Ground, rows: Longs, wanted: Wanted) -> Ints:
    """Cameras that serve each target; what two lenses of one camera see it sees once."""
    seen = wanted.served_by(ground.walls, select_rows(ground.views, rows), ground.sees_by_night[rows])
    camera = np.repeat(ground.camera[rows], np.diff(seen.first))
    served = np.unique(camera * len(wanted) + seen.spot) % len(wanted)
    return np.bincount(served, minlength=len(wanted)).astype(np.int32)


def _candidates(
    ground: Ground, wish: Wish, wanted: Wanted, rows: NDArray[np.int64], private: PrivatePoints
) -> tuple[Sites, Candidates]:
    outdoor = rows[ground.views.indoor[rows] == 0]
    cameras = np.column_stack([ground.views.x[outdoor], ground.views.y[outdoor]])
    sites = find_sites(ground.town, ground.walls, wish.area, cameras, wanted.missing_xy_m, wish.choices)
    if len(sites) > wish.choices.most_sites:
        raise BadInput(
            f"{len(sites):,} sites; at most {wish.choices.most_sites:,}: take a smaller area or a wider spacing",
            where="area",
        )
    found = make_candidates(sites, wish.choices, ground.walls, wanted.spots, private.spots, private.area)
    return sites, serving(found, wanted.links, wish.choices.types)


def _in_build_order(
    ground: Ground,
    wish: Wish,
    wanted: Wanted,
    entrances: Entrances,
    sites: Sites,
    candidates: Candidates,
    problem: Problem,
    chosen: NDArray[np.int64],
) -> tuple[PlannedCamera, ...]:
    left = wanted.missing.copy()
    _, of_row = np.unique(wanted.row, return_inverse=True)
    left_of_row = np.bincount(of_row, weights=left)
    seen_from: dict[int, set[int]] = {}
    covered, spent = wanted.covered, 0.0
    numbers: dict[int, int] = {}
    planned = []
    for candidate in chosen.tolist():
        site = int(candidates.site[candidate])
        first = site not in numbers
        number = numbers.setdefault(site, len(numbers) + 1)
        known = seen_from.setdefault(site, set())
        fresh = [spot for spot in candidates.sees(candidate).tolist() if left[spot] > 0 and spot not in known]
        known.update(candidates.sees(candidate).tolist())
        gain = float(wanted.per_view[fresh].sum())
        left[fresh] -= 1
        whole_entrances, half_entrances = entrances.serve(fresh)
        np.subtract.at(left_of_row, of_row[fresh], 1.0)
        cost = float(candidates.cost[candidate]) + (float(problem.site_cost[site]) if first else 0.0)
        covered, spent = covered + gain, spent + cost
        whole = np.unique(wanted.row[[target for target in fresh if left_of_row[of_row[target]] <= 0.0]])
        planned.append(
            PlannedCamera(
                site=number,
                kind=sites.kind[site],
                label=sites.label[site],
                position=ground.walls.frame.to_wgs84(*sites.xy_m[site].tolist()),
                bearing_deg=float(candidates.bearing_deg[candidate]),
                type=wish.choices.types[int(candidates.type[candidate])].name,
                gain=gain,
                cost=cost,
                share=min(1.0, covered / wanted.total),
                spent=spent,
                road_m=_road_m(ground.demand, whole),
                places=_places(ground.demand, whole),
                roads=_roads(ground.demand, np.unique(wanted.row[fresh])),
                covers=tuple(np.unique(wanted.row[fresh]).tolist()),
                whole_entrances=whole_entrances,
                half_entrances=half_entrances,
            )
        )
    return tuple(planned)


def _road_m(demand: Demand, rows: NDArray[np.int64]) -> float:
    return float(demand.length_m[rows[demand.is_road[rows]]].sum())


def _places(demand: Demand, rows: NDArray[np.int64]) -> tuple[str, ...]:
    return tuple(sorted({demand.name(int(row)) for row in rows[demand.is_place[rows]]} - {""}))


def _roads(demand: Demand, rows: NDArray[np.int64]) -> tuple[str, ...]:
    lengths: dict[str, float] = {}
    for row in rows[demand.is_road[rows]].tolist():
        lengths[demand.name(row)] = lengths.get(demand.name(row), 0.0) + float(demand.length_m[row])
    return tuple(sorted((name for name in lengths if name), key=lambda name: (-lengths[name], name))[:5])
