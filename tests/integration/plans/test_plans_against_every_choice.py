"""Plans asked for over HTTP and on the command line, against trying every choice, and against cameras that stand.

The town is small enough to try every set of cameras that the money allows. What a candidate sees is asked of the view
that a camera there would have; what a set is worth is counted here, spot by spot. Then the planned cameras are entered
and approved, and the gap map counts them as it counts any camera.
"""

import itertools
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import typer
from typer.testing import CliRunner

from tests.builders.coverage import FRAME, a_building, a_road, a_town, at
from tests.builders.web import Web, running_web
from vms.access.agreement import Agreements
from vms.access.roles import Person, Role
from vms.cli.plan import add_to
from vms.core.clock import system_clock
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, UserId
from vms.coverage.demand import ALONE, Demand
from vms.coverage.view import View, compute_view
from vms.coverage.walls import Walls
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.places.town import Place, PlaceKind
from vms.services.archive.move_life_cycle import Move, move_life_cycle
from vms.services.coverage.edit_needs import put_needs
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.plans.run_plans import PlanToDo, do_plan, take_plan
from vms.store import cameras
from vms.store.database import Database

ADMIN = Person(user_id=UserId(1), name="admin", role=Role.ADMIN)
POLES = [(-41.3, 6.4), (-3.7, -6.2), (33.9, 6.1)]
POLE_COST = 0.5
GATE_X, GATE_WORTH = 14.2, 60.0
HALF_LONG, HALF_WIDE = 62.0, 8.0
LIT = {"name": "lit", "h_fov_deg": 71.0, "range_m": 44.0, "width_px": 2560, "cost": 1.0}
DARK = {"name": "dark", "h_fov_deg": 83.0, "range_m": 47.0, "width_px": 2560, "cost": 0.6, "sees_by_night": False}
TWO = {"name": "two", "h_fov_deg": 71.0, "range_m": 44.0, "width_px": 2560, "cost": 1.2, "lenses_deg": [0, 135]}
STREET = {"ground": "street", "px_per_m": 25.0, "weight": 1.5}
GATE = {"ground": "unit_entrance", "px_per_m": 30.0, "views": 2, "beside_m": 30.0, "weight": GATE_WORTH}
Json = dict[str, Any]


@pytest.fixture
def town(sqlite_database: Database) -> Database:
    """A street between houses, three poles, and a gate."""
    lay_out(sqlite_database, POLES)
    return sqlite_database


def lay_out(database: Database, poles: Sequence[tuple[float, float]]) -> None:
    blocks = [(-60.0, 9.0, -20.0, 22.0), (1.0, 9.0, 45.0, 22.0), (-50.0, -22.0, 48.0, -9.0)]
    named = [Place(kind=PlaceKind.POLE, name=f"D{n}", position=at(*spot)) for n, spot in enumerate(poles)]
    gate = Place(kind=PlaceKind.ENTRANCE, name="大门", position=at(GATE_X, 7.5), category="main")
    road = a_road((-60.0, 0.0), (60.0, 0.0), name="人民路")
    import_map(
        database,
        a_town(buildings=[a_building(*block) for block in blocks], roads=[road], places=[*named, gate]),
        now=system_clock(),
    )


def area(half_wide_m: float = HALF_WIDE) -> Json:
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    ring = [at(HALF_LONG * x, half_wide_m * y) for x, y in corners]
    return {"type": "Polygon", "coordinates": [[[spot.lon, spot.lat] for spot in ring]]}


def ask_for(database: Database, *rules: Json) -> None:
    put_needs(database, {"rule": list(rules)}, ADMIN, system_clock(), why="", version=None)


def counted(database: Database) -> CoverageMemory:
    """The gap map as it is now."""
    memory = CoverageMemory(database, Agreements(), system_clock)
    memory.load(tell=False)
    return memory


@dataclass(frozen=True, slots=True)
class Candidate:
    site: int
    type: Json
    bearing_deg: float
    sees: frozenset[int]
    """Rows of the demand, well enough."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that so many cameras at different sites are wanted for."""

    rows: frozenset[int]
    """Whoever sees any of these serves it."""
    rivals: frozenset[int]
    """But whoever sees more of these serves the other side of the gate; as much of both: the eastern one."""
    is_east: bool
    night: bool
    views: int
    worth: float


