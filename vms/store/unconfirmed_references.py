"""The list of reference pictures that no person has confirmed: those against which most speaks first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, select

from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.inventory.camera import LifeCycle
from vms.store import picture_baselines
from vms.store.picture_baselines import KeptBaseline
from vms.store.region_scope import is_within
from vms.store.schema import cameras, reference_pictures
from vms.store.schema import picture_baselines as normals

_NOT_IN_SERVICE = tuple(sorted(state.value for state in LifeCycle if not state.in_service))
"""Left out by these, so that an index serves the order and not this."""
r, n, c = reference_pictures.c, normals.c, cameras.c
_SAME_VIEW = (n.camera_id == r.camera_id) & (n.preset == r.preset) & (n.light == r.light)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    camera_id: CameraId
    name: str
    tier: str
    region_code: str
    preset: str
    light: Light
    at: datetime
    """When the picture was taken."""
    normal: KeptBaseline


def page(tx: Connection, *, region_code: str = "", limit: int, offset: int) -> tuple[Unconfirmed, ...]:
    """Of cameras in service whose normal of that view is learnt: a reference is chosen by it. Walks the index of
    doubts, so that the first page costs the same whatever there is."""
    order = (n.doubts.desc(), n.camera_id.desc(), n.preset.desc(), n.light.desc())
    columns = (r.camera_id, c.name, c.observed_name, c.tier, c.region_code, r.preset, r.light, r.at)
    views = normals.join(reference_pictures, _SAME_VIEW).join(cameras, c.id == r.camera_id)
    chosen = select(*columns).select_from(views)
    by_nobody = r.confirmed_by.is_(None)  # told by the moment, an index would be read whole and sorted
    chosen = chosen.where(by_nobody, c.life_cycle.not_in(_NOT_IN_SERVICE))
    if region_code:
        chosen = chosen.where(is_within(c.region_code, region_code))
    rows = tx.execute(chosen.order_by(*order).limit(limit).offset(offset)).all()
    of_these = picture_baselines.kept_where(tx, n.camera_id.in_({row.camera_id for row in rows}))
    known = {(one.camera_id, one.preset, one.light.value): one for one in of_these}
    return tuple(
        Unconfirmed(
            camera_id=CameraId(row.camera_id),
            name=row.name or row.observed_name,
            tier=row.tier,
            region_code=row.region_code,
            preset=row.preset,
            light=Light(row.light),
            at=row.at,
            normal=known[row.camera_id, row.preset, row.light],
        )
        for row in rows
    )


def count(tx: Connection, region_code: str = "") -> int:
    """The few cameras that are not in service are taken off, so that the others' own rows need not be looked at."""
    if region_code:
        inside = is_within(c.region_code, region_code)
        return tx.execute(_counted().where(c.life_cycle.not_in(_NOT_IN_SERVICE), inside)).scalar_one()
    views = select(func.count()).select_from(reference_pictures.join(normals, _SAME_VIEW))
    every = tx.execute(views.where(r.confirmed_at.is_(None))).scalar_one()
    return every - tx.execute(_counted().where(c.life_cycle.in_(_NOT_IN_SERVICE))).scalar_one()


def _counted() -> Select[int]:
    both = reference_pictures.join(normals, _SAME_VIEW).join(cameras, c.id == r.camera_id)
    return select(func.count()).select_from(both).where(r.confirmed_at.is_(None))
