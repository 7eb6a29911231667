"""A plan becomes work: a draft record for each of its cameras, an order for each camera to turn; once only."""

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
from vms.maintenance.policy import OrderPolicy
from vms.planning.catalogue import CameraType
from vms.services.coverage.memory import NO_LIGHT
from vms.services.plans.order_turns import order_turns
from vms.services.plans.request import PlanRequest, read_back
from vms.store import camera_changes, cameras, plan_gaps, plans, sensors, work_orders
from vms.store.camera_changes import Author, FieldChange
from vms.store.database import Database
from vms.store.plans import PlanState, StoredPlan, StoredPlanCamera
from vms.store.sensors import Sensor

AS_SHIPPED = OrderPolicy()


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
    orders: int
    """For cameras to turn, opened now."""
    notes: int
    """Turns that are written into an order that was open for the camera."""


def apply_plan(
    database: Database,
    plan_id: int,
    person: Person,
    now: datetime,
    *,
    numbers: Sequence[int] | None = None,
    turns: Sequence[int] | None = None,
    policy: OrderPolicy = AS_SHIPPED,
) -> Applied:
    """`numbers`: these cameras of the plan alone; None: all. `turns`: these cameras are to be turned; None: all of the
    plan where all of its cameras are wanted, else none. Raises Conflict for a plan that is not done, BadInput for a
    number or a turn that it has not."""
    with database.writing() as tx:
        work_orders.take_turn(tx)
        plan = plans.lock(tx, plan_id)
        if plan.state is not PlanState.DONE:
            raise Conflict("only a plan that is done becomes work", code="plan_not_done")
        planned = plans.cameras_of(tx, plan_id)
        unknown = set(numbers or ()) - {one.number for one in planned}
        if unknown:
            raise BadInput(f"the plan has no camera {min(unknown)}", where="numbers")
        told = dict(plan.result or {})
        turned = _turns_asked(told.get("turns", []), turns, all_of_them=numbers is None)
        asked = [one for one in planned if numbers is None or one.number in set(numbers)]
        new = [one for one in asked if one.camera_id is None]
        request = read_back(plan.request)
        rows = [_row(plan, request, one, now) for one in new]
        ids = cameras.add_many(tx, rows, now)
        begun = [
            FieldChange(camera_id=camera_id, field="life_cycle", before=None, after=LifeCycle.DRAFT.value)
            for camera_id in ids
        ]
        author = Author(who=person.name, why=f"plan {plan_id}: {plan.name}")
        camera_changes.keep(tx, begun, author, now)
        for one, camera_id in zip(new, ids, strict=True):
            if lenses := _lenses(request, one):
                sensors.put(tx, camera_id, lenses, author, now)
        made = {one.number: camera_id for one, camera_id in zip(new, ids, strict=True)}
        plans.note_records(tx, plan_id, list(made.items()))
        gap_ids = [gap_id for one in new for gap_id in one.about["gap_ids"]]
        gaps = plan_gaps.mark_planned(tx, gap_ids, plan_id, person.name, now)
        ordered = order_turns(tx, told.get("turns", []), turned, author.why, person, policy, now)
        if ordered.opened or ordered.noted:
            plans.note_result(tx, plan_id, told | {"turns": ordered.turns})
        if made or ordered.opened or ordered.noted:
            plans.note_applied(tx, plan_id, person.name, now)
    known = [made.get(one.number, one.camera_id) for one in asked]
    return Applied(
        made=len(made),
        before=len(asked) - len(new),
        gaps=gaps,
        camera_ids=tuple(camera_id for camera_id in known if camera_id is not None),
        orders=ordered.opened,
        notes=ordered.noted,
    )


def _turns_asked(known: Sequence[dict[str, Any]], asked: Sequence[int] | None, *, all_of_them: bool) -> set[int]:
    ids = {int(turn["camera_id"]) for turn in known}
    if asked is None:
        return ids if all_of_them else set()
    if unknown := set(asked) - ids:
        raise BadInput(f"the plan turns no camera {min(unknown)}", where="turns")
    return set(asked)


def _lenses(request: PlanRequest, one: StoredPlanCamera) -> list[Sensor]:
    """Of a camera with several; none: its record tells all."""
    kind = _kind(request, one)
    if len(kind.lenses_deg) == 1:
        return []
    return [
        Sensor(
            number=number,
            bearing_deg=(one.bearing_deg + off_deg) % 360.0,
            tilt_deg=kind.tilt_deg,
            h_fov_deg=kind.h_fov_deg,
            max_view_m=kind.range_m,
            width_px=kind.width_px,
        )
        for number, off_deg in enumerate(kind.lenses_deg, 1)
    ]


def _kind(request: PlanRequest, one: StoredPlanCamera) -> CameraType:
    return next(kind for kind in request.types if kind.name == one.about["type"])


def _row(plan: StoredPlan, request: PlanRequest, one: StoredPlanCamera, now: datetime) -> dict[str, Any]:
    kind = _kind(request, one)
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
        supply_light=None if kind.sees_by_night else NO_LIGHT,
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