def view_of(kind: Json, lon: float, lat: float, bearing_deg: float, walls: Walls) -> View:
    pose = Pose(
        position=Wgs84(lon, lat), bearing_deg=bearing_deg, mount_height_m=4.0, tilt_deg=12.0,
        h_fov_deg=kind["h_fov_deg"], max_view_m=kind["range_m"],
    )  # fmt: skip
    return compute_view(pose, walls, width_px=kind["width_px"])


def seen_rows(view: View, demand: Demand) -> frozenset[int]:
    x, y = view.walls.frame.to_xy(view.position)
    away = np.hypot(*(demand.xy_m - [x, y]).T)
    near = [row for row in np.flatnonzero(away <= view.range_m).tolist() if not is_gate(demand, row)]
    return frozenset(
        row
        for row in near
        if view.density_px_per_m(float(away[row])) >= demand.need_px_per_m[row]
        and view.sees(view.walls.frame.to_wgs84(*demand.xy_m[row].tolist()))
    )


def is_gate(demand: Demand, row: int) -> bool:
    return bool(demand.is_place[row]) and demand.group[row] != ALONE


def candidates(memory: CoverageMemory, types: Sequence[Json]) -> list[Candidate]:
    """Every pole, kind and direction."""
    found = []
    for site, spot in enumerate(POLES):
        for kind in types:
            for step in range(16):
                place = at(*spot)
                view = view_of(kind, place.lon, place.lat, 22.5 * step, memory.walls)
                found.append(Candidate(site, kind, 22.5 * step, seen_rows(view, memory.demand)))
    return found


