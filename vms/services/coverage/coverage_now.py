"""Answers from the coverage in memory: who sees a point, what nobody sees, the polygons for the map."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np

from vms.access.decide import Grant, IncidentScene
from vms.access.roles import Person
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, IncidentId
from vms.coverage.demand import ROAD_NEED_PX_PER_M, Demand
from vms.coverage.gaps import measure_gaps
from vms.coverage.loss import CoverageLoss, loss_without
from vms.coverage.redundancy import Redundancy, redundancy_of
from vms.coverage.tally import Price
from vms.coverage.view import View, compute_view, geometry_together
from vms.health.status import Status
from vms.inventory.camera import Pose
from vms.places.land import Land
from vms.places.locate import Match
from vms.places.street_corners import StreetCorners
from vms.places.town import Town
from vms.services.coverage.answers import Box, Feed, Gaps, SeenBy, Spot, ViewTile
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.squares_map import squares_geojson
from vms.services.coverage.tier_memory import TierMemory
from vms.services.coverage.tier_rates import TierRates
from vms.services.coverage.view_tiles import ViewTiles
from vms.services.coverage.who_sees import Seer, asks_owners, mask_for, seers_for
from vms.services.look_at_camera import decisions_for
from vms.services.rank_feeds import rank_for
from vms.store import access_requests, cameras, watching
from vms.store.watching import UNWATCHED

MOST_POLYGONS = 5000
"""More views than that on one map are a carpet; those with the smallest ids are drawn."""


class CoverageNow:
    """`vms.services.coverage.answers.Coverage`, answered from memory and a few rows of the store."""

    def __init__(self, memory: CoverageMemory) -> None:
        self._memory = memory
        self._tiles = ViewTiles(memory)
        self._tiers = TierMemory(memory)
        self._corners: tuple[Town, StreetCorners] | None = None

    @property
    def attribution(self) -> str:
        return self._memory.town.attribution

    def at(self, point: Wgs84, person: Person, now: datetime) -> Spot:
        """Who has the point in sight; `usable` as if something were reported right there."""
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            sightings = [seen for seen in memory.index.who_sees(point) if seen.sees]
            judged = measure_gaps(_one_spot(memory.walls.frame.to_xy(point)), memory.index)
        ids = [seen.camera_id for seen in sightings]
        here = IncidentScene(incident_id=IncidentId(0), position=point, open=True)
        with memory.database.reading() as tx:
            found = {camera.camera_id: camera for camera in cameras.approved(tx, ids)}
            shown = watching.statuses(tx, now, ids)
            decisions = decisions_for(tx, person, ids, memory.agreements, now, incident=here)
        rows = [
            SeenBy(
                camera_id=seen.camera_id,
                name=found[seen.camera_id].name,
                tier=found[seen.camera_id].declared.tier,
                status=shown.get(seen.camera_id, UNWATCHED).status,
                distance_m=seen.distance_m,
                density_px_per_m=seen.density_px_per_m,
                usable=decisions[seen.camera_id].allowed
                and shown.get(seen.camera_id, UNWATCHED).status is not Status.DOWN,
            )
            for seen in sightings
            if seen.camera_id in found and seen.camera_id in decisions
        ]
        rows.sort(key=lambda row: (-row.density_px_per_m, row.camera_id))
        return Spot(seen_by=tuple(rows), cause=judged.gaps[0].cause.value if judged.gaps else None)

    def who_sees(
        self, point: Wgs84, person: Person, k: int, now: datetime, *, permitted: bool = False
    ) -> tuple[Seer, ...]:
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            found = memory.facts.of(memory.index.candidates(point, k, rights=mask_for(person, permitted=permitted)))
        grants: list[Grant] = []
        if asks_owners(found):
            with memory.database.reading() as tx:
                grants = access_requests.live_grants(tx, person.user_id, now)
        return seers_for(found, person, point, grants, now, permitted=permitted)

    def feeds(self, incident: IncidentScene, person: Person, limit: int, now: datetime) -> tuple[Feed, ...]:
        self._memory.catch_up()
        return rank_for(self._memory, incident, person, limit, now)

    def gaps(self) -> Gaps:
        memory = self._memory
        memory.catch_up()
        totals, measured_at = memory.totals_now()
        if totals is None:
            return Gaps(measured_at=None, road_m=0.0, covered_road_m=0.0, places=0, covered_places=0)
        return Gaps(
            measured_at=measured_at,
            road_m=totals.road_m,
            covered_road_m=totals.covered_road_m,
            places=totals.places,
            covered_places=totals.covered_places,
            by_cause_m={cause.value: metres for cause, metres in totals.by_cause_m.items()},
            by_cause_places={cause.value: count for cause, count in totals.by_cause_places.items()},
        )

    def price_of(self, camera_ids: Collection[CameraId]) -> dict[CameraId, Price]:
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            return memory.tally.price_of(camera_ids)

    def redundancy(self, box: Box | None, limit: int) -> Redundancy:
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            return redundancy_of(memory.tally, box, limit)

    def loss_without(self, camera_ids: Collection[int]) -> CoverageLoss | None:
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            return loss_without(memory.tally, camera_ids) if len(memory.demand) else None

    def views_geojson(self, box: Box | None) -> bytes:
        memory = self._memory
        memory.catch_up()
        with memory.lock:
            shapes = {camera_id: _drawn(memory.index.views(camera_id)) for camera_id in self._inside(box)}
        with memory.database.reading() as tx:
            shown = watching.statuses(tx, memory.clock(), shapes)
            tiers = {camera.camera_id: camera.declared.tier for camera in cameras.approved(tx, shapes)}
        features = [
            {
                "type": "Feature",
                "id": camera_id,
                "geometry": shape,
                "properties": {
                    "camera_id": camera_id,
                    "tier": tiers[camera_id].value,
                    "status": shown.get(camera_id, UNWATCHED).status.value,
                    "part": part,
                },
            }
            for camera_id, parts in shapes.items()
            if camera_id in tiers
            for part, shape in parts
        ]
        return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":")).encode()

    def view_tile_stamp(self, zoom: int, column: int, row: int) -> str:
        self._memory.catch_up()
        return self._tiles.stamp(zoom, column, row)

    def view_tile(self, zoom: int, column: int, row: int) -> ViewTile:
        return self._tiles.tile(zoom, column, row)

    def squares_geojson(self, box: Box, *, night: bool) -> bytes:
        self._memory.catch_up()
        return squares_geojson(self._memory, box, night=night)

    def tier_rates(self, land: Land, region: str, *, by_night: bool) -> TierRates:
        return self._tiers.rates(land, region, by_night=by_night)

    def view_of(self, pose: Pose, *, width_px: int, indoor: bool, ptz: bool) -> View:
        return compute_view(pose, self._memory.walls, width_px=width_px, indoor=indoor, ptz=ptz)

    def locate(self, text: str, limit: int) -> Sequence[Match]:
        return self._memory.gazetteer.locate(text, limit=limit)

    def street_corners(self) -> StreetCorners:
        """Sorted out once for each map, by whoever asks first."""
        town = self._memory.town
        if self._corners is None or self._corners[0] is not town:
            self._corners = town, StreetCorners(town.places)
        return self._corners[1]

    def _inside(self, box: Box | None) -> list[CameraId]:
        """The caller holds the lock."""
        index = self._memory.index
        chosen = index.buckets.alive.astype(bool)
        if box is not None:
            west, south, east, north = box
            corners = index.walls.frame.to_xy_array(np.array([[west, south], [east, north]]))
            x, y = index.packed.x[: len(chosen)], index.packed.y[: len(chosen)]
            chosen &= (x >= corners[0, 0]) & (x <= corners[1, 0]) & (y >= corners[0, 1]) & (y <= corners[1, 1])
        return [CameraId(camera_id) for camera_id in np.unique(index.buckets.ids[chosen])[:MOST_POLYGONS].tolist()]


def _drawn(views: Sequence[View]) -> list[tuple[str, dict[str, object]]]:
    """`view`: what it sees now, all sensors together; `reach`: what a camera that turns could be turned to."""
    reach = [view for view in views if view.is_reach]
    now = [view for view in views if not view.is_reach]
    parts = [("view", geometry_together(now))] if now else []
    return [*parts, *(("reach", view.geometry()) for view in reach)]


def _one_spot(xy_m: tuple[float, float]) -> Demand:
    return Demand(
        xy_m=np.array([xy_m]),
        need_px_per_m=np.array([ROAD_NEED_PX_PER_M]),
        length_m=np.zeros(1),
        source=np.zeros(1, np.int64),
        is_place=np.ones(1, bool),
        side=np.zeros(1, np.int8),
        names=("",),
        roads=0,
    )
