"""Private areas come in as GeoJSON: windows and yards, each with a reason; the same file twice adds nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely

from vms.core.errors import BadInput
from vms.services.plans.polygons import DrawnPolygon, as_geojson
from vms.store import private_areas
from vms.store.database import Database
from vms.store.private_areas import NewArea


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAreas:
    added: int
    known: int
    """There already, with the same name and shape."""


def keep_private(
    database: Database, drawn: Sequence[DrawnPolygon], who: str, now: datetime, *, reason: str = ""
) -> KeptAreas:
    """`reason`: of those that bring none. Raises BadInput for an area without a reason."""
    areas = []
    for number, one in enumerate(drawn):
        why = one.text("reason", "原因", "理由", most=2000) or reason.strip()
        if not why:
            raise BadInput("why is it private? a `reason` is wanted", where=f"feature {number}")
        west, south, east, north = shapely.bounds(one.shape)
        areas.append(
            NewArea(
                name=one.text("name", "名称", most=120) or f"#{number + 1}",
                reason=why,
                shape=as_geojson(one.shape),
                box=(float(west), float(south), float(east), float(north)),
            )
        )
    with database.writing() as tx:
        there = {_key(name, shape) for name, shape in private_areas.shapes(tx, sorted({one.name for one in areas}))}
        new = {_key(one.name, one.shape): one for one in areas if _key(one.name, one.shape) not in there}
        private_areas.add_many(tx, list(new.values()), who, now)
    return KeptAreas(added=len(new), known=len(areas) - len(new))


def _key(name: str, shape: object) -> tuple[str, str]:
    return name, json.dumps(shape, sort_keys=True)
