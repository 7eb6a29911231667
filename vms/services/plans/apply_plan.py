"""A plan becomes work: a draft record for each of its cameras, once only, whoever asks how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.planning.catalogue import CameraType
from vms.services.plans.request import PlanRequest, read_back
from vms.store import camera_changes, cameras, plan_gaps, plans
from vms.store.camera_changes import Author, FieldChange
from vms.store.database import Database
from vms.store.plans import PlanState, StoredPlan, StoredPlanCamera


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    made: int
    """Draft records made now."""
    before: int
    """Made before."""
    gaps: int
    """That are marked as planned now."""
    camera_ids: tuple[CameraId, ...]
    """Of those asked for, in the order to build."""


def apply_plan(
    database: Database, plan_id: int, person: Person, now: datetime, *, numbers: Sequence[int] | None = None
) -> Applied:
    """`numbers`: these cameras of the plan alone; None: all. Raises Conflict for a plan that is not done, BadInput for
    a number that it has not."""
    with database.writing() as tx:
        plan = plans.lock(tx, plan_id)
        if plan.state is not PlanState.DONE:
            raise Conflict("only a plan that is done becomes work", code="plan_not_done")
        planned = plans.cameras_of(tx, plan_id)
        unknown = set(numbers or ()) - {one.number for one in planned}
        if unknown:
            raise BadInput(f"the plan has no camera {min(unknown)}", where="numbers")
        asked = [one for one in planned if numbers is None or one.number in set(numbers)]
        new = [one for one in asked if one.camera_id is None]
        request = read_back(plan.request)
        rows = [_row(plan, request, one, now) for one in new]
        ids = cameras.add_many(tx, rows, now)
        begun = [
            FieldChange(camera_id=camera_id, field="life_cycle", before=None, after=LifeCycle.DRAFT.value)
            for camera_id in ids
        ]
        camera_changes.keep(tx, begun, Author(who=person.name, why=f"plan {plan_id}: {plan.name}"), now)
        made = {one.number: camera_id for one, camera_id in zip(new, ids, strict=True)}
        plans.note_records(tx, plan_id, list(made.items()))
        gap_ids = [gap_id for one in new for gap_id in one.about["gap_ids"]]
        gaps = plan_gaps.mark_planned(tx, gap_ids, plan_id, person.name, now)
        if made:
            plans.note_applied(tx, plan_id, person.name, now)
    known = [made.get(one.number, one.camera_id) for one in asked]
    return Applied(
        made=len(made),
        before=len(asked) - len(new),
        gaps=gaps,
        camera_ids=tuple(camera_id for camera_id in known if camera_id is not None),
    )


def _row(plan: StoredPlan, request: PlanRequest, one: StoredPlanCamera, now: datetime) -> dict[str, Any]:
    kind = next(kind for kind in request.types if kind.name == one.about["type"])
    road = one.about["roads"][0] if one.about["roads"] else one.about["label"]
    declared = Declared(
        name=f"{plan.name} #{one.number}"[:120],
        common_name=road[:120],
        tier=Tier.GOVERNMENT,
        pole_code=one.about["label"][:60] if one.about["kind"] == "pole" else "",
        pose=_pose(kind, one),
        entered_x=one.lon,
        entered_y=one.lat,
        width_px=kind.width_px,
    )
    return cameras.new_columns(declared, life_cycle=LifeCycle.DRAFT, owner_id=None, now=now)


def _pose(kind: CameraType, one: StoredPlanCamera) -> Pose:
    return Pose(
        position=Wgs84(one.lon, one.lat),
        mount_height_m=kind.height_m,
        bearing_deg=one.bearing_deg % 360.0,
        tilt_deg=kind.tilt_deg,
        h_fov_deg=kind.h_fov_deg,
        max_view_m=kind.range_m,
    )
