"""Plans as the API tells them."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from vms.api.models.plans import (
    CameraTypeRow,
    EntranceCountsRow,
    MoveRow,
    OnlookerRow,
    PlanDetail,
    PlannedCameraRow,
    PlanResult,
    PlanRow,
    RefusedArea,
    TurnRow,
)
from vms.planning.catalogue import CameraType
from vms.services.plans.request import read_back
from vms.store.plans import PlanState, StoredPlan, StoredPlanCamera

STAGES = ("ground", "demand", "views", "turns", "sites", "choice", "proof")


def type_row(one: CameraType) -> CameraTypeRow:
    return CameraTypeRow(**asdict(one))


def plan_row(plan: StoredPlan) -> PlanRow:
    result = _finite(plan.result or {})
    request = read_back(plan.request)
    at = STAGES.index(plan.stage) if plan.stage in STAGES else 0
    stages = len(STAGES) if request.prove_s > 0 else len(STAGES) - 1
    return PlanRow(
        id=plan.plan_id,
        name=plan.name,
        state=plan.state,
        stage=plan.stage,
        stages_done=stages if plan.state is PlanState.DONE else at,
        stages_total=stages,
        who=plan.who,
        created_at=plan.created_at,
        finished_at=plan.finished_at,
        problem=plan.problem,
        budget=request.budget,
        cost=result.get("cost"),
        cameras=result.get("cameras"),
        share_before=result.get("share_before"),
        share_after=result.get("share_after"),
        share_bound=result.get("share_bound"),
        of_bound=result.get("of_bound"),
        proven=result.get("proven"),
        applied_at=plan.applied_at,
        applied_by=plan.applied_by,
    )


def plan_detail(plan: StoredPlan, planned: Sequence[StoredPlanCamera]) -> PlanDetail:
    request = read_back(plan.request)
    return PlanDetail(
        plan=plan_row(plan),
        area=dict(request.area),
        types=[type_row(one) for one in request.types],
        views=request.views,
        finer_px_per_m=request.finer_px_per_m,
        turn_first=request.turn_first,
        count_faulty=request.count_faulty,
        spacing_m=request.spacing_m,
        prove_s=request.prove_s,
        result=None if plan.result is None else _result(_finite(plan.result)),
        cameras=[_camera(one) for one in planned],
    )


def _finite(told: Any) -> Any:
    """Numbers that nobody can be told, as none: JSON has no word for them."""
    if isinstance(told, float):
        return told if math.isfinite(told) else None
    if isinstance(told, dict):
        return {name: _finite(value) for name, value in told.items()}
    return [_finite(value) for value in told] if isinstance(told, list) else told


def _result(result: dict[str, Any]) -> PlanResult:
    return PlanResult(
        worth_total=result["worth_total"],
        guarantee=result["guarantee"],
        proof_gap=result["proof_gap"],
        spots=result["spots"],
        sites=result["sites"],
        candidates=result["candidates"],
        refused=result["refused"],
        refused_areas=[RefusedArea(**one) for one in result["refused_areas"]],
        entrances=EntranceCountsRow(**result["entrances"]) if "entrances" in result else None,
        turns=[TurnRow(**({"order_id": None, "order": None} | one)) for one in result["turns"]],
        moves=[MoveRow(**one) for one in result["moves"]],
        onlookers=[OnlookerRow(**one) for one in result["onlookers"]],
    )


def _camera(one: StoredPlanCamera) -> PlannedCameraRow:
    return PlannedCameraRow(
        number=one.number,
        lon=one.lon,
        lat=one.lat,
        bearing_deg=one.bearing_deg,
        cost=one.cost,
        gain=one.gain,
        camera_id=one.camera_id,
        **one.about,
    )
