"""Works a plan out: loads the ground, chooses, and tells what came out as it is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import shapely

from vms.planning.plan import Plan, Say, Wish, make_plan
from vms.services.plans.gaps_covered import GapsCovered
from vms.services.plans.ground import LoadedGround
from vms.services.plans.polygons import in_metres, read_area
from vms.services.plans.request import PlanRequest
from vms.store import plan_gaps, private_areas
from vms.store.database import Database
from vms.store.plans import StoredPlanCamera
from vms.store.private_areas import PrivateArea

MOST_AREAS = 5_000
"""Private areas near one plan."""
MOST_ONLOOKERS = 200
NEAR_DEG = 0.005
"""Private areas so far around the plan's area count: views reach there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    plan: Plan
    result: dict[str, Any]
    cameras: tuple[StoredPlanCamera, ...]


def work_out(
    database: Database,
    loaded: LoadedGround,
    request: PlanRequest,
    *,
    say: Say | None = None,
) -> WorkedOut:
    """Raises BadInput for what cannot be planned."""
    area = read_area(dict(request.area))
    west, south, east, north = shapely.bounds(area)
    box = (west - NEAR_DEG, south - NEAR_DEG, east + NEAR_DEG, north + NEAR_DEG)
    with database.reading() as tx:
        private = private_areas.within(tx, box, limit=MOST_AREAS)
        gaps = GapsCovered(loaded.ground.demand, plan_gaps.in_box(tx, box))
    frame = loaded.ground.walls.frame
    wish = Wish(
        area=in_metres(area, frame),
        budget=request.budget,
        choices=request.choices,
        finer_px_per_m=request.finer_px_per_m,
        views=request.views,
        turn_first=request.turn_first,
        prove_s=request.prove_s,
        private=[in_metres(read_area(one.shape), frame) for one in private],
        private_px_per_m=request.private_px_per_m,
    )
    plan = make_plan(loaded.ground, wish, say or (lambda _: None))
    return WorkedOut(plan=plan, result=_result(plan, loaded, private), cameras=_cameras(plan, gaps))


def _result(plan: Plan, loaded: LoadedGround, private: Sequence[PrivateArea]) -> dict[str, Any]:
    def who(row: int) -> dict[str, Any]:
        camera_id = loaded.camera_ids[row]
        return {"camera_id": int(camera_id), "name": loaded.names.get(camera_id, "")}

    return {
        "share_before": plan.share_before,
        "share_after": plan.share_after,
        "share_bound": plan.share_bound,
        "guarantee": plan.guarantee,
        "of_bound": plan.of_bound,
        "proven": plan.proven,
        "proof_gap": plan.proof_gap,
        "cost": plan.cost,
        "cameras": len(plan.cameras),
        "worth_total": plan.worth_total,
        "spots": plan.spots,
        "sites": plan.sites,
        "candidates": plan.candidates,
        "entrances": asdict(plan.entrances),
        "refused": plan.refused,
        "refused_areas": [{"id": private[n].area_id, "name": private[n].name} for n in plan.refused_areas],
        "turns": [
            who(turn.row)
            | {
                "bearing_before_deg": round(turn.bearing_before_deg, 1),
                "bearing_after_deg": round(turn.bearing_after_deg, 1),
                "gain": round(turn.gain, 1),
            }
            for turn in plan.turns
        ],
        "moves": [
            who(move.row)
            | {
                "lon": move.position.lon,
                "lat": move.position.lat,
                "bearing_deg": move.bearing_deg,
                "type": move.type,
                "loss": round(move.loss, 1),
                "gain": round(move.gain, 1),
            }
            for move in plan.moves
        ],
        "onlookers": [
            who(one.row)
            | {
                "area_id": private[one.area].area_id,
                "area": private[one.area].name,
                "share": round(one.share, 3),
                "px_per_m": round(one.px_per_m, 1),
            }
            for one in sorted(plan.onlookers, key=lambda one: -one.px_per_m)[:MOST_ONLOOKERS]
        ],
    }


def _cameras(plan: Plan, gaps: GapsCovered) -> tuple[StoredPlanCamera, ...]:
    found = []
    for number, one in enumerate(plan.cameras, 1):
        about = asdict(one)
        for name in ("position", "bearing_deg", "cost", "gain", "covers"):
            del about[name]
        about |= {
            "kind": one.kind.value,
            "places": list(one.places),
            "roads": list(one.roads),
            "gap_ids": list(gaps.of(one.covers)),
        }
        found.append(
            StoredPlanCamera(
                number=number,
                lon=round(one.position.lon, 7),
                lat=round(one.position.lat, 7),
                bearing_deg=round(one.bearing_deg, 1),
                cost=one.cost,
                gain=round(one.gain, 2),
                about=about,
            )
        )
    return tuple(found)