def targets(memory: CoverageMemory, *, night_apart: bool, views: int = 1) -> list[Target]:
    found, demand = [], memory.demand
    nobody = frozenset[int]()
    lights = (False, True) if night_apart else (False,)
    for row, night in itertools.product(range(len(demand)), lights):
        asked = max(int(demand.need_views[row]), views)
        if not is_gate(demand, row):
            worth = float(demand.length_m[row] * demand.weight[row]) / len(lights)
            found.append(Target(frozenset({row}), nobody, True, night, asked, worth))
            continue
        beside = [n for n in range(len(demand)) if demand.group[n] == row and n != row]
        east, west = (
            frozenset(n for n in beside if (east_m(memory, n) > GATE_X) is is_east) for is_east in (True, False)
        )
        for side, other, is_east, part in ((east, west, True, (asked + 1) // 2), (west, east, False, asked // 2)):
            found.append(Target(side, other, is_east, night, part, GATE_WORTH * part / asked / len(lights)))
    return found


def east_m(memory: CoverageMemory, row: int) -> float:
    """Of the builders' middle."""
    return FRAME.to_xy(memory.walls.frame.to_wgs84(*memory.demand.xy_m[row].tolist()))[0]


def serves(one: Candidate, target: Target) -> bool:
    if target.night and not one.type.get("sees_by_night", True):
        return False
    seen, other = len(one.sees & target.rows), len(one.sees & target.rivals)
    return seen > 0 and (seen > other or (seen == other and target.is_east))


def served(some: Sequence[Candidate], every: Sequence[Target]) -> np.ndarray:
    return np.array([[serves(one, target) for target in every] for one in some], dtype=bool).reshape(len(some), -1)


def worth_of(some: Sequence[int], sites: Sequence[int], serving: np.ndarray, every: Sequence[Target]) -> float:
    """Cameras on one pole are one view."""
    poles = {site: [k for k in some if sites[k] == site] for site in {sites[k] for k in some}}
    views = sum((serving[group].any(axis=0).astype(int) for group in poles.values()), np.zeros(len(every), int))
    wanted, worth = (np.array([getattr(one, name) for one in every]) for name in ("views", "worth"))
    return float((worth / wanted * np.minimum(views, wanted)).sum())


def best_of_all(some: Sequence[Candidate], every: Sequence[Target], budget: float, per_site: int = 4) -> float:
    """By trying every set that the money allows; of cameras on one pole that serve the same the cheapest is tried."""
    serving = served(some, every)
    cheapest: dict[tuple[int, bytes], int] = {}
    for k in sorted(range(len(some)), key=lambda k: -some[k].type["cost"]):
        cheapest[some[k].site, serving[k].tobytes()] = k
    tried = sorted(k for k in cheapest.values() if serving[k].any())
    sites, costs = [one.site for one in some], [one.type["cost"] for one in some]
    best = 0.0
    for size in range(1, math.floor(budget / (min(costs) + 1e-9)) + 1):
        for chosen in itertools.combinations(tried, size):
            poles = [sites[k] for k in chosen]
            cost = sum(costs[k] for k in chosen) + POLE_COST * len(set(poles))
            if cost <= budget + 1e-9 and max(map(poles.count, poles)) <= per_site:
                best = max(best, worth_of(chosen, sites, serving, every))
    return best


def told_worth(memory: CoverageMemory, plan: Json, every: Sequence[Target], kinds: Sequence[Json]) -> float:
    """What the cameras of an answer are worth, counted here."""
    by_name = {kind["name"]: kind for kind in kinds}
    some = []
    for one in plan["cameras"]:
        kind = by_name[one["type"]]
        view = view_of(kind, one["lon"], one["lat"], one["bearing_deg"], memory.walls)
        some.append(Candidate(one["site"], kind, one["bearing_deg"], seen_rows(view, memory.demand)))
    return worth_of(range(len(some)), [one.site for one in some], served(some, every), every)


async def planned(web: Web, types: Sequence[Json], budget: float, **wish: Any) -> Json:
    """Over HTTP; worked out as the jobs process does it."""
    planner = await web.signed_in(Role.PLANNER)
    body = {"name": "补点", "area": area(), "budget": budget, "types": list(types), "prove_s": 60, **wish}
    asked = await planner.post("/coverage/plans", json=body)
    assert asked.status_code == 201, asked.text
    taken = take_plan(web.database, "here", web.clock)
    assert taken is not None and taken.plan_id == asked.json()["id"]
    assert do_plan(web.database, Agreements(), PlanToDo(plan_id=taken.plan_id, runner="here"), web.clock)
    found: Json = (await planner.get(f"/coverage/plans/{taken.plan_id}")).json()
    return found


async def entered(web: Web, plan: Json) -> CoverageMemory:
    """The gap map when the planned cameras stand."""
    planner = await web.signed_in(Role.PLANNER)
    applied = (await planner.post(f"/coverage/plans/{plan['plan']['id']}/apply", json={})).json()
    for camera_id in applied["camera_ids"]:
        for step in (LifeCycle.SUBMITTED, LifeCycle.APPROVED):
            move_life_cycle(web.database, CameraId(camera_id), Move(to=step), ADMIN, web.clock())
    return counted(web.database)


def whole_road_m(memory: CoverageMemory) -> float:
    """Covered by day and by night, as the gap map has it."""
    covered = (memory.tally.cause == 0).all(axis=1) & memory.demand.is_road
    return float(memory.demand.length_m[covered].sum())


def gain_of(plan: Json) -> float:
    return float(sum(one["gain"] for one in plan["cameras"]))


def is_the_best(plan: Json, best: float) -> None:
    """Proven, and neither more nor less than the best of all sets; the bound is what was proven."""
    total = plan["result"]["worth_total"]
    assert plan["plan"]["proven"] and plan["plan"]["cost"] <= plan["plan"]["budget"] + 1e-9
    assert gain_of(plan) == pytest.approx(best, rel=2e-4)
    assert plan["plan"]["share_after"] - plan["plan"]["share_before"] == pytest.approx(best / total, rel=2e-4)
    assert best / total <= plan["plan"]["share_bound"] - plan["plan"]["share_before"] + 1e-9
    assert plan["plan"]["share_bound"] <= plan["plan"]["share_after"] * (1.0 + 2e-4)
    assert plan["plan"]["of_bound"] == pytest.approx(1.0, abs=2e-4)


async def test_a_proven_plan_is_the_best_of_all_sets_and_brings_what_it_says(town: Database, tmp_path: Path) -> None:
    ask_for(town, GATE, STREET)
    before = counted(town)
    every = targets(before, night_apart=False)
    async with running_web(town, tmp_path) as web:
        plan = await planned(web, [LIT], 3.0)
        is_the_best(plan, best_of_all(candidates(before, [LIT]), every, 3.0))
        assert gain_of(plan) == pytest.approx(told_worth(before, plan, every, [LIT]), abs=0.02)
        assert whole_road_m(before) == 0.0
        after = await entered(web, plan)
        assert 0.0 < sum(one["road_m"] for one in plan["cameras"]) == pytest.approx(whole_road_m(after), abs=0.01)
        (gate,) = (row for row in range(len(after.demand)) if is_gate(after.demand, row))
        counts = plan["result"]["entrances"]
        assert counts["asked"] == 1 and counts["whole_before"] == counts["half_before"] == 0
        assert bool(after.tally.cause[gate, 0] == 0) is bool(counts["whole"])
        assert int(after.tally.seen_by[gate]) >= 2 * counts["whole"] + counts["half"]
        again = await planned(web, [LIT], 0.1)
        assert again["plan"]["share_before"] == pytest.approx(plan["plan"]["share_after"], abs=1e-6)


async def test_half_an_entrance_is_told_as_half(town: Database, tmp_path: Path) -> None:
    ask_for(town, GATE)
    async with running_web(town, tmp_path) as web:
        one, two = await planned(web, [LIT], 1.5), await planned(web, [LIT], 3.0)
    assert (one["result"]["entrances"]["whole"], one["result"]["entrances"]["half"]) == (0, 1)
    assert [camera["half_entrances"] for camera in one["cameras"]] == [1]
    assert (two["result"]["entrances"]["whole"], two["result"]["entrances"]["half"]) == (1, 0)
    assert [(camera["whole_entrances"], camera["half_entrances"]) for camera in two["cameras"]] == [(0, 1), (1, 0)]


async def test_back_up_cover_and_the_night_are_the_best_of_all_sets_too(town: Database, tmp_path: Path) -> None:
    ask_for(town, {**STREET, "views": 2})
    before = counted(town)
    async with running_web(town, tmp_path) as web:
        twice = await planned(web, [LIT], 3.0, per_site=1)
        every = targets(before, night_apart=False)
        is_the_best(twice, best_of_all(candidates(before, [LIT]), every, 3.0, per_site=1))
        both = await planned(web, [LIT, DARK], 2.2, views=2)
        apart = targets(before, night_apart=True, views=2)
        is_the_best(both, best_of_all(candidates(before, [LIT, DARK]), apart, 2.2))
        assert gain_of(both) == pytest.approx(told_worth(before, both, apart, [LIT, DARK]), abs=0.02)
        after = await entered(web, twice)
    assert gain_of(twice) == pytest.approx(seen_twice(after), abs=0.02)


async def test_two_lenses_on_a_pole_that_touches_the_corner_of_a_house_bring_what_the_plan_says(
    sqlite_database: Database, tmp_path: Path
) -> None:
    lay_out(sqlite_database, [(-19.9, 8.8)])
    ask_for(sqlite_database, STREET)
    async with running_web(sqlite_database, tmp_path) as web:
        plan = await planned(web, [TWO], 1.9, prove_s=0, area=area(HALF_WIDE + 1.0))
        after = await entered(web, plan)
        assert [one["label"] for one in plan["cameras"]] == ["D0"]
        again = await planned(web, [TWO], 0.1, area=area(HALF_WIDE + 1.0))
    assert 0.0 < sum(one["road_m"] for one in plan["cameras"]) == pytest.approx(whole_road_m(after), abs=0.01)
    assert again["plan"]["share_before"] == pytest.approx(plan["plan"]["share_after"], abs=1e-6)


async def test_cameras_without_light_leave_the_night_uncovered(town: Database, tmp_path: Path) -> None:
    ask_for(town, STREET)
    before = counted(town)
    async with running_web(town, tmp_path) as web:
        plan = await planned(web, [DARK], 2.2)
        every = targets(before, night_apart=True)
        is_the_best(plan, best_of_all(candidates(before, [DARK]), every, 2.2))
        after = await entered(web, plan)
    by_day, by_night = (after.tally.cause[:, light] == 0 for light in (0, 1))
    assert not by_night.any() and sum(one["road_m"] for one in plan["cameras"]) == 0.0
    worth = float((after.demand.length_m * after.demand.weight)[by_day].sum())
    assert worth == pytest.approx(2.0 * gain_of(plan), abs=0.05)


async def test_windows_are_kept_out_of_and_what_is_left_is_the_best(town: Database, tmp_path: Path) -> None:
    ask_for(town, STREET)
    before = counted(town)
    window = shapely.box(-18.0, 8.6, -8.0, 14.0)
    ring = [at(x, y) for x, y in window.exterior.coords]
    yard = {"type": "Polygon", "coordinates": [[[spot.lon, spot.lat] for spot in ring]]}
    grid = [at(x, y) for x in np.arange(-18.0, -7.9, 0.25).tolist() for y in np.arange(8.6, 14.01, 0.25).tolist()]

    def looks_in(view: View) -> bool:
        here = view.walls.frame.to_xy(view.position)
        near = (spot for spot in grid if view.density_px_per_m(math.dist(here, view.walls.frame.to_xy(spot))) >= 62.5)
        return any(view.sees(spot) for spot in near)

    every = targets(before, night_apart=False)
    some = candidates(before, [LIT])
    discreet = [
        one
        for one in some
        if not looks_in(view_of(LIT, at(*POLES[one.site]).lon, at(*POLES[one.site]).lat, one.bearing_deg, before.walls))
    ]
    assert 0 < len(discreet) < len(some)
    async with running_web(town, tmp_path) as web:
        planner = await web.signed_in(Role.PLANNER)
        marked = await planner.post("/coverage/private-areas", json={"areas": yard, "reason": "住户要求"})
        assert marked.status_code == 201
        plan = await planned(web, [LIT], 3.0)
    assert plan["result"]["refused"] > 0
    is_the_best(plan, best_of_all(discreet, every, 3.0))
    for one in plan["cameras"]:
        assert not looks_in(view_of(LIT, one["lon"], one["lat"], one["bearing_deg"], before.walls))


def test_the_command_line_tells_the_same_best_plan(town: Database, tmp_path: Path) -> None:
    ask_for(town, GATE, STREET)
    before = counted(town)
    (tmp_path / "area.geojson").write_text(json.dumps(area()), "utf-8")
    values = [f"{name} = {json.dumps(value)}" for name, value in LIT.items()]
    (tmp_path / "types.toml").write_text("\n".join(["[[type]]", *values]), "utf-8")
    app = typer.Typer()
    add_to(app)
    files = ["--area", str(tmp_path / "area.geojson"), "--types", str(tmp_path / "types.toml")]
    asked = ["plan", "--budget", "2.5", *files, "--prove-s", "60", "--db", str(town.url), "--json"]
    ran = CliRunner().invoke(app, asked)
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    best = best_of_all(candidates(before, [LIT]), targets(before, night_apart=False), 2.5)
    assert told["proven"] and sum(one["gain"] for one in told["sites"]) == pytest.approx(best, rel=2e-4)
    assert told["sites"][-1]["covered_share"] == pytest.approx(told["covered_share"])
    assert told["covered_share"] <= told["bound"] <= told["covered_share"] * (1.0 + 2e-4)
    assert told["cost"] == pytest.approx(sum(one["cost"] for one in told["sites"])) and told["cost"] <= 2.5
    assert {"whole_entrances", "half_entrances"} <= told["sites"][0].keys() and told["entrances"]["asked"] == 1


async def test_cameras_turned_one_after_the_other_bring_what_the_plan_says(town: Database, tmp_path: Path) -> None:
    ask_for(town, {**STREET, "views": 2})
    stand = [(-50.0, 8.0, 10.0), (-10.0, -8.95, 200.0), (20.0, 8.9, 350.0)]
    with town.writing() as tx:
        for x, y, bearing_deg in stand:
            pose = Pose(position=at(x, y), bearing_deg=bearing_deg, h_fov_deg=70.0, mount_height_m=4.0, max_view_m=50.0)
            declared = Declared(name=f"at {x}", tier=Tier.GOVERNMENT, pose=pose)
            cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=system_clock())
    async with running_web(town, tmp_path) as web:
        plan = await planned(web, [LIT], 0.1, prove_s=0)
        maintainer = await web.signed_in(Role.ADMIN)
        before = seen_twice(counted(town))
        assert len(plan["result"]["turns"]) == len(stand)
        for turn in plan["result"]["turns"]:
            change = {"changes": {"bearing_deg": str(turn["bearing_after_deg"])}, "why": "turned"}
            answer = await maintainer.patch(f"/cameras/{turn['camera_id']}/record", json=change)
            assert answer.is_success, answer.text
            after = seen_twice(counted(town))
            assert after - before == pytest.approx(turn["gain"], abs=0.06)
            before = after


def seen_twice(memory: CoverageMemory) -> float:
    """Worth of what is seen; of what is seen once, the half."""
    return float((memory.tally.worth_m * np.minimum(memory.tally.seen_by, 2) / 2.0).sum())
